// Correlative prefilter (paper, "Correlative prefiltering"; spec stage 2).

import { blur } from "./blur";
import { sumOfSquares, toFloats } from "./features";
import { loadFloats, promoteHigh, sumDoubles, sumFloats } from "./lanes";

/** <x, y> of two float32 patterns, products and sums in float64. */
function innerProduct(x: usize, y: usize, pixels: i32): f64 {
  let low = f64x2.splat(0), high = low;
  const whole = pixels & ~3;
  for (let i = 0; i < whole; i += 4) {
    const a = v128.load(x + (<usize>i << 2)), b = v128.load(y + (<usize>i << 2));
    low = f64x2.add(low, f64x2.mul(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(b)));
    high = f64x2.add(high, f64x2.mul(promoteHigh(a), promoteHigh(b)));
  }
  let sum = sumDoubles(f64x2.add(low, high));
  for (let i = whole; i < pixels; i++) {
    sum += f64(load<f32>(x + (<usize>i << 2))) * f64(load<f32>(y + (<usize>i << 2)));
  }
  return sum;
}

/** pattern = (pattern - mean) w, the difference in float64; returns the sum of (pattern w)^2 before. */
function weigh(pattern: usize, weights: usize, pixels: i32, mean: f64): f64 {
  const mean2 = f64x2.splat(mean);
  let sumLow = f64x2.splat(0), sumHigh = sumLow;
  const whole = pixels & ~3;
  for (let i = 0; i < whole; i += 4) {
    const o = <usize>i << 2;
    const x = v128.load(pattern + o), w = v128.load(weights + o);
    const weighted = f32x4.mul(x, w);
    const low = f64x2.promote_low_f32x4(weighted), high = promoteHigh(weighted);
    sumLow = f64x2.add(sumLow, f64x2.mul(low, low));
    sumHigh = f64x2.add(sumHigh, f64x2.mul(high, high));
    const a = f64x2.mul(f64x2.sub(f64x2.promote_low_f32x4(x), mean2), f64x2.promote_low_f32x4(w));
    const b = f64x2.mul(f64x2.sub(promoteHigh(x), mean2), promoteHigh(w));
    v128.store(
      pattern + o,
      v128.shuffle<i32>(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 1, 4, 5),
    );
  }
  let sum = sumDoubles(f64x2.add(sumLow, sumHigh));
  for (let i = whole; i < pixels; i++) {
    const o = <usize>i << 2;
    const x = f64(load<f32>(pattern + o)), w = f64(load<f32>(weights + o));
    sum += x * w * x * w;
    store<f32>(pattern + o, f32((x - mean) * w));
  }
  return sum;
}

/** pattern = pattern * factor. */
function scale(pattern: usize, pixels: i32, factor: f32): void {
  const factors = f32x4.splat(factor);
  const whole = pixels & ~3;
  for (let i = 0; i < whole; i += 4) {
    const at = pattern + (<usize>i << 2);
    v128.store(at, f32x4.mul(v128.load(at), factors));
  }
  for (let i = whole; i < pixels; i++) {
    const at = pattern + (<usize>i << 2);
    store<f32>(at, load<f32>(at) * factor);
  }
}

// I~ = (I - <I, w> / sum(w)) w, divided by its L2 norm; all zero where the norm is zero or vanishes beside that of I w.
function weighted<T>(
  source: usize, destination: usize, from: i32, to: i32, height: i32, width: i32, taps: usize, radius: i32,
  weights: usize, weightSum: f64, scratch: usize,
): void {
  const pixels = height * width;
  const stride = <usize>pixels << 2;
  for (let i = from; i < to; i++) {
    const out = destination + <usize>i * stride;
    toFloats<T>(source + <usize>i * <usize>pixels * sizeof<T>(), out, pixels);
    if (radius > 0) blur(out, out, height, width, taps, radius, scratch);
    const mean = weightSum > 0 ? innerProduct(out, weights, pixels) / weightSum : 0;
    const reference = weigh(out, weights, pixels, mean);
    const squares = sumOfSquares<f32>(out, pixels);
    scale(out, pixels, squares > 1e-10 * reference ? f32(1 / sqrt(squares)) : 0);
  }
}

/** Weighted, normalised patterns from..to-1 of a row of 8-bit counts; weights: float32 pattern. */
export function weightedU8(
  source: usize, destination: usize, from: i32, to: i32, height: i32, width: i32, taps: usize, radius: i32,
  weights: usize, weightSum: f64, scratch: usize,
): void {
  weighted<u8>(source, destination, from, to, height, width, taps, radius, weights, weightSum, scratch);
}

/** Weighted, normalised patterns from..to-1 of a row of 16-bit counts. */
export function weightedU16(
  source: usize, destination: usize, from: i32, to: i32, height: i32, width: i32, taps: usize, radius: i32,
  weights: usize, weightSum: f64, scratch: usize,
): void {
  weighted<u16>(source, destination, from, to, height, width, taps, radius, weights, weightSum, scratch);
}

/** Weighted, normalised patterns from..to-1 of a row of float32 patterns. */
export function weightedF32(
  source: usize, destination: usize, from: i32, to: i32, height: i32, width: i32, taps: usize, radius: i32,
  weights: usize, weightSum: f64, scratch: usize,
): void {
  weighted<f32>(source, destination, from, to, height, width, taps, radius, weights, weightSum, scratch);
}

/**
 * Inner products of float32 patterns from..to-1 of `row` with the patterns at column offsets firstOffset..lastOffset
 * of `other`: out[column * outStride + offset - firstOffset], float32. Offsets outside the scan are not written.
 * Two probes share five partners, so ten sums live in registers.
 */
export function correlate(
  row: usize, other: usize, columns: i32, from: i32, to: i32, pixels: i32, firstOffset: i32, lastOffset: i32,
  out: usize, outStride: i32,
): void {
  const stride = <usize>pixels << 2;
  const last = columns - 1;
  const whole = pixels & ~3;
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
      for (let start = 0; start < whole; start += 256) {
        let vap = f32x4.splat(0), vaq = vap, var_ = vap, vas = vap, vat = vap;
        let vbp = vap, vbq = vap, vbr = vap, vbs = vap, vbt = vap;
        const stop = <usize>min(start + 256, whole) << 2;
        for (let o = <usize>start << 2; o < stop; o += 16) {
          const va = v128.load(a + o), vb = v128.load(b + o);
          let v = v128.load(p + o);
          vap = f32x4.add(vap, f32x4.mul(va, v));
          vbp = f32x4.add(vbp, f32x4.mul(vb, v));
          v = v128.load(q + o);
          vaq = f32x4.add(vaq, f32x4.mul(va, v));
          vbq = f32x4.add(vbq, f32x4.mul(vb, v));
          v = v128.load(r + o);
          var_ = f32x4.add(var_, f32x4.mul(va, v));
          vbr = f32x4.add(vbr, f32x4.mul(vb, v));
          v = v128.load(s + o);
          vas = f32x4.add(vas, f32x4.mul(va, v));
          vbs = f32x4.add(vbs, f32x4.mul(vb, v));
          v = v128.load(t + o);
          vat = f32x4.add(vat, f32x4.mul(va, v));
          vbt = f32x4.add(vbt, f32x4.mul(vb, v));
        }
        ap += sumFloats(vap);
        aq += sumFloats(vaq);
        ar += sumFloats(var_);
        as_ += sumFloats(vas);
        at += sumFloats(vat);
        bp += sumFloats(vbp);
        bq += sumFloats(vbq);
        br += sumFloats(vbr);
        bs += sumFloats(vbs);
        bt += sumFloats(vbt);
      }
      for (let i = whole; i < pixels; i++) {
        const o = <usize>i << 2;
        const x = f64(load<f32>(a + o)), y = f64(load<f32>(b + o));
        ap += x * f64(load<f32>(p + o));
        aq += x * f64(load<f32>(q + o));
        ar += x * f64(load<f32>(r + o));
        as_ += x * f64(load<f32>(s + o));
        at += x * f64(load<f32>(t + o));
        bp += y * f64(load<f32>(p + o));
        bq += y * f64(load<f32>(q + o));
        br += y * f64(load<f32>(r + o));
        bs += y * f64(load<f32>(s + o));
        bt += y * f64(load<f32>(t + o));
      }
      put(out, outStride, column, first, ap, columns, firstOffset, lastOffset);
      put(out, outStride, column, first + 1, aq, columns, firstOffset, lastOffset);
      put(out, outStride, column, first + 2, ar, columns, firstOffset, lastOffset);
      put(out, outStride, column, first + 3, as_, columns, firstOffset, lastOffset);
      put(out, outStride, column, first + 4, at, columns, firstOffset, lastOffset);
      if (two) {
        put(out, outStride, column + 1, first, bp, columns, firstOffset, lastOffset);
        put(out, outStride, column + 1, first + 1, bq, columns, firstOffset, lastOffset);
        put(out, outStride, column + 1, first + 2, br, columns, firstOffset, lastOffset);
        put(out, outStride, column + 1, first + 3, bs, columns, firstOffset, lastOffset);
        put(out, outStride, column + 1, first + 4, bt, columns, firstOffset, lastOffset);
      }
    }
  }
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

// One filtered pattern: the sum of weight * pattern over its terms, in the order given. A term is 8 bytes: u32 address
// of a pattern, f32 weight.
function weightedSum<T>(terms: usize, count: i32, pixels: i32, destination: usize): void {
  const end = terms + (<usize>count << 3);
  let i = 0;
  for (; i + 16 <= pixels; i += 16) {
    const o = <usize>i * sizeof<T>();
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (let term = terms; term < end; term += 8) {
      const pattern = <usize>load<u32>(term) + o;
      const w = v128.load32_splat(term, 4);
      s0 = f32x4.add(s0, f32x4.mul(w, loadFloats<T>(pattern)));
      s1 = f32x4.add(s1, f32x4.mul(w, loadFloats<T>(pattern + 4 * sizeof<T>())));
      s2 = f32x4.add(s2, f32x4.mul(w, loadFloats<T>(pattern + 8 * sizeof<T>())));
      s3 = f32x4.add(s3, f32x4.mul(w, loadFloats<T>(pattern + 12 * sizeof<T>())));
    }
    const out = destination + (<usize>i << 2);
    v128.store(out, s0);
    v128.store(out, s1, 16);
    v128.store(out, s2, 32);
    v128.store(out, s3, 48);
  }
  for (; i < pixels; i++) {
    let sum: f32 = 0;
    for (let term = terms; term < end; term += 8) {
      const pattern = <usize>load<u32>(term);
      sum += load<f32>(term, 4) * f32(load<T>(pattern + <usize>i * sizeof<T>()));
    }
    store<f32>(destination + (<usize>i << 2), sum);
  }
}

function filterRow<T>(terms: usize, starts: usize, from: i32, to: i32, pixels: i32, destination: usize): void {
  for (let i = from; i < to; i++) {
    const first = load<i32>(starts + (<usize>i << 2)), end = load<i32>(starts + (<usize>i << 2), 4);
    weightedSum<T>(terms + (<usize>first << 3), end - first, pixels, destination + ((<usize>i * <usize>pixels) << 2));
  }
}

/** Filtered patterns from..to-1 of a row; starts[i]..starts[i + 1] are the terms of pattern i; 8-bit counts. */
export function filterU8(terms: usize, starts: usize, from: i32, to: i32, pixels: i32, destination: usize): void {
  filterRow<u8>(terms, starts, from, to, pixels, destination);
}

/** Filtered patterns from..to-1 of a row; 16-bit counts. */
export function filterU16(terms: usize, starts: usize, from: i32, to: i32, pixels: i32, destination: usize): void {
  filterRow<u16>(terms, starts, from, to, pixels, destination);
}

/** Filtered patterns from..to-1 of a row; float32 patterns. */
export function filterF32(terms: usize, starts: usize, from: i32, to: i32, pixels: i32, destination: usize): void {
  filterRow<f32>(terms, starts, from, to, pixels, destination);
}
