/** The data model: a scan hands out rows of diffraction patterns, whatever lies behind it. */

import type { Calibration } from "./calibration.ts";
import { demandArgument } from "./demand.ts";
import { createPixelArray, type DType, type PixelArray } from "./dtype.ts";
import type { Preparation } from "./preparation.ts";
import { pixelCount, probeCount, type ScanShape } from "./shape.ts";
import type { StoredPatterns } from "./stored.ts";
import type { StoredNumber } from "./stored_number.ts";

/** Where a scan came from. */
export interface ScanSource {
  /** Name of the file format, such as `npy` or `py4DSTEM EMD 1.0`. */
  readonly format: string;
  /** Path of the file, or a word for data that never was in one. */
  readonly path: string;
  /** Path of the data set inside the file, where the format has any. */
  readonly dataset?: string;
  /** Number type in the file, where pixels have another one: see {@link StoredNumber}. */
  readonly numbers?: StoredNumber;
  /** Which part was read and how, where it is not the whole file as it lies there: see `selectionOf` in library/formats/open.ts. */
  readonly selection?: Readonly<Record<string, string | number | boolean>>;
  /** Size of the file in bytes, all its parts together. */
  readonly bytes?: number;
  /** What else the file said, for `info`: plain values only. */
  readonly notes?: Readonly<Record<string, string | number | boolean>>;
}

/**
 * One four-dimensional scan `D[row, column, qy, qx]`. Rows are the unit of reading: nothing needs the whole scan in
 * memory.
 */
export interface Scan {
  /** Scan rows and columns, detector rows and columns. */
  readonly shape: ScanShape;
  /** Number type of the pixels. */
  readonly dtype: DType;
  /** What is known of lengths, angles and the beam. */
  readonly calibration: Calibration;
  /** Where the patterns come from. */
  readonly source: ScanSource;
  /** Detector pixels that the file itself calls bad: 1 = bad, (qy, qx) row-major. */
  readonly badPixels?: Uint8Array;
  /** Value from which on pixels do not count any more, where the file says it: what is there may be more, or no count at all. */
  readonly saturation?: number;
  /** Plain sentences about what was understood only in part. */
  readonly warnings: readonly string[];
  /** Rows that the recording was to have, where fewer are there and only those were asked for. */
  readonly announcedRows?: number;
  /** Where the patterns lie in files, where that is known: what {@link Scan.readRows} reads, for threads. */
  readonly stored?: StoredPatterns;

  /**
   * Fills `into` with the patterns of `count` scan rows from row `first`: `into[((r * columns + c) * Qy + qy) * Qx + qx]`,
   * in native byte order. `into` must be of the scan's dtype and hold exactly those pixels; it may lie on shared memory.
   * Await what it returns: nothing where reading is done at once, as from most files; a promise where it goes on, as from
   * chunks that the runtime unpacks. `into` is full then, and not to be touched before. Failures are thrown or reject.
   * Calls may overlap.
   *
   * @throws {RangeError} when the rows are not inside the scan or `into` does not fit
   * @throws {CorruptFile} when the file ends early or cannot be decoded
   */
  readRows(first: number, count: number, into: PixelArray): void | Promise<void>;

  /**
   * Does the same for `count` patterns from flat probe index `first`, where patterns can be read without their rows.
   *
   * @throws as {@link readRows}
   */
  readPatterns?(first: number, count: number, into: PixelArray): void | Promise<void>;

  /** What reading waits for, where there is something. */
  readonly preparation?: Preparation;

  /** Bytes that reading rows takes beside those that are asked for, where they are many: large chunks are unpacked whole. */
  readonly readingBytes?: number;

  /**
   * Looks whether the files that it is read from are what they were when it was opened; absent where there are none. Whoever
   * has read patterns asks before anything is made of them.
   *
   * @throws {FileUnavailable} when one was changed or exchanged
   */
  readonly requireUnchanged?: () => void;

  /** Releases files and memory. Reading after it is an error; closing twice is not. */
  close(): void;
}

/** A time series of scans of one shape: 5D-STEM. */
export interface Series {
  /** Number of scans. */
  readonly frames: number;
  /** Scan rows and columns, detector rows and columns. */
  readonly shape: ScanShape;
  /** Number type of the pixels. */
  readonly dtype: DType;
  /** What is known of lengths, angles and the beam. */
  readonly calibration: Calibration;
  /** Where the patterns come from. */
  readonly source: ScanSource;
  /** Plain sentences about what was understood only in part. */
  readonly warnings: readonly string[];

  /** See {@link Scan.requireUnchanged}. */
  readonly requireUnchanged?: () => void;

  /** The scan of frame `index`, 0-based. It shares the series' file: close the series, not the scan. */
  frame(index: number): Scan;

  /** Releases the file; its scans cannot be read any more. Closing twice is no error. */
  close(): void;
}

/**
 * Tells a series from a scan.
 *
 * @example
 * ```ts
 * import { isSeries, simulateScan } from "crystallite";
 *
 * console.assert(!isSeries(simulateScan({ rows: 4, columns: 4, grains: 1 })));
 * ```
 */
export function isSeries(opened: Scan | Series): opened is Series {
  return "frames" in opened;
}

/**
 * Checks the arguments of {@link Scan.readRows}; every implementation calls it first.
 *
 * @throws {RangeError} when rows or buffer do not fit the scan
 */
export function checkRows(shape: ScanShape, first: number, count: number, into: PixelArray): void {
  const pixels = shape.columns * shape.patternRows * shape.patternColumns;
  if (
    !(Number.isInteger(first) && Number.isInteger(count) && first >= 0 && count >= 0 &&
      first + count <= shape.rows)
  ) {
    throw new RangeError(`rows ${first}..${first + count - 1} are not inside a scan of ${shape.rows} rows`);
  }
  if (into.length !== count * pixels) {
    throw new RangeError(`the buffer holds ${into.length} pixels, but ${count} rows have ${count * pixels}`);
  }
}

/**
 * Checks the arguments of {@link Scan.readPatterns}; every implementation calls it first.
 *
 * @throws {RangeError} when patterns or buffer do not fit the scan
 */
export function checkPatterns(shape: ScanShape, first: number, count: number, into: PixelArray): void {
  const probes = probeCount(shape), pixels = pixelCount(shape);
  if (
    !(Number.isInteger(first) && Number.isInteger(count) && first >= 0 && count >= 0 &&
      first + count <= probes)
  ) {
    throw new RangeError(`patterns ${first}..${first + count - 1} are not inside a scan of ${probes}`);
  }
  if (into.length !== count * pixels) {
    throw new RangeError(
      `the buffer holds ${into.length} pixels, but ${count} patterns have ${count * pixels}`,
    );
  }
}

/**
 * One raw pattern, (qy, qx) row-major; reads its whole scan row where single patterns cannot be read.
 *
 * @throws {BadParameter} when there is no such probe
 *
 * @example
 * ```ts
 * import { readPattern, simulateScan } from "crystallite";
 *
 * const scan = simulateScan({ rows: 4, columns: 4, grains: 1, seed: 1 });
 * console.assert((await readPattern(scan, 2, 3)).length === 64 * 64);
 * ```
 */
export async function readPattern(scan: Scan, row: number, column: number): Promise<PixelArray> {
  const pixels = pixelCount(scan.shape), { rows, columns } = scan.shape;
  for (const [axis, place, size] of [["row", row, rows], ["column", column, columns]] as const) {
    const inside = Number.isInteger(place) && place >= 0 && place < size;
    demandArgument(inside, axis, `a whole number from 0 to ${size - 1}`, place);
  }
  if (scan.readPatterns) {
    const pattern = createPixelArray(scan.dtype, pixels);
    await scan.readPatterns(row * scan.shape.columns + column, 1, pattern);
    return pattern;
  }
  const patterns = createPixelArray(scan.dtype, scan.shape.columns * pixels);
  await scan.readRows(row, 1, patterns);
  return patterns.slice(column * pixels, (column + 1) * pixels);
}
