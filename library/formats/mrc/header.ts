/** The header of MRC files, 1024 bytes that say what the numbers behind them are. */

import { endsEarly } from "../../scan/byte_source.ts";
import { BadParameter, CorruptFile, UnsupportedFormat } from "../../scan/errors.ts";
import { complexRemedy, type StoredNumber } from "../../scan/stored_number.ts";
import type { FileContext } from "../file_context.ts";

/** Bytes of the header; an extended header may follow. */
export const headerBytes = 1024;

/** Headers without their stamp are believed if their sizes are such. */
const largestSide = 2 ** 16;

const modes: Readonly<Record<number, StoredNumber>> = { 0: "u8", 1: "i16", 2: "f32", 6: "u16", 12: "f16" };
const otherModes: Readonly<Record<number, string>> = {
  3: "complex numbers",
  4: "complex numbers",
  16: "colours",
  101: "numbers of 4 bits",
};

/** What a header says. */
export interface MrcHeader {
  /** Rows and columns of a frame. */
  readonly rows: number;
  readonly columns: number;
  /** Number of frames. */
  readonly frames: number;
  readonly numbers: StoredNumber;
  readonly bigEndian: boolean;
  /** Whether nothing says if bytes have a sign. */
  readonly signUnknown: boolean;
  /** Bytes of the extended header, and the four letters of its kind. */
  readonly extendedBytes: number;
  readonly extendedKind: string;
  /** Size of a pixel of a frame in Angstrom, where there is any. */
  readonly framePixel?: { readonly row: number; readonly column: number };
}

/** Whether a file is of MRC, by its stamp; older ones by name and sizes. */
export function isMrc({ name, head }: FileContext): boolean {
  if (head.length >= 212 && /^MAP[ \0]$/.test(letters(head, 208))) return true;
  if (!/\.mrcs?$/i.test(name) || head.length < 16) return false;
  return isPlausible(viewOf(head), true) || isPlausible(viewOf(head), false);
}

/**
 * Reads the header of an MRC file.
 *
 * @param said what the user says of bytes: `i8` or `u8`
 * @throws {BadParameter} when the user says something of other numbers
 * @throws {CorruptFile} when it is cut off or contradicts itself
 * @throws {UnsupportedFormat} when the numbers are of a type that we do not read
 */
export function readHeader({ path, head, size }: FileContext, said?: StoredNumber): MrcHeader {
  if (size < headerBytes) throw endsEarly(path, 0, headerBytes, size);
  const view = viewOf(head);
  const bigEndian = head[212] === 0x11 || (head[212] !== 0x44 && !isPlausible(view, true));
  const word = (offset: number) => view.getInt32(offset, !bigEndian);
  const columns = word(0), rows = word(4), frames = word(8), mode = word(12), extendedBytes = word(92);
  if (mode in otherModes) {
    throw new UnsupportedFormat(`${path} holds ${otherModes[mode]}, which are not read`, {
      file: path,
      expected: "MRC mode 0, 1, 2, 6 or 12",
      found: `mode ${mode}`,
      remedy: otherModes[mode] === "complex numbers"
        ? complexRemedy
        : "export it with integers or float32 numbers",
    });
  }
  if (!(mode in modes) || columns < 1 || rows < 1 || frames < 1 || extendedBytes < 0) {
    throw new CorruptFile(`${path} has an impossible header`, {
      file: path,
      expected: "positive sizes and MRC mode 0, 1, 2, 6 or 12",
      found: `${frames} frames of ${rows} x ${columns}, mode ${mode}, ${extendedBytes} bytes more of header`,
      remedy: "copy or export the file again",
    });
  }
  if (said !== undefined && (mode !== 0 || (said !== "i8" && said !== "u8"))) {
    throw new BadParameter("`dtype` settles only whether bytes of MRC files have a sign", {
      file: path,
      expected: mode === 0 ? "int8 or uint8" : "bytes (mode 0)",
      found: `mode ${mode}`,
      parameter: "dtype",
      remedy: mode === 0 ? "give `dtype` int8 or uint8" : "leave out `dtype`",
    });
  }
  const signed = mode !== 0 ? undefined : said ? said === "i8" : bytesAreSigned(view, bigEndian);
  return {
    rows,
    columns,
    frames,
    numbers: signed ? "i8" : modes[mode],
    bigEndian,
    signUnknown: mode === 0 && signed === undefined,
    extendedBytes,
    extendedKind: letters(head, 104),
    framePixel: framePixelOf(view, bigEndian),
  };
}

/** The standard has bytes signed, many programs do not; `undefined` where the header does not settle it. */
function bytesAreSigned(view: DataView, bigEndian: boolean): boolean | undefined {
  const imodStamp = 1146047817;
  if (view.getInt32(152, !bigEndian) === imodStamp) return (view.getInt32(156, !bigEndian) & 1) === 1;
  const least = view.getFloat32(76, !bigEndian), most = view.getFloat32(80, !bigEndian);
  // Programs that have not looked write a most that is below the least.
  if (!(least <= most)) return undefined;
  if (least < 0 && least >= -128 && most <= 127) return true;
  return most > 127 && most <= 255 && least >= 0 ? false : undefined;
}

/** Lengths of the cell by its number of pixels. Direct Electron writes lengths that stand for nothing, and negative. */
function framePixelOf(view: DataView, bigEndian: boolean): MrcHeader["framePixel"] {
  const size = (axis: number) =>
    view.getFloat32(40 + 4 * axis, !bigEndian) / view.getInt32(28 + 4 * axis, !bigEndian);
  const row = size(1), column = size(0);
  return row > 0 && column > 0 && Number.isFinite(row) && Number.isFinite(column)
    ? { row, column }
    : undefined;
}

function isPlausible(view: DataView, littleEndian: boolean): boolean {
  const [columns, rows, frames, mode] = [0, 4, 8, 12].map((offset) => view.getInt32(offset, littleEndian));
  return columns >= 1 && columns <= largestSide && rows >= 1 && rows <= largestSide && frames >= 1 &&
    (mode in modes || mode in otherModes);
}

function viewOf(head: Uint8Array): DataView {
  return new DataView(head.buffer, head.byteOffset, head.length);
}

function letters(head: Uint8Array, offset: number): string {
  return String.fromCharCode(...head.subarray(offset, offset + 4));
}
