/** What loading patterns depends on: the types in which they are computed, what threads read, and the memory it takes. */

import { computedAsStored } from "../scan/stored_number.ts";
import type { Scan } from "../scan/scan.ts";
import { recordedParts, threadsRead } from "../scan/stored.ts";
import { pixelCount } from "../scan/shape.ts";
import { type TileGrid, tileGrid } from "../scan/tiles.ts";
import { wholeLines } from "./address.ts";
import { recordedBytes } from "./binned_patterns.ts";
import type { Working } from "./kernels.ts";
import { readingUnit, readScratchBytes } from "./stored_reader.ts";

/** Bad pixels as the `fill` kernels take them. */
export interface FillTable {
  /** 26 int32 for each pixel: its index, number of good neighbours, their indices. */
  readonly table: Int32Array;
  readonly count: number;
  /** Values from here on are missing in their pattern unless they are bright spots; absent: all is believed. */
  readonly largestBelieved?: number;
  /** 1 where a probe takes no part, so that its pattern may be anything; it becomes finite. */
  readonly leftOut?: Uint8Array;
}

/** Bytes of scratch that the `fill` kernels want. */
export const fillScratchBytes = 208;
/** Bytes of patterns that one call loads: small enough to be dealt out evenly and to stay in the cache. */
const loadBytes = 2 ** 20;

/** Bytes of scratch that cleaning wants: for filling, or for the largest value of each pattern of a call. */
function cleaningScratchBytes(scan: LoadedScan): number {
  return Math.max(fillScratchBytes, 4 * Math.max(scan.shape.columns, mostPatterns));
}

/** Most patterns from anywhere that are loaded by one call. */
export const mostPatterns = 16;

/** The type in which patterns of `dtype` are computed: 8- and 16-bit counts as they are, the rest as float32. */
export function workingType(dtype: Scan["dtype"]): Working {
  return dtype === "u8" ? "U8" : dtype === "u16" ? "U16" : "F32";
}

/** Bytes of one sample of a working type. */
export function workingBytes(working: Working): number {
  return { U8: 1, U16: 2, F32: 4 }[working];
}

/** Bytes of one scan row in its working type. */
export function rowBytes(scan: Pick<Scan, "shape" | "dtype">): number {
  return scan.shape.columns * pixelCount(scan.shape) * workingBytes(workingType(scan.dtype));
}

/** Whether `dtype` is read in another type than it is computed in. */
export function needsStaging(dtype: Scan["dtype"]): boolean {
  return !computedAsStored(dtype);
}

/** What loading depends on. */
export type LoadedScan = Pick<Scan, "shape" | "dtype"> & Partial<Pick<Scan, "stored" | "readingBytes">>;

/** Whether threads read the patterns of a scan by themselves: as they are computed, or from records that they convert. */
export function readsInParallel({ stored, dtype }: LoadedScan): boolean {
  return stored !== undefined && threadsRead(stored, dtype);
}

/** Bytes of a pattern as threads read it, before its pixels are summed where they are. */
export function recordedPatternBytes(scan: LoadedScan): number {
  const [part] = scan.stored ?? [];
  return part?.kind === "binned" ? recordedBytes(part) : rowBytes(scan) / scan.shape.columns;
}

/** Bytes that reading takes outside of the arena, on the main thread. */
export function readingBytes(scan: LoadedScan): number {
  return readsInParallel(scan) ? 0 : scan.readingBytes ?? 0;
}

/** Which patterns of a scan share chunks that hold parts of them; `undefined` where none do. */
export function tilesOf({ shape, stored }: LoadedScan): TileGrid | undefined {
  const [part, ...more] = recordedParts(stored ?? []);
  if (part?.kind !== "tiled") return undefined;
  const grid = tileGrid(part, shape.columns);
  return more.length === 0 ? grid : { ...grid, rows: 1, rowsBefore: 0 };
}

/** Rows of patterns that share chunks that each thread keeps in bands of so many rows. */
export function tileRowsOf(scan: LoadedScan, band: number): number {
  return Math.min(band, tilesOf(scan)?.rows ?? 1);
}

/**
 * Bytes of scratch that each thread wants for loading, in whole cache lines.
 *
 * @param tileRows as {@link tileRowsOf} says
 */
export function loadScratchBytes(scan: LoadedScan, tileRows: number): number {
  const patternBytes = rowBytes(scan) / scan.shape.columns;
  const reading = readsInParallel(scan) ? readScratchBytes(scan.stored, patternBytes, tileRows) : 0;
  return wholeLines(reading + cleaningScratchBytes(scan));
}

/** Patterns that one call loads, in whole chunks. */
export function loadLength(scan: LoadedScan): number {
  const unit = readsInParallel(scan) ? tilesOf(scan)?.columns ?? readingUnit(scan.stored) : 1;
  const patternBytes = rowBytes(scan) / scan.shape.columns;
  return Math.min(scan.shape.columns, unit * Math.max(1, Math.floor(loadBytes / patternBytes / unit)));
}

/** Bytes of the patterns that a thread has in its staging memory at a time. */
export function stagingBytes(scan: LoadedScan): number {
  return wholeLines(loadLength(scan) * rowBytes(scan) / scan.shape.columns);
}

/**
 * Arena bytes that loading takes, for a ring of `capacity` rows. Where calls follow and threads read by themselves, no
 * row is kept: each thread has one load of patterns at a time.
 *
 * @param tileRows as {@link tileRowsOf} says
 */
export function loaderBytes(
  scan: LoadedScan,
  threads: number,
  capacity: number,
  followed: boolean,
  tileRows: number,
): number {
  const patternBytes = rowBytes(scan) / scan.shape.columns;
  const patterns = followed && readsInParallel(scan)
    ? threads * loadLength(scan)
    : capacity * scan.shape.columns;
  return patterns * patternBytes + 4 * scan.shape.columns * capacity + 512 +
    threads * (loadScratchBytes(scan, tileRows) + 128);
}
