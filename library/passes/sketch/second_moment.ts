/** The second moment of a sample of binned patterns, which is never made: only its products with a few patterns are. */

import { type Address, at, nowhere } from "../../engine/address.ts";
import type { Engine } from "../../engine/engine.ts";
import { type KernelCall, threadScratch } from "../../engine/kernels.ts";
import type { RunOptions } from "../../engine/options.ts";
import { counts } from "../detector/gain.ts";
import { type BinnedPatterns, type BinnedSample, scaling } from "./binned_sample.ts";
import type { DetectorGrid } from "./detector_grid.ts";
import { blockColumns, blockedWeights, columnStart, sketchScratchBytes } from "./weight_blocks.ts";

/** Patterns that one call projects, and pixels. */
const callPatterns = 64, callPixels = 128;

/** A sample, and where it is computed. */
export interface SampledPatterns {
  readonly engine: Engine;
  readonly grid: DetectorGrid;
  readonly sample: BinnedSample;
}

/** Products of the second moment with up to so many blocks of patterns. Its memory is the engine's until that is released. */
export class SecondMoment {
  readonly #weights: Address;
  readonly #projected: Address;
  readonly #back: Address;
  readonly #columns: number;
  readonly #pixels: number;

  constructor(readonly subject: SampledPatterns, readonly blocks: number) {
    const { engine, grid, sample } = subject;
    this.#columns = blockColumns * blocks;
    this.#pixels = grid.rows * grid.columns;
    const table = 4 * this.#columns * this.#pixels;
    this.#weights = engine.allocate(table);
    this.#back = engine.allocate(table);
    this.#projected = engine.allocate(4 * this.#columns * sample.most);
    engine.allocateScratch(sketchScratchBytes(grid.columns, this.#pixels));
  }

  /** Mean over the sample of x x^T w for each pattern w. */
  async times(patterns: readonly Float64Array[], options: RunOptions): Promise<Float64Array[]> {
    const { engine, sample } = this.subject, columns = this.#columns, pixels = this.#pixels;
    const padded = Array.from({ length: columns }, (_, k) => patterns[k] ?? null);
    engine.view(Float32Array, this.#weights, columns * pixels).set(blockedWeights(padded, pixels));
    await sample.each(options, async (some) => {
      await engine.run(this.#forth(some));
      await engine.run(this.#adjoint(some));
    });
    const sums = engine.view(Float32Array, this.#back, columns * pixels);
    return patterns.map((_, k) => {
      const start = columnStart(k, pixels), product = new Float64Array(pixels);
      for (let q = 0; q < pixels; q++) product[q] = sums[start + q * blockColumns] / sample.patterns;
      return product;
    });
  }

  /** Products of patterns and weights. */
  #forth({ address, count }: BinnedPatterns): KernelCall[] {
    const { grid } = this.subject, pixels = this.#pixels;
    const calls: KernelCall[] = [];
    for (let first = 0; first < count; first += callPatterns) {
      calls.push([
        "sketchF32",
        at(address, 4 * pixels * first),
        Math.min(callPatterns, count - first),
        grid.rows,
        grid.columns,
        1,
        this.#weights,
        nowhere,
        this.blocks,
        at(this.#projected, 4 * this.#columns * first),
        nowhere,
        0,
        0,
        ...scaling(counts),
        threadScratch,
      ]);
    }
    return calls;
  }

  /** Sums of the patterns times these products, which go on from part to part of the sample. */
  #adjoint({ address, first, count }: BinnedPatterns): KernelCall[] {
    const pixels = this.#pixels;
    const calls: KernelCall[] = [];
    for (let from = 0; from < pixels; from += callPixels) {
      const to = Math.min(pixels, from + callPixels), more = first > 0 ? 1 : 0;
      calls.push([
        "sketchAdjoint",
        ...[address, count, pixels, from, to, this.#projected, this.blocks, this.#back, more] as const,
      ]);
    }
    return calls;
  }
}
