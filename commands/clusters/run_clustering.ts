/** From an open scan to a complete result directory, with the summary that commands print. */

import { join } from "node:path";
import { applyEditsToClustering } from "../../library/cluster/editing/edits.ts";
import type { AverageBatch } from "../../library/passes/averages/average_sweep.ts";
import { averagePatterns } from "../../library/passes/averages/averages.ts";
import { type Clustering, reductionRatio } from "../../library/cluster/clustering.ts";
import type { FrameOfSeries } from "../../library/cluster/frame_of_series.ts";
import type { ClusterParameters } from "../../library/cluster/parameters.ts";
import { clusterScan } from "../../library/cluster/pipeline.ts";
import type { EditLog } from "../../library/cluster/editing/log.ts";
import type { Scan } from "../../library/scan/scan.ts";
import { withEngine } from "../../library/engine/with_engine.ts";
import { loadHdf5 } from "../../library/formats/hdf5/library.ts";
import { coveredFraction, type FrameOrigin } from "../../library/report/content.ts";
import { describeBackground, describeStability } from "../../library/report/trust_text.ts";
import { scanBytes } from "../../library/results/run_record.ts";
import { type ExportGroup, exportGroups } from "../../library/results/result_files.ts";
import { writeResult } from "../../library/results/write.ts";
import type { DriftMaps } from "../../library/series/drift_step.ts";
import type { CommandRun } from "../console/command_context.ts";
import {
  formatBytes,
  formatCount,
  formatNumber,
  formatPercent,
  formatSeconds,
} from "../console/format_quantity.ts";
import { checkResultSize, resultBytes } from "./result_size.ts";

/** What the next frame takes over, and where it says so. */
export interface NextFrame extends FrameOfSeries {
  /** Frames that it rests on, and how far the specimen moved since: known once the maps are. */
  readonly origin: (maps: DriftMaps) => FrameOrigin;
}

/** Where a result goes and what it says about its origin. */
export interface ResultTarget {
  readonly directory: string;
  readonly force: boolean;
  /** Whether this run keeps others out of it already. */
  readonly locked?: boolean;
  readonly exports?: ReadonlySet<ExportGroup>;
  /** The command line that gives this result, word by word. */
  readonly command: readonly string[];
  /** What a frame of a series takes over from others, and which ones those are. */
  readonly series?: NextFrame;
  /** Corrections by hand, done before anything is averaged. */
  readonly edits?: EditLog;
}

/** A finished run. */
export interface ClusteringSummary {
  readonly clustering: Clustering;
  /** Plain data for `--json`. */
  readonly plain: Readonly<Record<string, unknown>>;
  /** Name and value of each line for people. */
  readonly lines: readonly (readonly [string, string | undefined])[];
}

/**
 * Clusters a scan and writes the result directory.
 *
 * @throws {OutOfResources} when the result would be too large (result_size.ts)
 * @throws as `clusterScan`, `averagePatterns` and `writeResult`
 */
export function runClustering(
  run: CommandRun,
  scan: Scan,
  parameters: ClusterParameters,
  target: ResultTarget,
): Promise<ClusteringSummary> {
  return withEngine(
    run.options,
    (engine) => clusterAndWrite({ ...run, options: { ...run.options, engine } }, scan, parameters, target),
  );
}

async function clusterAndWrite(
  run: CommandRun,
  scan: Scan,
  parameters: ClusterParameters,
  target: ResultTarget,
): Promise<ClusteringSummary> {
  const begun = { started: new Date(), clock: performance.now() };
  // This thread has little to do while the others compare patterns. Should it fail, writing will say so.
  if (!target.exports || target.exports.has("h5")) loadHdf5().catch(() => {});
  const found = await clusterScan(scan, parameters, { ...run.options, series: target.series });
  return await writeClustering(run, scan, found, target, begun);
}

/** When a run began: for people, and in milliseconds for what it took. */
export interface RunBeginning {
  readonly started: Date;
  readonly clock: number;
}

/**
 * Writes the result directory of a scan that is clustered.
 *
 * @param averages of its clusters; default: they are made from the scan
 * @throws as {@link runClustering}
 */
export async function writeClustering(
  run: CommandRun,
  scan: Scan,
  found: Clustering,
  { directory, force, locked, exports = new Set(exportGroups), command, edits, series }: ResultTarget,
  { started, clock }: RunBeginning,
  averages?: AsyncIterable<AverageBatch> | Iterable<AverageBatch>,
): Promise<ClusteringSummary> {
  const clustering = edits ? applyEditsToClustering(found, edits) : found;
  const { clusters } = clustering;
  const bytesIn = scanBytes(scan);
  const arrays = resultBytes(clustering, exports);
  checkResultSize(arrays, bytesIn, clusters.length);
  run.say(`writing ${formatCount(clusters.length, "cluster")}${about(arrays)} to ${directory}`);
  const { bytesOut, timings, warnings } = await writeResult(directory, {
    clustering,
    scan,
    averages: clustering.parameters.average === "none"
      ? null
      : averages ?? averagePatterns(scan, clustering, run.options),
    run: {
      ...{ command, started },
      ...series && { series: series.origin(clustering) },
    },
  }, { force, locked, exports, signal: run.options.signal });
  const seconds = (performance.now() - clock) / 1000;
  warnings.forEach(run.warn);

  const ratio = reductionRatio(clustering), covered = coveredFraction(clustering);
  const largest = clusters.reduce((size, cluster) => Math.max(size, cluster.size), 0);
  const report = exports.has("html") ? join(directory, "report.html") : undefined;
  return {
    clustering,
    plain: {
      out: directory,
      report,
      clusters: clusters.length,
      reductionRatio: ratio,
      coveredFraction: covered,
      largestCluster: largest,
      ...plainChoices(clustering),
      bytesIn,
      bytesOut,
      seconds,
      timings,
    },
    lines: [
      ["clusters", String(clusters.length)],
      ["reduction", `R = ${formatNumber(ratio, 3)} clusters per probe position`],
      ["coverage", `${formatPercent(covered)} of the probe positions are in a cluster`],
      ["largest", formatCount(largest, "probe position")],
      ...choiceLines(clustering),
      ["time", `${formatSeconds(seconds)} (${formatNumber(bytesIn / seconds / 1e9, 2)} GB/s of raw data)`],
      ["result", directory],
      ["report", report],
    ],
  };
}

/** How much is written, where arrays are. */
function about(bytes: number): string {
  return bytes > 0 ? `, about ${formatBytes(bytes)},` : "";
}

/** What the program chose and found out by itself, as JSON holds it. */
function plainChoices({ settled, regions, background }: Clustering): Record<string, unknown> {
  return {
    threshold: settled.threshold,
    stability: regions?.stability,
    background: background && {
      present: background.present,
      doubtful: background.doubtful,
      valley: background.valley,
      ratio: background.ratio,
      coverage: background.coverage,
      grains: background.grains,
    },
  };
}

/** The same for people; a threshold only where it was not given. */
function choiceLines(
  { parameters, settled, regions, background }: Clustering,
): (readonly [string, string | undefined])[] {
  const chosen = typeof parameters.threshold !== "number" && settled.threshold !== null;
  const how = typeof parameters.threshold !== "number" && parameters.threshold.kind === "quantile"
    ? `quantile ${parameters.threshold.quantile} of the similarities`
    : "chosen by the sizes of the clusters";
  return [
    ["threshold", chosen ? `${formatNumber(settled.threshold!, 8)}, ${how}` : undefined],
    ["stability", regions && `${regions.stability.toFixed(2)} of 1: ${describeStability(regions.stability)}`],
    ["background", background && describeBackground(background)],
  ];
}
