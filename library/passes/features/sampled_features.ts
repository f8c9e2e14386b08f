/** From rows of patterns to rows of blurred samples. */

import { type Address, nowhere } from "../../engine/address.ts";
import { type KernelCall, threadScratch } from "../../engine/kernels.ts";
import type { Memory } from "../../engine/memory.ts";
import { workingType } from "../../engine/loaded_scan.ts";
import type { Scan } from "../../scan/scan.ts";
import { gaussianTaps } from "./gaussian.ts";
import type { Metric } from "./features.ts";
import type { PatternSampling } from "./sampling.ts";
import type { MaskedSampling } from "./masked_sampling.ts";
import { maskedCount, maskedScratchBytes, maskedTableBytes, maskedTables } from "./masked_tables.ts";
import { sampleCount, sampledScratchBytes, samplingTableBytes, samplingTables } from "./sampling_tables.ts";

/** What is compared on samples; with a mask of the detector not by its mean within the mask (`pearson`). */
export interface SampledSettings {
  readonly metric: Metric;
  readonly sampling: PatternSampling | MaskedSampling;
}

/** Sizes and tables of a sampling. */
function layoutOf(sampling: PatternSampling | MaskedSampling) {
  const taps = gaussianTaps(sampling.sigma);
  if ("parts" in sampling) {
    return {
      samples: maskedCount(sampling),
      scratch: maskedScratchBytes(sampling, taps),
      bytes: maskedTableBytes(sampling, taps),
      tables: () => maskedTables(sampling, taps),
    };
  }
  return {
    samples: sampleCount(sampling),
    scratch: sampledScratchBytes(sampling, taps),
    bytes: samplingTableBytes(sampling, taps),
    tables: () => samplingTables(sampling, taps),
  };
}

/** How the samples of a scan are made, decided once. */
export class SampledFeatures {
  /** Floats of a pattern's samples. */
  readonly samples: number;
  /** Bytes of a row of samples. */
  readonly rowBytes: number;
  readonly #layout: ReturnType<typeof layoutOf>;
  #tables = nowhere;

  constructor(readonly scan: Pick<Scan, "shape" | "dtype">, readonly settings: SampledSettings) {
    this.#layout = layoutOf(settings.sampling);
    this.samples = this.#layout.samples;
    this.rowBytes = 4 * scan.shape.columns * this.samples;
  }

  /** Whether patterns are centred, so that a vanishing norm must be judged against a reference. */
  get centers(): boolean {
    return this.settings.metric !== "cosine";
  }

  /** Reserves tables and scratch memory. */
  reserve(memory: Memory): void {
    const { scratch, bytes, tables } = this.#layout;
    memory.scratch(scratch);
    this.#tables = memory.table("tables of the sampling", bytes, tables);
  }

  /**
   * The call that makes the samples of `count` patterns.
   *
   * @param source address of the patterns
   * @param destination address of their samples
   * @param references address of their float64 references, one a pattern; written where patterns are centred
   */
  call(source: Address, destination: Address, references: Address, count: number): KernelCall {
    const { patternRows, patternColumns } = this.scan.shape, working = workingType(this.scan.dtype);
    const places = [source, destination, references, 0, count, patternRows, patternColumns] as const;
    const centered = this.centers ? 1 : 0;
    return "parts" in this.settings.sampling
      ? [`masked${working}`, ...places, this.#tables, centered, this.samples, threadScratch]
      : [`sampled${working}`, ...places, this.#tables, centered, threadScratch];
  }
}
