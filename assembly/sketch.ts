// Short linear features of patterns: a binned pattern x (float32, exact for counts) times a matrix W of 8 columns a block,
// F[p][8 b + j] = sum over pixels q of x_p[q] W[b][q][j], summed in float32 in the order of the pixels, whatever patterns are
// computed together. Beside them the features of a thinned pattern, of which each count was kept with probability 1/2.
//
// Patterns of whole counts up to 32767, no more than 65535 of them among 512 pixels that follow each other, are multiplied
// with weights in fixed point, two pixels to a product sum of 32 bits: exactly, and twice as fast. Weights of a column are
// multiples of its scale, the largest of them 32767 times that. Which way a pattern goes depends on nothing but its counts.

import { bin } from "./binning";
import { thin } from "./thinning";

// Bytes of a block's eight columns.
const blockBytes: usize = 32;

// Pixels whose counts times weights are summed in 32 bits, and most counts among them.
const chunkPixels: i32 = 512, mostInChunk: i32 = 65535;

// Patterns that products the other way take at a time: as many lines as the first-level cache holds.
const tilePatterns: i32 = 128;

/**
 * Four rows of a product: out_i[0..7] = sum over steps s of x_i[s] w[s][0..7]. Eight sums leave registers for what is
 * multiplied; twelve are slower.
 *
 * @param x0 address of the first row's value at step 0, x1 to x3 those of the others
 * @param stride bytes from a step's value to the next
 * @param weights address of the 8 weights of step 0, `weightStride` bytes from a step to the next
 * @param more whether sums go on from what is in the outputs
 */
// @ts-ignore: decorator
@inline
function multiplyFour(
  x0: usize, x1: usize, x2: usize, x3: usize, stride: usize, steps: i32, weights: usize, weightStride: usize,
  out0: usize, out1: usize, out2: usize, out3: usize, more: bool,
): void {
  let a00 = f32x4.splat(0), a01 = a00, a10 = a00, a11 = a00, a20 = a00, a21 = a00, a30 = a00, a31 = a00;
  if (more) {
    a00 = v128.load(out0), a01 = v128.load(out0, 16), a10 = v128.load(out1), a11 = v128.load(out1, 16);
    a20 = v128.load(out2), a21 = v128.load(out2, 16), a30 = v128.load(out3), a31 = v128.load(out3, 16);
  }
  let offset: usize = 0, w = weights;
  for (let s = 0; s < steps; s++) {
    const w0 = v128.load(w), w1 = v128.load(w, 16);
    let x = v128.load32_splat(x0 + offset);
    a00 = f32x4.add(a00, f32x4.mul(x, w0)), a01 = f32x4.add(a01, f32x4.mul(x, w1));
    x = v128.load32_splat(x1 + offset);
    a10 = f32x4.add(a10, f32x4.mul(x, w0)), a11 = f32x4.add(a11, f32x4.mul(x, w1));
    x = v128.load32_splat(x2 + offset);
    a20 = f32x4.add(a20, f32x4.mul(x, w0)), a21 = f32x4.add(a21, f32x4.mul(x, w1));
    x = v128.load32_splat(x3 + offset);
    a30 = f32x4.add(a30, f32x4.mul(x, w0)), a31 = f32x4.add(a31, f32x4.mul(x, w1));
    offset += stride;
    w += weightStride;
  }
  v128.store(out0, a00), v128.store(out0, a01, 16);
  v128.store(out1, a10), v128.store(out1, a11, 16);
  v128.store(out2, a20), v128.store(out2, a21, 16);
  v128.store(out3, a30), v128.store(out3, a31, 16);
}

/**
 * The same with pairs of counts of 16 bits and weights in fixed point: out_i[j] = scale_j sum over pairs of x_i w[pair][j].
 *
 * @param x0 address of the first row's counts, whole vectors of them
 * @param weights i16 (pair, 8, 2)
 * @param scales float32 of the 8 columns
 */
// @ts-ignore: decorator
@inline
function multiplyFourCounts(
  x0: usize, x1: usize, x2: usize, x3: usize, pairs: i32, weights: usize, scales: usize,
  out0: usize, out1: usize, out2: usize, out3: usize,
): void {
  const zero = f32x4.splat(0);
  let f00 = zero, f01 = zero, f10 = zero, f11 = zero, f20 = zero, f21 = zero, f30 = zero, f31 = zero;
  let w = weights, offset: usize = 0;
  for (const all = <usize>pairs << 2; offset < all;) {
    const end = min(all, offset + (<usize>chunkPixels << 1));
    let a00 = i32x4.splat(0), a01 = a00, a10 = a00, a11 = a00, a20 = a00, a21 = a00, a30 = a00, a31 = a00;
    for (; offset < end; offset += 4, w += blockBytes) {
      const w0 = v128.load(w), w1 = v128.load(w, 16);
      let x = v128.load32_splat(x0 + offset);
      a00 = i32x4.add(a00, i32x4.dot_i16x8_s(x, w0)), a01 = i32x4.add(a01, i32x4.dot_i16x8_s(x, w1));
      x = v128.load32_splat(x1 + offset);
      a10 = i32x4.add(a10, i32x4.dot_i16x8_s(x, w0)), a11 = i32x4.add(a11, i32x4.dot_i16x8_s(x, w1));
      x = v128.load32_splat(x2 + offset);
      a20 = i32x4.add(a20, i32x4.dot_i16x8_s(x, w0)), a21 = i32x4.add(a21, i32x4.dot_i16x8_s(x, w1));
      x = v128.load32_splat(x3 + offset);
      a30 = i32x4.add(a30, i32x4.dot_i16x8_s(x, w0)), a31 = i32x4.add(a31, i32x4.dot_i16x8_s(x, w1));
    }
    f00 = f32x4.add(f00, f32x4.convert_i32x4_s(a00)), f01 = f32x4.add(f01, f32x4.convert_i32x4_s(a01));
    f10 = f32x4.add(f10, f32x4.convert_i32x4_s(a10)), f11 = f32x4.add(f11, f32x4.convert_i32x4_s(a11));
    f20 = f32x4.add(f20, f32x4.convert_i32x4_s(a20)), f21 = f32x4.add(f21, f32x4.convert_i32x4_s(a21));
    f30 = f32x4.add(f30, f32x4.convert_i32x4_s(a30)), f31 = f32x4.add(f31, f32x4.convert_i32x4_s(a31));
  }
  const s0 = v128.load(scales), s1 = v128.load(scales, 16);
  v128.store(out0, f32x4.mul(f00, s0)), v128.store(out0, f32x4.mul(f01, s1), 16);
  v128.store(out1, f32x4.mul(f10, s0)), v128.store(out1, f32x4.mul(f11, s1), 16);
  v128.store(out2, f32x4.mul(f20, s0)), v128.store(out2, f32x4.mul(f21, s1), 16);
  v128.store(out3, f32x4.mul(f30, s0)), v128.store(out3, f32x4.mul(f31, s1), 16);
}

// Puts `count` binned values in units of counts; whole numbers are restored where the values are multiples of the unit.
function rescale(values: usize, count: i32, scale: f32, whole: bool): void {
  for (let at = values, end = values + (<usize>count << 2); at < end; at += 4) {
    const value = load<f32>(at) * scale;
    store<f32>(at, whole ? nearest(value) : value);
  }
}

// Binned counts in 16 bits, in whole vectors of eight, the rest zero; false where they do not go with weights in fixed point.
function packCounts(binned: usize, pixels: i32, packed: usize): bool {
  const most = i32x4.splat(32767);
  for (let first = 0; first < pixels; first += chunkPixels) {
    const end = min(pixels, first + chunkPixels), whole = first + ((end - first) & ~7);
    let sound = i32x4.splat(-1), sums = i32x4.splat(0), i = first;
    for (; i < whole; i += 8) {
      const at = binned + (<usize>i << 2), near = v128.load(at), far = v128.load(at, 16);
      const low = i32x4.trunc_sat_f32x4_s(near), high = i32x4.trunc_sat_f32x4_s(far);
      const same = v128.and(f32x4.eq(f32x4.convert_i32x4_s(low), near), f32x4.eq(f32x4.convert_i32x4_s(high), far));
      sound = v128.and(sound, v128.and(same, i32x4.le_u(i32x4.max_u(low, high), most)));
      sums = i32x4.add(sums, i32x4.add(low, high));
      v128.store(packed + (<usize>i << 1), i16x8.narrow_i32x4_s(low, high));
    }
    let sum = i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) +
      i32x4.extract_lane(sums, 3);
    if (!i32x4.all_true(sound)) return false;
    for (; i < ((end + 7) & ~7); i++) {
      const value = i < end ? load<f32>(binned + (<usize>i << 2)) : 0;
      if (!(value >= 0 && value <= 32767 && value == nearest(value))) return false;
      sum += i32(value);
      store<i16>(packed + (<usize>i << 1), i16(value));
    }
    if (sum > mostInChunk) return false;
  }
  return true;
}

// Features of up to four binned patterns, all in turn for each block of weights.
function multiply(
  x: usize, have: i32, pixels: i32, floats: usize, integers: usize, blocks: usize, out: usize, packed: usize,
): void {
  const binnedBytes = <usize>pixels << 2, length = blocks * blockBytes;
  const fours = (pixels + 7) >> 3, pairs = fours << 2, packedBytes = <usize>fours << 4;
  // The last few patterns are computed again in place of those that lack, to the same result.
  let second = <usize>min(1, have - 1), third = <usize>min(2, have - 1), fourth = <usize>min(3, have - 1);
  let counted = 0;
  if (integers) {
    for (let i = 0; i < have; i++) {
      if (packCounts(x + <usize>i * binnedBytes, pixels, packed + <usize>i * packedBytes)) counted |= 1 << i;
    }
  }
  const all = (1 << have) - 1, mixed = counted != 0 && counted != all;
  // Where only some are counts, each is multiplied on its own, to the same result.
  if (mixed) second = third = fourth = 0;
  for (let i = 0, groups = mixed ? have : 1; i < groups; i++) {
    const to = out + <usize>i * length;
    for (let block: usize = 0; block < blocks; block++) {
      const at = to + block * blockBytes;
      if (counted >> i & 1) {
        const first = packed + <usize>i * packedBytes;
        multiplyFourCounts(
          first, first + second * packedBytes, first + third * packedBytes, first + fourth * packedBytes, pairs,
          integers + (blocks + block * <usize>pairs) * blockBytes, integers + block * blockBytes,
          at, at + second * length, at + third * length, at + fourth * length,
        );
      } else {
        const first = x + <usize>i * binnedBytes;
        multiplyFour(
          first, first + second * binnedBytes, first + third * binnedBytes, first + fourth * binnedBytes, 4, pixels,
          floats + block * <usize>pixels * blockBytes, blockBytes,
          at, at + second * length, at + third * length, at + fourth * length, false,
        );
      }
    }
  }
}

// Features of `count` patterns one after the other, four at a time; scratch holds a line of the pattern in whole vectors,
// eight binned patterns, the random bits of a block, and four patterns of counts in whole vectors of 16 bits.
function sketch<T>(
  patterns: usize, count: i32, patternRows: i32, patternColumns: i32, binning: i32, weights: usize, integers: usize,
  blocks: i32, output: usize, thinned: usize, seed: f64, probe: i32, scale: f32, whole: i32, scratch: usize,
): void {
  const patternBytes = <usize>(patternRows * patternColumns) * sizeof<T>();
  const pixels = (patternRows / binning) * (patternColumns / binning);
  const binnedBytes = <usize>pixels << 2, length = <usize>blocks * blockBytes;
  const binned = scratch + (<usize>((patternColumns + 3) & ~3) << 2), halved = binned + 4 * binnedBytes;
  const words = halved + 4 * binnedBytes, packed = words + 512;
  // What is binned already is multiplied where it is.
  const asIs = isFloat<T>() && binning == 1 && scale == 1;
  for (let first = 0; first < count; first += 4) {
    const have = min(4, count - first), x = asIs ? patterns + <usize>first * binnedBytes : binned;
    for (let i = 0; i < have; i++) {
      const at = x + <usize>i * binnedBytes;
      if (!asIs) bin<T>(patterns + <usize>(first + i) * patternBytes, patternRows, patternColumns, binning, at, scratch);
      if (scale != 1) rescale(at, pixels, scale, whole != 0);
      if (thinned) thin(at, pixels, <u64>seed, <u64>(probe + first + i), halved + <usize>i * binnedBytes, words);
    }
    const before = <usize>first * length;
    multiply(x, have, pixels, weights, integers, blocks, output + before, packed);
    if (thinned) multiply(halved, have, pixels, weights, integers, blocks, thinned + before, packed);
  }
}

/**
 * Features of 8-bit counts.
 *
 * @param patterns address of the first of `count` patterns
 * @param weights float32 (block, binned pixel, 8)
 * @param integers the same in fixed point: float32 scales (block, 8), then i16 (block, pair of pixels, 8, 2), pairs filled up
 * to fours with zeros; 0 = there are none
 * @param output float32 (count, 8 blocks)
 * @param thinned the same for thinned patterns; 0 = not wanted
 * @param seed of the thinning, a whole number; the bits of a pattern follow from it and the number of its probe
 * @param probe number of the first pattern's probe
 * @param scale what a binned value is multiplied with to be in counts; 1 = it is
 * @param whole 1 where scaled values are whole numbers but for rounding
 */
export function sketchU8(
  patterns: usize, count: i32, patternRows: i32, patternColumns: i32, binning: i32, weights: usize, integers: usize,
  blocks: i32, output: usize, thinned: usize, seed: f64, probe: i32, scale: f32, whole: i32, scratch: usize,
): void {
  sketch<u8>(
    patterns, count, patternRows, patternColumns, binning, weights, integers, blocks, output, thinned, seed, probe, scale,
    whole, scratch,
  );
}

/** Features of 16-bit counts; see sketchU8. */
export function sketchU16(
  patterns: usize, count: i32, patternRows: i32, patternColumns: i32, binning: i32, weights: usize, integers: usize,
  blocks: i32, output: usize, thinned: usize, seed: f64, probe: i32, scale: f32, whole: i32, scratch: usize,
): void {
  sketch<u16>(
    patterns, count, patternRows, patternColumns, binning, weights, integers, blocks, output, thinned, seed, probe, scale,
    whole, scratch,
  );
}

/** Features of float32 patterns; see sketchU8. */
export function sketchF32(
  patterns: usize, count: i32, patternRows: i32, patternColumns: i32, binning: i32, weights: usize, integers: usize,
  blocks: i32, output: usize, thinned: usize, seed: f64, probe: i32, scale: f32, whole: i32, scratch: usize,
): void {
  sketch<f32>(
    patterns, count, patternRows, patternColumns, binning, weights, integers, blocks, output, thinned, seed, probe, scale,
    whole, scratch,
  );
}

/**
 * Products the other way: G[b][q][j] = sum over patterns p of x_p[q] F[p][8 b + j] for binned pixels from..to-1, in float32 in
 * the order of the patterns. With `more` the sums go on from those that are in G, as if the patterns before came in the same call.
 *
 * @param binned float32 (pattern, pixel)
 * @param features float32 (pattern, 8 blocks)
 * @param output float32 (block, pixel, 8)
 * @param more 1: goes on, 0: begins
 */
export function sketchAdjoint(
  binned: usize, patterns: i32, pixels: i32, from: i32, to: i32, features: usize, blocks: i32, output: usize, more: i32,
): void {
  const length = <usize>blocks * blockBytes, stride = <usize>pixels << 2;
  for (let pattern = 0; pattern < patterns; pattern += tilePatterns) {
    const count = min(tilePatterns, patterns - pattern);
    const x = binned + <usize>pattern * stride, weights = features + <usize>pattern * length;
    for (let pixel = from; pixel < to; pixel += 4) {
      // The last pixels are computed again in place of those that lack, to the same result.
      const last = min(4, to - pixel) - 1;
      const second = <usize>min(1, last), third = <usize>min(2, last), fourth = <usize>min(3, last);
      const at = x + (<usize>pixel << 2);
      for (let block: usize = 0; block < <usize>blocks; block++) {
        const out = output + (block * <usize>pixels + <usize>pixel) * blockBytes;
        multiplyFour(
          at, at + (second << 2), at + (third << 2), at + (fourth << 2), stride, count, weights + block * blockBytes, length,
          out, out + second * blockBytes, out + third * blockBytes, out + fourth * blockBytes, pattern > 0 || more != 0,
        );
      }
    }
  }
}

// Binned patterns one after the other.
function binned<T>(
  patterns: usize, count: i32, patternRows: i32, patternColumns: i32, binning: i32, output: usize, scale: f32, whole: i32,
  scratch: usize,
): void {
  const patternBytes = <usize>(patternRows * patternColumns) * sizeof<T>();
  const pixels = (patternRows / binning) * (patternColumns / binning);
  for (let i: usize = 0; i < <usize>count; i++) {
    const at = output + ((i * <usize>pixels) << 2);
    bin<T>(patterns + i * patternBytes, patternRows, patternColumns, binning, at, scratch);
    if (scale != 1) rescale(at, pixels, scale, whole != 0);
  }
}

/** Binned patterns of 8-bit counts, float32 (count, binned pixel); scratch holds a row of the pattern in whole vectors. */
export function binnedU8(
  patterns: usize, count: i32, patternRows: i32, patternColumns: i32, binning: i32, output: usize, scale: f32, whole: i32,
  scratch: usize,
): void {
  binned<u8>(patterns, count, patternRows, patternColumns, binning, output, scale, whole, scratch);
}

/** Binned patterns of 16-bit counts. */
export function binnedU16(
  patterns: usize, count: i32, patternRows: i32, patternColumns: i32, binning: i32, output: usize, scale: f32, whole: i32,
  scratch: usize,
): void {
  binned<u16>(patterns, count, patternRows, patternColumns, binning, output, scale, whole, scratch);
}

/** Binned float32 patterns. */
export function binnedF32(
  patterns: usize, count: i32, patternRows: i32, patternColumns: i32, binning: i32, output: usize, scale: f32, whole: i32,
  scratch: usize,
): void {
  binned<f32>(patterns, count, patternRows, patternColumns, binning, output, scale, whole, scratch);
}
