/** Means of patterns spread over a scan: what is known of the detector before anything else (spec stage 0). */

import { type Address, at } from "../../engine/address.ts";
import type { Engine } from "../../engine/engine.ts";
import { withEngine } from "../../engine/with_engine.ts";
import type { RunOptions } from "../../engine/options.ts";
import { PatternLoader, rowsTogether } from "../../engine/pattern_loader.ts";
import { workingType } from "../../engine/loaded_scan.ts";
import { turn } from "../../engine/turn.ts";
import type { Scan } from "../../scan/scan.ts";
import { pixelCount, type ScanShape } from "../../scan/shape.ts";
import type { FillTable } from "../../engine/loaded_scan.ts";
import { accumulateCalls, termBytes, TermList } from "../averages/average_terms.ts";
import { pairProbes, type PatternPair, readPairs } from "./neighbour_pairs.ts";

/** Patterns that are looked at. */
const samplePatterns = 4096;
/** A sample takes at least this many scan rows, so that it is spread over the scan. */
const sampleRows = 16;
/** Parts of the scan, along its rows, that are averaged one by one. */
const sampleParts = 4;
/** Bytes of patterns in memory at a time, if one pattern is not more. */
const loadedBytes = 64 * 2 ** 20;

/** Mean of patterns spread over a scan. */
export interface DetectorSample {
  /** float64 (qy, qx). */
  readonly mean: Float64Array;
  /** Means of up to four parts of the scan, one below the other, equally many patterns each but for one row. */
  readonly parts: readonly Float64Array[];
  /** Number of patterns averaged. */
  readonly patterns: number;
}

/**
 * Averages up to 4,096 patterns spread evenly over the scan, or all if there are fewer. What is not a finite number of
 * float32 counts as zero.
 *
 * @throws {OutOfResources} when not even one pattern fits the memory limit
 * @throws {Aborted} when the signal fires
 */
export async function sampleDetector(scan: Scan, options: RunOptions = {}): Promise<DetectorSample> {
  return (await lookAtDetector(scan, options)).sample;
}

/** What is seen of a detector. */
export interface DetectorLook {
  readonly sample: DetectorSample;
  /** Some patterns of the sample's rows with their neighbours. */
  readonly pairs: readonly PatternPair[];
  /** Largest value in all of these patterns, and at least 0. */
  readonly largest: number;
}

/**
 * The same with some patterns one by one.
 *
 * @param fill what is known to be wrong, and is mended first
 * @throws as {@link sampleDetector}
 */
export function lookAtDetector(
  scan: Scan,
  options: RunOptions,
  fill: FillTable = { table: new Int32Array(0), count: 0 },
): Promise<DetectorLook> {
  return withEngine(options, async (engine) => {
    const mark = engine.mark();
    try {
      return await look(engine, scan, fill, options);
    } finally {
      engine.release(mark);
    }
  });
}

async function look(
  engine: Engine,
  scan: Scan,
  fill: FillTable,
  options: RunOptions,
): Promise<DetectorLook> {
  const pixels = pixelCount(scan.shape), { available } = engine;
  await scan.preparation?.run({ signal: options.signal, onProgress: options.onProgress, available });
  const { rows, columns } = samplePositions(scan.shape);
  const partCount = Math.min(sampleParts, rows.length);
  const partOf = (index: number) => Math.floor(index * partCount / rows.length);
  const sums = engine.allocate(8 * partCount * pixels);
  engine.view(Float64Array, sums, partCount * pixels).fill(0);
  const loader = new PatternLoader(engine, scan, fill);
  const beginnings = pairProbes(scan.shape, rows), pairs: PatternPair[] = [];
  let largest = 0;
  try {
    const each = loader.patternBytes + 4 + termBytes;
    const room = Math.min(loadedBytes, engine.available - 1024);
    const most = Math.max(1, Math.min(columns.length, Math.floor(room / each)));
    for (let index = 0; index < rows.length;) {
      const settings = { rowBytes: each * columns.length, available: engine.available - 1024, usual: 1 };
      const count = rowsTogether(scan, rows, index, settings);
      const step = count > 1 ? columns.length : most;
      for (let from = 0; from < columns.length; from += step) {
        await turn(options.signal);
        const probes = Array.from(rows.subarray(index, index + count), (row, place) => ({
          part: partOf(index + place),
          probes: columns.subarray(from, from + step).map((column) => row * scan.shape.columns + column),
        }));
        largest = Math.max(largest, await addPatterns(engine, scan, loader, probes, sums));
      }
      // At once, while the rows are there, where only whole rows can be read.
      for (const row of rows.subarray(index, index + count)) {
        const start = row * scan.shape.columns;
        const here = beginnings.filter((probe) => probe >= start && probe < start + scan.shape.columns);
        pairs.push(...await readPairs(engine, loader, here));
      }
      index += count;
    }
  } finally {
    loader.close();
  }
  const parts = Array.from(
    { length: partCount },
    (_, part) => engine.view(Float64Array, at(sums, 8 * part * pixels), pixels).slice(),
  );
  const patterns = rows.length * columns.length;
  const mean = new Float64Array(pixels);
  for (const part of parts) for (let pixel = 0; pixel < pixels; pixel++) mean[pixel] += part[pixel];
  divide(mean, patterns);
  parts.forEach((part, k) => {
    divide(part, columns.length * rows.filter((_, index) => partOf(index) === k).length);
  });
  return { sample: { mean, parts, patterns }, pairs, largest };
}

/** Rows and columns of at most `most` patterns spread evenly over a scan, each row with each column. */
export function samplePositions(
  { rows, columns }: ScanShape,
  most: number = samplePatterns,
): { rows: Int32Array; columns: Int32Array } {
  const rowCount = Math.min(rows, Math.max(sampleRows, Math.ceil(most / columns)));
  const columnCount = Math.min(columns, Math.max(1, Math.floor(most / rowCount)));
  const spread = (count: number, length: number) =>
    Int32Array.from({ length: count }, (_, i) => Math.floor((i + 0.5) * length / count));
  return { rows: spread(rowCount, rows), columns: spread(columnCount, columns) };
}

/** Patterns of one scan row, and the part whose sums they belong to. */
interface RowOfSample {
  readonly part: number;
  /** Flat indices of their probes. */
  readonly probes: Int32Array;
}

/** Adds patterns to the sums of their parts; returns their largest value. */
async function addPatterns(
  engine: Engine,
  scan: Scan,
  loader: PatternLoader,
  rows: readonly RowOfSample[],
  sums: Address,
): Promise<number> {
  const pixels = pixelCount(scan.shape), working = workingType(scan.dtype);
  const mark = engine.mark();
  const probes = Int32Array.from(rows.flatMap(({ probes }) => [...probes]));
  const { address, largest } = await loader.load(probes, false);
  const terms = new TermList();
  let place = 0;
  for (const { part, probes } of rows) {
    for (let i = 0; i < probes.length; i++) terms.push(at(address, place++ * loader.patternBytes), part, 1);
  }
  const table = engine.allocate(termBytes * terms.count);
  await engine.run(accumulateCalls(engine, terms, table, working, pixels, sums, rows.at(-1)!.part + 1));
  engine.release(mark);
  return largest;
}

function divide(sums: Float64Array, divisor: number): void {
  for (let i = 0; i < sums.length; i++) sums[i] /= divisor;
}
