/** The header of a TIA series: how many elements there are, where they lie, and how they form a scan. */

import { type ByteSource, endsEarly, readBytes } from "../scan/byte_source.ts";
import { CorruptFile, UnsupportedFormat } from "../scan/errors.ts";

/** An axis along which the elements were recorded. */
export interface SerDimension {
  readonly size: number;
  /** Distance of neighbouring elements, in `unit`. */
  readonly step: number;
  readonly unit: string;
}

/** What the header says. */
export interface SerHeader {
  /** Number of elements that were planned. */
  readonly total: number;
  /** Where each element lies that was recorded, in bytes. */
  readonly offsets: Float64Array;
  /** The fastest first. */
  readonly dimensions: readonly SerDimension[];
}

const imageKind = 0x4122;
/** Names and units of axes are short. */
const longestText = 1024;
const mostDimensions = 8;
/** More elements are met in no series, and their places would take too much memory. */
const mostElements = 2 ** 22;

/**
 * Reads the header.
 *
 * @throws {UnsupportedFormat} when the elements are no images
 * @throws {CorruptFile} when it contradicts itself or the size of the file
 */
export function readSerHeader(file: ByteSource): SerHeader {
  const { path, size } = file;
  const start = new DataView(readBytes(file, 0, 34).buffer);
  const version = start.getUint16(4, true), kind = start.getUint32(6, true);
  const wide = version >= 0x220, offsetBytes = wide ? 8 : 4;
  if (kind !== imageKind) {
    throw new UnsupportedFormat(`${path} holds ${kind === 0x4120 ? "spectra" : "no images"}, no patterns`, {
      file: path,
      offset: 6,
      expected: `elements of kind 0x${imageKind.toString(16)}`,
      found: `0x${kind.toString(16)}`,
      remedy: "open the file of the series of diffraction patterns",
    });
  }
  const total = start.getUint32(14, true), valid = start.getUint32(18, true);
  const table = wide ? Number(start.getBigUint64(22, true)) : start.getUint32(22, true);
  if (valid < 1 || valid > total) throw damaged(path, 18, `1 to ${total} elements`, `${valid} elements`);
  if (!(table + valid * offsetBytes <= size)) {
    throw endsEarly(path, table, valid * offsetBytes, size - table);
  }
  if (total > mostElements) {
    throw damaged(path, 14, `at most ${mostElements} elements`, `${total} elements`);
  }
  return {
    total,
    offsets: readOffsets(file, table, valid, wide),
    dimensions: readDimensions(file, 22 + offsetBytes),
  };
}

function readOffsets(file: ByteSource, table: number, count: number, wide: boolean): Float64Array {
  const view = new DataView(readBytes(file, table, count * (wide ? 8 : 4)).buffer);
  return Float64Array.from(
    { length: count },
    (_, index) => wide ? Number(view.getBigUint64(8 * index, true)) : view.getUint32(4 * index, true),
  );
}

/** Each is size, offset, step, element of the offset, name and unit. */
function readDimensions(file: ByteSource, offset: number): readonly SerDimension[] {
  let at = offset;
  const take = (bytes: number) => {
    at += bytes;
    return new DataView(readBytes(file, at - bytes, bytes).buffer);
  };
  const count = take(4).getUint32(0, true);
  if (count > mostDimensions) {
    throw damaged(file.path, offset, `at most ${mostDimensions} axes`, `${count} axes`);
  }
  const takeText = () => {
    const length = take(4).getUint32(0, true);
    if (length > longestText) throw damaged(file.path, at, "a name or unit", `${length} bytes`);
    return new TextDecoder("latin1").decode(take(length)).replace(/\p{Cc}+/gu, "");
  };
  return Array.from({ length: count }, () => {
    const numbers = take(24);
    const dimension = { size: numbers.getUint32(0, true), step: numbers.getFloat64(12, true) };
    takeText();
    return { ...dimension, unit: takeText() };
  });
}

function damaged(file: string, offset: number, expected: string, found: string): CorruptFile {
  return new CorruptFile(`the header of ${file} is damaged`, {
    file,
    offset,
    expected,
    found,
    remedy: "copy or export the file again",
  });
}
