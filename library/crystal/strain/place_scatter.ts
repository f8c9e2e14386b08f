/** How well the places of disks are known, by how bright they are. */

import { medianOf } from "../../scan/median.ts";
import { logarithm } from "../../scan/portable_math.ts";

/**
 * Variance of a disk's place along each axis: `perIntensity` / intensity + `floor`. Counting electrons gives the first part;
 * the second one is the same for all: what the model of a disk leaves, by where it lies among the pixels.
 */
export interface PlaceScatter {
  /** Å^-2 times the unit of the peaks' intensities. */
  readonly perIntensity: number;
  /** Å^-2. */
  readonly floor: number;
}

/** Peaks and how far they lie from where a lattice has them. */
export interface PlaceResiduals {
  /** Intensities of peaks, any unit. */
  readonly intensity: readonly number[];
  /** Squares of distances in Å^-2, enlarged by what the fit to them took away. */
  readonly square: readonly number[];
}

/** Groups of peaks that are about as bright, and peaks that each must have. */
const mostGroups = 16, fewestPeaks = 20;

/** The variance of a disk's place, in Å^-2. */
export function placeVariance({ perIntensity, floor }: PlaceScatter, intensity: number): number {
  return perIntensity / Math.max(intensity, Number.MIN_VALUE) + floor;
}

/**
 * Finds how distances depend on intensity: medians of groups of peaks that are as bright, so that peaks of other lattices do
 * not count, and a line through these in 1 / intensity.
 *
 * @returns `undefined` where there are too few peaks
 */
export function findScatter({ intensity, square }: PlaceResiduals): PlaceScatter | undefined {
  const order = [...intensity.keys()].filter((peak) => intensity[peak] > 0)
    .sort((one, other) => intensity[one] - intensity[other]);
  const groups = Math.min(mostGroups, Math.floor(order.length / fewestPeaks));
  if (groups < 3) return undefined;
  const points = Array.from({ length: groups }, (_, group) => {
    const members = order.slice(
      Math.floor(group * order.length / groups),
      Math.floor((group + 1) * order.length / groups),
    );
    return {
      inverse: 1 / medianOf(members.map((peak) => intensity[peak])),
      // Squares of distances in two dimensions are distributed exponentially about twice the variance.
      variance: medianOf(members.map((peak) => square[peak])) / (2 * logarithm(2)),
    };
  });
  // Relative errors of the medians are all alike.
  let ii = 0, i = 0, all = 0, iv = 0, v = 0;
  for (const { inverse, variance } of points) {
    const weight = 1 / Math.max(variance * variance, Number.MIN_VALUE);
    ii += weight * inverse * inverse;
    i += weight * inverse;
    all += weight;
    iv += weight * inverse * variance;
    v += weight * variance;
  }
  const determinant = ii * all - i * i;
  const perIntensity = (all * iv - i * v) / determinant, floor = (ii * v - i * iv) / determinant;
  if (perIntensity > 0 && floor >= 0) return { perIntensity, floor };
  const only = perIntensity > 0 ? { perIntensity: iv / ii, floor: 0 } : { perIntensity: 0, floor: v / all };
  return only.perIntensity > 0 || only.floor > 0 ? only : undefined;
}
