/** The affine map of spots to peaks by weighted least squares. */

import { medianOf } from "../../scan/median.ts";
import { exponential } from "../../scan/portable_math.ts";
import { inverse, type Matrix3 } from "../matrix.ts";
import type { DiffractionPeaks } from "../peaks.ts";
import { type AffineMap, mapped, type Pairs, type Places } from "./pairs.ts";
import { type PlaceScatter, placeVariance } from "./place_scatter.ts";

/** How pairs are weighted. */
export interface AffineFitOptions {
  /** Whether peaks that lie off are given less weight. */
  readonly robust: boolean;
  /** Whether distances of peaks are weighted by the root of their intensity. */
  readonly intensityWeights: boolean;
  readonly withOffset: boolean;
  /** How well places are known, which then weighs them; default: as counting noise has it, and by their own scatter. */
  readonly scatter?: PlaceScatter;
}

/** A fitted map. */
export interface FittedMap {
  readonly map: AffineMap;
  /** Variances of the matrix's elements, row by row. */
  readonly variance: readonly [number, number, number, number];
  /** Root mean square distance, weighted. */
  readonly residual: number;
  /** Squares of the distances of all pairs, and the parts of them that the fit leaves in the mean. */
  readonly squares: Float64Array;
  readonly left: Float64Array;
}

/** Peaks further off than so many times the median distance hardly count. */
const robustness = 3;
/** Weights end at so many times that of the median peak: other errors than counting noise are the same for all. */
const brightest = 4;
/** No median of distances is less, in Å^-1: perfect peaks have none. */
const leastDistance = 1e-4;
/** Rounds of reweighting. */
const rounds = 5;
/** The scatter that is known counts as much as so many distances of the pattern itself. */
const known = 12;

/** Weighted least squares with weights that follow the residuals; `undefined` where the spots do not determine the map. */
export function fitAffine(
  peaks: DiffractionPeaks,
  spots: Places,
  { peak, spot }: Pairs,
  { robust, intensityWeights, withOffset, scatter }: AffineFitOptions,
): FittedMap | undefined {
  const count = peak.length;
  const variances = scatter &&
    Float64Array.from(peak, (index) => placeVariance(scatter, peaks.intensity[index]));
  const brightness = variances?.map((value) => 1 / value) ??
    (intensityWeights ? byIntensity(peaks, peak) : new Float64Array(count).fill(1));
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
    // Where it is known how far peaks of their brightness scatter, that is what they are judged by.
    const relative = variances ? squares.map((square, pair) => square / variances[pair]) : squares;
    const median = Math.max(medianOf(relative), variances ? 1 : leastDistance * leastDistance);
    weights = brightness.map((value, pair) =>
      value * exponential(-relative[pair] / (robustness * robustness * median))
    );
  }
  const free = count - (withOffset ? 3 : 2);
  const fitted = { peaks, spots, peak, spot, weights, map: map!, inverted: inverted!, free };
  return {
    ...{ map: map!, squares, left: partsLeft(spots, spot, weights, inverted!) },
    variance: variances ? expectedVariance(fitted, variances, squares) : sandwich(fitted),
    residual: Math.sqrt(
      weights.reduce((sum, weight, pair) => sum + weight * squares[pair], 0) /
        weights.reduce((sum, weight) => sum + weight, 0),
    ),
  };
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

/** One less the leverage of each pair: bright peaks draw the fit to themselves. */
function partsLeft(
  { qRow, qColumn }: Places,
  spot: Int32Array,
  weights: Float64Array,
  m: Matrix3,
): Float64Array {
  return weights.map((weight, pair) => {
    const row = qRow[spot[pair]], column = qColumn[spot[pair]];
    const square = m[0] * row * row + m[4] * column * column + m[8] +
      2 * (m[1] * row * column + m[2] * row + m[5] * column);
    return 1 - weight * square;
  });
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

/** A fit whose certainty is asked for. */
interface Certain {
  readonly peaks: DiffractionPeaks;
  readonly spots: Places;
  readonly peak: Int32Array;
  readonly spot: Int32Array;
  readonly weights: Float64Array;
  readonly map: AffineMap;
  readonly inverted: Matrix3;
  /** Pairs beyond those that the fit needs. */
  readonly free: number;
}

/** Variances that the known scatter gives the elements, as much larger or smaller as the pattern's own distances say. */
function expectedVariance(
  fit: Certain,
  variances: Float64Array,
  squares: Float64Array,
): FittedMap["variance"] {
  const { weights, free } = fit;
  const given = elements(fit, (pair) => [variances[pair], variances[pair]]);
  // Distances that hardly count say nothing of the others.
  const trusted = (pair: number) => Math.min(1, weights[pair] * variances[pair]);
  const found = squares.reduce((sum, square, pair) => sum + trusted(pair) * square / variances[pair], 0);
  const times = (2 * known + found) / (2 * known + 2 * Math.max(0, free));
  return given.map((value) => value * times) as unknown as FittedMap["variance"];
}

/** Variances that the scatter of the peaks about the fit gives its elements, whatever the weights (sandwich form). */
function sandwich(fit: Certain): FittedMap["variance"] {
  const { peaks, spots, peak, spot, map, free } = fit, correction = free > 0 ? peak.length / free : NaN;
  const found = elements(fit, (pair) => {
    const [toRow, toColumn] = mapped(map, spots.qRow[spot[pair]], spots.qColumn[spot[pair]]);
    const down = peaks.qRow[peak[pair]] - toRow, across = peaks.qColumn[peak[pair]] - toColumn;
    return [down * down, across * across];
  });
  return found.map((value) => value * correction) as unknown as FittedMap["variance"];
}

/** Variances of the elements from those of places down and across. */
function elements(
  { spots: { qRow, qColumn }, spot, weights, inverted: m }: Certain,
  varianceOf: (pair: number) => readonly [down: number, across: number],
): FittedMap["variance"] {
  const variance: [number, number, number, number] = [0, 0, 0, 0];
  for (let pair = 0; pair < spot.length; pair++) {
    const row = qRow[spot[pair]], column = qColumn[spot[pair]], weight = weights[pair];
    const alongRow = weight * (m[0] * row + m[1] * column + m[2]);
    const alongColumn = weight * (m[3] * row + m[4] * column + m[5]);
    const [down, across] = varianceOf(pair);
    variance[0] += alongRow * alongRow * down;
    variance[1] += alongColumn * alongColumn * down;
    variance[2] += alongRow * alongRow * across;
    variance[3] += alongColumn * alongColumn * across;
  }
  return variance;
}
