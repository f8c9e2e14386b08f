/** Scans of any size in each format: a few simulated rows, again and again. */

import {
  bytesOf,
  bytesPerElement,
  createPixelArray,
  type DType,
  type PixelArray,
} from "../library/scan/dtype.ts";
import { simulateScan } from "../library/simulation/scan.ts";
import { NpyWriter } from "../library/formats/npy_writer.ts";
import type { RecordFile, ScatteredFile } from "./format_files.ts";
import type { Size } from "./format_heads.ts";

/** Scan rows that are simulated; they are repeated. */
export const simulatedRows = 16, columns = 208, usualSide = 192;

/** Sizes of a scan of about so many megabytes. */
export function sizeOf(dtype: DType, side: number, megabytes: number): Size {
  const rowBytes = columns * side * side * bytesPerElement(dtype);
  const rows = simulatedRows * Math.max(1, Math.round(megabytes * 1e6 / rowBytes / simulatedRows));
  return { rows, columns, patternRows: side, patternColumns: side };
}

const simulated = new Map<number, Uint16Array>();

/** Rows of simulated counts in a number type. */
export function simulatedCounts(dtype: DType, side: number): PixelArray {
  const scanSize = { rows: simulatedRows, columns, patternRows: side, patternColumns: side };
  let counts = simulated.get(side);
  if (!counts) {
    const dose = Math.round(20000 * side * side / usualSide ** 2);
    const scan = simulateScan({ ...scanSize, grains: 13, dose, hotPixels: 0, seed: 1 });
    counts = new Uint16Array(simulatedRows * columns * side * side);
    scan.readRows(0, simulatedRows, counts);
    simulated.set(side, counts);
  }
  const converted = createPixelArray(dtype, counts.length), most = dtype === "u8" ? 255 : 32767;
  for (let i = 0; i < counts.length; i++) converted[i] = Math.min(most, counts[i]);
  return converted;
}

/** The bytes of each pattern. */
export function patternsOf(counts: PixelArray): Uint8Array[] {
  const bytes = bytesOf(counts), patterns = simulatedRows * columns, length = bytes.length / patterns;
  return Array.from({ length: patterns }, (_, i) => bytes.subarray(i * length, (i + 1) * length));
}

/** Writes the counts again and again as npy. */
export function writeNpy(path: string, dtype: DType, size: Size, counts: PixelArray): void {
  const writer = NpyWriter.create(path, dtype, [
    size.rows,
    size.columns,
    size.patternRows,
    size.patternColumns,
  ]);
  for (let row = 0; row < size.rows; row += simulatedRows) writer.write(counts);
  writer.close();
}

/** Writes pieces of a file; the last call has none and ends it. */
function pieceWriter(path: string): (piece?: Uint8Array) => void {
  const file = Deno.openSync(path, { write: true, create: true });
  // In large pieces: files that are written page by page lie badly in the page cache.
  let pending: Uint8Array[] = [], bytes = 0;
  const flush = () => {
    const all = new Uint8Array(bytes);
    pending.reduce((at, piece) => (all.set(piece, at), at + piece.length), 0);
    for (let done = 0; done < bytes;) done += file.writeSync(all.subarray(done));
    pending = [];
    bytes = 0;
  };
  return (piece) => {
    if (piece) pending.push(piece);
    bytes += piece?.length ?? 0;
    if (!piece || bytes > 2 ** 25) flush();
    if (!piece) file.close();
  };
}

/** Writes a file in which the numbers of one detector pixel lie together. */
export function writeScattered(
  folder: string,
  format: ScatteredFile,
  size: Size,
  counts: PixelArray,
): string {
  const path = `${folder}/${format.file}`, put = pieceWriter(path);
  const { rows, patternRows, patternColumns } = size, pixels = patternRows * patternColumns;
  put(format.head(size));
  for (let pixel = 0; pixel < pixels; pixel++) {
    const place = format.fortran
      ? pixel % patternRows * patternColumns + Math.floor(pixel / patternRows)
      : pixel;
    const piece = new Uint16Array(rows * columns);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const position = format.fortran ? column * rows + row : row * columns + column;
        piece[position] = counts[(row % simulatedRows * columns + column) * pixels + place];
      }
    }
    put(bytesOf(piece));
  }
  put(format.tail(size));
  put();
  return path;
}

/** Writes a file of records, and what belongs beside it. */
export function writeRecords(
  folder: string,
  format: RecordFile,
  size: Size,
  patterns: readonly Uint8Array[],
): string {
  const path = `${folder}/${format.file}`, put = pieceWriter(path);
  put(format.head?.(size) ?? new Uint8Array(0));
  for (let index = 0; index < size.rows * size.columns; index++) {
    const pattern = patterns[index % patterns.length];
    put(format.record?.(pattern, index, size) ?? pattern);
  }
  put(format.tail?.(size) ?? new Uint8Array(0));
  put();
  format.beside?.(folder, size);
  return path;
}
