/** Patterns as the prefilter correlates them: blurred, weighted, of norm 1 (spec stage 2). */

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

/** How weighted patterns are made, decided once. */
export class WeightedRows {
  /** Bytes of a row of weighted patterns, float32. */
  readonly rowBytes: number;
  /** Bytes of a weighted pattern. */
  readonly patternBytes: number;
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
    this.patternBytes = 4 * pixelCount(shape);
    this.rowBytes = shape.columns * this.patternBytes;
  }

  /**
   * Reserves tables and scratch memory.
   *
   * @throws {BadParameter} when the prefilter's edge leaves nothing of the detector
   */
  reserve(memory: Memory): void {
    memory.scratch(blurScratchBytes(this.scan.shape, this.#taps.radius));
    const { weights } = this.#taps;
    this.#weightsTable = memory.table("pixel weights of the prefilter", this.patternBytes, () => {
      const weights = patternWeights(this.scan.shape, this.parameters.edge, this.masked);
      this.#weightSum = weights.reduce((total, weight) => total + weight, 0);
      return weights;
    });
    this.#tapsTable = memory.table("taps of the prefilter's blur", weights.byteLength, () => weights);
  }

  /** The call that weighs `count` patterns at `source` and leaves them at `destination`. */
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
