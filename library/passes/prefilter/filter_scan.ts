/** The prefiltered scan itself, row by row (paper, "Correlative prefiltering"). */

import { at } from "../../engine/address.ts";
import { borrowEngine } from "../../engine/engine.ts";
import { handOver } from "../../engine/hand_over.ts";
import type { RunOptions } from "../../engine/options.ts";
import { chooseBand, type PassNeeds, streamRows, workingType } from "../../engine/rows.ts";
import type { Scan } from "../../scan/scan.ts";
import { pixelCount } from "../../scan/shape.ts";
import { FilterStage } from "./filter_stage.ts";
import { type BadPixelSource, prepareDetector } from "../detector/preparation.ts";
import { checkPrefilter, type PrefilterParameters } from "./footprint.ts";
import { prefilterPass } from "./weights_pass.ts";

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
  const { shape } = scan;
  const rowLength = shape.columns * pixelCount(shape);
  const { engine, release } = await borrowEngine(options);
  try {
    const preparation = await prepareDetector(
      scan,
      { badPixels, center: { kind: "index" } },
      false,
      { ...options, engine },
    );
    const masked = preparation.badPixels.masked;
    const weights = await prefilterPass(engine, scan, preparation.fill, masked, prefilter, options);
    const stage = new FilterStage(shape, workingType(scan.dtype), weights);
    const needs: PassNeeds = {
      behind: stage.radius,
      ahead: stage.radius,
      bytes: (band) => 4 * rowLength * band + FilterStage.bytes(shape, stage.radius, band),
    };
    const band = chooseBand(engine.available, scan, needs, engine.threads, options);
    stage.prepare(engine, band);
    const output = engine.allocate(4 * rowLength * band);
    const settings = { needs, band, fill: preparation.fill, stage: "filter" };
    yield* handOver((deliver) =>
      streamRows(engine, scan, settings, options, async (block) => {
        await engine.run(
          stage.calls(engine, block, (row) => at(output, 4 * rowLength * (row - block.first))),
        );
        const rows = block.end - block.first;
        const patterns = engine.view(Float32Array, output, rows * rowLength).slice();
        await deliver({ firstRow: block.first, rows, patterns });
      })
    );
  } finally {
    release();
  }
}
