// Sums over patterns (cluster averages, spec stage 7) and over their pixels (virtual detectors).

import { loadFloats, promoteHigh, sumDoubles } from "./lanes";

// sums[slot] += weight * pattern for every term in turn, in float64, for pixels from..to-1. A term is 16 bytes: u32
// address of a pattern, i32 slot, f64 weight. Tiles of pixels keep the sums of a run of equal slots in the cache.
function accumulate<T>(terms: usize, count: i32, pixels: i32, from: i32, to: i32, sums: usize): void {
  const end = terms + (<usize>count << 4);
  for (let tile = from; tile < to; tile += 1024) {
    const stop = min(tile + 1024, to);
    const whole = tile + ((stop - tile) & ~3);
    for (let term = terms; term < end; term += 16) {
      const pattern = <usize>load<u32>(term);
      const slot = sums + ((<usize>load<i32>(term, 4) * <usize>pixels) << 3);
      const weight = load<f64>(term, 8);
      const w = f64x2.splat(weight);
      for (let i = tile; i < whole; i += 4) {
        const x = loadFloats<T>(pattern + <usize>i * sizeof<T>());
        const out = slot + (<usize>i << 3);
        v128.store(out, f64x2.add(v128.load(out), f64x2.mul(w, f64x2.promote_low_f32x4(x))));
        v128.store(out, f64x2.add(v128.load(out, 16), f64x2.mul(w, promoteHigh(x))), 16);
      }
      for (let i = whole; i < stop; i++) {
        const out = slot + (<usize>i << 3);
        store<f64>(out, load<f64>(out) + weight * f64(load<T>(pattern + <usize>i * sizeof<T>())));
      }
    }
  }
}

/** Weighted sums of patterns of 8-bit counts into slots; see above. */
export function accumulateU8(terms: usize, count: i32, pixels: i32, from: i32, to: i32, sums: usize): void {
  accumulate<u8>(terms, count, pixels, from, to, sums);
}

/** Weighted sums of patterns of 16-bit counts into slots. */
export function accumulateU16(terms: usize, count: i32, pixels: i32, from: i32, to: i32, sums: usize): void {
  accumulate<u16>(terms, count, pixels, from, to, sums);
}

/** Weighted sums of float32 patterns into slots. */
export function accumulateF32(terms: usize, count: i32, pixels: i32, from: i32, to: i32, sums: usize): void {
  accumulate<f32>(terms, count, pixels, from, to, sums);
}

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
