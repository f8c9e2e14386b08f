/** From rows of patterns to rows of blurred samples. */

import { type Address, nowhere } from "../../engine/address.ts";
import { type KernelCall, threadScratch } from "../../engine/kernels.ts";
import type { Memory } from "../../engine/memory.ts";
import { workingType } from "../../engine/loaded_scan.ts";
import type { Scan } from "../../scan/scan.ts";
import { gaussianTaps } from "./gaussian.ts";
import type { Metric } from "./features.ts";
import type { PatternSampling } from "./sampling.ts";
import { sampleCount, sampledScratchBytes, samplingTableBytes, samplingTables } from "./sampling_tables.ts";

/** What is compared on samples. */
export interface SampledSettings {
  readonly metric: Metric;
  readonly sampling: PatternSampling;
}

/** How the samples of a scan are made, decided once. */
export class SampledFeatures {
  /** Floats of a pattern's samples. */
  readonly samples: number;
  /** Bytes of a row of samples. */
  readonly rowBytes: number;
  #tables = nowhere;

  constructor(readonly scan: Pick<Scan, "shape" | "dtype">, readonly settings: SampledSettings) {
    this.samples = sampleCount(settings.sampling);
    this.rowBytes = 4 * scan.shape.columns * this.samples;
  }

  /** Whether patterns are centred, so that a vanishing norm must be judged against a reference. */
  get centers(): boolean {
    return this.settings.metric !== "cosine";
  }

  /** Reserves tables and scratch memory. */
  reserve(memory: Memory): void {
    const { sampling } = this.settings, taps = gaussianTaps(sampling.sigma);
    memory.scratch(sampledScratchBytes(sampling, taps));
    const bytes = samplingTableBytes(sampling, taps);
    this.#tables = memory.table("tables of the sampling", bytes, () => samplingTables(sampling, taps));
  }

  /**
   * The call that makes the samples of `count` patterns.
   *
   * @param source address of the patterns
   * @param destination address of their samples
   * @param references address of their float64 references, one a pattern; written where patterns are centred
   */
  call(source: Address, destination: Address, references: Address, count: number): KernelCall {
    const { patternRows, patternColumns } = this.scan.shape;
    return [
      `sampled${workingType(this.scan.dtype)}`,
      source,
      destination,
      references,
      0,
      count,
      patternRows,
      patternColumns,
      this.#tables,
      this.centers ? 1 : 0,
      threadScratch,
    ];
  }
}
