// Correlative prefilter (paper, "Correlative prefiltering"; spec stage 2).

import { blurred } from "./blur";
import { toFloats } from "./features";
import { promoteHigh, sumDoubles } from "./lanes";
import { sumOfSquares } from "./moments";

/**
 * pattern = (pattern - mean) w / norm, mean being <pattern, w> / sum(w); all zero where the norm is zero, or vanishes
 * beside that of pattern w.
 *
 * Mean and norm come of one pass: the sum of (I w - mean w)^2 is that of (I w)^2, less 2 mean <I w, w>, plus mean^2
 * times that of w^2. In float64 the difference keeps five digits where it all but vanishes, and more anywhere else. The
 * mean is then subtracted as a float32 and what it lacks, so that no digit is lost.
 */
function weigh(pattern: usize, weights: usize, pixels: i32, weightSum: f64, weightSquares: f64): void {
  let sumLow = f64x2.splat(0), sumHigh = sumLow, squaresLow = sumLow, squaresHigh = sumLow;
  let mixedLow = sumLow, mixedHigh = sumLow;
  const whole = pixels & ~3;
  for (let i = 0; i < whole; i += 4) {
    const x = v128.load(pattern + (<usize>i << 2)), w = v128.load(weights + (<usize>i << 2));
    const wLow = f64x2.promote_low_f32x4(w), wHigh = promoteHigh(w);
    const low = f64x2.mul(f64x2.promote_low_f32x4(x), wLow), high = f64x2.mul(promoteHigh(x), wHigh);
    sumLow = f64x2.add(sumLow, low);
    sumHigh = f64x2.add(sumHigh, high);
    squaresLow = f64x2.add(squaresLow, f64x2.mul(low, low));
    squaresHigh = f64x2.add(squaresHigh, f64x2.mul(high, high));
    mixedLow = f64x2.add(mixedLow, f64x2.mul(low, wLow));
    mixedHigh = f64x2.add(mixedHigh, f64x2.mul(high, wHigh));
  }
  let sum = sumDoubles(f64x2.add(sumLow, sumHigh));
  let reference = sumDoubles(f64x2.add(squaresLow, squaresHigh)), mixed = sumDoubles(f64x2.add(mixedLow, mixedHigh));
  for (let i = whole; i < pixels; i++) {
    const w = f64(load<f32>(weights + (<usize>i << 2))), product = f64(load<f32>(pattern + (<usize>i << 2))) * w;
    sum += product;
    reference += product * product;
    mixed += product * w;
  }
  const mean = weightSum > 0 ? sum / weightSum : 0;
  const squares = reference - 2 * mean * mixed + mean * mean * weightSquares;
  subtractAndScale(pattern, weights, pixels, mean, squares > 1e-10 * reference ? f32(1 / sqrt(squares)) : 0);
}

/** pattern = (pattern - mean) w factor. */
function subtractAndScale(pattern: usize, weights: usize, pixels: i32, mean: f64, factor: f32): void {
  const most = f32(mean), rest = f32(mean - f64(most));
  const most4 = f32x4.splat(most), rest4 = f32x4.splat(rest), factor4 = f32x4.splat(factor);
  const whole = pixels & ~3;
  for (let i = 0; i < whole; i += 4) {
    const at = pattern + (<usize>i << 2);
    const centered = f32x4.sub(f32x4.sub(v128.load(at), most4), rest4);
    v128.store(at, f32x4.mul(f32x4.mul(centered, v128.load(weights + (<usize>i << 2))), factor4));
  }
  for (let i = whole; i < pixels; i++) {
    const at = pattern + (<usize>i << 2);
    store<f32>(at, (load<f32>(at) - most - rest) * load<f32>(weights + (<usize>i << 2)) * factor);
  }
}

function weighted<T>(
  source: usize, destination: usize, from: i32, to: i32, height: i32, width: i32, taps: usize, radius: i32,
  weights: usize, weightSum: f64, scratch: usize,
): void {
  const pixels = height * width;
  const stride = <usize>pixels << 2;
  const weightSquares = sumOfSquares(weights, pixels);
  for (let i = from; i < to; i++) {
    const out = destination + <usize>i * stride;
    const pattern = source + <usize>i * <usize>pixels * sizeof<T>();
    if (radius > 0) blurred<T>(pattern, out, height, width, taps, radius, scratch);
    else toFloats<T>(pattern, out, pixels);
    weigh(out, weights, pixels, weightSum, weightSquares);
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
