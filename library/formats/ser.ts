/** TIA's series `.ser`: images at equal distances, each behind a header of 50 bytes and before its time and place. */

import { type ByteSource, endsEarly, FileSource, readBytes } from "../scan/byte_source.ts";
import type { Calibration } from "../scan/calibration.ts";
import { parseUnit } from "../scan/units.ts";
import { CorruptFile, UnsupportedFormat } from "../scan/errors.ts";
import { complexRemedy, numberBytes, type StoredNumber } from "../scan/stored_number.ts";
import type { Format } from "./format.ts";
import { recordFormat } from "./frames/record_format.ts";
import type { FrameRecords } from "./frames/records.ts";
import { readSerHeader, type SerDimension, type SerHeader } from "./ser_header.ts";

const elementHeaderBytes = 50;
/** Number types of the pixels by their code; those beyond are complex. */
const numberTypes: readonly (StoredNumber | undefined)[] = [
  ...[undefined, "u8", "u16", "u32", "i8", "i16", "i32", "f32", "f64"] as const,
];

/** Series of images; two axes make a scan, a third one a series of scans. */
export const serFormat: Format = recordFormat({
  name: "TIA .ser",
  label: "TIA series",
  endings: ["ser"],
  recognises: ({ head }) => head[0] === 0x49 && head[1] === 0x49 && head[2] === 0x97 && head[3] === 0x01,
  records({ path }): FrameRecords {
    const file = FileSource.open(path);
    try {
      const { offsets, ...header } = readSerHeader(file), element = elementAt(file, offsets[0]);
      const { rows, columns, numbers } = element;
      const frameBytes = elementHeaderBytes + rows * columns * numberBytes(numbers);
      const recordBytes = distanceOf(path, offsets, frameBytes);
      const present = offsets.filter((offset) => offset + recordBytes <= file.size);
      if (present.length === 0) throw endsEarly(path, offsets[0], recordBytes, file.size - offsets[0]);
      requireOneKind(file, present);
      return {
        header: elementHeaderBytes,
        rows,
        columns,
        numbers,
        footer: recordBytes - frameBytes,
        scanSource: "its header",
        calibration: calibrationOf(element, header.dimensions),
        ...arrange(path, { ...header, offsets: present }),
      };
    } finally {
      file.close();
    }
  },
});

/** What stands before the pixels of an element. */
interface SerElement {
  readonly rows: number;
  readonly columns: number;
  readonly numbers: StoredNumber;
  /** Size of a pixel in m or 1/m. */
  readonly rowStep: number;
  readonly columnStep: number;
}

function elementAt(file: ByteSource, offset: number): SerElement {
  const view = viewElement(file, offset), type = view.getUint16(40, true), numbers = numberTypes[type];
  if (numbers === undefined) {
    throw new UnsupportedFormat(`${file.path} holds numbers of TIA's type ${type}, which are none we read`, {
      file: file.path,
      offset: offset + 40,
      expected: "types 1 to 8: integers and floats",
      found: `type ${type}`,
      remedy: type === 9 || type === 10 ? complexRemedy : "export the patterns as real numbers",
    });
  }
  return {
    columns: view.getUint32(42, true),
    rows: view.getUint32(46, true),
    numbers,
    columnStep: Math.abs(view.getFloat64(8, true)),
    rowStep: Math.abs(view.getFloat64(28, true)),
  };
}

/** @throws {CorruptFile} when an element is of another number type or size than the first */
function requireOneKind(file: ByteSource, offsets: Float64Array): void {
  const kindAt = (offset: number) => {
    const view = viewElement(file, offset);
    return `${view.getUint16(40, true)}, ${view.getUint32(42, true)}, ${view.getUint32(46, true)}`;
  };
  const kind = kindAt(offsets[0]);
  offsets.forEach((offset, index) => {
    const found = kindAt(offset);
    if (found === kind) return;
    throw new CorruptFile(`${file.path} holds images of different kinds`, {
      file: file.path,
      offset,
      expected: `number type, columns and rows ${kind} in every element`,
      found: `${found} in element ${index}`,
      remedy: "copy or export the file again",
    });
  });
}

function viewElement(file: ByteSource, offset: number): DataView {
  return new DataView(readBytes(file, offset, elementHeaderBytes).buffer);
}

/** Bytes from one element to the next, which must be the same everywhere. */
function distanceOf(path: string, offsets: Float64Array, frameBytes: number): number {
  const distance = offsets.length > 1 ? offsets[1] - offsets[0] : frameBytes;
  const odd = offsets.findIndex((offset, index) => index > 0 && offset - offsets[index - 1] !== distance);
  if (distance >= frameBytes && odd < 0) return distance;
  const index = odd < 0 ? 1 : odd;
  throw new CorruptFile(`the elements of ${path} do not lie one after the other`, {
    file: path,
    offset: offsets[index],
    expected: `element ${index} ${Math.max(distance, frameBytes)} bytes after the one before`,
    found: `${offsets[index] - offsets[index - 1]} bytes`,
    remedy: "copy or export the file again",
  });
}

/** How the elements form a scan. */
function arrange(
  path: string,
  { total, offsets, dimensions }: SerHeader,
): Pick<FrameRecords, "files" | "planned" | "scan"> {
  const recorded = { files: [{ path, start: offsets[0], count: offsets.length }], planned: total };
  const [columns, rows, frames] = dimensions.map(({ size }) => size);
  const product = dimensions.reduce((positions, { size }) => positions * size, 1);
  if (dimensions.length < 2 || dimensions.length > 3 || product !== total) return recorded;
  return { ...recorded, scan: { rows, columns, ...(dimensions.length === 3 && { frames }) } };
}

/** The file does not say which of m and 1/m it is, but no pixel is as large as 1 m, nor a reciprocal one as small as 1/m. */
function calibrationOf(element: SerElement, dimensions: readonly SerDimension[]): Calibration {
  const { rowStep, columnStep } = element, [column, row] = dimensions;
  const reciprocal = [rowStep, columnStep].every((step) => step > 1 && Number.isFinite(step));
  const isLength = (dimension: SerDimension | undefined) =>
    dimension !== undefined && dimension.step !== 0 && Number.isFinite(dimension.step) &&
    parseUnit(dimension.unit)?.name === "m";
  return {
    ...(dimensions.length > 1 && isLength(row) && isLength(column) && {
      pixelSize: { row: Math.abs(row.step) * 1e9, column: Math.abs(column.step) * 1e9, unit: "nm" },
    }),
    ...(reciprocal && { qPixelSize: { row: rowStep / 1e9, column: columnStep / 1e9, unit: "nm^-1" } }),
  };
}
