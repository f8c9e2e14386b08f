/** Which peaks of a pattern a crystal accounts for. */

import type { Matrix3 } from "../matrix.ts";
import type { DiffractionPeaks } from "../peaks.ts";
import { Spots, weightedPeaks, type WeightedSpots } from "./agreement.ts";
import type { OrientationPlan } from "./plan.ts";

/** Peaks within half a kernel of a spot. */
export interface ExplainedPeaks {
  /** Part of the weight of all peaks. */
  readonly explained: number;
  readonly matchedPeaks: number;
}

/** The peaks that lie on spots. */
export function explainedPeaks(
  plan: OrientationPlan,
  peaks: DiffractionPeaks,
  spots: WeightedSpots,
): ExplainedPeaks {
  const { row, column, weight, count } = weightedPeaks(plan, peaks);
  let on = 0, all = 0, matchedPeaks = 0;
  for (let peak = 0; peak < count; peak++) {
    all += weight[peak];
    if (distanceToSpot(row[peak], column[peak], spots) >= plan.options.kernel / 2) continue;
    on += weight[peak];
    matchedPeaks++;
  }
  return { explained: all > 0 ? on / all : 0, matchedPeaks };
}

/**
 * What a match leaves of the peaks for other crystals: those within half a kernel of a spot are taken away, those within
 * a kernel weakened in proportion.
 */
export function peaksLeft(
  plan: OrientationPlan,
  peaks: DiffractionPeaks,
  orientation: Matrix3,
): DiffractionPeaks {
  const spots = new Spots(plan).turn(orientation), { kernel } = plan.options;
  const kept: number[] = [], intensities: number[] = [];
  for (let peak = 0; peak < peaks.qRow.length; peak++) {
    const distance = distanceToSpot(peaks.qRow[peak], peaks.qColumn[peak], spots);
    if (distance < kernel / 2) continue;
    kept.push(peak);
    intensities.push(peaks.intensity[peak] * Math.min(1, (distance - kernel / 2) / (kernel / 2)));
  }
  return {
    qRow: Float64Array.from(kept, (peak) => peaks.qRow[peak]),
    qColumn: Float64Array.from(kept, (peak) => peaks.qColumn[peak]),
    intensity: Float64Array.from(intensities),
  };
}

function distanceToSpot(row: number, column: number, spots: WeightedSpots): number {
  let least = Infinity;
  for (let spot = 0; spot < spots.count; spot++) {
    const down = row - spots.row[spot], across = column - spots.column[spot];
    least = Math.min(least, down * down + across * across);
  }
  return Math.sqrt(least);
}
