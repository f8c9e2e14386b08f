/** Which way of summing suits a scan and what is averaged, and what it will take. */

import type { Engine } from "../../engine/engine.ts";
import { type Pass, type PassScan, planPasses } from "../../engine/pass.ts";
import type { AveragedCluster } from "./average_sums.ts";
import { type AveragedClusters, averageSweep, type SweepSettings } from "./average_sweep.ts";
import { ShiftedSweep } from "./shifted_sweep.ts";

/** A sweep of moved, filtered or raw patterns; its result is the clusters that found no memory. */
export function sweepOf(scan: PassScan, settings: SweepSettings): Pass<AveragedCluster[]> {
  return settings.clustering.shifts ? new ShiftedSweep(scan, settings) : averageSweep(scan, settings);
}

/** What is averaged, without the clusters. */
type AverageSettings = Pick<AveragedClusters, "parameters" | "prefilterWeights" | "shifts">;

/** A sweep that is only planned: what clusters take with so many of them at a time. */
export function expectedSweep(
  scan: PassScan,
  { parameters, prefilterWeights, shifts }: AverageSettings,
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

/** Sums take at most this part of the arena, and never more than the clusters need. */
const sumsShare = 0.75;

/** Clusters whose sums fit the arena beside the rows. */
export function mostSlots(
  { threads, available, limit }: Pick<Engine, "threads" | "available" | "limit">,
  scan: PassScan,
  settings: AverageSettings,
): number {
  const bytesFor = (slots: number) => {
    const sweep = expectedSweep(scan, settings, slots);
    return planPasses(scan, [sweep], { threads, available: Infinity, bandHeight: 1 }).bytes;
  };
  const bare = bytesFor(0), each = bytesFor(1) - bare;
  const room = Math.min(available - bare, limit * sumsShare);
  return Math.max(1, Math.floor(room / each));
}
