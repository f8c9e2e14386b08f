// Sums over a pattern, and the pattern less its mean.

import { loadFloats, loadStep, promoteHigh, sumDoubles } from "./lanes";

/** Counts that 32-bit lanes can take before they must be emptied. */
const PART = 65536;

/** So many counts below the other: 512 squares of those to a lane are below 2^31. */
const SMALL_PART = 2048, SMALL_COUNT: i16 = 2048;

/** Sum of counts, exact. */
function sumOfCounts<T>(pattern: usize, pixels: i32): f64 {
  let sum: u64 = 0;
  let i = 0;
  while (i + 8 <= pixels) {
    const end = min(i + PART, pixels & ~7);
    let lanes = i32x4.splat(0);
    for (; i < end; i += 8) {
      lanes = i32x4.add(lanes, i32x4.extadd_pairwise_i16x8_u(loadStep<T>(pattern + <usize>i * sizeof<T>())));
    }
    sum += sumUnsigned(lanes);
  }
  for (; i < pixels; i++) sum += <u64>load<T>(pattern + <usize>i * sizeof<T>());
  return <f64>sum;
}

/** Sum of four lanes, taken as unsigned. */
// @ts-ignore: decorator
@inline
function sumUnsigned(lanes: v128): u64 {
  return <u64><u32>i32x4.extract_lane(lanes, 0) + <u64><u32>i32x4.extract_lane(lanes, 1) +
    <u64><u32>i32x4.extract_lane(lanes, 2) + <u64><u32>i32x4.extract_lane(lanes, 3);
}

/** Sum of a pattern in float64; exact for integers. */
export function sumOf<T>(pattern: usize, pixels: i32): f64 {
  if (!isFloat<T>()) return sumOfCounts<T>(pattern, pixels);
  let low = f64x2.splat(0), high = low;
  const whole = pixels & ~3;
  for (let i = 0; i < whole; i += 4) {
    const x = loadFloats<T>(pattern + <usize>i * sizeof<T>());
    low = f64x2.add(low, f64x2.promote_low_f32x4(x));
    high = f64x2.add(high, promoteHigh(x));
  }
  let sum = sumDoubles(f64x2.add(low, high));
  for (let i = whole; i < pixels; i++) sum += f64(load<T>(pattern + <usize>i * sizeof<T>()));
  return sum;
}

/** Sum of squares of a float32 pattern in float64. */
export function sumOfSquares(pattern: usize, pixels: i32): f64 {
  let low = f64x2.splat(0), high = low;
  const whole = pixels & ~3;
  for (let i = 0; i < whole; i += 4) {
    const x = v128.load(pattern + (<usize>i << 2));
    const a = f64x2.promote_low_f32x4(x), b = promoteHigh(x);
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  let sum = sumDoubles(f64x2.add(low, high));
  for (let i = whole; i < pixels; i++) {
    const x = f64(load<f32>(pattern + (<usize>i << 2)));
    sum += x * x;
  }
  return sum;
}

/**
 * destination = source - mean inside the mask and 0 outside, the mean being that of the `kept` pixels inside; mask 0: all
 * pixels. Returns the sum of squares inside, before. The destination may be the source.
 */
export function centered<T>(source: usize, destination: usize, pixels: i32, mask: usize, kept: i32): f64 {
  return mask
    ? centeredInside<T>(source, destination, pixels, mask, kept, true, 0)
    : centeredInside<T>(source, destination, pixels, 0, kept, false, 0);
}

/** The same sum of squares for all pixels, and the mean that `centered` subtracts, at `mean`, float64. */
export function meanAndSquares<T>(source: usize, pixels: i32, mean: usize): f64 {
  return centeredInside<T>(source, 0, pixels, 0, pixels, false, mean);
}

/** destination = source - mean, as `centered` subtracts it. */
export function subtractMean<T>(source: usize, destination: usize, pixels: i32, mean: f64): void {
  subtract<T>(source, destination, pixels, mean, 0, false);
}

/**
 * `centered`; masked, a constant, says whether there is a mask, so that loops need not ask. With a place for the mean there is
 * no destination.
 */
// @ts-ignore: decorator
@inline
function centeredInside<T>(
  source: usize, destination: usize, pixels: i32, mask: usize, kept: i32, masked: bool, mean: usize,
): f64 {
  let sum = 0.0, squares = 0.0;
  let i = 0;
  if (isFloat<T>()) {
    let low = f64x2.splat(0), high = low, squaresLow = low, squaresHigh = low;
    for (const whole = pixels & ~3; i < whole; i += 4) {
      let x = v128.load(source + (<usize>i << 2));
      if (masked) x = v128.and(x, v128.load(mask + (<usize>i << 2)));
      const a = f64x2.promote_low_f32x4(x), b = promoteHigh(x);
      low = f64x2.add(low, a);
      high = f64x2.add(high, b);
      squaresLow = f64x2.add(squaresLow, f64x2.mul(a, a));
      squaresHigh = f64x2.add(squaresHigh, f64x2.mul(b, b));
    }
    sum = sumDoubles(f64x2.add(low, high));
    squares = sumDoubles(f64x2.add(squaresLow, squaresHigh));
  } else {
    let exactSum: u64 = 0, exactSquares: u64 = 0;
    while (i + 8 <= pixels) {
      // Most counts are so small that 32-bit lanes take the squares of many.
      if (sizeof<T>() == 2 && !masked) {
        const end = min(i + SMALL_PART, pixels & ~7);
        let sums = i32x4.splat(0), products = sums, bits = sums;
        for (let k = i; k < end; k += 8) {
          const x = v128.load(source + (<usize>k << 1));
          sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(x));
          products = i32x4.add(products, i32x4.dot_i16x8_s(x, x));
          bits = v128.or(bits, x);
        }
        if (!v128.any_true(v128.and(bits, i16x8.splat(~(SMALL_COUNT - 1))))) {
          exactSum += sumUnsigned(sums);
          exactSquares += sumUnsigned(products);
          i = end;
          continue;
        }
      }
      // A count is 256 h + l, so that its square is the sum of products of bytes, which dot products of 16 bits take.
      const end = min(i + PART, pixels & ~7), one = i16x8.splat(1), byte = i16x8.splat(255);
      let l1 = i32x4.splat(0), h1 = l1, ll = l1, hl = l1, hh = l1;
      for (; i < end; i += 8) {
        let x = loadStep<T>(source + <usize>i * sizeof<T>());
        if (masked) {
          const words = mask + (<usize>i << 2);
          x = v128.and(x, i16x8.narrow_i32x4_s(v128.load(words), v128.load(words, 16)));
        }
        const l = sizeof<T>() == 1 ? x : v128.and(x, byte);
        l1 = i32x4.add(l1, i32x4.dot_i16x8_s(l, one));
        ll = i32x4.add(ll, i32x4.dot_i16x8_s(l, l));
        if (sizeof<T>() == 1) continue;
        const h = i16x8.shr_u(x, 8);
        h1 = i32x4.add(h1, i32x4.dot_i16x8_s(h, one));
        hl = i32x4.add(hl, i32x4.dot_i16x8_s(h, l));
        hh = i32x4.add(hh, i32x4.dot_i16x8_s(h, h));
      }
      exactSum += sumUnsigned(l1) + (sumUnsigned(h1) << 8);
      exactSquares += sumUnsigned(ll) + (sumUnsigned(hl) << 9) + (sumUnsigned(hh) << 16);
    }
    sum = f64(exactSum);
    squares = f64(exactSquares);
  }
  for (let k = i; k < pixels; k++) {
    if (masked && load<i32>(mask + (<usize>k << 2)) == 0) continue;
    const x = f64(load<T>(source + <usize>k * sizeof<T>()));
    sum += x;
    squares += x * x;
  }
  if (mean) store<f64>(mean, sum / f64(kept));
  else subtract<T>(source, destination, pixels, sum / f64(kept), mask, masked);
  return squares;
}

/** Four counts, as float32, less both parts of a mean. */
// @ts-ignore: decorator
@inline
function less(counts: v128, most: v128, rest: v128): v128 {
  return f32x4.sub(f32x4.sub(f32x4.convert_i32x4_s(counts), most), rest);
}

/** The mean is subtracted as a float32 and what it lacks: no digit is lost. */
// @ts-ignore: decorator
@inline
function subtract<T>(source: usize, destination: usize, pixels: i32, mean: f64, mask: usize, masked: bool): void {
  const most = f32(mean), rest = f32(mean - f64(most));
  const most4 = f32x4.splat(most), rest4 = f32x4.splat(rest);
  const whole = pixels & ~3;
  let first = 0;
  // Sixteen at once, because counting takes as long as two of them do.
  if (sizeof<T>() == 2 && !masked) {
    for (const most = pixels & ~15; first < most; first += 16) {
      const from = source + (<usize>first << 1), to = destination + (<usize>first << 2);
      const a = v128.load(from), b = v128.load(from, 16);
      v128.store(to, less(i32x4.extend_low_i16x8_u(a), most4, rest4));
      v128.store(to, less(i32x4.extend_high_i16x8_u(a), most4, rest4), 16);
      v128.store(to, less(i32x4.extend_low_i16x8_u(b), most4, rest4), 32);
      v128.store(to, less(i32x4.extend_high_i16x8_u(b), most4, rest4), 48);
    }
  }
  for (let i = first; i < whole; i += 4) {
    const x = loadFloats<T>(source + <usize>i * sizeof<T>());
    let result = f32x4.sub(f32x4.sub(x, most4), rest4);
    if (masked) result = v128.and(result, v128.load(mask + (<usize>i << 2)));
    v128.store(destination + (<usize>i << 2), result);
  }
  for (let i = whole; i < pixels; i++) {
    const inside = !masked || load<i32>(mask + (<usize>i << 2)) != 0;
    const x = f32(load<T>(source + <usize>i * sizeof<T>()));
    store<f32>(destination + (<usize>i << 2), inside ? x - most - rest : 0);
  }
}
