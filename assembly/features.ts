// From patterns as recorded to the float32 patterns that are compared (spec: stages 1 and 3).
//
//   metric 0 cosine:   blur, mask
//   metric 1 centered: subtract the mean over all pixels, blur, mask
//   metric 2 pearson:  blur, subtract the mean within the mask, mask
//
// mask: 32-bit words, all ones where a pixel counts and zero elsewhere, or address 0 for no mask. Masking selects bits,
// so a value outside the mask has no influence whatever it is. radius 0 means no blur.
// reference (float64 per pattern): the sum of squares before centring, against which a vanishing norm is judged.

import { blurred } from "./blur";
import { loadFloats } from "./lanes";
import { centered } from "./moments";

const CENTERED = 1;
const PEARSON = 2;

/** destination = float32(source). */
export function toFloats<T>(source: usize, destination: usize, pixels: i32): void {
  const whole = pixels & ~3;
  for (let i = 0; i < whole; i += 4) {
    v128.store(destination + (<usize>i << 2), loadFloats<T>(source + <usize>i * sizeof<T>()));
  }
  for (let i = whole; i < pixels; i++) {
    store<f32>(destination + (<usize>i << 2), f32(load<T>(source + <usize>i * sizeof<T>())));
  }
}

/** Clears the bytes that the mask leaves out; `bytes` of pattern and mask. */
function applyMask(pattern: usize, mask: usize, destination: usize, bytes: usize): void {
  let i: usize = 0;
  for (const whole = bytes & ~63; i < whole; i += 64) {
    const from = pattern + i, words = mask + i, to = destination + i;
    v128.store(to, v128.and(v128.load(from), v128.load(words)));
    v128.store(to, v128.and(v128.load(from, 16), v128.load(words, 16)), 16);
    v128.store(to, v128.and(v128.load(from, 32), v128.load(words, 32)), 32);
    v128.store(to, v128.and(v128.load(from, 48), v128.load(words, 48)), 48);
  }
  for (; i < bytes; i++) store<u8>(destination + i, load<u8>(pattern + i) & load<u8>(mask + i));
}

/** Features of one pattern; returns its reference. */
function featuresOf<T>(
  source: usize, destination: usize, height: i32, width: i32, metric: i32, weights: usize, radius: i32,
  mask: usize, kept: i32, scratch: usize,
): f64 {
  const pixels = height * width;
  if (metric == PEARSON) {
    if (radius == 0) return centered<T>(source, destination, pixels, mask, kept);
    blurred<T>(source, destination, height, width, weights, radius, scratch);
    return centered<f32>(destination, destination, pixels, mask, kept);
  }
  let reference = 0.0;
  if (metric == CENTERED) {
    reference = centered<T>(source, destination, pixels, 0, pixels);
    if (radius > 0) blurred<f32>(destination, destination, height, width, weights, radius, scratch);
  } else if (radius > 0) blurred<T>(source, destination, height, width, weights, radius, scratch);
  else toFloats<T>(source, destination, pixels);
  if (mask) applyMask(destination, mask, destination, <usize>pixels << 2);
  return reference;
}

function features<T>(
  source: usize, destination: usize, references: usize, from: i32, to: i32, height: i32, width: i32, metric: i32,
  weights: usize, radius: i32, mask: usize, kept: i32, scratch: usize,
): void {
  const pixels = <usize>height * <usize>width;
  for (let i = from; i < to; i++) {
    const reference = featuresOf<T>(
      source + <usize>i * pixels * sizeof<T>(), destination + ((<usize>i * pixels) << 2), height, width, metric,
      weights, radius, mask, kept, scratch,
    );
    store<f64>(references + (<usize>i << 3), reference);
  }
}

/** Features of patterns from..to-1 of a row of 8-bit counts. kept: number of pixels in the mask. */
export function featuresU8(
  source: usize, destination: usize, references: usize, from: i32, to: i32, height: i32, width: i32, metric: i32,
  weights: usize, radius: i32, mask: usize, kept: i32, scratch: usize,
): void {
  features<u8>(source, destination, references, from, to, height, width, metric, weights, radius, mask, kept, scratch);
}

/** Features of patterns from..to-1 of a row of 16-bit counts. */
export function featuresU16(
  source: usize, destination: usize, references: usize, from: i32, to: i32, height: i32, width: i32, metric: i32,
  weights: usize, radius: i32, mask: usize, kept: i32, scratch: usize,
): void {
  features<u16>(source, destination, references, from, to, height, width, metric, weights, radius, mask, kept, scratch);
}

/** Features of patterns from..to-1 of a row of float32 patterns. */
export function featuresF32(
  source: usize, destination: usize, references: usize, from: i32, to: i32, height: i32, width: i32, metric: i32,
  weights: usize, radius: i32, mask: usize, kept: i32, scratch: usize,
): void {
  features<f32>(source, destination, references, from, to, height, width, metric, weights, radius, mask, kept, scratch);
}

/** Masks patterns from..to-1 of a row without changing their type; mask has the size of one pattern. */
export function maskPatterns(source: usize, destination: usize, from: i32, to: i32, bytes: i32, mask: usize): void {
  const step = <usize>bytes;
  for (let i = <usize>from; i < <usize>to; i++) applyMask(source + i * step, mask, destination + i * step, step);
}
