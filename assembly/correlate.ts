// Correlations of patterns with those around them (paper, "Correlative prefiltering"; spec stage 2).

import { sumFloats } from "./lanes";

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
