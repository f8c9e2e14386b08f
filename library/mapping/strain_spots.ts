/** The spots that strain is measured on. */

import { kinematicPattern } from "../crystal/kinematic_pattern.ts";
import type { Matrix3 } from "../crystal/matrix.ts";
import type { Places } from "../crystal/strain/pairs.ts";
import type { Reflections } from "../crystal/structure_factors.ts";

/** What is known of a phase; an orientation plan knows it. */
export interface StrainPhase {
  readonly reflections: Reflections;
  /** How its spots fade: energy of the beam in keV, and width in Å^-1. */
  readonly options: { readonly beamEnergy: number; readonly excitationWidth: number };
}

/** An orientation of a cluster's crystal. */
export interface ClusterOrientation {
  /** Which of the phases. */
  readonly phase: number;
  /** Proper rotation; its columns are the laboratory's axes in the crystal's frame. */
  readonly orientation: Matrix3;
}

/** Spots that a deformed lattice may still show: excitation widths, and excitation errors in Å^-1. */
const excitationRange = 3, farthestError = 0.03;
/** Spots nearer to each other, in Å^-1, are not told apart. */
const spotRadius = 0.05;

/**
 * The spots that patterns of a cluster may show. Bright patterns show reflections far from the Ewald sphere, so all near it
 * count, but of those that a peak could be taken for, the one that is excited most.
 */
export function spotsOf(
  { reflections, options }: StrainPhase,
  orientation: Matrix3,
  radius = spotRadius,
): Places {
  const { beamEnergy, excitationWidth } = options;
  const { count, qRow, qColumn, excitationError, reflection } = kinematicPattern(reflections, orientation, {
    ...{
      beamEnergy,
      excitationWidth: Math.max(excitationWidth, farthestError / excitationRange),
      excitationRange,
    },
    smallestIntensity: 0,
  });
  const strength = Float64Array.from(excitationError, (error, spot) => {
    const fade = 1 + (error / excitationWidth) * (error / excitationWidth);
    return reflections.intensities[reflection[spot]] / (fade * fade);
  });
  const order = [...Array(count).keys()].sort((one, other) => strength[other] - strength[one] || one - other);
  const kept: number[] = [];
  for (const spot of order) {
    const hidden = kept.some((other) => {
      const down = qRow[spot] - qRow[other], across = qColumn[spot] - qColumn[other];
      return down * down + across * across < radius * radius;
    });
    if (!hidden) kept.push(spot);
  }
  return {
    qRow: Float64Array.from(kept, (spot) => qRow[spot]),
    qColumn: Float64Array.from(kept, (spot) => qColumn[spot]),
  };
}
