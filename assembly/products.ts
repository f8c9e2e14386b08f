// Products of binned patterns with weights, 8 columns a block (assembly/sketch.ts), in float32 or in fixed point.

// Bytes of a block's eight columns.
export const BLOCK: usize = 32;

// Pixels whose counts times weights are summed in 32 bits, and most counts among them.
const chunkPixels: i32 = 512, mostInChunk: i32 = 65535;

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
export function multiplyFour(
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
    for (; offset < end; offset += 4, w += BLOCK) {
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
export function multiply(
  x: usize, have: i32, pixels: i32, floats: usize, integers: usize, blocks: usize, out: usize, packed: usize,
): void {
  const binnedBytes = <usize>pixels << 2, length = blocks * BLOCK;
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
      const at = to + block * BLOCK;
      if (counted >> i & 1) {
        const first = packed + <usize>i * packedBytes;
        multiplyFourCounts(
          first, first + second * packedBytes, first + third * packedBytes, first + fourth * packedBytes, pairs,
          integers + (blocks + block * <usize>pairs) * BLOCK, integers + block * BLOCK,
          at, at + second * length, at + third * length, at + fourth * length,
        );
      } else {
        const first = x + <usize>i * binnedBytes;
        multiplyFour(
          first, first + second * binnedBytes, first + third * binnedBytes, first + fourth * binnedBytes, 4, pixels,
          floats + block * <usize>pixels * BLOCK, BLOCK,
          at, at + second * length, at + third * length, at + fourth * length, false,
        );
      }
    }
  }
}
