// Sum, sum of squares and maximum of all patterns of a scan, pixel by pixel.

import { loadFloats, promoteHigh } from "./lanes";

// Adds `count` patterns to float64 sums, their squares, made in float64, to float64 sums of squares, and takes them into
// float32 maxima, for pixels from..to-1; `from` is a multiple of 4.
function whole<T>(
  patterns: usize, count: i32, pixels: i32, from: i32, to: i32, sums: usize, squares: usize, maxima: usize,
): void {
  const end = from + ((to - from) & ~3);
  for (let p = 0; p < count; p++) {
    const pattern = patterns + <usize>p * <usize>pixels * sizeof<T>();
    for (let i = from; i < end; i += 4) {
      const x = loadFloats<T>(pattern + <usize>i * sizeof<T>());
      const sum = sums + (<usize>i << 3), square = squares + (<usize>i << 3), most = maxima + (<usize>i << 2);
      const low = f64x2.promote_low_f32x4(x), high = promoteHigh(x);
      v128.store(sum, f64x2.add(v128.load(sum), low));
      v128.store(sum, f64x2.add(v128.load(sum, 16), high), 16);
      v128.store(square, f64x2.add(v128.load(square), f64x2.mul(low, low)));
      v128.store(square, f64x2.add(v128.load(square, 16), f64x2.mul(high, high)), 16);
      v128.store(most, f32x4.pmax(v128.load(most), x));
    }
    for (let i = end; i < to; i++) {
      const x = <f32>load<T>(pattern + <usize>i * sizeof<T>());
      const sum = sums + (<usize>i << 3), square = squares + (<usize>i << 3), most = maxima + (<usize>i << 2);
      store<f64>(sum, load<f64>(sum) + <f64>x);
      store<f64>(square, load<f64>(square) + <f64>x * <f64>x);
      if (load<f32>(most) < x) store<f32>(most, x);
    }
  }
}

/** Sum, sum of squares and maximum of 8-bit counts. */
export function wholeU8(
  patterns: usize, count: i32, pixels: i32, from: i32, to: i32, sums: usize, squares: usize, maxima: usize,
): void {
  whole<u8>(patterns, count, pixels, from, to, sums, squares, maxima);
}

/** Sum, sum of squares and maximum of 16-bit counts. */
export function wholeU16(
  patterns: usize, count: i32, pixels: i32, from: i32, to: i32, sums: usize, squares: usize, maxima: usize,
): void {
  whole<u16>(patterns, count, pixels, from, to, sums, squares, maxima);
}

/** Sum, sum of squares and maximum of float32 patterns. */
export function wholeF32(
  patterns: usize, count: i32, pixels: i32, from: i32, to: i32, sums: usize, squares: usize, maxima: usize,
): void {
  whole<f32>(patterns, count, pixels, from, to, sums, squares, maxima);
}
