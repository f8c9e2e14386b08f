/**
 * Binned patterns spread over a scan: what the basis of a sketch is learnt from. Which they are depends on the scan alone; how
 * many of them lie in the arena at a time, on the memory.
 */

import { type Address, at } from "../../engine/address.ts";
import type { Engine } from "../../engine/engine.ts";
import type { RunOptions } from "../../engine/options.ts";
import { PatternLoader, rowsTogether } from "../../engine/pattern_loader.ts";
import { type FillTable, workingType } from "../../engine/loaded_scan.ts";
import { type KernelCall, threadScratch } from "../../engine/kernels.ts";
import { turn } from "../../engine/turn.ts";
import type { Scan } from "../../scan/scan.ts";
import { probeCount } from "../../scan/shape.ts";
import { accumulateCalls, termBytes, TermList } from "../averages/average_terms.ts";
import type { Gain } from "../detector/gain.ts";
import { samplePositions } from "../detector/detector_sample.ts";
import type { DetectorGrid } from "./detector_grid.ts";

/** Bytes of binned patterns in a sample, if it has more than the fewest, and of patterns in memory at a time. */
const sampleBytes = 64 * 2 ** 20, loadedBytes = 32 * 2 ** 20;
/** Most patterns of a sample: twice as many make no better basis. And fewest. */
const mostPatterns = 2048, fewestPatterns = 64;
/** Patterns that one call bins. */
const callPatterns = 16;
/** Part of the free memory that binned patterns may take, and those that are loaded. */
const share = 1 / 4;

/** Patterns of a sample that lie in the arena. */
export interface BinnedPatterns {
  /** Address of float32 (pattern, binned pixel). */
  readonly address: Address;
  /** Place of the first in the sample. */
  readonly first: number;
  readonly count: number;
}

/** What the kernels multiply binned values with, so that they are counts, whether they are whole then, and their other noise. */
export function scaling({ value, whole, rest }: Gain): readonly [scale: number, whole: number, rest: number] {
  return [1 / value, whole ? 1 : 0, rest];
}

/** Bytes of scratch that binning wants: a row of the pattern in whole vectors. */
export function binningScratchBytes(patternColumns: number): number {
  return 16 * Math.ceil(patternColumns / 4);
}

/** How a sample is taken. */
interface Sampling {
  readonly scan: Scan;
  readonly fill: FillTable;
  readonly grid: DetectorGrid;
  /** What one electron adds to the values. */
  readonly gain: Gain;
}

/**
 * Patterns spread evenly over the scan, in counts. They are handed out part by part, as often as asked: where all fit the
 * memory, those of the first time are kept. Close it when done.
 */
export class BinnedSample {
  readonly patterns: number;
  /** Probes of the scan that they are taken of. */
  readonly probes: number;
  /** Mean binned pattern, in scan order of the patterns. */
  readonly mean: Float64Array;
  /** Squared noise of each binned pixel beyond that of its value, and of the mean pattern all of it; 0 where nothing is recorded. */
  readonly rest: number;
  readonly variance: Float64Array;
  readonly #loader: PatternLoader;
  readonly #rows: Int32Array;
  readonly #columns: Int32Array;
  readonly #address: Address;
  /** Patterns that fit the arena at a time. */
  readonly #most: number;
  #complete = false;

  private constructor(readonly engine: Engine, readonly sampling: Sampling) {
    const { scan, fill, grid } = sampling;
    const pixels = grid.rows * grid.columns;
    const wanted = Math.max(fewestPatterns, Math.floor(sampleBytes / (4 * pixels)));
    const { rows, columns } = samplePositions(scan.shape, Math.min(mostPatterns, wanted));
    this.#rows = rows;
    this.#columns = columns;
    this.patterns = rows.length * columns.length;
    this.probes = probeCount(scan.shape);
    this.mean = new Float64Array(pixels);
    this.variance = new Float64Array(pixels);
    // What whole counts stand on is taken away where they are binned.
    this.rest = sampling.gain.whole ? 0 : sampling.gain.rest * grid.binning ** 2;
    const fitting = Math.max(callPatterns, Math.floor(engine.available * share / (4 * pixels)));
    this.#most = Math.min(this.patterns, fitting);
    this.#address = engine.allocate(4 * pixels * this.#most);
    engine.allocateScratch(binningScratchBytes(scan.shape.patternColumns));
    this.#loader = new PatternLoader(engine, scan, fill);
  }

  /**
   * Takes a sample; it stays in the arena as far as it fits.
   *
   * @throws {CorruptFile} when a pattern holds NaN or infinity
   * @throws {OutOfResources} when a few patterns do not fit the memory limit
   * @throws {Aborted} when the signal fires
   */
  static async take(engine: Engine, sampling: Sampling, options: RunOptions): Promise<BinnedSample> {
    const sample = new BinnedSample(engine, sampling);
    const { mean, most } = sample, mark = engine.mark();
    const sums = engine.allocate(8 * mean.length), table = engine.allocate(termBytes * most);
    const total = engine.view(Float64Array, sums, mean.length).fill(0), terms = new TermList();
    try {
      await sample.each(options, async ({ address, count }) => {
        terms.clear();
        for (let pattern = 0; pattern < count; pattern++) {
          terms.push(at(address, 4 * mean.length * pattern), 0, 1);
        }
        await engine.run(accumulateCalls(engine, terms, table, "F32", mean.length, sums, 1));
      });
    } catch (cause) {
      sample.close();
      throw cause;
    }
    for (let pixel = 0; pixel < mean.length; pixel++) mean[pixel] = total[pixel] / sample.patterns;
    engine.release(mark);
    mean.forEach((value, pixel) =>
      sample.variance[pixel] = value === 0 ? 0 : Math.max(0, value + sample.rest)
    );
    return sample;
  }

  /** Most patterns that are handed out at a time. */
  get most(): number {
    return this.#most;
  }

  /**
   * Hands out all patterns in their order, some at a time, which lie in the arena until the visitor is done with them.
   *
   * @throws as {@link take}
   */
  async each(options: RunOptions, visit: (patterns: BinnedPatterns) => Promise<void> | void): Promise<void> {
    for (let first = 0; first < this.patterns; first += this.#most) {
      const count = Math.min(this.#most, this.patterns - first);
      if (!this.#complete) await this.#fill(first, count, options);
      await visit({ address: this.#address, first, count });
    }
    this.#complete = this.#most === this.patterns;
  }

  close(): void {
    this.#loader.close();
  }

  /** Loads and bins some of the patterns. */
  async #fill(first: number, count: number, options: RunOptions): Promise<void> {
    for (let done = 0; done < count;) {
      await turn(options.signal);
      const mark = this.engine.mark();
      const some = this.#together(first + done, count - done);
      const { address } = await this.#loader.load(some);
      await this.engine.run(this.#binning(address, some.length, done));
      this.engine.release(mark);
      done += some.length;
    }
  }

  /** Flat indices of the probes that are best loaded at once, from a place in the sample on. */
  #together(place: number, most: number): Int32Array {
    const { scan } = this.sampling, { available } = this.engine;
    const across = this.#columns.length, each = this.#loader.patternBytes + 4;
    const row = Math.floor(place / across);
    const room = Math.floor(Math.min(loadedBytes, available * share) / each);
    const usual = Math.max(1, Math.floor(room / across));
    const rows = rowsTogether(scan, this.#rows, row, { rowBytes: each * across, available, usual });
    // Rows that share chunks are loaded together even where they take more than is usual.
    const wanted = Math.min((row + rows) * across - place, rows === usual ? Math.max(1, room) : Infinity);
    return Int32Array.from(
      { length: Math.min(most, wanted) },
      (_, offset) => {
        const index = place + offset;
        return this.#rows[Math.floor(index / across)] * scan.shape.columns + this.#columns[index % across];
      },
    );
  }

  /** Calls that bin loaded patterns to their places among those that are kept. */
  #binning(loaded: Address, count: number, place: number): KernelCall[] {
    const { scan: { shape, dtype }, grid, gain } = this.sampling;
    const calls: KernelCall[] = [];
    for (let from = 0; from < count; from += callPatterns) {
      calls.push([
        `binned${workingType(dtype)}`,
        at(loaded, from * this.#loader.patternBytes),
        Math.min(callPatterns, count - from),
        shape.patternRows,
        shape.patternColumns,
        grid.binning,
        at(this.#address, 4 * this.mean.length * (place + from)),
        ...scaling(gain),
        threadScratch,
      ]);
    }
    return calls;
  }
}
