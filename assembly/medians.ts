// Medians of inner products (library/passes/sketch/centre.ts).

import { promoteHigh, sumDoubles } from "./lanes";

/** As `innerProduct` of library/passes/sketch/sketch.ts, to the last bit, rounded to float32, of one vector with four others. */
function productsWithFour(vector: usize, others: usize, stride: usize, length: i32, out: usize, outStride: usize): void {
  const whole = <usize>(length & ~3) << 2, end = <usize>length << 2;
  const zero = f64x2.splat(0);
  let ab0 = zero, cd0 = zero, ab1 = zero, cd1 = zero, ab2 = zero, cd2 = zero, ab3 = zero, cd3 = zero, o: usize = 0;
  const second = others + stride, third = second + stride, fourth = third + stride;
  for (; o < whole; o += 16) {
    const values = v128.load(vector + o);
    const low = f64x2.promote_low_f32x4(values), high = promoteHigh(values);
    let other = v128.load(others + o);
    ab0 = f64x2.add(ab0, f64x2.mul(low, f64x2.promote_low_f32x4(other)));
    cd0 = f64x2.add(cd0, f64x2.mul(high, promoteHigh(other)));
    other = v128.load(second + o);
    ab1 = f64x2.add(ab1, f64x2.mul(low, f64x2.promote_low_f32x4(other)));
    cd1 = f64x2.add(cd1, f64x2.mul(high, promoteHigh(other)));
    other = v128.load(third + o);
    ab2 = f64x2.add(ab2, f64x2.mul(low, f64x2.promote_low_f32x4(other)));
    cd2 = f64x2.add(cd2, f64x2.mul(high, promoteHigh(other)));
    other = v128.load(fourth + o);
    ab3 = f64x2.add(ab3, f64x2.mul(low, f64x2.promote_low_f32x4(other)));
    cd3 = f64x2.add(cd3, f64x2.mul(high, promoteHigh(other)));
  }
  let a0 = f64x2.extract_lane(ab0, 0), a1 = f64x2.extract_lane(ab1, 0);
  let a2 = f64x2.extract_lane(ab2, 0), a3 = f64x2.extract_lane(ab3, 0);
  for (; o < end; o += 4) {
    const value = f64(load<f32>(vector + o));
    a0 += value * f64(load<f32>(others + o));
    a1 += value * f64(load<f32>(second + o));
    a2 += value * f64(load<f32>(third + o));
    a3 += value * f64(load<f32>(fourth + o));
  }
  store<f32>(out, f32(a0 + f64x2.extract_lane(ab0, 1) + sumDoubles(cd0)));
  store<f32>(out + outStride, f32(a1 + f64x2.extract_lane(ab1, 1) + sumDoubles(cd1)));
  store<f32>(out + 2 * outStride, f32(a2 + f64x2.extract_lane(ab2, 1) + sumDoubles(cd2)));
  store<f32>(out + 3 * outStride, f32(a3 + f64x2.extract_lane(ab3, 1) + sumDoubles(cd3)));
}

/** The middle one of three. */
// @ts-ignore: decorator
@inline
function middle(a: f32, b: f32, c: f32): f32 {
  return max(min(a, b), min(max(a, b), c));
}

/**
 * The value that sorting would put at `place`, by quickselect (Hoare 1961) with the middle value of three as pivot; none before
 * the place is larger then, and none after it smaller. Those before `from` are known to be the smallest.
 */
function selectSorted(values: usize, count: i32, place: i32, from: i32): f32 {
  let low = from, high = count - 1;
  while (low < high) {
    const pivot = middle(
      load<f32>(values + (<usize>low << 2)), load<f32>(values + (<usize>((low + high) >> 1) << 2)),
      load<f32>(values + (<usize>high << 2)),
    );
    let left = low, right = high;
    while (left <= right) {
      let l = load<f32>(values + (<usize>left << 2)), r = load<f32>(values + (<usize>right << 2));
      while (l < pivot) l = load<f32>(values + (<usize>++left << 2));
      while (r > pivot) r = load<f32>(values + (<usize>--right << 2));
      if (left > right) break;
      store<f32>(values + (<usize>left << 2), r);
      store<f32>(values + (<usize>right << 2), l);
      left++;
      right--;
    }
    if (place <= right) high = right;
    else if (place >= left) low = left;
    else break;
  }
  return load<f32>(values + (<usize>place << 2));
}

/**
 * Of each vector the median of its inner products with those of a sample: the mean of the middle two if their number is even.
 *
 * @param vectors float32 (vector, `length`), `count` of them, and room for three more
 * @param sample float32 (vector, `length`), `size` of them, at least one
 * @param medians float64 (`count`)
 * @param scratch room for four times `size` float32
 */
export function medianProducts(
  vectors: usize, count: i32, length: i32, sample: usize, size: i32, medians: usize, scratch: usize,
): void {
  const stride = <usize>length << 2, values = <usize>size << 2, end = (size - 1) >> 1;
  for (let first = 0; first < count; first += 4, vectors += 4 * stride) {
    for (let i = 0; i < size; i++) {
      productsWithFour(sample + <usize>i * stride, vectors, stride, length, scratch + (<usize>i << 2), values);
    }
    for (let k = first, at = scratch, last = min(count, first + 4); k < last; k++, at += values) {
      const lower = f64(selectSorted(at, size, end, 0));
      store<f64>(medians + (<usize>k << 3), (lower + f64(selectSorted(at, size, size >> 1, end))) / 2);
    }
  }
}
