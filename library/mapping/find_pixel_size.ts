/** The size of a detector pixel where nobody knows it: that at which crystals explain the averages best. */

import type { Crystal } from "../crystal/crystal.ts";
import { type MatchOptions, matchOrientations } from "../crystal/matching/match.ts";
import type { MatchingOptions } from "../crystal/matching/matching_options.ts";
import { orientationPlan } from "../crystal/matching/plan.ts";
import type { DiffractionPeaks } from "../crystal/peaks.ts";
import { structureFactors } from "../crystal/structure_factors.ts";
import { likelyPixelSizes, type PeakDistances, ringsOf } from "./pixel_size.ts";

/** What is compared. */
export interface PixelSizeSearch {
  readonly crystals: readonly Crystal[];
  /** Energy of the beam in keV. */
  readonly beamEnergy: number;
  readonly matching?: Omit<MatchingOptions, "beamEnergy" | "excitationWidth">;
  /** Peaks of each average about its direct beam, in detector pixels. */
  readonly peaks: readonly DiffractionPeaks[];
  /** Distances of all of them, the direct beams left out. */
  readonly distances: PeakDistances;
}

/** A size, and how well the crystals explain the averages at it. */
export interface ExplainingSize {
  /** Å^-1 per detector pixel. */
  readonly qPixelSize: number;
  /** Mean agreement of averages and their best orientations, 0 to 1, peaks beyond the longest reflections counted as unexplained. */
  readonly agreement: number;
}

/** Averages that are compared: those with the most peaks, of so many at the least. */
const compared = 12, leastPeaks = 4;
/** Sizes of each crystal that are tried. */
const tried = 14;
/** The longest reflections that patterns show as a rule, and the width at which spots fade, in Å^-1. */
const usualLength = 1.5, excitationWidth = 0.013;
/** Degrees between zone axes, unless it is said otherwise: orientations are refined. */
const zoneStep = 3;
/** The nearest peaks may be those of rings up to so many times the first one's radius. */
const nearestRing = 3;
/** Part of the peaks that lie nearer to the beam than the one that is taken for the nearest: false ones are few. */
const nearest = 0.05;

/**
 * The sizes at which many peaks lie on rings of the crystals, the one at which orientations explain the averages best first.
 * Rings alone are not enough: most sizes put some peaks on some ring.
 */
export async function findPixelSizes(
  search: PixelSizeSearch,
  match: MatchOptions,
): Promise<ExplainingSize[]> {
  const { crystals, matching: { maximumLength = usualLength, debyeWaller } = {}, distances } = search;
  const sorted = distances.pixels.toSorted(), last = sorted.at(-1);
  if (last === undefined) return [];
  const first = sorted[Math.floor(nearest * sorted.length)];
  const sizes = crystals.flatMap((crystal) => {
    const reflections = structureFactors(crystal, { maximumLength, debyeWaller });
    const [ring] = ringsOf(reflections);
    if (!ring) return [];
    return likelyPixelSizes(
      distances,
      reflections,
      [ring.length / last, nearestRing * ring.length / first],
      tried,
    );
  });
  const found: ExplainingSize[] = [];
  for (const qPixelSize of sizes) {
    found.push({ qPixelSize, agreement: await agreementAt(search, qPixelSize, match) });
  }
  return found.sort((one, other) => other.agreement - one.agreement || one.qPixelSize - other.qPixelSize);
}

/** How well the crystals explain the averages at a size. */
export async function agreementAt(
  { crystals, beamEnergy, matching, peaks, distances: { pixels } }: PixelSizeSearch,
  qPixelSize: number,
  match: MatchOptions,
): Promise<number> {
  const reach = qPixelSize * pixels.reduce((most, distance) => Math.max(most, distance), 0);
  // Spots beyond the farthest peaks are not missing: the detector may end there.
  const maximumLength = Math.min(matching?.maximumLength ?? usualLength, 1.02 * reach);
  const shown = crystals.filter((crystal) =>
    ringsOf(structureFactors(crystal, { maximumLength, debyeWaller: matching?.debyeWaller })).length > 0
  );
  if (shown.length === 0) return 0;
  const plans = shown.map((crystal) =>
    orientationPlan(crystal, { zoneStep, ...matching, beamEnergy, excitationWidth, maximumLength })
  );
  const some = peaks.filter(({ qRow }) => qRow.length >= leastPeaks)
    .sort((one, other) => other.qRow.length - one.qRow.length).slice(0, compared);
  const patterns = some.map(({ qRow, qColumn, intensity }) => ({
    qRow: qRow.map((value) => value * qPixelSize),
    qColumn: qColumn.map((value) => value * qPixelSize),
    intensity,
  }));
  const matches = await matchOrientations(plans, patterns, { ...match, onProgress: undefined });
  const sum = matches.reduce((sum, [first], index) => {
    return sum + (first?.agreement ?? 0) * partWithin(patterns[index], maximumLength);
  }, 0);
  return sum / Math.max(1, patterns.length);
}

/** Part of a pattern's peaks that lie within a distance. */
function partWithin({ qRow, qColumn }: DiffractionPeaks, length: number): number {
  let within = 0;
  for (let peak = 0; peak < qRow.length; peak++) {
    if (qRow[peak] * qRow[peak] + qColumn[peak] * qColumn[peak] <= length * length) within++;
  }
  return within / qRow.length;
}
