/** One averaged pattern for each cluster, in bounded memory (paper, Methods 4; spec stage 7). */

import { borrowEngine } from "../../engine/with_engine.ts";
import type { Engine } from "../../engine/engine.ts";
import { handOver } from "../../engine/hand_over.ts";
import type { RunOptions } from "../../engine/options.ts";
import { runPasses } from "../../engine/run_passes.ts";
import { demandArgument, demandLength } from "../../scan/demand.ts";
import { BadParameter } from "../../scan/errors.ts";
import type { Scan } from "../../scan/scan.ts";
import { probeCount } from "../../scan/shape.ts";
import { cleaningOf } from "../detector/bad_pixels_and_beam.ts";
import type { ClusterRows } from "./average_slots.ts";
import type { AveragedCluster } from "./average_sums.ts";
import type { AverageBatch, AveragedClusters, Deliver } from "./average_sweep.ts";
import { mostSlots, sweepOf } from "./sweeps.ts";

/** Batches that may wait while the next are summed. */
const waitingBatches = 2;

/**
 * The averaged patterns of all clusters, in batches of clusters with consecutive ids, each cluster once. Batches come in
 * the order in which clusters are complete: the scan is read once, and a cluster takes memory only from its first row to
 * its last; where that does not fit, clusters are put off to another reading of the rows they touch. Sums are float64. For
 * `average: "filtered"` the averages are those of the prefiltered patterns, summed straight from the raw ones with
 * gathered weights. With `shifts` patterns are moved to a common origin first, bilinearly, and pixels that none of a cluster's
 * patterns saw are NaN.
 *
 * @param scan the scan that was clustered
 * @param clustering its clusters, or any others: of it only labels, clusters, bad pixels and what is averaged are used
 * @throws {BadParameter} when labels or shifts do not fit the scan, or shifts are given for filtered patterns
 * @throws {CorruptFile} when the scan cannot be read any more
 * @throws {Aborted} when the signal fires
 *
 * @example
 * ```ts
 * import { averagePatterns, clusterScan, defaultParameters, simulateScan } from "crystallite";
 *
 * const scan = simulateScan({ rows: 12, columns: 12, grains: 3, seed: 1 });
 * const clustering = await clusterScan(scan, { ...defaultParameters, blur: 2, threshold: 0.9 });
 * const averages = new Float32Array(clustering.clusters.length * 64 * 64);
 * for await (const { first, count, patterns } of averagePatterns(scan, clustering)) {
 *   console.assert(patterns.length === count * 64 * 64);
 *   averages.set(patterns, first * 64 * 64);
 * }
 * ```
 */
export async function* averagePatterns(
  scan: Scan,
  clustering: AveragedClusters,
  options: RunOptions = {},
): AsyncGenerator<AverageBatch> {
  const { average } = clustering.parameters;
  if (average === "none" || clustering.clusters.length === 0) return;
  if (average === "filtered" && !clustering.prefilterWeights) {
    throw new BadParameter("averages of filtered data need the prefilter's weights", {
      remedy: "cluster with the prefilter first",
    });
  }
  checkLabels(scan, clustering);
  checkShifts(scan, clustering);
  const { engine, release } = await borrowEngine(options);
  try {
    yield* handOver<AverageBatch>(
      (deliver) => sumClusters(engine, scan, clustering, options, deliver),
      waitingBatches,
    );
  } finally {
    release();
  }
}

/** Sums clusters reading by reading, until every one has found memory for its sums. */
async function sumClusters(
  engine: Engine,
  scan: Scan,
  clustering: AveragedClusters,
  options: RunOptions,
  deliver: Deliver,
): Promise<void> {
  const { badPixels, labels } = clustering;
  const leftOut = Uint8Array.from(labels, (label) => label < 0 ? 1 : 0);
  const fill = { ...cleaningOf(badPixels, scan.shape), leftOut };
  const rows = clusterRows(scan, clustering);
  let waiting: readonly AveragedCluster[] = [...clustering.clusters]
    .sort((a, b) => rows.first[a.id] - rows.first[b.id] || a.id - b.id);
  while (waiting.length > 0) {
    const slots = Math.min(waiting.length, mostSlots(engine, scan, clustering));
    const sweep = sweepOf(scan, { clustering, clusters: waiting, rows, slots, deliver });
    const range = [
      rows.first[waiting[0].id],
      waiting.reduce((end, { id }) => Math.max(end, rows.end[id]), 0),
    ] as const;
    [waiting] = await runPasses(engine, scan, { fill, rows: range }, [sweep], options);
  }
}

function checkLabels(scan: Scan, { labels, clusters }: AveragedClusters): void {
  demandLength("labels", labels, probeCount(scan.shape));
  const beyond = labels.find((label) => label >= clusters.length);
  demandArgument(beyond === undefined, "labels", `labels below ${clusters.length}`, beyond);
}

/** Farther than this from the common origin no direct beam lies on any detector. */
const farthestShift = 1e5;

function checkShifts(scan: Scan, { shifts, parameters, labels }: AveragedClusters): void {
  if (shifts === undefined) return;
  const wanted = 2 * probeCount(scan.shape);
  const fits = shifts.length === wanted &&
    shifts.every((shift, index) => labels[index >> 1] < 0 || Math.abs(shift) <= farthestShift);
  if (fits && parameters.average === "raw") return;
  throw new BadParameter("patterns cannot be moved like this", {
    expected: `raw patterns, and ${wanted} finite shifts in pixels`,
    found: `${parameters.average} patterns, ${shifts.length} shifts`,
    remedy: "give a row and a column for every probe",
  });
}

/** The scan rows that clusters take patterns from. */
function clusterRows(scan: Scan, { clusters, parameters }: AveragedClusters): ClusterRows {
  const reach = parameters.average === "filtered" ? parameters.prefilter!.radius : 0;
  return {
    first: Int32Array.from(clusters, ({ bounds }) => Math.max(0, bounds.firstRow - reach)),
    end: Int32Array.from(clusters, ({ bounds }) => Math.min(scan.shape.rows, bounds.lastRow + reach + 1)),
  };
}
