/** The step of the prefilter's weight function along an axis, and the smooth window that is split off it. */

import { exponential } from "../../../scan/portable_math.ts";

/** Width of the window's rise in standard deviations of the blur: it is 0 at the step and 1 this far inside. */
export const riseWidth = 10;
/** From here on erf is 1 in float64. */
const saturated = 6;

/** Error function, by a series all of whose terms have one sign. */
export function errorFunction(x: number): number {
  if (Math.abs(x) >= saturated) return Math.sign(x);
  let term = x, sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= 2 * x * x / (2 * n + 1);
    sum += term;
  }
  return 2 / Math.sqrt(Math.PI) * exponential(-x * x) * sum;
}

/** Pixels from `edge` to `side - 1 - edge` have weight. */
export interface AxisStep {
  readonly side: number;
  readonly sigma: number;
  readonly edge: number;
}

/** Whether the rises at both ends of an axis leave room for each other. */
export function hasWindow({ side, sigma, edge }: AxisStep): boolean {
  return side - 2 * edge >= 2 * riseWidth * sigma;
}

/** 1 where a pixel has weight, 0 elsewhere. */
export function hardStep({ side, edge }: AxisStep): Float64Array {
  return Float64Array.from({ length: side }, (_, pixel) => pixel >= edge && pixel < side - edge ? 1 : 0);
}

/** The smooth window at a position in pixels: an error function that rises from 0 at the step. */
export function smoothWindow({ side, sigma, edge }: AxisStep, position: number): number {
  const inside = Math.min(position, side - 1 - position) - edge + 0.5, width = riseWidth * sigma;
  return inside > 0 ? 0.5 * (1 + errorFunction((inside - width / 2) / (width / 10) / Math.SQRT2)) : 0;
}
