// The weighting of the correlative prefilter (prefilter.ts) on samples of blurred patterns (sampled.ts).

import { promoteHigh, sumDoubles, sumFloats } from "./lanes";

/** A squared norm below this part of the sum of squares before the mean is subtracted counts as zero. */
const VANISHING = 1e-10;
/** Norm of 16-bit samples before rounding (correlate.ts). */
const NORM_16: f32 = 46000;

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

// Samples of patterns from..to-1 of a row, weighted and normalised: g = (f gain - mean offset) / norm with
// mean = sum(f share); all zero where the norm is zero or vanishes beside that of f gain. `count` float32 samples a
// pattern, a multiple of 8; shares, gains and offsets have the size of one pattern's samples
// (cluster/sampling_weights.ts). Each pattern is made in place at `out`, and then stored as T.
function weigh<T>(
  source: usize, destination: usize, from: i32, to: i32, count: i32, shares: usize, gains: usize, offsets: usize,
  scratch: usize,
): void {
  const bytes = <usize>count << 2;
  for (let k = from; k < to; k++) {
    const samples = source + <usize>k * bytes;
    const out = isFloat<T>() ? destination + <usize>k * bytes : scratch;
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
    const norm: f32 = squares > VANISHING * sumFloats(reference) ? f32(1 / sqrt(squares)) : 0;
    if (isFloat<T>()) {
      const scale = f32x4.splat(norm);
      for (let o: usize = 0; o < bytes; o += 16) v128.store(out + o, f32x4.mul(v128.load(out + o), scale));
    } else {
      const scale = f32x4.splat(norm * NORM_16);
      const narrow = destination + <usize>k * (bytes >> 1);
      for (let o: usize = 0; o < bytes; o += 32) {
        const low = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(out + o), scale)));
        const high = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(out + o, 16), scale)));
        v128.store(narrow + (o >> 1), i16x8.narrow_i32x4_s(low, high));
      }
    }
  }
}

/** Weighted samples as float32 of norm 1 or 0; see above. */
export function weightSamples(
  source: usize, destination: usize, from: i32, to: i32, count: i32, shares: usize, gains: usize, offsets: usize,
): void {
  weigh<f32>(source, destination, from, to, count, shares, gains, offsets, 0);
}

/** Weighted samples as int16 of norm 46000, rounded, as `correlate16` wants them. scratch: `count` float32. */
export function weightSamples16(
  source: usize, destination: usize, from: i32, to: i32, count: i32, shares: usize, gains: usize, offsets: usize,
  scratch: usize,
): void {
  weigh<i16>(source, destination, from, to, count, shares, gains, offsets, scratch);
}
