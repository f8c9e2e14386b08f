/** What `orient --per-probe` does beside the orientations of clusters: every probe matched by its own peaks. */

import { join } from "node:path";
import type { Engine } from "../../library/engine/engine.ts";
import { withEngine } from "../../library/engine/with_engine.ts";
import {
  compareOrientations,
  type OrientationComparison,
} from "../../library/mapping/compare_orientations.ts";
import type { Ellipse } from "../../library/mapping/ellipse.ts";
import type { ClusterOrientations } from "../../library/mapping/orient_clusters.ts";
import { orientProbes, type ProbeMatches } from "../../library/mapping/orient_probes.ts";
import { type SecondOrientation, secondOrientations } from "../../library/mapping/second_orientations.ts";
import type { OriginMap } from "../../library/mapping/origin.ts";
import type { PeakLists } from "../../library/passes/bragg_peaks/peak_pass.ts";
import { probeOrientationFiles } from "../../library/results/probe_orientation_files.ts";
import { readCalibratedOrigin } from "../../library/results/read_calibration.ts";
import { readPeaksFile } from "../../library/results/read_peaks.ts";
import type { StoredResult } from "../../library/results/read.ts";
import { openScanOf } from "../../library/results/scan_of_result.ts";
import type { CommandRun } from "../console/command_context.ts";
import { formatNumber, formatPercent } from "../console/format_quantity.ts";
import { peakOrigin, unclearBeam } from "./peak_origin.ts";
import { peaksOfProbes } from "./probe_peaks.ts";

/** Flags of `orient` about single probes. */
export interface ProbeFlags {
  readonly perProbe?: true;
  readonly peaks?: string;
  readonly scan?: string;
  readonly minReliability?: number;
}

/** Orientations of probes, and what was found on the way. */
export interface OrientedProbes {
  readonly matches: ProbeMatches;
  readonly comparison: OrientationComparison;
  /** Clusters that hold a second crystal. */
  readonly seconds: readonly SecondOrientation[];
  readonly origin: OriginMap;
  /** The file whose peaks were taken; `undefined` where they were found in the scan. */
  readonly peaksFile?: string;
}

/**
 * Matches every probe of a result's scan.
 *
 * @param found the orientations of its clusters
 */
export async function orientEveryProbe(
  run: CommandRun,
  stored: StoredResult,
  found: ClusterOrientations,
  { diskRadius, ellipse }: { readonly diskRadius: number; readonly ellipse?: Ellipse },
  flags: ProbeFlags,
): Promise<OrientedProbes> {
  return await withEngine(run.options, async (engine) => {
    const peaks = await probePeaks(run, engine, stored, diskRadius, flags);
    const { shape, labels } = stored, { plans, wider, qPixelSize } = found;
    const calibrated = readCalibratedOrigin(stored);
    const { origin, unclear } = calibrated
      ? { origin: calibrated, unclear: false }
      : peakOrigin(peaks, stored, diskRadius);
    if (unclear) run.warn(unclearBeam);
    const orientations = found.matches.map(([match]) => match);
    const matches = await orientProbes({
      ...{ peaks, plans, wider, labels, orientations },
      calibration: { origin: origin.fitted, ellipse, qPixelSize: { row: qPixelSize, column: qPixelSize } },
    }, { ...run.options, engine, leastReliability: flags.minReliability });
    const comparison = compareOrientations(matches, { plans, labels, orientations }, shape.columns);
    const seconds = secondOrientations(matches, { labels, plans }, shape.columns);
    return { matches, comparison, seconds, origin, peaksFile: flags.peaks };
  });
}

async function probePeaks(
  { options }: CommandRun,
  engine: Engine,
  stored: StoredResult,
  diskRadius: number,
  { peaks, scan: elsewhere }: ProbeFlags,
): Promise<PeakLists> {
  if (peaks !== undefined) return await readPeaksFile(peaks, stored.shape);
  const scan = await openScanOf(stored, elsewhere, { signal: options.signal });
  try {
    return await peaksOfProbes(scan, stored, diskRadius, { ...options, engine });
  } finally {
    scan.close();
  }
}

/** What run.json keeps of it. */
export function probeRecord(
  { matches, comparison, seconds, origin, peaksFile }: OrientedProbes,
): Record<string, unknown> {
  const { matched, leftOut, ambiguous, turned } = matches, { model, residual, used, descan } = origin;
  const { compared, samePhase, near, median, noise } = comparison;
  return {
    ...{ peaksFile, matched, leftOut, ambiguous, turned, compared, samePhase, near, median, noise },
    secondCrystals: seconds.length,
    origin: { model, residual, used, descan },
  };
}

/** Lines that say how the probes compare with their clusters. */
export function probeLines(
  { directory }: StoredResult,
  { matches, comparison, seconds }: OrientedProbes,
): [string, string | undefined][] {
  return [
    [
      "probes",
      `${matches.matched} of ${matches.phases.length} have an orientation of their own${
        matches.leftOut > 0 ? `; ${matches.leftOut} left out as unreliable` : ""
      }`,
    ],
    [
      "against clusters",
      `${formatPercent(comparison.near)} within 3°, ${formatNumber(comparison.median)}° in the median`,
    ],
    ["noise of probes", `${formatNumber(comparison.noise)}° between neighbours in the median`],
    ["second crystals", seconds.length > 0 ? secondWords(seconds) : undefined],
    ["probes written", join(directory, probeOrientationFiles.matrices)],
  ];
}

/** How many clusters hold a second crystal, and what lies between the two. */
function secondWords(seconds: readonly SecondOrientation[]): string {
  const byName = [...Map.groupBy(seconds, ({ name }) => name)]
    .sort(([one, some], [other, more]) => more.length - some.length || (one < other ? -1 : 1));
  const names = byName.slice(0, 3).map(([name, list]) => `${list.length} ${name}`).join(", ");
  const clusters = seconds.length === 1 ? "1 cluster holds" : `${seconds.length} clusters hold`;
  return `${clusters} two crystals (${names}${
    byName.length > 3 ? " …" : ""
  }): ${probeOrientationFiles.seconds}`;
}
