/** From rows of patterns to rows of blurred samples. */

import type { Engine } from "../engine/engine.ts";
import { type KernelCall, threadScratch } from "../engine/kernels.ts";
import { rowCalls, workingType } from "../engine/rows.ts";
import type { Scan } from "../scan/scan.ts";
import { gaussianTaps } from "./gaussian.ts";
import type { Metric } from "./parameters.ts";
import type { PatternSampling } from "./sampling.ts";
import { sampleCount, sampledScratchBytes, samplingTables } from "./sampling_tables.ts";

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
  readonly scratchBytes: number;
  /** Bytes of the tables that {@link prepare} places in the arena. */
  readonly tableBytes: number;
  readonly #tables: Uint8Array<ArrayBuffer>;
  #tablesPointer = 0;

  constructor(readonly scan: Pick<Scan, "shape" | "dtype">, readonly settings: SampledSettings) {
    const { sampling } = settings, { columns } = scan.shape;
    const taps = gaussianTaps(sampling.sigma);
    this.samples = sampleCount(sampling);
    this.rowBytes = 4 * columns * this.samples;
    this.scratchBytes = sampledScratchBytes(sampling, taps);
    this.#tables = samplingTables(sampling, taps);
    this.tableBytes = this.#tables.byteLength + 64;
  }

  /** Whether patterns are centred, so that a vanishing norm must be judged against a reference. */
  get centers(): boolean {
    return this.settings.metric !== "cosine";
  }

  /** Places the tables in the arena. */
  prepare(engine: Engine): void {
    this.#tablesPointer = engine.place(this.#tables);
  }

  /**
   * Calls that make the samples of rows first..end-1.
   *
   * @param source address of a row of patterns
   * @param destination address of a row's samples
   * @param references address of a row's float64 references, one a pattern; written where patterns are centred
   */
  calls(
    engine: Engine,
    first: number,
    end: number,
    source: (row: number) => number,
    destination: (row: number) => number,
    references: (row: number) => number,
  ): KernelCall[] {
    const { columns, patternRows, patternColumns } = this.scan.shape;
    return rowCalls(first, end - first, columns, engine.threads, (row, from, to) => [
      `sampled${workingType(this.scan.dtype)}`,
      ...[source(row), destination(row), references(row), from, to, patternRows, patternColumns],
      ...[this.#tablesPointer, this.centers ? 1 : 0, threadScratch],
    ]);
  }
}
