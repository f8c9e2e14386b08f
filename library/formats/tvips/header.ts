/** The header of the first file of a TVIPS recording: what its frames are. */

import type { StoredNumber } from "../../scan/stored_number.ts";
import { endsEarly } from "../../scan/byte_source.ts";
import { CorruptFile, UnsupportedFormat } from "../../scan/errors.ts";

/** What the header says. */
export interface TvipsHeader {
  /** Bytes of the header itself; frames follow. */
  readonly bytes: number;
  readonly version: number;
  readonly rows: number;
  readonly columns: number;
  readonly numbers: StoredNumber;
  readonly rowBinning: number;
  readonly columnBinning: number;
  /** In nm for images, in 1/nm for patterns; recordings with the size of the camera's pixels are met too. */
  readonly pixelSize: number;
  /** Energy of the beam in keV. */
  readonly beamEnergy: number;
  /** Magnification of images, camera length of patterns. */
  readonly magnification: number;
  /** Bytes before the pixels of each frame. */
  readonly frameHeaderBytes: number;
}

/** Up to the end of the last field. */
const fieldBytes = 52;
/** Frames of the first version have a short header, of which the file does not say the size. */
const oldFrameHeaderBytes = 12;
const numberTypes: Readonly<Record<number, StoredNumber>> = { 8: "u8", 16: "u16", 32: "u32" };

/** Whether a file begins with such a header. The format has no magic number. */
export function hasTvipsHeader(head: Uint8Array): boolean {
  if (head.length < fieldBytes) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const version = view.getUint32(4, true);
  return view.getUint32(0, true) >= fieldBytes && (version === 1 || version === 2);
}

/**
 * Reads the header.
 *
 * @throws {CorruptFile} when it is none, or too short
 * @throws {UnsupportedFormat} when the pixels are of a number type that we do not know
 */
export function readTvipsHeader(path: string, head: Uint8Array): TvipsHeader {
  if (head.length < fieldBytes) throw endsEarly(path, 0, fieldBytes, head.length);
  if (!hasTvipsHeader(head)) {
    throw new CorruptFile(`${path} does not begin with the header of a TVIPS recording`, {
      file: path,
      offset: 0,
      expected: "the size of the header, and version 1 or 2",
      found: "other numbers",
      remedy: "copy or export all files of the recording again",
    });
  }
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const field = (offset: number) => view.getUint32(offset, true);
  const bits = field(16), numbers = numberTypes[bits], version = field(4);
  if (numbers === undefined) {
    throw new UnsupportedFormat(`${path} has pixels of ${bits} bits`, {
      file: path,
      offset: 16,
      expected: "8, 16 or 32 bits",
      found: `${bits} bits`,
      remedy: "export the recording with 16 bits a pixel",
    });
  }
  return {
    bytes: field(0),
    version,
    columns: field(8),
    rows: field(12),
    numbers,
    columnBinning: field(28),
    rowBinning: field(32),
    pixelSize: field(36),
    beamEnergy: field(40),
    magnification: field(44),
    frameHeaderBytes: version === 1 ? oldFrameHeaderBytes : field(48),
  };
}
