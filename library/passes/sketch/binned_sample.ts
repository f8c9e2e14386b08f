/** Binned patterns spread over a scan, in the arena: what the basis of a sketch is learnt from. */

import { type Address, at } from "../../engine/address.ts";
import type { Engine } from "../../engine/engine.ts";
import type { RunOptions } from "../../engine/options.ts";
import { PatternLoader, rowsTogether } from "../../engine/pattern_loader.ts";
import { type FillTable, workingType } from "../../engine/loaded_scan.ts";
import { type KernelCall, threadScratch } from "../../engine/kernels.ts";
import { turn } from "../../engine/turn.ts";
import type { Scan } from "../../scan/scan.ts";
import type { Gain } from "../detector/gain.ts";
import { samplePositions } from "../detector/detector_sample.ts";
import type { DetectorGrid } from "./detector_grid.ts";

/** Bytes of binned patterns that are kept, and of patterns in memory at a time. */
const sampleBytes = 64 * 2 ** 20, loadedBytes = 32 * 2 ** 20;
/** Patterns of a sample: twice as many make no better basis. */
const samplePatterns = 2048;
/** Patterns that one call bins. */
const callPatterns = 16;

/** Patterns of a sample. */
export interface BinnedSample {
  /** Address of float32 (pattern, binned pixel). */
  readonly address: Address;
  readonly patterns: number;
  /** Mean binned pattern. */
  readonly mean: Float64Array;
}

/** What the kernels multiply binned values with, so that they are counts, and whether they are whole then. */
export function scaling({ value, whole }: Gain): readonly [scale: number, whole: number] {
  return [1 / value, whole ? 1 : 0];
}

/** Bytes of scratch that binning wants: a row of the pattern in whole vectors. */
export function binningScratchBytes(patternColumns: number): number {
  return 16 * Math.ceil(patternColumns / 4);
}

/**
 * Loads and bins patterns spread evenly over the scan, in counts; they stay in the arena.
 *
 * @param gain what one electron adds to the values
 * @throws {CorruptFile} when a pattern holds NaN or infinity
 * @throws {OutOfResources} when the sample does not fit the memory limit
 * @throws {Aborted} when the signal fires
 */
export async function binnedSample(
  engine: Engine,
  scan: Scan,
  fill: FillTable,
  grid: DetectorGrid,
  gain: Gain,
  options: RunOptions,
): Promise<BinnedSample> {
  const { patternRows, patternColumns, columns } = scan.shape;
  const pixels = grid.rows * grid.columns;
  const most = Math.max(64, Math.floor(Math.min(sampleBytes, engine.available / 4) / (4 * pixels)));
  const positions = samplePositions(scan.shape, Math.min(samplePatterns, most));
  const patterns = positions.rows.length * positions.columns.length;
  const address = engine.allocate(4 * pixels * patterns);
  const mark = engine.mark();
  engine.allocateScratch(binningScratchBytes(patternColumns));
  const loader = new PatternLoader(engine, scan, fill);
  try {
    const rowBytes = (loader.patternBytes + 4) * positions.columns.length;
    const usual = Math.max(1, Math.floor(loadedBytes / loader.patternBytes / positions.columns.length));
    for (let index = 0, each: number; index < positions.rows.length; index += each) {
      each = rowsTogether(scan, positions.rows, index, { rowBytes, available: engine.available, usual });
      await turn(options.signal);
      const probes = Array.from(
        positions.rows.subarray(index, index + each),
        (row) => Array.from(positions.columns, (column) => row * columns + column),
      ).flat();
      const inner = engine.mark();
      const loaded = await loader.load(Int32Array.from(probes));
      const calls: KernelCall[] = [];
      for (let from = 0; from < probes.length; from += callPatterns) {
        calls.push([
          `binned${workingType(scan.dtype)}`,
          at(loaded.address, from * loader.patternBytes),
          Math.min(callPatterns, probes.length - from),
          patternRows,
          patternColumns,
          grid.binning,
          at(address, 4 * pixels * (index * positions.columns.length + from)),
          ...scaling(gain),
          threadScratch,
        ]);
      }
      await engine.run(calls);
      engine.release(inner);
    }
  } finally {
    loader.close();
    engine.release(mark);
  }
  return { address, patterns, mean: meanOf(engine, address, patterns, pixels) };
}

function meanOf(engine: Engine, address: Address, patterns: number, pixels: number): Float64Array {
  const mean = new Float64Array(pixels);
  for (let pattern = 0; pattern < patterns; pattern++) {
    const values = engine.view(Float32Array, at(address, 4 * pixels * pattern), pixels);
    for (let pixel = 0; pixel < pixels; pixel++) mean[pixel] += values[pixel];
  }
  return mean.map((sum) => sum / patterns);
}
