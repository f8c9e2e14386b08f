/** What a match leaves of a pattern for other crystals. */

import { kinematicPattern } from "../kinematic_pattern.ts";
import type { Matrix3 } from "../matrix.ts";
import type { DiffractionPeaks } from "../peaks.ts";
import type { OrientationPlan } from "./plan.ts";

/**
 * The peaks that a match does not account for: those within half a kernel of a spot are taken away, those within a kernel
 * weakened in proportion.
 */
export function peaksLeft(
  { reflections, options: { beamEnergy, excitationWidth, kernel } }: OrientationPlan,
  peaks: DiffractionPeaks,
  orientation: Matrix3,
): DiffractionPeaks {
  const spots = kinematicPattern(reflections, orientation, {
    ...{ beamEnergy, excitationWidth, excitationRange: 3, smallestIntensity: 0 },
  });
  const kept: number[] = [], intensities: number[] = [];
  for (let peak = 0; peak < peaks.qRow.length; peak++) {
    let least = Infinity;
    for (let spot = 0; spot < spots.count; spot++) {
      if (reflections.lengths[spots.reflection[spot]] === 0) continue;
      const down = peaks.qRow[peak] - spots.qRow[spot], across = peaks.qColumn[peak] - spots.qColumn[spot];
      least = Math.min(least, down * down + across * across);
    }
    const distance = Math.sqrt(least);
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
