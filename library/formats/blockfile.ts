/** NanoMEGAS blockfiles: a header of fixed places, a virtual bright field, and square frames of one byte a pixel. */

import { endsEarly, FileSource, readBytes } from "../scan/byte_source.ts";
import type { Calibration } from "../scan/calibration.ts";
import { electronWavelength } from "../scan/electron.ts";
import { CorruptFile, UnsupportedFormat } from "../scan/errors.ts";
import type { FileContext } from "./file_context.ts";
import type { Format } from "./format.ts";
import { recordFormat } from "./frames/record_format.ts";
import type { FrameRecords } from "./frames/records.ts";

/** Bytes of the header before the text, which goes on to the virtual bright field. */
const headerBytes = 240;
/** Before the pixels of each frame: a mark, and the number of the frame. */
const frameHeaderBytes = 6, frameMark = 0x55aa;
/** Longer texts are none that a person wrote. */
const longestText = 400;

/** Blockfiles of 8-bit patterns. */
export const blockfileFormat: Format = recordFormat({
  name: "NanoMEGAS blockfile .blo",
  label: "blockfile",
  endings: ["blo"],
  recognises: ({ head }) => Array.from("IMGBLO").every((letter, at) => head[at] === letter.charCodeAt(0)),
  records(file): FrameRecords {
    const header = headerOf(file);
    return {
      header: frameHeaderBytes,
      rows: header.side,
      columns: header.side,
      numbers: "u8",
      scanSource: "its header",
      calibration: calibrationOf(header),
      notes: notesOf(header),
      ...framesOf(file, header),
    };
  },
});

/** What the header says, in its units. */
interface BlockfileHeader {
  /** Where the patterns begin, in bytes. */
  readonly start: number;
  /** Rows and columns of a pattern. */
  readonly side: number;
  readonly rows: number;
  readonly columns: number;
  readonly scanRotation: number;
  readonly rowStep: number;
  readonly columnStep: number;
  readonly volts: number;
  /** Detector pixels in 100 cm. */
  readonly pixelsPerMeter: number;
  readonly cameraLength: number;
  readonly days: number;
  readonly text: string;
}

function headerOf({ path, head, size }: FileContext): BlockfileHeader {
  if (head.length < headerBytes) throw endsEarly(path, 0, headerBytes, size);
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const version = view.getUint16(6, true), start = view.getUint32(12, true);
  if (version !== 0x0102) {
    throw new UnsupportedFormat(`${path} is a blockfile of version 0x${version.toString(16)}`, {
      file: path,
      offset: 6,
      expected: "version 0x102",
      found: `0x${version.toString(16)}`,
      remedy: "export it again, or convert it with HyperSpy",
    });
  }
  if (start < headerBytes) {
    throw new CorruptFile(`${path} says that its patterns begin inside its header`, {
      file: path,
      offset: 12,
      expected: `a place from byte ${headerBytes}`,
      found: `byte ${start}`,
      remedy: "copy or export the file again",
    });
  }
  return {
    start,
    side: view.getUint16(20, true),
    columns: view.getUint16(24, true),
    rows: view.getUint16(26, true),
    scanRotation: view.getUint16(28, true) / 100,
    columnStep: view.getFloat64(30, true),
    rowStep: view.getFloat64(38, true),
    volts: view.getUint32(46, true),
    pixelsPerMeter: view.getUint16(50, true),
    cameraLength: view.getUint32(52, true) / 1e4,
    days: view.getFloat64(56, true),
    text: new TextDecoder("latin1").decode(head.subarray(headerBytes, view.getUint32(8, true))),
  };
}

/** The frames that are there, and how they form a scan. */
function framesOf(
  { path, size }: FileContext,
  { start, side, rows, columns }: BlockfileHeader,
): Pick<FrameRecords, "files" | "planned" | "scan" | "warnings"> {
  const recordBytes = frameHeaderBytes + side * side, positions = rows * columns;
  const found = Math.floor((size - start) / recordBytes);
  if (side === 0 || found < 1) return { files: [{ path, start }] };
  const count = Math.min(found, positions || found), warnings = checkMarks(path, start, recordBytes, count);
  if (positions === 0) return { files: [{ path, start }], warnings };
  return { files: [{ path, start, count }], planned: positions, scan: { rows, columns }, warnings };
}

/**
 * Looks whether frames begin where the header says it.
 *
 * @throws {CorruptFile} when the first one does not
 */
function checkMarks(path: string, start: number, recordBytes: number, frames: number): readonly string[] {
  const file = FileSource.open(path);
  try {
    const [first, last] = [0, frames - 1].map((frame) => {
      const bytes = readBytes(file, start + frame * recordBytes, 2);
      return bytes[0] | bytes[1] << 8;
    });
    if (first !== frameMark) {
      throw new CorruptFile(`${path} has no pattern where its header says that they begin`, {
        file: path,
        offset: start,
        expected: `the mark 0x${frameMark.toString(16)}`,
        found: `0x${first.toString(16)}`,
        remedy: "copy or export the file again",
      });
    }
    return last === frameMark
      ? []
      : ["the last pattern has no mark: the recording ended early, or the size of the patterns is wrong"];
  } finally {
    file.close();
  }
}

/** Sizes of pixels on the detector become reciprocal by camera length and wavelength, for small angles. */
function calibrationOf(header: BlockfileHeader): Calibration {
  const { rowStep, columnStep, volts, pixelsPerMeter, cameraLength } = header;
  const beamEnergy = volts / 1000, steps = [rowStep, columnStep];
  const q = 1 / (pixelsPerMeter * cameraLength * electronWavelength(beamEnergy));
  return {
    ...(steps.every((step) => step > 0 && Number.isFinite(step)) &&
      { pixelSize: { row: rowStep, column: columnStep, unit: "nm" } }),
    ...(q > 0 && Number.isFinite(q) && { qPixelSize: { row: q, column: q, unit: "A^-1" } }),
    ...(beamEnergy > 0 && { beamEnergy }),
    ...(cameraLength > 0 && { cameraLength }),
  };
}

/** Days are counted from the end of 1899, in the time of the place where it was. */
function notesOf({ scanRotation, days, text }: BlockfileHeader): FrameRecords["notes"] {
  const from1970 = days - 25569;
  const description = text.replace(/[\p{Cc}\s]+/gu, " ").trim().slice(0, longestText);
  return {
    ...(scanRotation > 0 && { scanRotationDegrees: scanRotation }),
    ...(days > 1 && days < 1e5 && {
      recorded: new Date(from1970 * 86_400_000).toISOString().slice(0, 19),
    }),
    ...(description && { description }),
  };
}
