// Sums over the pixels of patterns: virtual detectors (spec stage 4).

import { loadFloats, promoteHigh, sumDoubles } from "./lanes";

// image[i] = sum over pixels of detector * pattern i, in float64; detector: float32 pattern.
function virtual<T>(row: usize, from: i32, to: i32, pixels: i32, detector: usize, image: usize): void {
  const whole = pixels & ~3;
  for (let p = from; p < to; p++) {
    const pattern = row + <usize>p * <usize>pixels * sizeof<T>();
    let low = f64x2.splat(0), high = low;
    for (let i = 0; i < whole; i += 4) {
      const x = loadFloats<T>(pattern + <usize>i * sizeof<T>()), d = v128.load(detector + (<usize>i << 2));
      low = f64x2.add(low, f64x2.mul(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(d)));
      high = f64x2.add(high, f64x2.mul(promoteHigh(x), promoteHigh(d)));
    }
    let sum = sumDoubles(f64x2.add(low, high));
    for (let i = whole; i < pixels; i++) {
      sum += f64(load<T>(pattern + <usize>i * sizeof<T>())) * f64(load<f32>(detector + (<usize>i << 2)));
    }
    store<f64>(image + (<usize>p << 3), sum);
  }
}

/** Virtual image of patterns from..to-1 of a row of 8-bit counts. */
export function virtualU8(row: usize, from: i32, to: i32, pixels: i32, detector: usize, image: usize): void {
  virtual<u8>(row, from, to, pixels, detector, image);
}

/** Virtual image of patterns from..to-1 of a row of 16-bit counts. */
export function virtualU16(row: usize, from: i32, to: i32, pixels: i32, detector: usize, image: usize): void {
  virtual<u16>(row, from, to, pixels, detector, image);
}

/** Virtual image of patterns from..to-1 of a row of float32 patterns. */
export function virtualF32(row: usize, from: i32, to: i32, pixels: i32, detector: usize, image: usize): void {
  virtual<f32>(row, from, to, pixels, detector, image);
}
