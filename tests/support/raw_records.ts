/** Files of raw records made byte by byte, and what is to be read of them. */

import { lookAt } from "../../library/formats/file_context.ts";
import { recordFormat } from "../../library/formats/frames/record_format.ts";
import type { FrameRecords } from "../../library/formats/frames/records.ts";
import type { OpenOptions } from "../../library/formats/format.ts";
import { createPixelArray, type PixelArray } from "../../library/scan/dtype.ts";
import { dtypeOfNumbers, numberBytes, type StoredNumber } from "../../library/scan/stored_number.ts";
import type { Scan, Series } from "../../library/scan/scan.ts";
import { half, setNumber } from "./raw_numbers.ts";

/** Opens records of a format that is nothing else: by default the file at `path`, 5 rows and 7 columns of uint16. */
export function openRecords(
  path: string,
  records: Partial<FrameRecords>,
  options: OpenOptions = {},
): Promise<Scan | Series> {
  const format = recordFormat({
    name: "raw test files",
    label: "test",
    endings: ["raw"],
    recognises: () => true,
    records: () => ({ files: [{ path }], rows: 5, columns: 7, numbers: "u16", ...records }),
  });
  return format.open(lookAt(path), options);
}

/** The numbers of all records as a file of them, byte by byte; what is no number is rubbish. */
export function encodeRecords(
  data: ArrayLike<number>,
  records: Omit<FrameRecords, "files">,
  start: number,
): Uint8Array {
  const { header = 0, footer = 0, rows, columns, numbers, bigEndian = false } = records;
  const bytes = numberBytes(numbers), pixels = rows * columns, record = header + pixels * bytes + footer;
  const file = new Uint8Array(start + data.length / pixels * record).fill(0xee),
    view = new DataView(file.buffer);
  for (let i = 0; i < data.length; i++) {
    const place = start + Math.floor(i / pixels) * record + header + i % pixels * bytes;
    setNumber(view, numbers, place, data[i], bigEndian);
  }
  return file;
}

/** The patterns that a declaration makes of numbers, one by one. */
export function patternsOf(data: ArrayLike<number>, records: Omit<FrameRecords, "files">): PixelArray {
  const { rows, columns, keptRows = [0, rows], keptColumns = [0, columns] } = records;
  const patterns: number[] = [];
  for (let first = 0; first < data.length; first += rows * columns) {
    let pattern = Array.from(
      { length: keptRows[1] - keptRows[0] },
      (_, row) =>
        Array.from(
          { length: keptColumns[1] - keptColumns[0] },
          (_, column) => data[first + (keptRows[0] + row) * columns + keptColumns[0] + column],
        ),
    );
    if (records.flipRows) pattern.reverse();
    if (records.flipColumns) pattern.forEach((row) => row.reverse());
    if (records.transposed) pattern = pattern[0].map((_, column) => pattern.map((row) => row[column]));
    patterns.push(...pattern.flat());
  }
  const array = createPixelArray(dtypeOfNumbers(records.numbers), patterns.length);
  array.set(patterns);
  return array;
}

/** What the engine computes with. */
export function working(pixels: PixelArray): PixelArray {
  return pixels instanceof Uint8Array || pixels instanceof Uint16Array ? pixels : Float32Array.from(pixels);
}

/** Numbers from all the range of a type, of 64 bits those that float64 holds; those of floats are large. */
export function randomNumbers(count: number, numbers: StoredNumber, random: () => number): Float64Array {
  const float = numbers[0] === "f", signed = numbers[0] !== "u", bits = Number(numbers.slice(1));
  const range = float ? 1e6 : bits === 64 ? 2 ** (signed ? 54 : 53) : 2 ** bits;
  const one = () => {
    if (numbers === "bool") return Math.floor(2 * random());
    if (numbers === "f16") return half(Math.floor(0x7c00 * random()) | (random() < 0.5 ? 0x8000 : 0));
    const value = (random() - (signed ? 0.5 : 0)) * range;
    return float ? Math.fround(value) : Math.floor(value);
  };
  return Float64Array.from({ length: count }, one);
}
