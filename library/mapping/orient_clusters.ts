/** Orientations of clusters from their averaged patterns. */

import { matchOrientations, type OrientationMatch } from "../crystal/matching/match.ts";
import type { OrientationPlan } from "../crystal/matching/plan.ts";
import { withEngine } from "../engine/with_engine.ts";
import type { RunOptions } from "../engine/options.ts";
import { readPattern, type Scan } from "../scan/scan.ts";
import { probeCount } from "../scan/shape.ts";
import { findPeaks, type PeakLists } from "../passes/bragg_peaks/peak_pass.ts";
import type { BadPixelSource } from "../passes/detector/preparation.ts";
import { calibratedPeaks } from "./calibrated_peaks.ts";
import {
  choosePlans,
  type FadingWidths,
  type KnownAverages,
  type PlanConditions,
  refinable,
} from "./choose_plans.ts";
import { disksAmong } from "./faint_disks.ts";
import type { ExplainingSize } from "./find_pixel_size.ts";
import { highestNear } from "./origin.ts";
import type { FittedPixelSize } from "./pixel_size.ts";
import { refineOrientations } from "./refine_orientations.ts";
import { type SearchedPixelSize, settlePixelSize } from "./settle_pixel_size.ts";
import { isReliable, replaceUnreliable } from "./surer_matches.ts";

/** What is known of the experiment. */
export interface OrientationConditions extends PlanConditions {
  /** Direct beam in detector pixels, about. */
  readonly center: { readonly row: number; readonly column: number };
  /** Distance in pixels from `center` within which the direct beam of every average lies. */
  readonly centerReach: number;
  /**
   * float32 (cluster, 2): where the direct beam of each average is known to be; its own peak counts only beside that, since a
   * beam stop may hide it. Default: not known.
   */
  readonly knownOrigin?: Float32Array;
  /** Pixels of the averages that show nothing; default none. */
  readonly badPixels?: BadPixelSource;
  /** Å^-1 per detector pixel; default: that at which the crystals explain the averages best. */
  readonly qPixelSize?: number;
  /**
   * Whether the pixel size is fitted to the rings of the crystals, from `qPixelSize` on: those of each, of which the size
   * counts at which all explain the averages best, or of equally good ones the nearest. Where the crystals explain hardly
   * anything there and much at another size, that is taken.
   */
  readonly fitPixelSize: boolean;
  /** Crystals that may overlap in one average; default 1. */
  readonly matches?: number;
  /** Clusters whose strongest match is above any other by less, in percent, get none; default 0, which keeps all. */
  readonly leastReliability?: number;
}

/** The orientations of clusters, and what was found on the way. */
export interface ClusterOrientations {
  /** Matches of each cluster, the strongest first; none where nothing agrees, or nothing reliably. */
  readonly matches: readonly (readonly OrientationMatch[])[];
  /** Clusters that have no match because it was not reliable. */
  readonly leftOut: number;
  /** One for each crystal, at the width that was taken. */
  readonly plans: readonly OrientationPlan[];
  /** Wider ones, for matches that are not reliable; undefined where disks do not tell how fast reflections fade, or a width was given. */
  readonly wider?: readonly OrientationPlan[];
  /** Peaks of the averages, in detector pixels. */
  readonly peaks: PeakLists;
  /** float32 (cluster, 2): the direct beam of each average, row and column in pixels. */
  readonly origin: Float32Array;
  /** Å^-1 per detector pixel that was used. */
  readonly qPixelSize: number;
  /** How it was fitted, if it was. */
  readonly fittedPixelSize?: FittedPixelSize;
  /** How it was found, where it was not known or was wrong. */
  readonly searchedPixelSize?: SearchedPixelSize;
  /** The size that was given, where one was. */
  readonly givenPixelSize?: number;
  /** Another size that explains the averages as well, by the rings of another crystal; see `SettledPixelSize`. */
  readonly rivalPixelSize?: ExplainingSize;
  /** Width in Å^-1 that was used. */
  readonly excitationWidth: number;
  /** What that came from. */
  readonly widths: FadingWidths;
}

/** Disks of averages are looked for down to this part of the highest, unless it is said otherwise; {@link disksAmong} judges. */
const faintest = 0.001;
/**
 * Finds the peaks of averaged patterns, and the orientations that explain them.
 *
 * @param averages one pattern for each cluster, as a scan of one row
 * @throws {BadParameter} when no average has peaks, they do not tell a pixel size that is not given, or an option is out of range
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
    const { badPixels = { kind: "none" } } = conditions;
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
    const { qPixelSize, fitted, searched, rival } = await settlePixelSize(peaks, origin, conditions, match);
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
    const matched = await matchOrientations(plans, patterns, each);
    if (wider) {
      await replaceUnreliable(
        matched,
        ([match]) => match,
        (clusters) => matchOrientations(wider, clusters.map((cluster) => patterns[cluster]), each),
      );
    }
    const { leastReliability = 0 } = conditions;
    const kept = matched.map((list) =>
      leastReliability > 0 && !isReliable(list[0], leastReliability) ? [] : list
    );
    const matches = await refined(kept, known, plans, widths.rocking, conditions);
    return {
      matches,
      leftOut: matched.filter((list, cluster) => list.length > kept[cluster].length).length,
      ...{ plans, wider },
      peaks,
      origin,
      qPixelSize,
      fittedPixelSize: fitted,
      searchedPixelSize: searched,
      ...{ givenPixelSize: conditions.qPixelSize, rivalPixelSize: rival },
      excitationWidth: (wider ?? plans)[0].options.excitationWidth,
      widths,
    };
  });
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

/** Where the direct beam is known to be, its own peak is within so many pixels. */
const besideKnown = 1.5;

/** The direct beam of each average: its highest peak near the centre, or the centre. */
function beams(
  peaks: PeakLists,
  clusters: number,
  { center, centerReach, knownOrigin }: OrientationConditions,
): Float32Array {
  const origin = new Float32Array(2 * clusters);
  for (let cluster = 0; cluster < clusters; cluster++) {
    const [row, column] = knownOrigin?.subarray(2 * cluster) ?? [NaN, NaN], known = Number.isFinite(row);
    const expected = known ? { row, column } : center;
    const peak = highestNear(peaks, cluster, expected, known ? besideKnown : centerReach);
    const place = peak === undefined
      ? [expected.row, expected.column]
      : [peaks.row[peak], peaks.column[peak]];
    origin.set(place, 2 * cluster);
  }
  return origin;
}
