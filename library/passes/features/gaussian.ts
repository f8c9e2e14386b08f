/** Taps of the Gaussian blur in reciprocal space (spec stage 1; scipy's `gaussian_filter` with its defaults). */

/** One-sided taps of a Gaussian. */
export interface GaussianTaps {
  /** Distance of the last tap: floor(4 sigma + 0.5); 0 means no blur. */
  readonly radius: number;
  /** float32 weight at distance 0..radius; the two-sided sum is 1. */
  readonly weights: Float32Array;
}

/**
 * Taps for a Gaussian of `sigma` detector pixels, truncated at 4 sigma and normalised.
 *
 * @param sigma standard deviation in detector pixels; 0 gives the identity
 */
export function gaussianTaps(sigma: number): GaussianTaps {
  const radius = Math.floor(4 * sigma + 0.5);
  if (!(sigma > 0) || radius === 0) return { radius: 0, weights: Float32Array.of(1) };
  const raw = Float64Array.from({ length: radius + 1 }, (_, k) => Math.exp(-0.5 * (k / sigma) ** 2));
  const sum = raw.reduce((total, weight, k) => total + (k === 0 ? weight : 2 * weight), 0);
  return { radius, weights: Float32Array.from(raw, (weight) => weight / sum) };
}

/** The place inside 0..side-1 that stands for `index` under half-sample reflection (d c b a | a b c d | d c b a). */
export function reflected(index: number, side: number): number {
  const period = 2 * side, inside = ((index % period) + period) % period;
  return inside < side ? inside : period - 1 - inside;
}
