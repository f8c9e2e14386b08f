// Fourier transforms of four columns at a time: lane i of every vector belongs to column i. Stockham's form, which needs no
// reordering, for lengths made of 2, 3, 4 and 5 (D. H. Bailey, J. Supercomputing 4, 23, 1990).
//
// A plan is int32 [16] (number of stages, then their radices), then float32 cosines and sines of -2 pi j k / n for every
// stage of remaining length n, k = 0 .. n / radix - 1, j = 1 .. radix - 1. Buffers hold n vectors.

/** Where the twiddles of a plan begin. */
const TWIDDLES: usize = 64;

// @ts-ignore: decorator
@inline
const HALF_ROOT_3: f32 = 0.8660254037844386;
// @ts-ignore: decorator
@inline
const COS_72: f32 = 0.30901699437494745;
// @ts-ignore: decorator
@inline
const COS_144: f32 = -0.8090169943749475;
// @ts-ignore: decorator
@inline
const SIN_72: f32 = 0.9510565162951535;
// @ts-ignore: decorator
@inline
const SIN_144: f32 = 0.5877852522924731;

/**
 * Transforms n vectors of `re` and `im`, with `otherRe` and `otherIm` as room; exchanged parts give the inverse, n times
 * as large. Tells whether the result lies in the other buffers.
 */
export function transform(re: usize, im: usize, otherRe: usize, otherIm: usize, n: i32, plan: usize): bool {
  let twiddles = plan + TWIDDLES, length = n, side = 1, there = false;
  const stages = load<i32>(plan);
  for (let stage = 1; stage <= stages; stage++) {
    const radix = load<i32>(plan + (<usize>stage << 2));
    const fromRe = there ? otherRe : re, fromIm = there ? otherIm : im;
    const toRe = there ? re : otherRe, toIm = there ? im : otherIm;
    const part = length / radix;
    if (radix == 4) stageOfFour(fromRe, fromIm, toRe, toIm, part, side, twiddles);
    else if (radix == 2) stageOfTwo(fromRe, fromIm, toRe, toIm, part, side, twiddles);
    else if (radix == 3) stageOfThree(fromRe, fromIm, toRe, toIm, part, side, twiddles);
    else stageOfFive(fromRe, fromIm, toRe, toIm, part, side, twiddles);
    twiddles += <usize>(part * (radix - 1)) << 3;
    length = part;
    side *= radix;
    there = !there;
  }
  return there;
}

// Stores (re, im) times the twiddle at `w`.
// @ts-ignore: decorator
@inline
function turned(toRe: usize, toIm: usize, w: usize, re: v128, im: v128): void {
  const c = v128.load32_splat(w), s = v128.load32_splat(w, 4);
  v128.store(toRe, f32x4.sub(f32x4.mul(re, c), f32x4.mul(im, s)));
  v128.store(toIm, f32x4.add(f32x4.mul(re, s), f32x4.mul(im, c)));
}

function stageOfTwo(re: usize, im: usize, toRe: usize, toIm: usize, part: i32, side: i32, twiddles: usize): void {
  const far = <usize>(part * side) << 4, step = <usize>side << 4;
  for (let k = 0; k < part; k++) {
    const from = <usize>(k * side) << 4, to = from << 1, w = twiddles + (<usize>k << 3);
    for (let q: usize = 0; q < step; q += 16) {
      const a = from + q, out = to + q;
      const ar = v128.load(re + a), ai = v128.load(im + a);
      const br = v128.load(re + a + far), bi = v128.load(im + a + far);
      v128.store(toRe + out, f32x4.add(ar, br));
      v128.store(toIm + out, f32x4.add(ai, bi));
      turned(toRe + out + step, toIm + out + step, w, f32x4.sub(ar, br), f32x4.sub(ai, bi));
    }
  }
}

function stageOfThree(re: usize, im: usize, toRe: usize, toIm: usize, part: i32, side: i32, twiddles: usize): void {
  const far = <usize>(part * side) << 4, step = <usize>side << 4;
  const half = f32x4.splat(0.5), root = f32x4.splat(HALF_ROOT_3);
  for (let k = 0; k < part; k++) {
    const from = <usize>(k * side) << 4, to = from * 3, w = twiddles + (<usize>k << 4);
    for (let q: usize = 0; q < step; q += 16) {
      const a = from + q, out = to + q;
      const ar = v128.load(re + a), ai = v128.load(im + a);
      const br = v128.load(re + a + far), bi = v128.load(im + a + far);
      const cr = v128.load(re + a + 2 * far), ci = v128.load(im + a + 2 * far);
      const sr = f32x4.add(br, cr), si = f32x4.add(bi, ci);
      const mr = f32x4.sub(ar, f32x4.mul(half, sr)), mi = f32x4.sub(ai, f32x4.mul(half, si));
      const dr = f32x4.mul(root, f32x4.sub(br, cr)), di = f32x4.mul(root, f32x4.sub(bi, ci));
      v128.store(toRe + out, f32x4.add(ar, sr));
      v128.store(toIm + out, f32x4.add(ai, si));
      turned(toRe + out + step, toIm + out + step, w, f32x4.add(mr, di), f32x4.sub(mi, dr));
      turned(toRe + out + 2 * step, toIm + out + 2 * step, w + 8, f32x4.sub(mr, di), f32x4.add(mi, dr));
    }
  }
}

function stageOfFour(re: usize, im: usize, toRe: usize, toIm: usize, part: i32, side: i32, twiddles: usize): void {
  const far = <usize>(part * side) << 4, step = <usize>side << 4;
  for (let k = 0; k < part; k++) {
    const from = <usize>(k * side) << 4, to = from << 2, w = twiddles + <usize>k * 24;
    for (let q: usize = 0; q < step; q += 16) {
      const a = from + q, out = to + q;
      const ar = v128.load(re + a), ai = v128.load(im + a);
      const br = v128.load(re + a + far), bi = v128.load(im + a + far);
      const cr = v128.load(re + a + 2 * far), ci = v128.load(im + a + 2 * far);
      const dr = v128.load(re + a + 3 * far), di = v128.load(im + a + 3 * far);
      const pr = f32x4.add(ar, cr), pi = f32x4.add(ai, ci), mr = f32x4.sub(ar, cr), mi = f32x4.sub(ai, ci);
      const ur = f32x4.add(br, dr), ui = f32x4.add(bi, di), vr = f32x4.sub(br, dr), vi = f32x4.sub(bi, di);
      v128.store(toRe + out, f32x4.add(pr, ur));
      v128.store(toIm + out, f32x4.add(pi, ui));
      turned(toRe + out + step, toIm + out + step, w, f32x4.add(mr, vi), f32x4.sub(mi, vr));
      turned(toRe + out + 2 * step, toIm + out + 2 * step, w + 8, f32x4.sub(pr, ur), f32x4.sub(pi, ui));
      turned(toRe + out + 3 * step, toIm + out + 3 * step, w + 16, f32x4.sub(mr, vi), f32x4.add(mi, vr));
    }
  }
}

function stageOfFive(re: usize, im: usize, toRe: usize, toIm: usize, part: i32, side: i32, twiddles: usize): void {
  const far = <usize>(part * side) << 4, step = <usize>side << 4;
  const c1 = f32x4.splat(COS_72), c2 = f32x4.splat(COS_144), s1 = f32x4.splat(SIN_72), s2 = f32x4.splat(SIN_144);
  for (let k = 0; k < part; k++) {
    const from = <usize>(k * side) << 4, to = from * 5, w = twiddles + (<usize>k << 5);
    for (let q: usize = 0; q < step; q += 16) {
      const a = from + q, out = to + q;
      const ar = v128.load(re + a), ai = v128.load(im + a);
      const br = v128.load(re + a + far), bi = v128.load(im + a + far);
      const cr = v128.load(re + a + 2 * far), ci = v128.load(im + a + 2 * far);
      const dr = v128.load(re + a + 3 * far), di = v128.load(im + a + 3 * far);
      const er = v128.load(re + a + 4 * far), ei = v128.load(im + a + 4 * far);
      const pr = f32x4.add(br, er), pi = f32x4.add(bi, ei), mr = f32x4.sub(br, er), mi = f32x4.sub(bi, ei);
      const ur = f32x4.add(cr, dr), ui = f32x4.add(ci, di), vr = f32x4.sub(cr, dr), vi = f32x4.sub(ci, di);
      v128.store(toRe + out, f32x4.add(ar, f32x4.add(pr, ur)));
      v128.store(toIm + out, f32x4.add(ai, f32x4.add(pi, ui)));
      const xr = f32x4.add(ar, f32x4.add(f32x4.mul(c1, pr), f32x4.mul(c2, ur)));
      const xi = f32x4.add(ai, f32x4.add(f32x4.mul(c1, pi), f32x4.mul(c2, ui)));
      const yr = f32x4.add(ar, f32x4.add(f32x4.mul(c2, pr), f32x4.mul(c1, ur)));
      const yi = f32x4.add(ai, f32x4.add(f32x4.mul(c2, pi), f32x4.mul(c1, ui)));
      const gr = f32x4.add(f32x4.mul(s1, mr), f32x4.mul(s2, vr)), gi = f32x4.add(f32x4.mul(s1, mi), f32x4.mul(s2, vi));
      const hr = f32x4.sub(f32x4.mul(s2, mr), f32x4.mul(s1, vr)), hi = f32x4.sub(f32x4.mul(s2, mi), f32x4.mul(s1, vi));
      turned(toRe + out + step, toIm + out + step, w, f32x4.add(xr, gi), f32x4.sub(xi, gr));
      turned(toRe + out + 2 * step, toIm + out + 2 * step, w + 8, f32x4.add(yr, hi), f32x4.sub(yi, hr));
      turned(toRe + out + 3 * step, toIm + out + 3 * step, w + 16, f32x4.sub(yr, hi), f32x4.add(yi, hr));
      turned(toRe + out + 4 * step, toIm + out + 4 * step, w + 24, f32x4.sub(xr, gi), f32x4.add(xi, gr));
    }
  }
}
