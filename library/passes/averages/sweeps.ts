/** Which way of summing suits a scan and what is averaged, and what it will take. */

import type { Pass, PassScan } from "../../engine/pass.ts";
import type { AveragedCluster } from "./average_sums.ts";
import { type AveragedClusters, averageSweep, type SweepSettings } from "./average_sweep.ts";
import { ShiftedSweep } from "./shifted_sweep.ts";

/** A sweep of moved, filtered or raw patterns; its result is the clusters that found no memory. */
export function sweepOf(scan: PassScan, settings: SweepSettings): Pass<AveragedCluster[]> {
  return settings.clustering.shifts ? new ShiftedSweep(scan, settings) : averageSweep(scan, settings);
}

/** A sweep that is only planned: what clusters take with so many of them at a time. */
export function expectedSweep(
  scan: PassScan,
  { parameters, prefilterWeights, shifts }: Pick<
    AveragedClusters,
    "parameters" | "prefilterWeights" | "shifts"
  >,
  slots: number,
): Pass<unknown> {
  const none = new Int32Array(0), badPixels = { source: "", filled: [], masked: [] };
  return sweepOf(scan, {
    clustering: { labels: none, parameters, prefilterWeights, shifts, badPixels },
    clusters: [],
    rows: { first: none, end: none },
    slots,
    deliver: () => Promise.resolve(),
  });
}
