/** The plans by which averages are matched: how fast spots fade is found in the averages themselves. */

import type { Crystal } from "../crystal/crystal.ts";
import { type MatchOptions, matchOrientations, type OrientationMatch } from "../crystal/matching/match.ts";
import type { MatchingOptions } from "../crystal/matching/matching_options.ts";
import { type OrientationPlan, orientationPlan } from "../crystal/matching/plan.ts";
import type { DiffractionPeaks } from "../crystal/peaks.ts";
import type { PeakOptions } from "../passes/bragg_peaks/peak_settings.ts";
import { BadParameter } from "../scan/errors.ts";
import { readPattern, type Scan } from "../scan/scan.ts";
import type { DiskDetector } from "./disk_intensities.ts";
import type { Ellipse } from "./ellipse.ts";
import { rockingWidth } from "./refine_orientations.ts";

/** What is known of the experiment, as far as plans need it. */
export interface PlanConditions {
  /** The phases that may be there. */
  readonly crystals: readonly Crystal[];
  /** Energy of the beam in keV. */
  readonly beamEnergy: number;
  /** How patterns are stretched; default not. */
  readonly ellipse?: Ellipse;
  /** Width in Å^-1 at which spots fade with their excitation error; default: that which agrees best with the patterns. */
  readonly excitationWidth?: number;
  /** Those found in other averages of the same specimen, which are taken without looking for them; `excitationWidth` says more. */
  readonly widths?: FadingWidths;
  /** How orientations are looked for beside that. */
  readonly matching?: Omit<MatchingOptions, "beamEnergy" | "excitationWidth">;
  /** How peaks are looked for; `leastRelative` is 0.001 by default where there is a template: averages show faint disks. */
  readonly peaks: PeakOptions;
}

/** How fast spots fade with their excitation error, in Å^-1. */
export interface FadingWidths {
  /** The width of plans that agrees best with the patterns. */
  readonly agreement: number;
  /** The error at which amplitudes fade to half; undefined where no disk tells. */
  readonly rocking?: number;
}

/** Widths that are tried, in Å^-1, and the most clusters that decide among them. */
const triedWidths = [0.004, 0.006, 0.009, 0.013, 0.019, 0.028], decidingClusters = 60;
/** Width of wider plans in terms of that at which amplitudes fade to half: what matched most simulated averages of 8 and 20 nm. */
const perRockingWidth = 1.5;

/** Averages, and what is known of them before they are matched. */
export interface KnownAverages {
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
export async function choosePlans(
  known: KnownAverages,
  conditions: PlanConditions,
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

/** One average with its match, to be refined. */
export function refinable(
  { averages, patterns, origin }: KnownAverages,
  cluster: number,
  match: OrientationMatch,
) {
  return {
    pattern: () => readPattern(averages, 0, cluster),
    ...{ peaks: patterns[cluster], match },
    origin: [origin[2 * cluster], origin[2 * cluster + 1]] as const,
  };
}
