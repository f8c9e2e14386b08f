// Two of the symmetric sums of strips.ts at once, of the same lines in the same order, to the last bit: what one wants
// below its centre the other wants too, or has wanted a few taps before, so that it is loaded once.
//
//   out = scale * (sum over both sides of a line with the taps), `taps` from distance 0 on

/** sum + weight (a + b). */
// @ts-ignore: decorator
@inline
function addPair(sum: v128, weight: v128, a: v128, b: v128): v128 {
  return f32x4.add(sum, f32x4.mul(weight, f32x4.add(a, b)));
}

/** 8 floats of a line and of the next. */
// @ts-ignore: decorator
@inline
export function neighbouringSums8(
  center: usize, bytes: usize, taps: usize, radius: i32, scaleP: v128, scaleQ: v128, outP: usize, outQ: usize,
): void {
  const w0 = v128.load32_splat(taps), end = taps + (<usize>radius << 2);
  let low = center, high = center + bytes;
  let a0 = v128.load(low), a1 = v128.load(low, 16), b0 = v128.load(high), b1 = v128.load(high, 16);
  let p0 = f32x4.mul(w0, a0), p1 = f32x4.mul(w0, a1), q0 = f32x4.mul(w0, b0), q1 = f32x4.mul(w0, b1);
  while (taps < end) {
    taps += 4;
    low -= bytes;
    high += bytes;
    const w = v128.load32_splat(taps);
    const c0 = v128.load(low), d0 = v128.load(high);
    p0 = addPair(p0, w, c0, b0);
    q0 = addPair(q0, w, a0, d0);
    const c1 = v128.load(low, 16), d1 = v128.load(high, 16);
    p1 = addPair(p1, w, c1, b1);
    q1 = addPair(q1, w, a1, d1);
    a0 = c0;
    a1 = c1;
    b0 = d0;
    b1 = d1;
  }
  v128.store(outP, f32x4.mul(p0, scaleP));
  v128.store(outP, f32x4.mul(p1, scaleP), 16);
  v128.store(outQ, f32x4.mul(q0, scaleQ));
  v128.store(outQ, f32x4.mul(q1, scaleQ), 16);
}

/** 8 floats of a line and of the third after it. */
// @ts-ignore: decorator
@inline
export function thirdSums8(
  center: usize, bytes: usize, taps: usize, radius: i32, scaleP: v128, scaleQ: v128, outP: usize, outQ: usize,
): void {
  const w0 = v128.load32_splat(taps);
  let low = center, high = center + 3 * bytes;
  // What the sums want of the lines in between: `a` from the second on upwards, `b` from the first on downwards.
  let a0 = v128.load(center + 2 * bytes), a1 = v128.load(center + bytes), a2 = v128.load(center);
  let b0 = a1, b1 = a0, b2 = v128.load(high);
  let A0 = v128.load(center + 2 * bytes, 16), A1 = v128.load(center + bytes, 16), A2 = v128.load(center, 16);
  let B0 = A1, B1 = A0, B2 = v128.load(high, 16);
  let p = f32x4.mul(w0, a2), q = f32x4.mul(w0, b2), P = f32x4.mul(w0, A2), Q = f32x4.mul(w0, B2);
  let left = radius;
  for (; left >= 3; left -= 3, taps += 12) {
    let w = v128.load32_splat(taps, 4);
    low -= bytes;
    high += bytes;
    let c = v128.load(low), d = v128.load(high);
    p = addPair(p, w, c, b0);
    q = addPair(q, w, a0, d);
    a0 = c;
    b0 = d;
    c = v128.load(low, 16);
    d = v128.load(high, 16);
    P = addPair(P, w, c, B0);
    Q = addPair(Q, w, A0, d);
    A0 = c;
    B0 = d;
    w = v128.load32_splat(taps, 8);
    low -= bytes;
    high += bytes;
    c = v128.load(low);
    d = v128.load(high);
    p = addPair(p, w, c, b1);
    q = addPair(q, w, a1, d);
    a1 = c;
    b1 = d;
    c = v128.load(low, 16);
    d = v128.load(high, 16);
    P = addPair(P, w, c, B1);
    Q = addPair(Q, w, A1, d);
    A1 = c;
    B1 = d;
    w = v128.load32_splat(taps, 12);
    low -= bytes;
    high += bytes;
    c = v128.load(low);
    d = v128.load(high);
    p = addPair(p, w, c, b2);
    q = addPair(q, w, a2, d);
    a2 = c;
    b2 = d;
    c = v128.load(low, 16);
    d = v128.load(high, 16);
    P = addPair(P, w, c, B2);
    Q = addPair(Q, w, A2, d);
    A2 = c;
    B2 = d;
  }
  if (left > 0) {
    const w = v128.load32_splat(taps, 4);
    low -= bytes;
    high += bytes;
    p = addPair(p, w, v128.load(low), b0);
    q = addPair(q, w, a0, v128.load(high));
    P = addPair(P, w, v128.load(low, 16), B0);
    Q = addPair(Q, w, A0, v128.load(high, 16));
  }
  if (left > 1) {
    const w = v128.load32_splat(taps, 8);
    low -= bytes;
    high += bytes;
    p = addPair(p, w, v128.load(low), b1);
    q = addPair(q, w, a1, v128.load(high));
    P = addPair(P, w, v128.load(low, 16), B1);
    Q = addPair(Q, w, A1, v128.load(high, 16));
  }
  v128.store(outP, f32x4.mul(p, scaleP));
  v128.store(outP, f32x4.mul(P, scaleP), 16);
  v128.store(outQ, f32x4.mul(q, scaleQ));
  v128.store(outQ, f32x4.mul(Q, scaleQ), 16);
}
