/** The prefilter's weighted patterns from all pixels, in float64 and fast enough for real detectors. */

import { reflect } from "./oracles.ts";

/** What is weighed and how. */
export interface OracleSettings {
  readonly height: number;
  readonly width: number;
  readonly sigma: number;
  readonly edge: number;
}

/** One pattern blurred by the taps of the specification: cut at 4 sigma, sum 1, borders mirrored. */
export function blurredPattern(
  pattern: ArrayLike<number>,
  { height, width, sigma }: OracleSettings,
): Float64Array {
  const radius = Math.floor(4 * sigma + 0.5);
  const raw = Float64Array.from({ length: radius + 1 }, (_, k) => Math.exp(-0.5 * (k / sigma) ** 2));
  const total = raw.reduce((sum, tap, k) => sum + (k > 0 ? 2 : 1) * tap, 0);
  const middle = new Float64Array(height * width), result = middle.slice();
  for (let k = -radius; k <= radius; k++) {
    const tap = raw[Math.abs(k)] / total;
    for (let y = 0; y < height; y++) {
      const from = reflect(y + k, height) * width;
      for (let x = 0; x < width; x++) middle[y * width + x] += tap * pattern[from + x];
    }
  }
  for (let k = -radius; k <= radius; k++) {
    const tap = raw[Math.abs(k)] / total;
    for (let x = 0; x < width; x++) {
      const from = reflect(x + k, width);
      for (let y = 0; y < height; y++) result[y * width + x] += tap * middle[y * width + from];
    }
  }
  return result;
}

/** w (I - m) / |w (I - m)| of one blurred pattern. */
export function weightedPattern(
  blurred: Float64Array,
  { height, width, edge }: OracleSettings,
): Float64Array {
  const weights = new Float64Array(height * width);
  let total = 0, mean = 0;
  for (let y = edge; y < height - edge; y++) {
    for (let x = edge; x < width - edge; x++) {
      const weight = ((y - (height - 1) / 2) ** 2 + (x - (width - 1) / 2) ** 2) / (height * width);
      weights[y * width + x] = weight;
      total += weight;
      mean += weight * blurred[y * width + x];
    }
  }
  const values = blurred.map((value, i) => weights[i] * (value - mean / total));
  const norm = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return values.map((value) => norm > 0 ? value / norm : 0);
}
