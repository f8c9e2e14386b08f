// Correlations of patterns with those around them (paper, "Correlative prefiltering"; spec stage 2).

import { sumFloats } from "./lanes";

/** Pixels whose products are summed in float32, before they join a sum in float64. */
const CHUNK = 256;

/**
 * Inner products of float32 patterns from..to-1 of `row` with the patterns at column offsets firstOffset..lastOffset
 * of `other`: out[column * outStride + offset - firstOffset], float32. Offsets outside the scan are not written.
 * Two probes share their partners, which come in groups of up to five, so that ten sums live in registers. Groups are
 * of one size, as near as can be to what both probes want together.
 */
export function correlate(
  row: usize, other: usize, columns: i32, from: i32, to: i32, pixels: i32, firstOffset: i32, lastOffset: i32,
  out: usize, outStride: i32,
): void {
  correlateRows(row, other, columns, from, to, pixels, firstOffset, lastOffset, out, outStride, 0, 0);
}

/**
 * The same, but what is written is the weight of the prefilter: (R - low) / (high - low), at most 1, and 0 unless it
 * exceeds 0.001.
 */
export function correlationWeights(
  row: usize, other: usize, columns: i32, from: i32, to: i32, pixels: i32, firstOffset: i32, lastOffset: i32,
  out: usize, outStride: i32, low: f64, high: f64,
): void {
  correlateRows(row, other, columns, from, to, pixels, firstOffset, lastOffset, out, outStride, low, high);
}

/** Inner products where low and high are the same, else weights. */
function correlateRows(
  row: usize, other: usize, columns: i32, from: i32, to: i32, pixels: i32, firstOffset: i32, lastOffset: i32,
  out: usize, outStride: i32, low: f64, high: f64,
): void {
  const partners = lastOffset - firstOffset + 2;
  const groups = (partners + 4) / 5;
  const size = (partners + groups - 1) / groups;
  for (let column = from; column < to; column += 2) {
    const end = column + 1 + lastOffset;
    const ends = min(column + 2, to);
    for (let first = column + firstOffset; first <= end; first += max(size, 3)) {
      if (size == 5) {
        correlateFive(row, other, columns, column, ends, pixels, first, firstOffset, lastOffset, out, outStride, low, high);
      } else if (size == 4) {
        correlateFour(row, other, columns, column, ends, pixels, first, firstOffset, lastOffset, out, outStride, low, high);
      } else correlateThree(row, other, columns, column, ends, pixels, first, firstOffset, lastOffset, out, outStride, low, high);
    }
  }
}

function correlateFive(
  row: usize, other: usize, columns: i32, column: i32, to: i32, pixels: i32, first: i32, firstOffset: i32,
  lastOffset: i32, out: usize, outStride: i32, low: f64, high: f64,
): void {
  correlateGroup(row, other, columns, column, to, pixels, first, 5, firstOffset, lastOffset, out, outStride, low, high);
}

function correlateFour(
  row: usize, other: usize, columns: i32, column: i32, to: i32, pixels: i32, first: i32, firstOffset: i32,
  lastOffset: i32, out: usize, outStride: i32, low: f64, high: f64,
): void {
  correlateGroup(row, other, columns, column, to, pixels, first, 4, firstOffset, lastOffset, out, outStride, low, high);
}

function correlateThree(
  row: usize, other: usize, columns: i32, column: i32, to: i32, pixels: i32, first: i32, firstOffset: i32,
  lastOffset: i32, out: usize, outStride: i32, low: f64, high: f64,
): void {
  correlateGroup(row, other, columns, column, to, pixels, first, 3, firstOffset, lastOffset, out, outStride, low, high);
}

/** Probes `column` and the next, if it is less than `to`, with `size` partners from `first`; `size` is a constant. */
// @ts-ignore: decorator
@inline
function correlateGroup(
  row: usize, other: usize, columns: i32, column: i32, to: i32, pixels: i32, first: i32, size: i32, firstOffset: i32,
  lastOffset: i32, out: usize, outStride: i32, low: f64, high: f64,
): void {
  const stride = <usize>pixels << 2;
  const last = columns - 1;
  const a = row + <usize>column * stride, b = row + <usize>min(column + 1, last) * stride;
  const p = other + <usize>max(0, min(first, last)) * stride;
  const q = other + <usize>max(0, min(first + 1, last)) * stride;
  const r = other + <usize>max(0, min(first + 2, last)) * stride;
  const s = other + <usize>max(0, min(first + 3, last)) * stride;
  const t = other + <usize>max(0, min(first + 4, last)) * stride;
  let ap = 0.0, aq = 0.0, ar = 0.0, as_ = 0.0, at = 0.0;
  let bp = 0.0, bq = 0.0, br = 0.0, bs = 0.0, bt = 0.0;
  const whole = pixels & ~3;
  for (let start = 0; start < whole; start += CHUNK) {
    let vap = f32x4.splat(0), vaq = vap, var_ = vap, vas = vap, vat = vap;
    let vbp = vap, vbq = vap, vbr = vap, vbs = vap, vbt = vap;
    const stop = <usize>min(start + CHUNK, whole) << 2;
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
      if (size > 3) {
        v = v128.load(s + o);
        vas = f32x4.add(vas, f32x4.mul(va, v));
        vbs = f32x4.add(vbs, f32x4.mul(vb, v));
      }
      if (size > 4) {
        v = v128.load(t + o);
        vat = f32x4.add(vat, f32x4.mul(va, v));
        vbt = f32x4.add(vbt, f32x4.mul(vb, v));
      }
    }
    ap += sumFloats(vap);
    aq += sumFloats(vaq);
    ar += sumFloats(var_);
    bp += sumFloats(vbp);
    bq += sumFloats(vbq);
    br += sumFloats(vbr);
    if (size > 3) {
      as_ += sumFloats(vas);
      bs += sumFloats(vbs);
    }
    if (size > 4) {
      at += sumFloats(vat);
      bt += sumFloats(vbt);
    }
  }
  put(out, outStride, column, first, addRest(ap, a, p, pixels), columns, firstOffset, lastOffset, low, high);
  put(out, outStride, column, first + 1, addRest(aq, a, q, pixels), columns, firstOffset, lastOffset, low, high);
  put(out, outStride, column, first + 2, addRest(ar, a, r, pixels), columns, firstOffset, lastOffset, low, high);
  if (size > 3) put(out, outStride, column, first + 3, addRest(as_, a, s, pixels), columns, firstOffset, lastOffset, low, high);
  if (size > 4) put(out, outStride, column, first + 4, addRest(at, a, t, pixels), columns, firstOffset, lastOffset, low, high);
  column++;
  if (column >= to) return;
  put(out, outStride, column, first, addRest(bp, b, p, pixels), columns, firstOffset, lastOffset, low, high);
  put(out, outStride, column, first + 1, addRest(bq, b, q, pixels), columns, firstOffset, lastOffset, low, high);
  put(out, outStride, column, first + 2, addRest(br, b, r, pixels), columns, firstOffset, lastOffset, low, high);
  if (size > 3) put(out, outStride, column, first + 3, addRest(bs, b, s, pixels), columns, firstOffset, lastOffset, low, high);
  if (size > 4) put(out, outStride, column, first + 4, addRest(bt, b, t, pixels), columns, firstOffset, lastOffset, low, high);
}

/** sum + the products of the pixels that fill no vector. */
function addRest(sum: f64, x: usize, y: usize, pixels: i32): f64 {
  for (let i = pixels & ~3; i < pixels; i++) {
    const o = <usize>i << 2;
    sum += f64(load<f32>(x + o)) * f64(load<f32>(y + o));
  }
  return sum;
}

function put(
  out: usize, outStride: i32, column: i32, partner: i32, value: f64, columns: i32, firstOffset: i32, lastOffset: i32,
  low: f64, high: f64,
): void {
  const offset = partner - column;
  if (partner < 0 || partner >= columns || offset < firstOffset || offset > lastOffset) return;
  let result = f32(value);
  if (low != high) {
    const weight = min((f64(result) - low) / (high - low), 1.0);
    result = weight > 1e-3 ? f32(weight) : 0;
  }
  store<f32>(out + (<usize>(column * outStride + offset - firstOffset) << 2), result);
}
