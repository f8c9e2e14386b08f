/** The prefilter's weights in a pass of their own (paper, "Correlative prefiltering"; spec stage 2). */

import { type Address, at } from "../../engine/address.ts";
import type { Engine } from "../../engine/engine.ts";
import type { RunOptions } from "../../engine/options.ts";
import { chooseBand, type FillTable, type PassNeeds, type RowBlock, streamRows } from "../../engine/rows.ts";
import type { Scan } from "../../scan/scan.ts";
import { pixelCount } from "../../scan/shape.ts";
import type { PrefilterParameters, PrefilterWeights } from "./footprint.ts";
import { correlationBytes, CorrelationRows } from "./correlation_rows.ts";
import { WeightedRows } from "./weighted_rows.ts";

/** What the pass over the scan needs, for the estimate of memory. */
export function prefilterNeeds(
  scan: Pick<Scan, "shape" | "dtype">,
  parameters: PrefilterParameters,
  threads: number,
): PassNeeds {
  const stage = new WeightedRows(scan, parameters, []);
  return {
    behind: 0,
    ahead: 0,
    bytes: (band) =>
      stage.rowBytes * (2 * band + parameters.radius) + correlationBytes(scan.shape, parameters, band) +
      stage.tableBytes + threads * (stage.scratchBytes + 64) + 1024,
    followed: true,
  };
}

/** Correlates every pattern with its neighbours in one pass over the scan. */
export async function prefilterPass(
  engine: Engine,
  scan: Scan,
  fill: FillTable,
  masked: readonly number[],
  parameters: PrefilterParameters,
  options: RunOptions,
): Promise<PrefilterWeights> {
  const mark = engine.mark();
  try {
    const needs = prefilterNeeds(scan, parameters, engine.threads);
    const band = chooseBand(engine.available, scan, needs, engine.threads, options);
    const stage = new WeightedRows(scan, parameters, masked);
    stage.prepare(engine);
    engine.allocateScratch(stage.scratchBytes);
    // The next band is weighed while this one is correlated.
    const ring = 2 * band + parameters.radius;
    const start = engine.allocate(ring * stage.rowBytes);
    const patterns = (row: number) => at(start, (row % ring) * stage.rowBytes);
    const correlations = new CorrelationRows(engine, scan.shape, parameters, band);
    const pixels = pixelCount(scan.shape);
    const follow = (row: number, from: number, to: number, source: Address) => [
      stage.call(source, at(patterns(row), from * stage.patternBytes), to - from),
    ];
    const settings = { needs, band, fill, stage: "prefilter", follow };
    await streamRows(engine, scan, settings, options, async ({ first, end }: RowBlock) => {
      await engine.run(correlations.calls(first, end, patterns, pixels));
      correlations.finish(first, end);
    });
    return correlations.weights;
  } finally {
    engine.release(mark);
  }
}
