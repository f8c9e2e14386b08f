// Correlative prefilter (paper, "Correlative prefiltering"; spec stage 2).

import { blurred } from "./blur";
import { sumOfSquares, toFloats } from "./features";
import { promoteHigh, sumDoubles } from "./lanes";

/** <x, y> of two float32 patterns, products and sums in float64. */
function innerProduct(x: usize, y: usize, pixels: i32): f64 {
  let low = f64x2.splat(0), high = low;
  const whole = pixels & ~3;
  for (let i = 0; i < whole; i += 4) {
    const a = v128.load(x + (<usize>i << 2)), b = v128.load(y + (<usize>i << 2));
    low = f64x2.add(low, f64x2.mul(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(b)));
    high = f64x2.add(high, f64x2.mul(promoteHigh(a), promoteHigh(b)));
  }
  let sum = sumDoubles(f64x2.add(low, high));
  for (let i = whole; i < pixels; i++) {
    sum += f64(load<f32>(x + (<usize>i << 2))) * f64(load<f32>(y + (<usize>i << 2)));
  }
  return sum;
}

/** pattern = (pattern - mean) w, the difference in float64; returns the sum of (pattern w)^2 before. */
function weigh(pattern: usize, weights: usize, pixels: i32, mean: f64): f64 {
  const mean2 = f64x2.splat(mean);
  let sumLow = f64x2.splat(0), sumHigh = sumLow;
  const whole = pixels & ~3;
  for (let i = 0; i < whole; i += 4) {
    const o = <usize>i << 2;
    const x = v128.load(pattern + o), w = v128.load(weights + o);
    const weighted = f32x4.mul(x, w);
    const low = f64x2.promote_low_f32x4(weighted), high = promoteHigh(weighted);
    sumLow = f64x2.add(sumLow, f64x2.mul(low, low));
    sumHigh = f64x2.add(sumHigh, f64x2.mul(high, high));
    const a = f64x2.mul(f64x2.sub(f64x2.promote_low_f32x4(x), mean2), f64x2.promote_low_f32x4(w));
    const b = f64x2.mul(f64x2.sub(promoteHigh(x), mean2), promoteHigh(w));
    v128.store(
      pattern + o,
      v128.shuffle<i32>(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 1, 4, 5),
    );
  }
  let sum = sumDoubles(f64x2.add(sumLow, sumHigh));
  for (let i = whole; i < pixels; i++) {
    const o = <usize>i << 2;
    const x = f64(load<f32>(pattern + o)), w = f64(load<f32>(weights + o));
    sum += x * w * x * w;
    store<f32>(pattern + o, f32((x - mean) * w));
  }
  return sum;
}

/** pattern = pattern * factor. */
function scale(pattern: usize, pixels: i32, factor: f32): void {
  const factors = f32x4.splat(factor);
  const whole = pixels & ~3;
  for (let i = 0; i < whole; i += 4) {
    const at = pattern + (<usize>i << 2);
    v128.store(at, f32x4.mul(v128.load(at), factors));
  }
  for (let i = whole; i < pixels; i++) {
    const at = pattern + (<usize>i << 2);
    store<f32>(at, load<f32>(at) * factor);
  }
}

// I~ = (I - <I, w> / sum(w)) w, divided by its L2 norm; all zero where the norm is zero or vanishes beside that of I w.
function weighted<T>(
  source: usize, destination: usize, from: i32, to: i32, height: i32, width: i32, taps: usize, radius: i32,
  weights: usize, weightSum: f64, scratch: usize,
): void {
  const pixels = height * width;
  const stride = <usize>pixels << 2;
  for (let i = from; i < to; i++) {
    const out = destination + <usize>i * stride;
    const pattern = source + <usize>i * <usize>pixels * sizeof<T>();
    if (radius > 0) blurred<T>(pattern, out, height, width, taps, radius, scratch);
    else toFloats<T>(pattern, out, pixels);
    const mean = weightSum > 0 ? innerProduct(out, weights, pixels) / weightSum : 0;
    const reference = weigh(out, weights, pixels, mean);
    const squares = sumOfSquares<f32>(out, pixels);
    scale(out, pixels, squares > 1e-10 * reference ? f32(1 / sqrt(squares)) : 0);
  }
}

/** Weighted, normalised patterns from..to-1 of a row of 8-bit counts; weights: float32 pattern. */
export function weightedU8(
  source: usize, destination: usize, from: i32, to: i32, height: i32, width: i32, taps: usize, radius: i32,
  weights: usize, weightSum: f64, scratch: usize,
): void {
  weighted<u8>(source, destination, from, to, height, width, taps, radius, weights, weightSum, scratch);
}

/** Weighted, normalised patterns from..to-1 of a row of 16-bit counts. */
export function weightedU16(
  source: usize, destination: usize, from: i32, to: i32, height: i32, width: i32, taps: usize, radius: i32,
  weights: usize, weightSum: f64, scratch: usize,
): void {
  weighted<u16>(source, destination, from, to, height, width, taps, radius, weights, weightSum, scratch);
}

/** Weighted, normalised patterns from..to-1 of a row of float32 patterns. */
export function weightedF32(
  source: usize, destination: usize, from: i32, to: i32, height: i32, width: i32, taps: usize, radius: i32,
  weights: usize, weightSum: f64, scratch: usize,
): void {
  weighted<f32>(source, destination, from, to, height, width, taps, radius, weights, weightSum, scratch);
}
