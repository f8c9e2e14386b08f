/** Patterns as the prefilter correlates them, on all pixels: blurred, weighted, of norm 1 (spec stage 2). */

import { type Address, nowhere } from "../../engine/address.ts";
import { type KernelCall, threadScratch } from "../../engine/kernels.ts";
import type { Memory } from "../../engine/memory.ts";
import { workingType } from "../../engine/loaded_scan.ts";
import type { Scan } from "../../scan/scan.ts";
import { pixelCount } from "../../scan/shape.ts";
import { blurScratchBytes } from "../features/features.ts";
import { patternWeights } from "./footprint.ts";
import type { PrefilterParameters } from "./parameters.ts";
import { type GaussianTaps, gaussianTaps } from "../features/gaussian.ts";

/** What makes patterns ready for correlating: float32, their inner products being correlations. */
export interface Weighing {
  /** Floats of a weighted pattern. */
  readonly length: number;
  /** Reserves tables and scratch memory. */
  reserve(memory: Memory): void;
  call(source: Address, destination: Address, count: number): KernelCall;
}

/** How all pixels of patterns are weighed, decided once. */
export class WeightedRows implements Weighing {
  readonly length: number;
  readonly #taps: GaussianTaps;
  #tapsTable = nowhere;
  #weightsTable = nowhere;
  #weightSum = 0;

  /** @param masked flat indices of detector pixels that get no weight */
  constructor(
    readonly scan: Pick<Scan, "shape" | "dtype">,
    readonly parameters: PrefilterParameters,
    readonly masked: readonly number[],
  ) {
    const { shape } = scan;
    this.#taps = gaussianTaps(parameters.blur);
    this.length = pixelCount(shape);
  }

  /**
   * Reserves tables and scratch memory.
   *
   * @throws {BadParameter} when the prefilter's edge leaves nothing of the detector
   */
  reserve(memory: Memory): void {
    memory.scratch(blurScratchBytes(this.scan.shape, this.#taps.radius));
    const { weights } = this.#taps;
    this.#weightsTable = memory.table("pixel weights of the prefilter", 4 * this.length, () => {
      const weights = patternWeights(this.scan.shape, this.parameters.edge, this.masked);
      this.#weightSum = weights.reduce((total, weight) => total + weight, 0);
      return weights;
    });
    this.#tapsTable = memory.table("taps of the prefilter's blur", weights.byteLength, () => weights);
  }

  call(source: Address, destination: Address, count: number): KernelCall {
    const { patternRows, patternColumns } = this.scan.shape;
    return [
      `weighted${workingType(this.scan.dtype)}`,
      source,
      destination,
      0,
      count,
      patternRows,
      patternColumns,
      this.#tapsTable,
      this.#taps.radius,
      this.#weightsTable,
      this.#weightSum,
      threadScratch,
    ];
  }
}
