/** The prefiltered scan itself, row by row (paper, "Correlative prefiltering"). */

import { at, nowhere } from "../../engine/address.ts";
import { borrowEngine } from "../../engine/with_engine.ts";
import { handOver } from "../../engine/hand_over.ts";
import type { Memory } from "../../engine/memory.ts";
import type { RunOptions } from "../../engine/options.ts";
import type { Arena, Batches, Pass, PassScan, RowBlock } from "../../engine/pass.ts";
import { workingType } from "../../engine/loaded_scan.ts";
import { runPasses } from "../../engine/run_passes.ts";
import type { Scan } from "../../scan/scan.ts";
import { pixelCount } from "../../scan/shape.ts";
import { type BadPixelSource, prepareDetector } from "../detector/preparation.ts";
import { FilterStage } from "./filter_stage.ts";
import { checkPrefilter, type PrefilterParameters } from "./parameters.ts";
import type { PrefilterWeights } from "./footprint.ts";
import { settleNodes } from "./settle_nodes.ts";
import { PrefilterWeightsPass } from "./weights_pass.ts";

/** What {@link filterScan} is told. */
export interface FilterParameters {
  /** Which detector pixels are not believed. */
  readonly badPixels: BadPixelSource;
  /** The filter. */
  readonly prefilter: PrefilterParameters;
}

/** Filtered rows: float32 (rows, columns, qy, qx) from scan row `firstRow`. The array is the caller's to keep. */
export interface FilteredRows {
  /** The first scan row. */
  readonly firstRow: number;
  /** Number of scan rows. */
  readonly rows: number;
  /** Filtered patterns in counts, in raster order. */
  readonly patterns: Float32Array;
}

/**
 * Filters a scan; reads it twice. Rows come in order.
 *
 * @throws {BadParameter} when the parameters do not fit the detector
 * @throws {Aborted} when the signal fires
 *
 * @example
 * ```ts
 * import { defaultPrefilter, filterScan, simulateScan } from "crystallite";
 *
 * const scan = simulateScan({ rows: 8, columns: 8, grains: 2, seed: 1 });
 * for await (const { firstRow, rows, patterns } of filterScan(scan, {
 *   badPixels: { kind: "auto" },
 *   prefilter: defaultPrefilter,
 * })) {
 *   console.assert(firstRow + rows <= 8 && patterns.length === rows * 8 * 64 * 64);
 * }
 * ```
 */
export async function* filterScan(
  scan: Scan,
  { badPixels, prefilter }: FilterParameters,
  options: RunOptions = {},
): AsyncGenerator<FilteredRows> {
  checkPrefilter(prefilter);
  const { engine, release } = await borrowEngine(options);
  try {
    const preparation = await prepareDetector(
      scan,
      { badPixels, center: { kind: "index" } },
      false,
      { ...options, engine },
    );
    preparation.warnings.forEach((warning) => options.onWarning?.(warning));
    const masked = preparation.badPixels.masked;
    const { nodes } = await settleNodes(engine, scan, preparation.fill, prefilter, masked, options);
    const weighing = new PrefilterWeightsPass(scan, prefilter, masked, nodes);
    const [weights] = await runPasses(engine, scan, preparation, [weighing], options);
    yield* handOver<FilteredRows>(async (deliver) => {
      await runPasses(engine, scan, preparation, [new FilterPass(scan, weights, deliver)], options);
    });
  } finally {
    release();
  }
}

/** Filters rows and hands them over. */
class FilterPass implements Pass<void> {
  readonly name = "filter";
  readonly window: { readonly behind: number; readonly ahead: number };
  readonly #stage: FilterStage;
  #output = nowhere;
  #arena!: Arena;

  constructor(
    readonly scan: PassScan,
    readonly weights: PrefilterWeights,
    readonly deliver: (rows: FilteredRows) => Promise<void>,
  ) {
    this.#stage = new FilterStage(scan.shape, workingType(scan.dtype), weights.offsets);
    this.window = { behind: this.#stage.radius, ahead: this.#stage.radius };
  }

  get #rowLength(): number {
    return this.scan.shape.columns * pixelCount(this.scan.shape);
  }

  reserve(memory: Memory, band: number): void {
    this.#stage.reserve(memory, band);
    this.#output = memory.allocate("filtered patterns", 4 * this.#rowLength * band);
  }

  begin(arena: Arena): void {
    this.#arena = arena;
    this.#stage.begin(arena, this.weights);
  }

  async *block(block: RowBlock): Batches {
    const { first, end } = block, rows = end - first, length = this.#rowLength;
    yield this.#stage.calls(block, (row) => at(this.#output, 4 * length * (row - first)));
    const patterns = this.#arena.view(Float32Array, this.#output, rows * length).slice();
    await this.deliver({ firstRow: first, rows, patterns });
  }

  finish(): void {}
}
