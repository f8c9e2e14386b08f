/**
 * Similarity of patterns as recorded, in narrow strips of the scan. A thread takes some columns of some rows, loads them
 * row by row into memory of its own that stays in its cache, and compares each row with the one before. Neighbours
 * beside and below a strip are loaded twice: a tenth more reading, but next to no traffic to main memory, which is what
 * limits the comparison of whole rows.
 */

import { at } from "../../engine/address.ts";
import type { Engine } from "../../engine/engine.ts";
import { type KernelCall, threadStaging } from "../../engine/kernels.ts";
import type { RunOptions } from "../../engine/options.ts";
import { loaderBytes, RowLoader } from "../../engine/row_loader.ts";
import {
  type FillTable,
  type PassScan,
  readsInParallel,
  stagingBytes,
  workingBytes,
  workingType,
} from "../../engine/rows.ts";
import { turn } from "../../engine/turn.ts";
import type { Scan } from "../../scan/scan.ts";
import { pixelCount } from "../../scan/shape.ts";
import { exactProducts } from "./cosines.ts";
import { ForwardRows, forwardRowsBytes } from "./forward_rows.ts";
import type { ForwardSimilarity } from "../../scan/neighbours.ts";
import type { PatternTap } from "../pattern_tap.ts";

/** Bytes of two rows of a strip: about twice the second-level cache, of which they use half at a time. */
const stripBytes = 4 * 2 ** 20;
/** Rows of a strip. */
const stripRows = 24;
/** Narrower strips would be mostly neighbours. */
const narrowestStrip = 8;

/** Columns of a strip, even; 0 where strips do not pay: wide patterns, chunks of several, chunks that must be unpacked. */
function stripWidth(scan: PassScan): number {
  const plain = scan.stored?.every((part) => part.kind === "contiguous" || part.packing === "none");
  if (!readsInParallel(scan) || !plain) return 0;
  const patternBytes = pixelCount(scan.shape) * workingBytes(workingType(scan.dtype));
  const width = 2 * Math.floor((stripBytes / 2 / patternBytes - 2) / 2);
  return width >= narrowestStrip ? Math.min(width, 2 * Math.ceil(scan.shape.columns / 2)) : 0;
}

/** Whether {@link stripSimilarityPass} is for this scan. */
export function fitsStrips(scan: PassScan): boolean {
  return stripWidth(scan) > 0;
}

/** Bytes of the arena that {@link stripSimilarityPass} takes. */
export function stripPassBytes(scan: PassScan, threads: number): number {
  return loaderBytes(scan, threads, 2 * stripRows + 1, true) + threads * threadBytes(scan) +
    forwardRowsBytes(scan.shape.columns, 2 * stripRows) + 4096;
}

/** Bytes of a thread's two rows and of the largest counts of their patterns. */
function threadBytes(scan: PassScan): number {
  const patternBytes = pixelCount(scan.shape) * workingBytes(workingType(scan.dtype));
  return 2 * (stripWidth(scan) + 2) * (patternBytes + 4);
}

/**
 * One pass over the scan, the same results as `similarityPass` without blur, mask and prefilter.
 *
 * @param tap is shown every pattern
 * @throws {CorruptFile} when the scan cannot be read, or holds values that are not finite or too large to be squared
 */
export async function stripSimilarityPass(
  engine: Engine,
  scan: Scan,
  fill: FillTable,
  tap: PatternTap | null,
  options: RunOptions,
): Promise<ForwardSimilarity> {
  const mark = engine.mark();
  if (tap) engine.allocateScratch(tap.scratchBytes);
  const { rows, columns } = scan.shape;
  const height = Math.min(stripRows, options.bandHeight ?? stripRows), width = stripWidth(scan);
  const loader = new RowLoader(engine, scan, {
    fill,
    top: 0,
    capacity: 2 * height + 1,
    band: height,
    largest: true,
    follow: () => [],
    threadBytes: threadBytes(scan),
  });
  try {
    const forward = new ForwardRows(engine, scan, 2 * height, options);
    const finish = (first: number, end: number) => {
      loader.check(first, Math.min(rows, end + 1) - first);
      forward.finish(first, end, null);
    };
    for (let first = 0; first < rows; first += height) {
      const end = Math.min(rows, first + height);
      const strips: KernelCall[][] = [];
      for (let from = 0; from < columns; from += width) {
        const place = [[first, end], [from, Math.min(columns, from + width)]] as const;
        strips.push(stripCalls(scan, loader, forward, tap, ...place));
      }
      const compared = engine.run(strips);
      try {
        // The rows before are finished while the threads are busy with these.
        if (first > 0) finish(first - height, first);
      } finally {
        await compared;
      }
      options.onProgress?.({ stage: "similarity", done: end, total: rows });
      await turn(options.signal);
    }
    finish(rows - 1 - (rows - 1) % height, rows);
    return forward.result;
  } finally {
    loader.close();
    engine.release(mark);
  }
}

/** Loads columns from..to-1 of rows first..end and their neighbours, and compares rows first..end-1 with those below. */
function stripCalls(
  scan: Scan,
  loader: RowLoader,
  forward: ForwardRows,
  tap: PatternTap | null,
  [first, end]: readonly [number, number],
  [from, to]: readonly [number, number],
): KernelCall[] {
  const { rows, columns } = scan.shape;
  const working = workingType(scan.dtype), pixels = pixelCount(scan.shape);
  const left = Math.max(0, from - 1), right = Math.min(columns, to + 1);
  const patternBytes = pixels * workingBytes(working);
  const length = stripWidth(scan) + 2;
  const rowStart = at(threadStaging, stagingBytes(scan));
  const largestStart = at(rowStart, 2 * length * patternBytes);
  // Addresses of the pattern and of the largest count in column 0, were it there.
  const patterns = (row: number) => at(rowStart, ((row % 2) * length - left) * patternBytes);
  const largest = (row: number) => at(largestStart, 4 * ((row % 2) * length - left));
  const load = (row: number) => {
    const checks = working === "U16" ? at(largest(row), 4 * left) : undefined;
    return loader.load(row, left, right, at(patterns(row), left * patternBytes), checks);
  };
  const calls: KernelCall[] = [load(first)];
  for (let row = first; row < end; row++) {
    const below = Math.min(row + 1, rows - 1);
    if (tap) calls.push(...tap.calls(row, from, to, at(patterns(row), from * patternBytes)));
    if (below > row) calls.push(load(below));
    const compared = [patterns(row), patterns(below), columns, from, to, pixels] as const;
    if (working === "U16") {
      calls.push(["similarityKnownU16", ...compared, largest(row), largest(below), ...forward.outputs(row)]);
    } else {
      const { kernel, chunk } = exactProducts(working, 0);
      calls.push([kernel, ...compared, chunk, ...forward.outputs(row)]);
    }
  }
  return calls;
}
