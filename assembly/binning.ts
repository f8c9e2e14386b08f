// Patterns summed over squares of pixels: float32, exact for counts.

import { loadFloats, loadStep } from "./lanes";

// Sums of neighbours (0 + 1, 2 + 3, ...) among eight float32 numbers.
// @ts-ignore: decorator
@inline
function pairs(low: v128, high: v128): v128 {
  return f32x4.add(v128.shuffle<i32>(low, high, 0, 2, 4, 6), v128.shuffle<i32>(low, high, 1, 3, 5, 7));
}

// The same among eight integers.
// @ts-ignore: decorator
@inline
function integerPairs(low: v128, high: v128): v128 {
  return i32x4.add(v128.shuffle<i32>(low, high, 0, 2, 4, 6), v128.shuffle<i32>(low, high, 1, 3, 5, 7));
}

// Sums of neighbours among eight pixels, as integers of 32 bits or as float32.
// @ts-ignore: decorator
@inline
function pairSums<T>(pixels: usize): v128 {
  if (isFloat<T>()) return pairs(v128.load(pixels), v128.load(pixels, 16));
  return i32x4.extadd_pairwise_i16x8_u(loadStep<T>(pixels));
}

// Sums of `binning` x `binning` pixels as float32, `binning` a power of two; pixels left over at the end of rows and columns
// are left out. `line` has room for a row of the pattern.
export function bin<T>(pattern: usize, patternRows: i32, patternColumns: i32, binning: i32, out: usize, line: usize): void {
  const rows = patternRows / binning, columns = patternColumns / binning;
  if (binning == 1) {
    const pixels = rows * columns, whole = pixels & ~3;
    for (let i = 0; i < whole; i += 4) v128.store(out + (<usize>i << 2), loadFloats<T>(pattern + <usize>i * sizeof<T>()));
    for (let i = whole; i < pixels; i++) store<f32>(out + (<usize>i << 2), f32(load<T>(pattern + <usize>i * sizeof<T>())));
    return;
  }
  // Most counts are so small that sums down the columns fit 16 bits.
  if (isInteger<T>() && binIn16Bits<T>(pattern, rows, columns, patternColumns, binning, out, line)) return;
  const rowBytes = <usize>patternColumns * sizeof<T>();
  const paired = columns * binning / 2, whole = paired & ~3;
  for (let row = 0; row < rows; row++) {
    const first = pattern + <usize>(row * binning) * rowBytes;
    const sums = binning == 2 ? out + (<usize>(row * columns) << 2) : line;
    for (let i = 0; i < whole; i += 4) {
      let at = first + <usize>(2 * i) * sizeof<T>();
      let sum = pairSums<T>(at);
      for (let k = 1; k < binning; k++) {
        at += rowBytes;
        sum = isFloat<T>() ? f32x4.add(sum, pairSums<T>(at)) : i32x4.add(sum, pairSums<T>(at));
      }
      v128.store(sums + (<usize>i << 2), isFloat<T>() ? sum : f32x4.convert_i32x4_s(sum));
    }
    for (let i = whole; i < paired; i++) {
      store<f32>(sums + (<usize>i << 2), sumDown<T>(first + <usize>(2 * i) * sizeof<T>(), 2, rowBytes, binning));
    }
    pairUp(line, paired, binning / 2, out + (<usize>(row * columns) << 2));
  }
}

// Sum of `across` neighbours, an even number, in each of `binning` rows.
// @ts-ignore: decorator
@inline
function sumDown<T>(first: usize, across: i32, rowBytes: usize, binning: i32): f32 {
  let sum: f32 = 0;
  for (let k = 0; k < binning; k++, first += rowBytes) {
    for (let i = 0; i < across; i += 2) {
      const at = first + <usize>i * sizeof<T>();
      sum += f32(load<T>(at)) + f32(load<T>(at + sizeof<T>()));
    }
  }
  return sum;
}

// `length` sums of a line become sums of two, of four, ..., of `left` neighbours, the last of them in `out`; each ends before
// what it is made of. Nothing is left to do where `left` is 1.
// @ts-ignore: decorator
@inline
function pairUp(line: usize, length: i32, left: i32, out: usize): void {
  for (length /= 2; left > 1; length /= 2, left /= 2) {
    const to = left == 2 ? out : line;
    let i = 0;
    for (; i + 4 <= length; i += 4) {
      const from = line + (<usize>i << 3);
      v128.store(to + (<usize>i << 2), pairs(v128.load(from), v128.load(from, 16)));
    }
    for (; i < length; i++) {
      const from = line + (<usize>i << 3);
      store<f32>(to + (<usize>i << 2), load<f32>(from) + load<f32>(from, 4));
    }
  }
}

// `bin` of integers by 2 or more with sums down the columns in 16 bits; false where one of them does not fit. The sums are the
// same numbers.
function binIn16Bits<T>(
  pattern: usize, rows: i32, columns: i32, patternColumns: i32, binning: i32, out: usize, line: usize,
): bool {
  const rowBytes = <usize>patternColumns * sizeof<T>();
  let most = i16x8.splat(0);
  // Four neighbours are summed at once where there are more than two.
  const across = min(binning, 4), sums = columns * (binning / across), whole = sums & ~3;
  for (let row = 0; row < rows; row++) {
    const first = pattern + <usize>(row * binning) * rowBytes, to = out + (<usize>(row * columns) << 2);
    const target = binning == across ? to : line;
    for (let i = 0; i < whole; i += 4) {
      const at = first + <usize>(across * i) * sizeof<T>();
      const near = addDown<T>(at, rowBytes, binning);
      most = i16x8.max_u(most, near);
      let sum = i32x4.extadd_pairwise_i16x8_u(near);
      if (across == 4) {
        const far = addDown<T>(at + 8 * sizeof<T>(), rowBytes, binning);
        most = i16x8.max_u(most, far);
        sum = integerPairs(sum, i32x4.extadd_pairwise_i16x8_u(far));
      }
      v128.store(target + (<usize>i << 2), f32x4.convert_i32x4_s(sum));
    }
    for (let i = whole; i < sums; i++) {
      const at = first + <usize>(across * i) * sizeof<T>();
      store<f32>(target + (<usize>i << 2), sumDown<T>(at, across, rowBytes, binning));
    }
    pairUp(line, sums, binning / across, to);
  }
  return !v128.any_true(i16x8.eq(most, i16x8.splat(-1)));
}

// Sums of eight columns of `binning` rows, an even number, as unsigned integers of 16 bits, at most 65535.
// @ts-ignore: decorator
@inline
function addDown<T>(at: usize, rowBytes: usize, binning: i32): v128 {
  let sum = i16x8.add_sat_u(loadStep<T>(at), loadStep<T>(at + rowBytes));
  for (let k = 2; k < binning; k += 2) {
    at += 2 * rowBytes;
    sum = i16x8.add_sat_u(sum, i16x8.add_sat_u(loadStep<T>(at), loadStep<T>(at + rowBytes)));
  }
  return sum;
}

// Puts `count` binned values in units of counts; whole numbers are restored where the values are multiples of the unit, once they are
// freed of the counts that they stand on: below zero these need be no whole number.
export function rescale(values: usize, count: i32, scale: f32, whole: bool, constant: f32): void {
  for (let at = values, end = values + (<usize>count << 2); at < end; at += 4) {
    const value = load<f32>(at) * scale;
    store<f32>(at, whole ? constant == 0 ? nearest(value) : max<f32>(0, nearest(value - constant)) : value);
  }
}
