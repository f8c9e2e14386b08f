/** The deformation of a lattice from the places of its peaks. */

import { demandArgument, demandLength } from "../../scan/demand.ts";
import type { DiffractionPeaks } from "../peaks.ts";
import { fitAffine, type FittedMap } from "./affine_fit.ts";
import { deformationOf, type Matrix2 } from "./deformation.ts";
import { pairPeaks, type Pairs, type Places, unmoved } from "./pairs.ts";
import type { PlaceResiduals, PlaceScatter } from "./place_scatter.ts";

/** How peaks are paired and weighted. */
export interface StrainFitOptions {
  /** Distance in Å^-1 within which a peak may be a spot; default 0.05. */
  readonly radius?: number;
  /** Fewer pairs, the direct beam's aside, give no strain; default 5. */
  readonly minimumPairs?: number;
  /** Whether peaks that lie off are given less weight; default: they are. */
  readonly robust?: boolean;
  /** Whether distances of peaks are weighted by the root of their intensity, as counting noise has it; default: they are. */
  readonly intensityWeights?: boolean;
  /** Whether the origin is fitted as well; default: it is, from 6 pairs on. */
  readonly fitOffset?: boolean;
  /** Spots whose second moments have a smaller ratio than this lie in about one line and give no strain; default 0.05. */
  readonly flattest?: number;
}

/** A lattice fitted to peaks. */
export interface StrainFit {
  /** Deformation F of the real lattice from the reference; row by row. */
  readonly deformation: Matrix2;
  /** Where the fit puts the direct beam, in Å^-1. */
  readonly offset: readonly [row: number, column: number];
  /** Standard errors of xx, yy and xy, and of the rotation in radians, from the scatter of the peaks. */
  readonly error: {
    readonly xx: number;
    readonly yy: number;
    readonly xy: number;
    readonly rotation: number;
  };
  /** Number of pairs, the direct beam's aside. */
  readonly pairs: number;
  /** Root mean square distance in Å^-1 between peaks and fitted spots, weighted. */
  readonly residual: number;
}

/** Maps with an element that is less certain than this are worth nothing: standard error. */
export const mostUncertain = 0.02;
/** Peaks that leave less than this of their distances to be seen tell nothing of these. */
const leastLeft = 0.2;
/** Spots in about one line leave the strain across it open: ratio of their second moments. */
const flattestPattern = 0.05;

/**
 * Fits q = T r + t to pairs of peaks q and spots r, pairs again about the fit, and gives the deformation of the real
 * lattice, F = transpose(inverse(T)).
 *
 * @param peaks of the pattern, in Å^-1 from the direct beam
 * @param spots of the crystal in its orientation, undeformed
 * @returns `undefined` where there are too few pairs, or they lie in one line
 * @throws {BadParameter} when arrays differ in length, or an option is out of range
 *
 * @example
 * ```ts
 * import { builtInCrystal, fitStrain, kinematicPattern, orientationPlan, strainOf } from "crystallite";
 *
 * const { reflections } = orientationPlan(await builtInCrystal("Au"), { beamEnergy: 300 });
 * const spots = kinematicPattern(reflections, [1, 0, 0, 0, 1, 0, 0, 0, 1], { beamEnergy: 300 });
 * // One percent longer down the detector: spots one percent nearer.
 * const peaks = { ...spots, qRow: spots.qRow.map((q) => q / 1.01) };
 * const fit = fitStrain(peaks, spots);
 * console.assert(fit && Math.abs(strainOf(fit.deformation).xx - 0.01) < 1e-9);
 * ```
 */
export function fitStrain(
  peaks: DiffractionPeaks,
  spots: Places,
  options: StrainFitOptions = {},
): StrainFit | undefined {
  demandLength("peaks.qColumn", peaks.qColumn, peaks.qRow.length);
  demandLength("peaks.intensity", peaks.intensity, peaks.qRow.length);
  demandLength("spots.qColumn", spots.qColumn, spots.qRow.length);
  const { radius = 1, minimumPairs = 1 } = options;
  demandArgument(radius > 0, "radius", "a distance above 0 in Å^-1", radius);
  demandArgument(minimumPairs >= 0, "minimumPairs", "a number of at least 0", minimumPairs);
  return fitLattice(peaks, spots, options)?.fit;
}

/** A fit, and how far from it its peaks lie. */
export interface LatticeFit {
  readonly fit: StrainFit;
  readonly residuals: PlaceResiduals;
}

/**
 * Fits as {@link fitStrain} does, and tells how far each peak lies off.
 *
 * @param scatter how well places are known, from other patterns; default: from this one
 */
export function fitLattice(
  peaks: DiffractionPeaks,
  spots: Places,
  options: StrainFitOptions,
  scatter?: PlaceScatter,
): LatticeFit | undefined {
  const { radius = 0.05, minimumPairs = 5, flattest = flattestPattern } = options;
  const { robust = true, intensityWeights = true, fitOffset = true } = options;
  let map = unmoved, fitted: FittedMap | undefined, pairs: Pairs | undefined;
  for (const reach of [radius, radius / 2]) {
    pairs = pairPeaks(peaks, spots, map, reach);
    if (countWithoutBeam(pairs, spots) < minimumPairs || isFlat(pairs, spots, flattest)) return undefined;
    const withOffset = fitOffset && pairs.peak.length >= 6;
    fitted = fitAffine(peaks, spots, pairs, { robust, intensityWeights, withOffset, scatter });
    if (!fitted) return undefined;
    map = fitted.map;
  }
  const { matrix, offset } = map, { variance, residual, squares, left } = fitted!, { peak } = pairs!;
  const trusted = [...peak.keys()].filter((pair) => left[pair] > leastLeft);
  const shear = Math.sqrt(variance[1] + variance[2]) / 2;
  return {
    fit: {
      ...{ deformation: deformationOf(matrix), offset, residual },
      error: { xx: Math.sqrt(variance[0]), yy: Math.sqrt(variance[3]), xy: shear, rotation: shear },
      pairs: countWithoutBeam(pairs!, spots),
    },
    residuals: {
      intensity: trusted.map((pair) => peaks.intensity[peak[pair]]),
      square: trusted.map((pair) => squares[pair] / left[pair]),
    },
  };
}

function countWithoutBeam({ spot }: Pairs, { qRow, qColumn }: Places): number {
  return spot.reduce((count, index) => count + (qRow[index] === 0 && qColumn[index] === 0 ? 0 : 1), 0);
}

function isFlat({ spot }: Pairs, { qRow, qColumn }: Places, flattest: number): boolean {
  let rows = 0, columns = 0, both = 0;
  for (const index of spot) {
    rows += qRow[index] * qRow[index];
    columns += qColumn[index] * qColumn[index];
    both += qRow[index] * qColumn[index];
  }
  const mean = (rows + columns) / 2, half = (rows - columns) / 2;
  const spread = Math.sqrt(half * half + both * both);
  return !(mean - spread > flattest * (mean + spread));
}
