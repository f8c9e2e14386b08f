/** How far the detector, or the lenses before it, stretch patterns: the ellipses that a crystal's rings have become. */

import { arctangent } from "../scan/portable_math.ts";
import { GroupedVariance } from "./grouped_errors.ts";

/** A stretch of patterns along one direction. */
export interface Ellipse {
  /** Longer over shorter semi-axis, at least 1. */
  readonly ratio: number;
  /** Direction of the longer one in radians, from down the detector towards its right; above -pi/2, up to pi/2. */
  readonly angle: number;
}

/** A fitted ellipse and how certain it is. */
export interface FittedEllipse extends Ellipse {
  /** Standard error of the ratio, from how much groups of peaks differ; `Infinity` where there is but one. */
  readonly error: number;
  /** Number of peaks that lie on rings. */
  readonly peaks: number;
}

/** Places of peaks from the direct beam, in detector pixels: arrays of one length. */
export interface PeakPlaces {
  readonly row: Float64Array;
  readonly column: Float64Array;
}

/** A peak belongs to a ring when it is so near to it, as a part of its radius; the first rounds allow more. */
const nearest = [0.04, 0.03, 0.03, 0.025, 0.025, 0.025];

/** Puts the stretch into a place about the direct beam, the reverse of {@link unstretched}. */
export function stretched(
  { ratio }: Ellipse,
  turn: { readonly cosine: number; readonly sine: number },
  row: number,
  column: number,
): [number, number] {
  const along = (ratio - 1) * (row * turn.cosine + column * turn.sine);
  return [row + along * turn.cosine, column + along * turn.sine];
}

/** Takes the stretch out of a place about the direct beam: the longer axis becomes as short as the other. */
export function unstretched(
  { ratio }: Ellipse,
  turn: { readonly cosine: number; readonly sine: number },
  row: number,
  column: number,
): [number, number] {
  const along = (1 - 1 / ratio) * (row * turn.cosine + column * turn.sine);
  return [row - along * turn.cosine, column - along * turn.sine];
}

/**
 * Fits the ellipse by least squares: the form A x^2 + B x y + C y^2 is 1 where x, y are places over the radius of their ring
 * (C. Ophus et al., Microsc. Microanal. 28, 390, 2022, for one ring; here all of them count).
 *
 * One crystal cannot say whether it or the detector is stretched: give the peaks of many.
 *
 * @param rings lengths of the crystal's reciprocal lattice vectors in Å^-1, each once
 * @param qPixelSize Å^-1 per pixel, about; right to some percent
 * @param groups group of each peak, such as its grain: peaks of one are strained alike; default each is one of its own
 * @returns `undefined` where fewer than 12 peaks lie on rings, or they lie in one direction
 */
export function fitEllipse(
  { row, column }: PeakPlaces,
  rings: readonly number[],
  qPixelSize: number,
  groups?: Int32Array,
): FittedEllipse | undefined {
  let form: readonly [number, number, number] = [qPixelSize ** 2, 0, qPixelSize ** 2];
  let fitted: FittedEllipse | undefined;
  for (const near of nearest) {
    const sums = new Float64Array(9), taken: { peak: number; terms: readonly number[] }[] = [];
    for (let peak = 0; peak < row.length; peak++) {
      const x = row[peak], y = column[peak];
      const q = Math.sqrt(Math.max(0, form[0] * x * x + form[1] * x * y + form[2] * y * y));
      const ring = rings.reduce(
        (best, length) => Math.abs(length - q) < Math.abs(best - q) ? length : best,
        Infinity,
      );
      if (!(Math.abs(ring - q) <= near * ring)) continue;
      const terms = [x * x / (ring * ring), x * y / (ring * ring), y * y / (ring * ring)];
      for (let i = 0, entry = 0; i < 3; i++) {
        for (let j = i; j < 3; j++) sums[entry++] += terms[i] * terms[j];
        sums[6 + i] += terms[i];
      }
      taken.push({ peak, terms });
    }
    if (taken.length < 12) return undefined;
    const solved = solve(sums);
    if (solved === undefined) return undefined;
    form = solved.form;
    const variances = [new GroupedVariance(), new GroupedVariance()];
    for (const { peak, terms } of taken) {
      const left = 1 - form.reduce((sum, value, index) => sum + value * terms[index], 0);
      variances.forEach((variance, which) => {
        const moves = solved.moves[which].reduce((sum, value, index) => sum + value * terms[index], 0);
        variance.add(groups ? groups[peak] : peak, moves * left);
      });
    }
    fitted = describe(form, variances.map(({ variance }) => variance), taken.length);
    if (fitted === undefined) return undefined;
  }
  return fitted;
}

/** Cramer's rule on the normal equations; `undefined` where they do not decide. */
function solve(s: Float64Array) {
  const [a, b, c, d, e, f] = s;
  const inverse = [d * f - e * e, c * e - b * f, b * e - c * d, a * f - c * c, b * c - a * e, a * d - b * b];
  const determinant = a * inverse[0] + b * inverse[1] + c * inverse[2];
  if (!(determinant > 1e-9 * a * d * f)) return undefined;
  const [i, j, k, l, m, n] = inverse.map((value) => value / determinant);
  const [x, y, z] = [s[6], s[7], s[8]];
  return {
    form: [i * x + j * y + k * z, j * x + l * y + m * z, k * x + m * y + n * z] as const,
    // How much A - C and B move with the sums of terms on the right side.
    moves: [[i - k, j - m, k - n], [j, l, m]] as const,
  };
}

/** Axes of the form, and their error from the variances of A - C and of B. */
function describe(
  [a, b, c]: readonly [number, number, number],
  variances: readonly number[],
  peaks: number,
): FittedEllipse | undefined {
  const apart = Math.sqrt((a - c) * (a - c) + b * b), trace = a + c;
  if (!(trace > apart)) return undefined;
  const ratio = Math.sqrt((trace + apart) / (trace - apart));
  // The longer axis belongs to the smaller eigenvalue.
  const angle = arctangent(-b, c - a) / 2;
  return { ratio, angle, error: Math.sqrt((variances[0] + variances[1]) / 2) / trace, peaks };
}
