/** Orientations of clusters from their averaged patterns. */

import type { Crystal } from "../crystal/crystal.ts";
import { type MatchOptions, matchOrientations, type OrientationMatch } from "../crystal/matching/match.ts";
import type { MatchingOptions } from "../crystal/matching/matching_options.ts";
import { type OrientationPlan, orientationPlan } from "../crystal/matching/plan.ts";
import type { DiffractionPeaks } from "../crystal/peaks.ts";
import { structureFactors } from "../crystal/structure_factors.ts";
import { withEngine } from "../engine/with_engine.ts";
import type { RunOptions } from "../engine/options.ts";
import { BadParameter } from "../scan/errors.ts";
import { readPattern, type Scan } from "../scan/scan.ts";
import { probeCount } from "../scan/shape.ts";
import { findPeaks, type PeakLists } from "../passes/bragg_peaks/peak_pass.ts";
import type { BadPixelSource } from "../passes/detector/preparation.ts";
import type { PeakOptions } from "../passes/bragg_peaks/peak_settings.ts";
import { calibratedPeaks } from "./calibrated_peaks.ts";
import type { Ellipse } from "./ellipse.ts";
import type { DiskDetector } from "./disk_intensities.ts";
import { disksAmong } from "./faint_disks.ts";
import { beamRadii, ringPeaks } from "./ring_peaks.ts";
import { highestNear } from "./origin.ts";
import { fitPixelSize, type FittedPixelSize } from "./pixel_size.ts";
import { refineOrientations, rockingWidth } from "./refine_orientations.ts";
import { surer } from "./surer_matches.ts";

/** What is known of the experiment. */
export interface OrientationConditions {
  /** The phases that may be there. */
  readonly crystals: readonly Crystal[];
  /** Energy of the beam in keV. */
  readonly beamEnergy: number;
  /** Direct beam in detector pixels, about. */
  readonly center: { readonly row: number; readonly column: number };
  /** Distance in pixels from `center` within which the direct beam of every average lies. */
  readonly centerReach: number;
  /** How peaks are looked for; `leastRelative` is 0.001 by default where there is a template: averages show faint disks. */
  readonly peaks: PeakOptions;
  /** Pixels of the averages that show nothing; default none. */
  readonly badPixels?: BadPixelSource;
  /** How patterns are stretched; default not. */
  readonly ellipse?: Ellipse;
  /** Å^-1 per detector pixel. */
  readonly qPixelSize: number;
  /** Whether the pixel size is fitted to the rings of the first crystal, from `qPixelSize` on. */
  readonly fitPixelSize: boolean;
  /** Width in Å^-1 at which spots fade with their excitation error; default: that which agrees best with the patterns. */
  readonly excitationWidth?: number;
  /** Those found in other averages of the same specimen, which are taken without looking for them; `excitationWidth` says more. */
  readonly widths?: FadingWidths;
  /** Crystals that may overlap in one average; default 1. */
  readonly matches?: number;
  /** How orientations are looked for beside that. */
  readonly matching?: Omit<MatchingOptions, "beamEnergy" | "excitationWidth">;
}

/** How fast spots fade with their excitation error, in Å^-1. */
export interface FadingWidths {
  /** The width of plans that agrees best with the patterns. */
  readonly agreement: number;
  /** The error at which amplitudes fade to half; undefined where no disk tells. */
  readonly rocking?: number;
}

/** The orientations of clusters, and what was found on the way. */
export interface ClusterOrientations {
  /** Matches of each cluster, the strongest first; none where nothing agrees. */
  readonly matches: readonly (readonly OrientationMatch[])[];
  /** One for each crystal, at the width that was taken. */
  readonly plans: readonly OrientationPlan[];
  /** Peaks of the averages, in detector pixels. */
  readonly peaks: PeakLists;
  /** float32 (cluster, 2): the direct beam of each average, row and column in pixels. */
  readonly origin: Float32Array;
  /** Å^-1 per detector pixel that was used. */
  readonly qPixelSize: number;
  /** How it was fitted, if it was. */
  readonly fittedPixelSize?: FittedPixelSize;
  /** Width in Å^-1 that was used. */
  readonly excitationWidth: number;
  /** What that came from. */
  readonly widths: FadingWidths;
}

/** Disks of averages are looked for down to this part of the highest, unless it is said otherwise; {@link disksAmong} judges. */
const faintest = 0.001;
/** Widths that are tried, in Å^-1, and the most clusters that decide among them. */
const triedWidths = [0.004, 0.006, 0.009, 0.013, 0.019, 0.028], decidingClusters = 60;
/** Width of wider plans in terms of that at which amplitudes fade to half: what matched most simulated averages of 8 and 20 nm. */
const perRockingWidth = 1.5;

/**
 * Finds the peaks of averaged patterns, and the orientations that explain them.
 *
 * @param averages one pattern for each cluster, as a scan of one row
 * @throws {BadParameter} when no average has peaks, or an option is out of range
 * @throws {Aborted} when the signal fires
 */
export async function orientClusters(
  averages: Scan,
  conditions: OrientationConditions,
  options: RunOptions = {},
): Promise<ClusterOrientations> {
  return await withEngine(options, async (engine) => {
    const run = { ...options, engine };
    // Averages are few, and some have few peaks: every zone is compared, which is surer and takes a millisecond for each.
    const match = { ...run, exhaustive: true };
    const { crystals, matching = {}, badPixels = { kind: "none" } } = conditions;
    const { template } = conditions.peaks;
    const found = await findPeaks(
      averages,
      { ...(template && { leastRelative: faintest }), ...conditions.peaks, badPixels },
      run,
    );
    const origin = beams(found, probeCount(averages.shape), conditions);
    const detector = { ...averages.shape, bad: badPixels.kind === "pixels" ? badPixels.bad : undefined };
    const peaks = template
      ? await disksAmong(found, (cluster) => readPattern(averages, 0, cluster), {
        ...{ detector, origin, radius: template.radius },
      })
      : found;
    const { maximumLength = 1.5 } = matching;
    const fitted = conditions.fitPixelSize
      ? fitPixelSize(
        ringPeaks(
          peaks,
          origin,
          beamRadii * (conditions.peaks.template?.radius ?? 0.05 / conditions.qPixelSize),
          conditions.ellipse,
        ),
        structureFactors(crystals[0], { maximumLength }),
        conditions.qPixelSize,
      )
      : undefined;
    const qPixelSize = fitted?.qPixelSize ?? conditions.qPixelSize;
    const calibration = {
      origin,
      ellipse: conditions.ellipse,
      qPixelSize: { row: qPixelSize, column: qPixelSize },
    };
    const patterns = Array.from(
      { length: probeCount(averages.shape) },
      (_, cluster) => calibratedPeaks(peaks, cluster, calibration),
    );
    const known = { averages, patterns, origin, qPixelSize, detector };
    const { plans, wider, widths } = await choosePlans(known, conditions, match);
    const each = { ...match, matches: conditions.matches };
    const narrow = await matchOrientations(plans, patterns, each);
    const matched = wider ? surer(narrow, await matchOrientations(wider, patterns, each)) : narrow;
    return {
      matches: await refined(matched, known, plans, widths.rocking, conditions),
      // Single patterns have few disks as well.
      plans: wider ?? plans,
      peaks,
      origin,
      qPixelSize,
      fittedPixelSize: fitted,
      excitationWidth: (wider ?? plans)[0].options.excitationWidth,
      widths,
    };
  });
}

/** Averages, and what is known of them before they are matched. */
interface KnownAverages {
  readonly averages: Scan;
  readonly patterns: readonly DiffractionPeaks[];
  readonly origin: Float32Array;
  readonly qPixelSize: number;
  readonly detector: DiskDetector;
}

/**
 * Plans of the width that was given, else of that at which the patterns with most peaks agree best. Where disks tell how fast
 * reflections fade, also those of what that means: agreement prefers widths that leave out what is faint, and averages of few
 * disks need it.
 */
async function choosePlans(
  known: KnownAverages,
  conditions: OrientationConditions,
  match: MatchOptions,
): Promise<{ plans: readonly OrientationPlan[]; wider?: readonly OrientationPlan[]; widths: FadingWidths }> {
  const { crystals, matching, beamEnergy, excitationWidth: given, widths } = conditions, { patterns } = known;
  const agreeing = given ?? widths?.agreement;
  const plansOf = (excitationWidth: number) =>
    crystals.map((crystal) => orientationPlan(crystal, { ...matching, beamEnergy, excitationWidth }));
  const deciding = [...patterns.keys()].filter((cluster) => patterns[cluster].qRow.length >= 4)
    .sort((one, other) => patterns[other].qRow.length - patterns[one].qRow.length || one - other)
    .slice(0, decidingClusters);
  if (agreeing === undefined && deciding.length === 0) {
    throw new BadParameter("no average has peaks beside the direct beam", {
      expected: "an average with four peaks or more",
      found: `${patterns.length} averages with fewer`,
      parameter: "peaks.leastRelative",
      remedy: "look for weaker peaks, or give the radius of the disks",
    });
  }
  const some = deciding.map((cluster) => patterns[cluster]);
  let best: readonly OrientationPlan[] = [], matches: OrientationMatch[][] = [], most = -1;
  for (const width of agreeing === undefined ? triedWidths : [agreeing]) {
    const plans = plansOf(width), found = await matchOrientations(plans, some, match);
    const mean = found.reduce((sum, [first]) => sum + (first?.agreement ?? 0), 0) / deciding.length;
    if (mean <= most) continue;
    most = mean;
    best = plans;
    matches = found;
  }
  const agreement = best[0].options.excitationWidth, { radius } = conditions.peaks.template ?? {};
  if (radius === undefined) return { plans: best, widths: { agreement } };
  const told = matches.flatMap(([first], index) => first ? refinable(known, deciding[index], first) : []);
  const rocking = widths
    ? widths.rocking
    : await rockingWidth(told, { ...known, plans: best, radius, ellipse: conditions.ellipse });
  const wider = given === undefined && rocking !== undefined ? plansOf(perRockingWidth * rocking) : undefined;
  return { plans: best, wider, widths: { agreement, rocking } };
}

function refinable({ averages, patterns, origin }: KnownAverages, cluster: number, match: OrientationMatch) {
  return {
    pattern: () => readPattern(averages, 0, cluster),
    ...{ peaks: patterns[cluster], match },
    origin: [origin[2 * cluster], origin[2 * cluster + 1]] as const,
  };
}

/** The matches with the strongest of each refined by the intensities of its disks, where these tell something. */
async function refined(
  matches: readonly (readonly OrientationMatch[])[],
  known: KnownAverages,
  plans: readonly OrientationPlan[],
  width: number | undefined,
  { peaks: { template }, ellipse }: OrientationConditions,
): Promise<(readonly OrientationMatch[])[]> {
  if (!template) return [...matches];
  const clusters = [...matches.keys()].filter((cluster) => matches[cluster].length > 0);
  const orientations = await refineOrientations(
    clusters.map((cluster) => refinable(known, cluster, matches[cluster][0])),
    { ...known, plans, ellipse, radius: template.radius },
    width,
  );
  const into = matches.map((list) => [...list]);
  clusters.forEach((cluster, index) =>
    into[cluster][0] = { ...into[cluster][0], orientation: orientations[index] }
  );
  return into;
}

/** The direct beam of each average: its highest peak near the centre, or the centre. */
function beams(
  peaks: PeakLists,
  clusters: number,
  { center, centerReach }: OrientationConditions,
): Float32Array {
  const origin = new Float32Array(2 * clusters);
  for (let cluster = 0; cluster < clusters; cluster++) {
    const peak = highestNear(peaks, cluster, center, centerReach);
    const place = peak === undefined ? [center.row, center.column] : [peaks.row[peak], peaks.column[peak]];
    origin.set(place, 2 * cluster);
  }
  return origin;
}
