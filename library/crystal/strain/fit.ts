/** The deformation of a lattice from the places of its peaks. */

import { medianOf } from "../../scan/median.ts";
import { exponential } from "../../scan/portable_math.ts";
import { inverse, type Matrix3 } from "../matrix.ts";
import type { DiffractionPeaks } from "../peaks.ts";
import { deformationOf, type Matrix2 } from "./deformation.ts";
import { type AffineMap, mapped, pairPeaks, type Pairs, type Places, unmoved } from "./pairs.ts";

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

/** Peaks further off than so many times the median distance hardly count. */
const robustness = 3;
/** Weights end at so many times that of the median peak: other errors than counting noise are the same for all. */
const brightest = 4;
/** No median of distances is less, in Å^-1: perfect peaks have none. */
const leastDistance = 1e-4;
/** Rounds of reweighting. */
const rounds = 5;
/** Spots in about one line leave the strain across it open: ratio of their second moments. */
const flattest = 0.05;

/**
 * Fits q = T r + t to pairs of peaks q and spots r, pairs again about the fit, and gives the deformation of the real
 * lattice, F = transpose(inverse(T)).
 *
 * @param peaks of the pattern, in Å^-1 from the direct beam
 * @param spots of the crystal in its orientation, undeformed
 * @returns `undefined` where there are too few pairs, or they lie in one line
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
  const { radius = 0.05, minimumPairs = 5 } = options;
  let map = unmoved, fitted: Fitted | undefined, pairs: Pairs | undefined;
  for (const reach of [radius, radius / 2]) {
    pairs = pairPeaks(peaks, spots, map, reach);
    if (countWithoutBeam(pairs, spots) < minimumPairs || isFlat(pairs, spots)) return undefined;
    fitted = fitAffine(peaks, spots, pairs, options);
    if (!fitted) return undefined;
    map = fitted.map;
  }
  const { matrix, offset } = map, { variance } = fitted!;
  const deformation = deformationOf(matrix);
  const shear = Math.sqrt(variance[1] + variance[2]) / 2;
  return {
    deformation,
    offset,
    error: { xx: Math.sqrt(variance[0]), yy: Math.sqrt(variance[3]), xy: shear, rotation: shear },
    pairs: countWithoutBeam(pairs!, spots),
    residual: fitted!.residual,
  };
}

function countWithoutBeam({ spot }: Pairs, { qRow, qColumn }: Places): number {
  return spot.reduce((count, index) => count + (qRow[index] === 0 && qColumn[index] === 0 ? 0 : 1), 0);
}

function isFlat({ spot }: Pairs, { qRow, qColumn }: Places): boolean {
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

interface Fitted {
  readonly map: AffineMap;
  /** Variances of the matrix's elements. */
  readonly variance: readonly [number, number, number, number];
  readonly residual: number;
}

/** Weighted least squares with weights that follow the residuals. */
function fitAffine(
  peaks: DiffractionPeaks,
  spots: Places,
  { peak, spot }: Pairs,
  { robust = true, intensityWeights = true, fitOffset = true }: StrainFitOptions,
): Fitted | undefined {
  const count = peak.length, withOffset = fitOffset && count >= 6;
  const brightness = intensityWeights ? byIntensity(peaks, peak) : new Float64Array(count).fill(1);
  let weights = brightness, map: AffineMap | undefined, inverted: Matrix3 | undefined;
  const squares = new Float64Array(count);
  for (let round = 0; round <= (robust ? rounds : 0); round++) {
    inverted = invertedMoments(spots, spot, weights, withOffset);
    if (!inverted) return undefined;
    map = solve(peaks, spots, peak, spot, weights, inverted);
    for (let pair = 0; pair < count; pair++) {
      const [row, column] = mapped(map, spots.qRow[spot[pair]], spots.qColumn[spot[pair]]);
      const down = peaks.qRow[peak[pair]] - row, across = peaks.qColumn[peak[pair]] - column;
      squares[pair] = down * down + across * across;
    }
    if (!robust || round === rounds) break;
    const median = Math.max(medianOf(squares), leastDistance * leastDistance);
    weights = brightness.map((value, pair) =>
      value * exponential(-squares[pair] / (robustness * robustness * median))
    );
  }
  return { map: map!, ...scatter(peaks, spots, peak, spot, weights, map!, inverted!, withOffset) };
}

/** Weights of squared distances: the intensities, as counting noise has it, but no peak counts more than several do. */
function byIntensity({ intensity }: DiffractionPeaks, peak: Int32Array): Float64Array {
  const bright = Float64Array.from(peak, (index) => Math.max(intensity[index], 0));
  const limit = brightest * Math.max(medianOf(bright), Number.MIN_VALUE);
  return bright.map((value) => value / (1 + value / limit));
}

/** Inverse of sum of weight x x^T with x = (row, column, 1) of the spots; without an offset its part is 0. */
function invertedMoments(
  { qRow, qColumn }: Places,
  spot: Int32Array,
  weights: Float64Array,
  withOffset: boolean,
): Matrix3 | undefined {
  let rr = 0, rc = 0, cc = 0, r = 0, c = 0, all = 0;
  for (let pair = 0; pair < spot.length; pair++) {
    const row = qRow[spot[pair]], column = qColumn[spot[pair]], weight = weights[pair];
    rr += weight * row * row;
    rc += weight * row * column;
    cc += weight * column * column;
    r += weight * row;
    c += weight * column;
    all += weight;
  }
  try {
    if (withOffset) return inverse([rr, rc, r, rc, cc, c, r, c, all]);
    const [a, b, , d, e] = inverse([rr, rc, 0, rc, cc, 0, 0, 0, 1]);
    return [a, b, 0, d, e, 0, 0, 0, 0];
  } catch (cause) {
    if (cause instanceof RangeError) return undefined;
    throw cause;
  }
}

function solve(
  peaks: DiffractionPeaks,
  { qRow, qColumn }: Places,
  peak: Int32Array,
  spot: Int32Array,
  weights: Float64Array,
  m: Matrix3,
): AffineMap {
  const sums = new Float64Array(6);
  for (let pair = 0; pair < peak.length; pair++) {
    const row = qRow[spot[pair]], column = qColumn[spot[pair]];
    const down = weights[pair] * peaks.qRow[peak[pair]], across = weights[pair] * peaks.qColumn[peak[pair]];
    sums[0] += down * row;
    sums[1] += down * column;
    sums[2] += down;
    sums[3] += across * row;
    sums[4] += across * column;
    sums[5] += across;
  }
  const unknown = (first: 0 | 3, index: 0 | 1 | 2) =>
    m[3 * index] * sums[first] + m[3 * index + 1] * sums[first + 1] + m[3 * index + 2] * sums[first + 2];
  return {
    matrix: [unknown(0, 0), unknown(0, 1), unknown(3, 0), unknown(3, 1)],
    offset: [unknown(0, 2), unknown(3, 2)],
  };
}

/** Variances that the scatter of the peaks about the fit gives its elements, whatever the weights (sandwich form). */
function scatter(
  peaks: DiffractionPeaks,
  { qRow, qColumn }: Places,
  peak: Int32Array,
  spot: Int32Array,
  weights: Float64Array,
  map: AffineMap,
  m: Matrix3,
  withOffset: boolean,
): Pick<Fitted, "variance" | "residual"> {
  const variance: [number, number, number, number] = [0, 0, 0, 0];
  let squares = 0, all = 0;
  for (let pair = 0; pair < peak.length; pair++) {
    const row = qRow[spot[pair]], column = qColumn[spot[pair]], weight = weights[pair];
    const [toRow, toColumn] = mapped(map, row, column);
    const down = peaks.qRow[peak[pair]] - toRow, across = peaks.qColumn[peak[pair]] - toColumn;
    const alongRow = weight * (m[0] * row + m[1] * column + m[2]);
    const alongColumn = weight * (m[3] * row + m[4] * column + m[5]);
    variance[0] += alongRow * alongRow * down * down;
    variance[1] += alongColumn * alongColumn * down * down;
    variance[2] += alongRow * alongRow * across * across;
    variance[3] += alongColumn * alongColumn * across * across;
    squares += weight * (down * down + across * across);
    all += weight;
  }
  const free = peak.length - (withOffset ? 3 : 2), correction = free > 0 ? peak.length / free : NaN;
  return {
    variance: variance.map((value) => value * correction) as [number, number, number, number],
    residual: Math.sqrt(squares / all),
  };
}
