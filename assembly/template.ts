// Cross-correlation of patterns with a template, by Fourier transforms of real images (spec of Bragg disks, step 2).

import { loadFloats } from "./lanes";
import { transform } from "./fft";

/**
 * Correlates one pattern of rows x columns pixels with a template whose spectrum is given: out, float32 (kept, stride), the
 * first `kept` rows. Without a spectrum, with address 0, the pattern is convolved with itself, tall x wide times as much.
 *
 * tall, wide: sizes that the pattern is extended to with zeros, made of 2, 3 and 5, multiples of 8. half: tall / 2 + 1,
 * rounded up to a multiple of 4. spectrum: conjugated and divided by tall x wide, float32 [wide][half] real parts, then
 * imaginary parts. tallPlan, widePlan: plans of assembly/fft.ts. stride: wide. room: 8 x half x wide bytes for the
 * spectrum, then 64 x max(tall, wide) bytes for the transforms. keep: where the spectrum of the
 * correlogram is left, float32 [wide][half] real parts, then imaginary parts; 0 for nowhere.
 */
// @ts-ignore: decorator
@inline
export function correlateTemplate<T>(
  pattern: usize, rows: i32, columns: i32, tall: i32, wide: i32, half: i32, spectrum: usize, tallPlan: usize,
  widePlan: usize, kept: i32, out: usize, keep: usize, room: usize,
): void {
  const plane = <usize>(half * wide) << 2;
  const re = room, im = room + plane, buffers = room + 2 * plane;
  forward<T>(pattern, rows, columns, tall, wide, half, tallPlan, re, im, buffers);
  across(re, im, wide, half, spectrum, widePlan, keep, buffers);
  backward(re, im, kept, tall, wide, tallPlan, out, buffers);
}

// Transforms the columns: eight of real numbers make four of complex ones. Rows 0 .. tall / 2 of the result are kept.
// @ts-ignore: decorator
@inline
function forward<T>(
  pattern: usize, rows: i32, columns: i32, tall: i32, wide: i32, half: i32, plan: usize, re: usize, im: usize,
  buffers: usize,
): void {
  const size = <usize>tall << 4, stride = <usize>wide << 2, rowBytes = <usize>columns * sizeof<T>();
  const zero = f32x4.splat(0), halved = f32x4.splat(0.5);
  const kept = tall / 2;
  for (let row = kept + 1; row < half; row++) {
    for (let o: usize = 0; o < stride; o += 16) {
      v128.store(re + <usize>row * stride + o, zero);
      v128.store(im + <usize>row * stride + o, zero);
    }
  }
  for (let c = 0; c < wide; c += 8) {
    for (let row = 0; row < rows; row++) {
      const from = pattern + <usize>row * rowBytes, to = buffers + (<usize>row << 4);
      v128.store(to, someFloats<T>(from, c, columns));
      v128.store(to + size, someFloats<T>(from, c + 4, columns));
    }
    for (let row = rows; row < tall; row++) {
      const to = buffers + (<usize>row << 4);
      v128.store(to, zero);
      v128.store(to + size, zero);
    }
    const there = transform(buffers, buffers + size, buffers + 2 * size, buffers + 3 * size, tall, plan);
    const z = there ? buffers + 2 * size : buffers;
    const column = <usize>c << 2;
    for (let k = 0; k <= kept; k++) {
      const here = z + (<usize>k << 4), mirror = z + (<usize>(k == 0 ? 0 : tall - k) << 4);
      const zr = v128.load(here), zi = v128.load(here + size), wr = v128.load(mirror), wi = v128.load(mirror + size);
      const toRe = re + <usize>k * stride + column, toIm = im + <usize>k * stride + column;
      v128.store(toRe, f32x4.mul(halved, f32x4.add(zr, wr)));
      v128.store(toIm, f32x4.mul(halved, f32x4.sub(zi, wi)));
      v128.store(toRe, f32x4.mul(halved, f32x4.add(zi, wi)), 16);
      v128.store(toIm, f32x4.mul(halved, f32x4.sub(wr, zr)), 16);
    }
  }
}

// Four pixels from column c of a row; zeros beyond its end.
// @ts-ignore: decorator
@inline
function someFloats<T>(row: usize, c: i32, columns: i32): v128 {
  if (c + 4 <= columns) return loadFloats<T>(row + <usize>c * sizeof<T>());
  let lanes = f32x4.splat(0);
  if (c < columns) lanes = f32x4.replace_lane(lanes, 0, <f32>load<T>(row + <usize>c * sizeof<T>()));
  if (c + 1 < columns) lanes = f32x4.replace_lane(lanes, 1, <f32>load<T>(row + <usize>(c + 1) * sizeof<T>()));
  if (c + 2 < columns) lanes = f32x4.replace_lane(lanes, 2, <f32>load<T>(row + <usize>(c + 2) * sizeof<T>()));
  return lanes;
}

// Transforms along the other axis, multiplies by the template, or without one by itself, and transforms back, four rows at a time.
function across(
  re: usize, im: usize, wide: i32, half: i32, spectrum: usize, plan: usize, keep: usize, buffers: usize,
): void {
  const size = <usize>wide << 4, rowBytes = <usize>wide << 2, stride = <usize>half << 2;
  const apart = <usize>(half * wide) << 2, otherRe = buffers + 2 * size, otherIm = buffers + 3 * size;
  for (let k = 0; k < half; k += 4) {
    const rows = <usize>k * rowBytes, c = <usize>k << 2;
    for (let column: usize = 0; column < rowBytes; column += 16) {
      turnFour(re + rows + column, rowBytes, buffers + (column << 2), 16);
      turnFour(im + rows + column, rowBytes, buffers + size + (column << 2), 16);
    }
    let there = transform(buffers, buffers + size, otherRe, otherIm, wide, plan);
    const fromRe = there ? otherRe : buffers, fromIm = fromRe + size;
    for (let row = 0; row < wide; row++) {
      const at = <usize>row << 4, t = spectrum + <usize>row * stride + c;
      const a = v128.load(fromRe + at), b = v128.load(fromIm + at);
      const x = spectrum ? v128.load(t) : a, y = spectrum ? v128.load(t + apart) : b;
      const productRe = f32x4.sub(f32x4.mul(a, x), f32x4.mul(b, y));
      const productIm = f32x4.add(f32x4.mul(a, y), f32x4.mul(b, x));
      v128.store(fromRe + at, productRe);
      v128.store(fromIm + at, productIm);
      if (!keep) continue;
      v128.store(keep + <usize>row * stride + c, productRe);
      v128.store(keep + <usize>row * stride + c + apart, productIm);
    }
    const roomRe = there ? buffers : otherRe, roomIm = roomRe + size;
    there = transform(fromIm, fromRe, roomIm, roomRe, wide, plan);
    const resultRe = there ? roomRe : fromRe, resultIm = resultRe + size;
    for (let column: usize = 0; column < rowBytes; column += 16) {
      turnFour(resultRe + (column << 2), 16, re + rows + column, rowBytes);
      turnFour(resultIm + (column << 2), 16, im + rows + column, rowBytes);
    }
  }
}

// From the kept half of the spectrum back to real numbers.
function backward(
  re: usize, im: usize, rows: i32, tall: i32, wide: i32, plan: usize, out: usize, buffers: usize,
): void {
  const size = <usize>tall << 4, stride = <usize>wide << 2;
  const kept = tall / 2;
  for (let c = 0; c < wide; c += 8) {
    const column = <usize>c << 2;
    for (let k = 0; k <= kept; k++) {
      const o = <usize>k * stride + column, to = buffers + (<usize>k << 4);
      const xr = v128.load(re + o), xi = v128.load(im + o), yr = v128.load(re + o, 16), yi = v128.load(im + o, 16);
      v128.store(to, f32x4.sub(xr, yi));
      v128.store(to + size, f32x4.add(xi, yr));
      if (k > 0 && k < kept) {
        const mirror = buffers + (<usize>(tall - k) << 4);
        v128.store(mirror, f32x4.add(xr, yi));
        v128.store(mirror + size, f32x4.sub(yr, xi));
      }
    }
    const there = transform(buffers + size, buffers, buffers + 3 * size, buffers + 2 * size, tall, plan);
    const z = there ? buffers + 2 * size : buffers;
    for (let row = 0; row < rows; row++) {
      const from = z + (<usize>row << 4), to = out + <usize>row * stride + column;
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from + size), 16);
    }
  }
}

// Four rows of four numbers become columns.
// @ts-ignore: decorator
@inline
function turnFour(from: usize, stride: usize, to: usize, toStride: usize): void {
  const a = v128.load(from), b = v128.load(from + stride);
  const c = v128.load(from + 2 * stride), d = v128.load(from + 3 * stride);
  const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5), abHigh = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
  const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5), cdHigh = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(ab, cd, 0, 2));
  v128.store(to + toStride, v128.shuffle<i64>(ab, cd, 1, 3));
  v128.store(to + 2 * toStride, v128.shuffle<i64>(abHigh, cdHigh, 0, 2));
  v128.store(to + 3 * toStride, v128.shuffle<i64>(abHigh, cdHigh, 1, 3));
}
