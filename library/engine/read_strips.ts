/** One reading of a scan in strips, for passes that look at rows in pairs, and passes that follow. */

import type { Scan } from "../scan/scan.ts";
import { pixelCount } from "../scan/shape.ts";
import { at } from "./address.ts";
import type { Engine } from "./engine.ts";
import { type KernelCall, threadStaging } from "./kernels.ts";
import type { Pass } from "./pass.ts";
import type { Reading } from "./read_bands.ts";
import { stagingBytes, workingBytes, workingType } from "./loaded_scan.ts";
import { RowLoader } from "./row_loader.ts";
import { stripBytes, stripWidth } from "./strips.ts";
import { turn } from "./turn.ts";

/**
 * Goes through the scan; the passes have their memory.
 *
 * @param kept bytes of what passes keep for each thread, behind the patterns in its staging memory
 * @throws {CorruptFile} when a pattern holds NaN or infinity, or the file cannot be read
 * @throws {Aborted} when the signal fires
 */
export async function readStrips(
  engine: Engine,
  scan: Scan,
  { plan: { band }, passes, fill, name, options }: Reading,
  kept: number,
): Promise<void> {
  const { rows, columns } = scan.shape, width = stripWidth(scan);
  const loader = new RowLoader(engine, scan, {
    ...{ fill, top: 0, capacity: 2 * band + 1, band, largest: true },
    follow: () => [],
    threadBytes: kept + stripBytes(scan),
  });
  const done = async (first: number, end: number) => {
    loader.check(first, Math.min(rows, end + 1) - first);
    for (const pass of passes) await pass.done?.(first, end);
  };
  try {
    for (let first = 0; first < rows; first += band) {
      const end = Math.min(rows, first + band);
      const strips: KernelCall[][] = [];
      for (let from = 0; from < columns; from += width) {
        const place = [[first, end], [from, Math.min(columns, from + width)]] as const;
        strips.push(stripCalls(scan, loader, passes, kept, ...place));
      }
      const running = engine.run(strips);
      // It may fail while passes still wait for something of their own; it is awaited below.
      running.catch(() => {});
      try {
        // The rows before are finished while the threads are busy with these.
        if (first > 0) await done(first - band, first);
      } finally {
        await running;
      }
      options.onProgress?.({ stage: name, done: end, total: rows });
      await turn(options.signal);
    }
    await done(rows - 1 - (rows - 1) % band, rows);
  } finally {
    loader.close();
  }
}

/** Loads columns from..to-1 of rows first..end and their neighbours, and makes the calls for rows first..end-1. */
function stripCalls(
  scan: Scan,
  loader: RowLoader,
  passes: readonly Pass<unknown>[],
  kept: number,
  [first, end]: readonly [number, number],
  [from, to]: readonly [number, number],
): KernelCall[] {
  const { rows, columns } = scan.shape;
  const working = workingType(scan.dtype);
  const left = Math.max(0, from - 1), right = Math.min(columns, to + 1);
  const patternBytes = pixelCount(scan.shape) * workingBytes(working);
  const length = stripWidth(scan) + 2;
  const rowStart = at(threadStaging, stagingBytes(scan) + kept);
  const largestStart = at(rowStart, 2 * length * patternBytes);
  const patterns = (row: number) => at(rowStart, ((row % 2) * length - left) * patternBytes);
  const largest = (row: number) => at(largestStart, 4 * ((row % 2) * length - left));
  const load = (row: number) => {
    const checks = working === "U16" ? at(largest(row), 4 * left) : undefined;
    return loader.load(row, left, right, at(patterns(row), left * patternBytes), checks);
  };
  const calls: KernelCall[] = [load(first)];
  for (let row = first; row < end; row++) {
    const below = Math.min(row + 1, rows - 1), upper = patterns(row);
    for (const pass of passes) {
      calls.push(...pass.follow?.(row, from, to, at(upper, from * patternBytes)) ?? []);
    }
    if (below > row) calls.push(load(below));
    const pair = {
      ...{ row, below, begins: row === first, from, to, upper, lower: patterns(below) },
      ...{ upperLargest: largest(row), lowerLargest: largest(below) },
    };
    for (const pass of passes) calls.push(...pass.pairs?.(pair) ?? []);
  }
  return calls;
}
