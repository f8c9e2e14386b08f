// Separable Gaussian blur of one pattern, as scipy.ndimage.gaussian_filter with its defaults: symmetric half-sample
// reflection (d c b a | a b c d | d c b a) at the borders. weights[k], k = 0..radius, is the float32 tap at distance k;
// the taps sum to 1 over -radius..radius. Sums are float32; a value depends on nothing but the pixels it is made of.
//
// The pass along rows comes first. It takes 16 rows at a time, transposed, so that both passes are sums of lines of 16
// neighbours, and borders are lines more. Taps stay float32 for counts too: 16-bit integers (sampled.ts) would shift
// similarities of patterns with few electrons by more than 1e-6.

import { loadFloats } from "./lanes";
import { transpose } from "./strips";

/** Bytes of 16 neighbours. */
const LINE: usize = 64;

/** Bytes of a row between the passes: an odd number of lines, since powers of two share few places in a cache. */
// @ts-ignore: decorator
@inline
function betweenBytes(width: i32): usize {
  return <usize>(width + 15 >> 4 | 1) * LINE;
}

/**
 * destination = source blurred; source of any type of pixels, destination float32, both (height, width), row-major.
 * They may be the same. scratch, aligned to 16 (library/passes/features/features.ts has its size as well): the lines of 16 rows, 64 bytes
 * for each of width + 2 radius columns; what becomes of them, 64 for each of width, rounded up to a multiple of 4; the
 * rows between the passes, as many as height, rounded up to a multiple of 16, + 2 radius.
 */
export function blurred<T>(
  source: usize, destination: usize, height: i32, width: i32, weights: usize, radius: i32, scratch: usize,
): void {
  const lines = scratch + <usize>radius * LINE;
  const sums = lines + <usize>(width + radius) * LINE;
  const rowBytes = betweenBytes(width);
  const padded = width + 3 & ~3;
  const between = sums + <usize>padded * LINE + <usize>radius * rowBytes;
  for (let y = 0; y < height; y += 16) {
    fillLines<T>(source, y, height, width, lines);
    mirror(lines, LINE, width, radius);
    sumLines(lines, LINE, sums, LINE, width, weights, radius);
    transpose(sums, padded, between + <usize>y * rowBytes, rowBytes);
  }
  mirror(between, rowBytes, height, radius);
  if (width < 16) {
    // A line is wider than the pattern.
    const outBytes = <usize>width << 2;
    for (let y = 0; y < height; y++) {
      sumLines(between + <usize>y * rowBytes, rowBytes, sums, LINE, 1, weights, radius);
      memory.copy(destination + <usize>y * outBytes, sums, outBytes);
    }
  }
  for (let x = 0; x < width && width >= 16; x += 16) {
    // The last line overlaps the one before.
    const o = <usize>min(x, width - 16) << 2;
    sumLines(between + o, rowBytes, destination + o, <usize>width << 2, height, weights, radius);
  }
}

/** `blurred` of a float32 pattern. */
export function blur(
  source: usize, destination: usize, height: i32, width: i32, weights: usize, radius: i32, scratch: usize,
): void {
  blurred<f32>(source, destination, height, width, weights, radius, scratch);
}

/** lines[x] = pixels x of 16 rows from row y, the last row once more where there are no more. */
function fillLines<T>(source: usize, y: i32, height: i32, width: i32, lines: usize): void {
  const rowBytes = <usize>width * sizeof<T>();
  for (let i = 0; i < 16; i += 4) {
    const a = source + <usize>min(y + i, height - 1) * rowBytes;
    const b = source + <usize>min(y + i + 1, height - 1) * rowBytes;
    const c = source + <usize>min(y + i + 2, height - 1) * rowBytes;
    const d = source + <usize>min(y + i + 3, height - 1) * rowBytes;
    let out = lines + (<usize>i << 2);
    let o: usize = 0;
    for (const whole = <usize>(width & ~3) * sizeof<T>(); o < whole; o += 4 * sizeof<T>(), out += 4 * LINE) {
      const fa = loadFloats<T>(a + o), fb = loadFloats<T>(b + o), fc = loadFloats<T>(c + o), fd = loadFloats<T>(d + o);
      const ab = v128.shuffle<i32>(fa, fb, 0, 4, 1, 5), cd = v128.shuffle<i32>(fc, fd, 0, 4, 1, 5);
      const AB = v128.shuffle<i32>(fa, fb, 2, 6, 3, 7), CD = v128.shuffle<i32>(fc, fd, 2, 6, 3, 7);
      v128.store(out, v128.shuffle<i64>(ab, cd, 0, 2));
      v128.store(out, v128.shuffle<i64>(ab, cd, 1, 3), 64);
      v128.store(out, v128.shuffle<i64>(AB, CD, 0, 2), 128);
      v128.store(out, v128.shuffle<i64>(AB, CD, 1, 3), 192);
    }
    for (; o < rowBytes; o += sizeof<T>(), out += LINE) {
      store<f32>(out, f32(load<T>(a + o)));
      store<f32>(out, f32(load<T>(b + o)), 4);
      store<f32>(out, f32(load<T>(c + o)), 8);
      store<f32>(out, f32(load<T>(d + o)), 12);
    }
  }
}

/**
 * Lines beyond both ends of `count` lines. Where the radius exceeds their number, lines are mirrored that were mirrored
 * before, at the other end.
 */
function mirror(first: usize, bytes: usize, count: i32, radius: i32): void {
  const end = first + <usize>count * bytes;
  for (let i: usize = 0; i < <usize>radius * bytes; i += bytes) {
    for (let o: usize = 0; o < bytes; o += 64) {
      copyLine(first + i + o, first - bytes - i + o);
      copyLine(end - bytes - i + o, end + i + o);
    }
  }
}

// @ts-ignore: decorator
@inline
function copyLine(from: usize, to: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
  v128.store(to, v128.load(from, 32), 32);
  v128.store(to, v128.load(from, 48), 48);
}

/** sum + weight (a + b). */
// @ts-ignore: decorator
@inline
function addPair(sum: v128, weight: v128, a: v128, b: v128): v128 {
  return f32x4.add(sum, f32x4.mul(weight, f32x4.add(a, b)));
}

/**
 * sums[n] = weighted sum of lines n - radius..n + radius, for n < count, 16 values each. Two sums are made at once:
 * what one needs at distance k, the other needs at k - 1 or k + 1, so that each loads half of its lines.
 */
function sumLines(
  lines: usize, lineBytes: usize, sums: usize, sumBytes: usize, count: i32, weights: usize, radius: i32,
): void {
  const end = weights + (<usize>radius << 2);
  const w0 = v128.load32_splat(weights);
  for (let n = 0; n < count; n += 2, lines += 2 * lineBytes, sums += 2 * sumBytes) {
    for (let x: usize = 0; x < LINE; x += 32) {
      let low = lines + x, high = low + lineBytes;
      let a0 = v128.load(low), a1 = v128.load(low, 16), b0 = v128.load(high), b1 = v128.load(high, 16);
      let p0 = f32x4.mul(w0, a0), p1 = f32x4.mul(w0, a1), q0 = f32x4.mul(w0, b0), q1 = f32x4.mul(w0, b1);
      for (let tap = weights; tap < end; ) {
        tap += 4;
        low -= lineBytes;
        high += lineBytes;
        const w = v128.load32_splat(tap);
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
      v128.store(sums + x, p0);
      v128.store(sums + x, p1, 16);
      if (n + 1 == count) continue;
      v128.store(sums + x + sumBytes, q0);
      v128.store(sums + x + sumBytes, q1, 16);
    }
  }
}
