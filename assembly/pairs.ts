// Inner products of chosen pairs of the patterns of a list. Each is the sum that similarity.ts makes of the two, over the
// same samples in the same order, to the last bit.
//
// pairs: two u32 for each pair, the places of its patterns in the list; products: float64, one a pair.

import { loadStep, stepOf } from "./lanes";
import { multiplyAdd, product, total } from "./similarity";

/** Samples of all pairs before the next: those of the patterns that pairs share stay in a cache. */
const TILE = 2048;

function pairs<T, Sum>(
  patterns: usize, pixels: i32, pairs: usize, from: i32, to: i32, chunk: i32, products: usize,
): void {
  const step = stepOf<T>(), whole = pixels - pixels % step, stride = <usize>pixels * sizeof<T>();
  const tile = max(chunk, TILE - TILE % chunk);
  for (let i = from; i < to; i++) store<f64>(products + (<usize>i << 3), 0);
  for (let first = 0; first < pixels; first += tile) {
    const end = min(first + tile, whole);
    for (let i = from; i < to; i++) {
      const pair = pairs + (<usize>i << 3), out = products + (<usize>i << 3);
      const x = patterns + <usize>load<u32>(pair) * stride, y = patterns + <usize>load<u32>(pair, 4) * stride;
      let sum = load<f64>(out);
      for (let start = first; start < end; start += chunk) {
        let lanes = i32x4.splat(0);
        const stop = <usize>min(start + chunk, end) * sizeof<T>();
        for (let o = <usize>start * sizeof<T>(); o < stop; o += <usize>step * sizeof<T>()) {
          lanes = multiplyAdd<Sum>(lanes, loadStep<T>(x + o), loadStep<T>(y + o));
        }
        sum += total<Sum>(lanes);
      }
      if (first + tile >= pixels) {
        for (let k = whole; k < pixels; k++) {
          const o = <usize>k * sizeof<T>();
          sum += product<T>(x + o, y + o);
        }
      }
      store<f64>(out, sum);
    }
  }
}

/** Pairs from..to-1, 8-bit counts. `chunk` as for similarityU8. */
export function pairsU8(
  patterns: usize, pixels: i32, list: usize, from: i32, to: i32, chunk: i32, products: usize,
): void {
  pairs<u8, i32>(patterns, pixels, list, from, to, chunk, products);
}

/** Pairs from..to-1, 16-bit counts up to 32767. */
export function pairsU16(
  patterns: usize, pixels: i32, list: usize, from: i32, to: i32, chunk: i32, products: usize,
): void {
  pairs<u16, i32>(patterns, pixels, list, from, to, chunk, products);
}

/** Pairs from..to-1, any 16-bit counts. */
export function pairsWideU16(
  patterns: usize, pixels: i32, list: usize, from: i32, to: i32, chunk: i32, products: usize,
): void {
  pairs<u16, i64>(patterns, pixels, list, from, to, chunk, products);
}

/** Pairs from..to-1, float32. */
export function pairsF32(
  patterns: usize, pixels: i32, list: usize, from: i32, to: i32, chunk: i32, products: usize,
): void {
  pairs<f32, f32>(patterns, pixels, list, from, to, chunk, products);
}
