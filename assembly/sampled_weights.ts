// The weighting of the correlative prefilter (prefilter.ts) on samples of blurred patterns (sampled.ts).

import { promoteHigh, sumDoubles, sumFloats } from "./lanes";

/** A squared norm below this part of the sum of squares before the mean is subtracted counts as zero. */
const VANISHING = 1e-10;

/** <f, shares>, products and sums in float64; count is a multiple of 4. */
function weightedMean(samples: usize, shares: usize, count: i32): f64 {
  let low = f64x2.splat(0), high = low;
  const bytes = <usize>count << 2;
  for (let o: usize = 0; o < bytes; o += 16) {
    const f = v128.load(samples + o), share = v128.load(shares + o);
    low = f64x2.add(low, f64x2.mul(f64x2.promote_low_f32x4(f), f64x2.promote_low_f32x4(share)));
    high = f64x2.add(high, f64x2.mul(promoteHigh(f), promoteHigh(share)));
  }
  return sumDoubles(f64x2.add(low, high));
}

/**
 * Samples of patterns from..to-1 of a row, weighted and normalised: g = (f gain - mean offset) / norm with
 * mean = sum(f share); all zero where the norm is zero or vanishes beside that of f gain. `count` float32 samples a
 * pattern, a multiple of 4; shares, gains and offsets have the size of one pattern's samples
 * (cluster/sampling_weights.ts). source and destination may be the same.
 */
export function weightSamples(
  source: usize, destination: usize, from: i32, to: i32, count: i32, shares: usize, gains: usize, offsets: usize,
): void {
  const bytes = <usize>count << 2;
  for (let k = from; k < to; k++) {
    const samples = source + <usize>k * bytes, out = destination + <usize>k * bytes;
    const mean = f32x4.splat(f32(weightedMean(samples, shares, count)));
    let low = f64x2.splat(0), high = low, reference = f32x4.splat(0);
    for (let o: usize = 0; o < bytes; o += 16) {
      const f = f32x4.mul(v128.load(samples + o), v128.load(gains + o));
      const g = f32x4.sub(f, f32x4.mul(mean, v128.load(offsets + o)));
      reference = f32x4.add(reference, f32x4.mul(f, f));
      const a = f64x2.promote_low_f32x4(g), b = promoteHigh(g);
      low = f64x2.add(low, f64x2.mul(a, a));
      high = f64x2.add(high, f64x2.mul(b, b));
      v128.store(out + o, g);
    }
    const squares = sumDoubles(f64x2.add(low, high));
    const scale = f32x4.splat(squares > VANISHING * sumFloats(reference) ? f32(1 / sqrt(squares)) : 0);
    for (let o: usize = 0; o < bytes; o += 16) v128.store(out + o, f32x4.mul(v128.load(out + o), scale));
  }
}
