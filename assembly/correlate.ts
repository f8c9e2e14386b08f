// Correlations of patterns with those around them (paper, "Correlative prefiltering"; spec stage 2).

import { sumFloats } from "./lanes";

/**
 * Norm that stands for 1 in the patterns of `correlate16`. Rounding may add half the square root of the number of samples,
 * and the square of 46340 still fits a 32-bit lane: enough for 460,000 samples.
 */
const NORM_16: f64 = 46000;

// @ts-ignore: decorator
@inline
function multiplyAdd<T>(sum: v128, x: v128, y: v128): v128 {
  return isFloat<T>() ? f32x4.add(sum, f32x4.mul(x, y)) : i32x4.add(sum, i32x4.dot_i16x8_s(x, y));
}

// @ts-ignore: decorator
@inline
function total<T>(lanes: v128): f64 {
  if (isFloat<T>()) return sumFloats(lanes);
  // No subset of the products can exceed the product of the norms, so neither the lanes nor their sum overflow.
  lanes = i32x4.add(lanes, v128.shuffle<i64>(lanes, lanes, 1, 0));
  return f64(i32x4.extract_lane(lanes, 0) + i32x4.extract_lane(lanes, 1));
}

// @ts-ignore: decorator
@inline
function product<T>(x: usize, y: usize): f64 {
  return f64(load<T>(x)) * f64(load<T>(y));
}

// @ts-ignore: decorator
@inline
function put(
  out: usize, outStride: i32, column: i32, partner: i32, value: f64, columns: i32, firstOffset: i32, lastOffset: i32,
): void {
  const offset = partner - column;
  if (partner < 0 || partner >= columns || offset < firstOffset || offset > lastOffset) return;
  store<f32>(out + (<usize>(column * outStride + offset - firstOffset) << 2), f32(value));
}

// Inner products of patterns from..to-1 of `row` with the patterns at column offsets firstOffset..lastOffset of `other`:
// out[column * outStride + offset - firstOffset], float32, times `scale`. Offsets outside the scan are not written. Two
// probes share five partners, so ten sums live in registers.
function correlateRow<T>(
  row: usize, other: usize, columns: i32, from: i32, to: i32, pixels: i32, firstOffset: i32, lastOffset: i32,
  out: usize, outStride: i32, scale: f64,
): void {
  const stride = <usize>pixels * sizeof<T>();
  const last = columns - 1;
  const whole = isFloat<T>() ? pixels & ~3 : pixels & ~7;
  // Sums of floats go to float64 now and then, those of integers never need to.
  const chunk = isFloat<T>() ? 256 : whole;
  for (let column = from; column < to; column += 2) {
    const a = row + <usize>column * stride;
    const b = row + <usize>min(column + 1, last) * stride;
    const two = column + 1 < to;
    const end = column + 1 + lastOffset;
    for (let first = column + firstOffset; first <= end; first += 5) {
      const p = other + <usize>max(0, min(first, last)) * stride;
      const q = other + <usize>max(0, min(first + 1, last)) * stride;
      const r = other + <usize>max(0, min(first + 2, last)) * stride;
      const s = other + <usize>max(0, min(first + 3, last)) * stride;
      const t = other + <usize>max(0, min(first + 4, last)) * stride;
      let ap = 0.0, aq = 0.0, ar = 0.0, as_ = 0.0, at = 0.0;
      let bp = 0.0, bq = 0.0, br = 0.0, bs = 0.0, bt = 0.0;
      for (let start = 0; start < whole; start += chunk) {
        let vap = i32x4.splat(0), vaq = vap, var_ = vap, vas = vap, vat = vap;
        let vbp = vap, vbq = vap, vbr = vap, vbs = vap, vbt = vap;
        const stop = <usize>min(start + chunk, whole) * sizeof<T>();
        for (let o = <usize>start * sizeof<T>(); o < stop; o += 16) {
          const va = v128.load(a + o), vb = v128.load(b + o);
          let v = v128.load(p + o);
          vap = multiplyAdd<T>(vap, va, v);
          vbp = multiplyAdd<T>(vbp, vb, v);
          v = v128.load(q + o);
          vaq = multiplyAdd<T>(vaq, va, v);
          vbq = multiplyAdd<T>(vbq, vb, v);
          v = v128.load(r + o);
          var_ = multiplyAdd<T>(var_, va, v);
          vbr = multiplyAdd<T>(vbr, vb, v);
          v = v128.load(s + o);
          vas = multiplyAdd<T>(vas, va, v);
          vbs = multiplyAdd<T>(vbs, vb, v);
          v = v128.load(t + o);
          vat = multiplyAdd<T>(vat, va, v);
          vbt = multiplyAdd<T>(vbt, vb, v);
        }
        ap += total<T>(vap);
        aq += total<T>(vaq);
        ar += total<T>(var_);
        as_ += total<T>(vas);
        at += total<T>(vat);
        bp += total<T>(vbp);
        bq += total<T>(vbq);
        br += total<T>(vbr);
        bs += total<T>(vbs);
        bt += total<T>(vbt);
      }
      for (let i = whole; i < pixels; i++) {
        const o = <usize>i * sizeof<T>();
        ap += product<T>(a + o, p + o);
        aq += product<T>(a + o, q + o);
        ar += product<T>(a + o, r + o);
        as_ += product<T>(a + o, s + o);
        at += product<T>(a + o, t + o);
        bp += product<T>(b + o, p + o);
        bq += product<T>(b + o, q + o);
        br += product<T>(b + o, r + o);
        bs += product<T>(b + o, s + o);
        bt += product<T>(b + o, t + o);
      }
      put(out, outStride, column, first, ap * scale, columns, firstOffset, lastOffset);
      put(out, outStride, column, first + 1, aq * scale, columns, firstOffset, lastOffset);
      put(out, outStride, column, first + 2, ar * scale, columns, firstOffset, lastOffset);
      put(out, outStride, column, first + 3, as_ * scale, columns, firstOffset, lastOffset);
      put(out, outStride, column, first + 4, at * scale, columns, firstOffset, lastOffset);
      if (two) {
        put(out, outStride, column + 1, first, bp * scale, columns, firstOffset, lastOffset);
        put(out, outStride, column + 1, first + 1, bq * scale, columns, firstOffset, lastOffset);
        put(out, outStride, column + 1, first + 2, br * scale, columns, firstOffset, lastOffset);
        put(out, outStride, column + 1, first + 3, bs * scale, columns, firstOffset, lastOffset);
        put(out, outStride, column + 1, first + 4, bt * scale, columns, firstOffset, lastOffset);
      }
    }
  }
}

/** Correlations of float32 patterns; see above. */
export function correlate(
  row: usize, other: usize, columns: i32, from: i32, to: i32, pixels: i32, firstOffset: i32, lastOffset: i32,
  out: usize, outStride: i32,
): void {
  correlateRow<f32>(row, other, columns, from, to, pixels, firstOffset, lastOffset, out, outStride, 1);
}

/** Correlations of int16 patterns whose norm is 46340 at most, as parts of 46000^2. */
export function correlate16(
  row: usize, other: usize, columns: i32, from: i32, to: i32, pixels: i32, firstOffset: i32, lastOffset: i32,
  out: usize, outStride: i32,
): void {
  const scale = 1 / (NORM_16 * NORM_16);
  correlateRow<i16>(row, other, columns, from, to, pixels, firstOffset, lastOffset, out, outStride, scale);
}
