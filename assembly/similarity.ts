// Inner products of neighbouring patterns (paper, Methods 1), two probes against their five shared neighbours at a
// time: ten sums live in registers, seven loads feed them.
//
// dots[4 * column + direction], float64, directions (0,1) (1,-1) (1,0) (1,1); norms[column] = <pattern, pattern>.
// Neighbours outside the scan are replaced by the nearest one inside; the caller ignores those entries. For the last
// row of a scan the caller passes lower = upper.
//
// Every sum runs over the same samples in the same order wherever a probe lies, so results depend on nothing but the
// patterns, and <a, a> as a norm equals <a, b> of an identical neighbour bit for bit.
//
// Integers are exact. Products of 16-bit counts up to 32767 are summed in 32-bit lanes for `chunk` samples (a
// multiple of 8 with 2 M^2 chunk/8 < 2^31 for the largest count M), then widened; counts above 32767 take the 64-bit
// sums. Floats are summed in float32 lanes for `chunk` samples (a multiple of 4), then in float64.

import { loadStep, stepOf, sumFloats } from "./lanes";

/** sum + x y, lane by lane. Sum = i32: pairs of 16-bit products; i64: four products of u16; f32: four products. */
// @ts-ignore: decorator
@inline
export function multiplyAdd<Sum>(sum: v128, x: v128, y: v128): v128 {
  if (isFloat<Sum>()) return f32x4.add(sum, f32x4.mul(x, y));
  if (sizeof<Sum>() == 4) return i32x4.add(sum, i32x4.dot_i16x8_s(x, y));
  const low = i32x4.extmul_low_i16x8_u(x, y), high = i32x4.extmul_high_i16x8_u(x, y);
  return i64x2.add(
    sum,
    i64x2.add(
      i64x2.add(i64x2.extend_low_i32x4_u(low), i64x2.extend_high_i32x4_u(low)),
      i64x2.add(i64x2.extend_low_i32x4_u(high), i64x2.extend_high_i32x4_u(high)),
    ),
  );
}

// @ts-ignore: decorator
@inline
export function total<Sum>(lanes: v128): f64 {
  if (isFloat<Sum>()) return sumFloats(lanes);
  if (sizeof<Sum>() == 4) {
    return f64(
      (i64(i32x4.extract_lane(lanes, 0)) + i64(i32x4.extract_lane(lanes, 1))) +
        (i64(i32x4.extract_lane(lanes, 2)) + i64(i32x4.extract_lane(lanes, 3))),
    );
  }
  return f64(i64x2.extract_lane(lanes, 0) + i64x2.extract_lane(lanes, 1));
}

// @ts-ignore: decorator
@inline
export function product<T>(x: usize, y: usize): f64 {
  return f64(load<T>(x)) * f64(load<T>(y));
}

function rows<T, Sum>(
  upper: usize, lower: usize, columns: i32, from: i32, to: i32, pixels: i32, chunk: i32, dots: usize, norms: usize,
): void {
  addRows<T, Sum>(upper, lower, columns, from, to, pixels, <usize>pixels * sizeof<T>(), chunk, false, dots, norms);
}

/** The products of the first `pixels` samples of patterns that lie `stride` bytes apart; added to what is there if `more`. */
export function addRows<T, Sum>(
  upper: usize, lower: usize, columns: i32, from: i32, to: i32, pixels: i32, stride: usize, chunk: i32, more: bool,
  dots: usize, norms: usize,
): void {
  const step = stepOf<T>();
  const whole = pixels - pixels % step;
  const last = columns - 1;
  for (let column = from; column < to; column += 2) {
    const a = upper + <usize>column * stride;
    const b = upper + <usize>min(column + 1, last) * stride;
    const c = upper + <usize>min(column + 2, last) * stride;
    const p = lower + <usize>max(column - 1, 0) * stride;
    const q = lower + <usize>column * stride;
    const r = lower + <usize>min(column + 1, last) * stride;
    const s = lower + <usize>min(column + 2, last) * stride;
    const out = dots + (<usize>column << 5), squares = norms + (<usize>column << 3), both = column + 1 < to;
    let aa = 0.0, ab = 0.0, ap = 0.0, aq = 0.0, ar = 0.0;
    let bb = 0.0, bc = 0.0, bq = 0.0, br = 0.0, bs = 0.0;
    if (more) {
      aa = load<f64>(squares);
      ab = load<f64>(out);
      ap = load<f64>(out, 8);
      aq = load<f64>(out, 16);
      ar = load<f64>(out, 24);
      if (both) {
        bb = load<f64>(squares, 8);
        bc = load<f64>(out, 32);
        bq = load<f64>(out, 40);
        br = load<f64>(out, 48);
        bs = load<f64>(out, 56);
      }
    }
    let start = 0;
    while (start < whole) {
      const end = min(start + chunk, whole);
      let vaa = i32x4.splat(0), vab = vaa, vap = vaa, vaq = vaa, var_ = vaa;
      let vbb = vaa, vbc = vaa, vbq = vaa, vbr = vaa, vbs = vaa;
      let offset = <usize>start * sizeof<T>();
      const stop = <usize>end * sizeof<T>();
      while (offset < stop) {
        const va = loadStep<T>(a + offset), vb = loadStep<T>(b + offset);
        const vq = loadStep<T>(q + offset), vr = loadStep<T>(r + offset);
        vaa = multiplyAdd<Sum>(vaa, va, va);
        vab = multiplyAdd<Sum>(vab, va, vb);
        vbb = multiplyAdd<Sum>(vbb, vb, vb);
        vaq = multiplyAdd<Sum>(vaq, va, vq);
        vbq = multiplyAdd<Sum>(vbq, vb, vq);
        var_ = multiplyAdd<Sum>(var_, va, vr);
        vbr = multiplyAdd<Sum>(vbr, vb, vr);
        vbc = multiplyAdd<Sum>(vbc, vb, loadStep<T>(c + offset));
        vap = multiplyAdd<Sum>(vap, va, loadStep<T>(p + offset));
        vbs = multiplyAdd<Sum>(vbs, vb, loadStep<T>(s + offset));
        offset += <usize>step * sizeof<T>();
      }
      aa += total<Sum>(vaa);
      ab += total<Sum>(vab);
      ap += total<Sum>(vap);
      aq += total<Sum>(vaq);
      ar += total<Sum>(var_);
      bb += total<Sum>(vbb);
      bc += total<Sum>(vbc);
      bq += total<Sum>(vbq);
      br += total<Sum>(vbr);
      bs += total<Sum>(vbs);
      start = end;
    }
    for (let i = whole; i < pixels; i++) {
      const o = <usize>i * sizeof<T>();
      aa += product<T>(a + o, a + o);
      ab += product<T>(a + o, b + o);
      ap += product<T>(a + o, p + o);
      aq += product<T>(a + o, q + o);
      ar += product<T>(a + o, r + o);
      bb += product<T>(b + o, b + o);
      bc += product<T>(b + o, c + o);
      bq += product<T>(b + o, q + o);
      br += product<T>(b + o, r + o);
      bs += product<T>(b + o, s + o);
    }
    store<f64>(squares, aa);
    store<f64>(out, ab);
    store<f64>(out, ap, 8);
    store<f64>(out, aq, 16);
    store<f64>(out, ar, 24);
    if (both) {
      store<f64>(squares, bb, 8);
      store<f64>(out, bc, 32);
      store<f64>(out, bq, 40);
      store<f64>(out, br, 48);
      store<f64>(out, bs, 56);
    }
  }
}

/** Columns from..to-1 of a pair of scan rows, 8-bit counts. */
export function similarityU8(
  upper: usize, lower: usize, columns: i32, from: i32, to: i32, pixels: i32, chunk: i32, dots: usize, norms: usize,
): void {
  rows<u8, i32>(upper, lower, columns, from, to, pixels, chunk, dots, norms);
}

/** Columns from..to-1 of a pair of scan rows, 16-bit counts up to 32767. */
export function similarityU16(
  upper: usize, lower: usize, columns: i32, from: i32, to: i32, pixels: i32, chunk: i32, dots: usize, norms: usize,
): void {
  rows<u16, i32>(upper, lower, columns, from, to, pixels, chunk, dots, norms);
}

/** Columns from..to-1 of a pair of scan rows, any 16-bit counts. */
export function similarityWideU16(
  upper: usize, lower: usize, columns: i32, from: i32, to: i32, pixels: i32, chunk: i32, dots: usize, norms: usize,
): void {
  rows<u16, i64>(upper, lower, columns, from, to, pixels, chunk, dots, norms);
}

/** Columns from..to-1 of a pair of scan rows, float32. */
export function similarityF32(
  upper: usize, lower: usize, columns: i32, from: i32, to: i32, pixels: i32, chunk: i32, dots: usize, norms: usize,
): void {
  rows<f32, f32>(upper, lower, columns, from, to, pixels, chunk, dots, norms);
}

/**
 * Columns from..to-1 of a pair of scan rows, 16-bit counts whose largest are known, int32 a pattern: sums are as wide as
 * these need.
 */
export function similarityKnownU16(
  upper: usize, lower: usize, columns: i32, from: i32, to: i32, pixels: i32, upperLargest: usize, lowerLargest: usize,
  dots: usize, norms: usize,
): void {
  let largest: u64 = 1;
  const end = min(to, columns - 1);
  for (let column = max(from - 1, 0); column <= end; column++) {
    const o = <usize>column << 2;
    largest = max(largest, max(<u64>load<u32>(upperLargest + o), <u64>load<u32>(lowerLargest + o)));
  }
  if (largest > 32767) rows<u16, i64>(upper, lower, columns, from, to, pixels, 2048, dots, norms);
  else {
    const steps = <i32>min<u64>(256, max<u64>(1, 0x7fffffff / (2 * largest * largest)));
    rows<u16, i32>(upper, lower, columns, from, to, pixels, 8 * steps, dots, norms);
  }
}
