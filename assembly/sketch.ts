// Short linear features of patterns: a binned pattern x (float32, exact for counts) times a matrix W of 8 columns a block,
// F[p][8 b + j] = sum over pixels q of x_p[q] W[b][q][j], summed in float32 in the order of the pixels, whatever patterns are
// computed together. Beside them the features of a thinned pattern, of which each count was kept with probability 1/2.
//
// Patterns of whole counts up to 32767, no more than 65535 of them among 512 pixels that follow each other, are multiplied
// with weights in fixed point, two pixels to a product sum of 32 bits: exactly, and twice as fast. Weights of a column are
// multiples of its scale, the largest of them 32767 times that. Which way a pattern goes depends on nothing but its counts.

import { loadFloats, loadStep } from "./lanes";

// Bytes of a block's eight columns.
const blockBytes: usize = 32;

// Pixels whose counts times weights are summed in 32 bits, and most counts among them.
const chunkPixels: i32 = 512, mostInChunk: i32 = 65535;

// Patterns that products the other way take at a time: as many lines as the first-level cache holds.
const tilePatterns: i32 = 128;

// Above this, a count is halved: its own noise is then below a thousandth of it.
const largestThinned: f32 = 1048576;

// Pixels that are thinned together where none has more than so many counts: the bits of each lie in eight bytes.
const blockPixels: i32 = 64, largestInBlock: i32 = 56;

// Above this, electrons are not dealt one by one: their number has a normal distribution as far as anybody could tell.
const largestDealt: i32 = 4096;

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

// Sums of neighbours (0 + 1, 2 + 3, ...) among eight float32 numbers.
// @ts-ignore: decorator
@inline
function pairs(low: v128, high: v128): v128 {
  return f32x4.add(v128.shuffle<i32>(low, high, 0, 2, 4, 6), v128.shuffle<i32>(low, high, 1, 3, 5, 7));
}

// The same among eight integers.
// @ts-ignore: decorator
@inline
function integerPairs(low: v128, high: v128): v128 {
  return i32x4.add(v128.shuffle<i32>(low, high, 0, 2, 4, 6), v128.shuffle<i32>(low, high, 1, 3, 5, 7));
}

// Sums of neighbours among eight pixels, as integers of 32 bits or as float32.
// @ts-ignore: decorator
@inline
function pairSums<T>(pixels: usize): v128 {
  if (isFloat<T>()) return pairs(v128.load(pixels), v128.load(pixels, 16));
  return i32x4.extadd_pairwise_i16x8_u(loadStep<T>(pixels));
}

// Sums of `binning` x `binning` pixels as float32, `binning` a power of two; pixels left over at the end of rows and columns
// are left out. `line` has room for a row of the pattern.
function bin<T>(pattern: usize, patternRows: i32, patternColumns: i32, binning: i32, out: usize, line: usize): void {
  const rows = patternRows / binning, columns = patternColumns / binning;
  if (binning == 1) {
    const pixels = rows * columns, whole = pixels & ~3;
    for (let i = 0; i < whole; i += 4) v128.store(out + (<usize>i << 2), loadFloats<T>(pattern + <usize>i * sizeof<T>()));
    for (let i = whole; i < pixels; i++) store<f32>(out + (<usize>i << 2), f32(load<T>(pattern + <usize>i * sizeof<T>())));
    return;
  }
  // Most counts are so small that sums down the columns fit 16 bits.
  if (isInteger<T>() && binIn16Bits<T>(pattern, rows, columns, patternColumns, binning, out, line)) return;
  const rowBytes = <usize>patternColumns * sizeof<T>();
  const paired = columns * binning / 2, whole = paired & ~3;
  for (let row = 0; row < rows; row++) {
    const first = pattern + <usize>(row * binning) * rowBytes;
    const sums = binning == 2 ? out + (<usize>(row * columns) << 2) : line;
    for (let i = 0; i < whole; i += 4) {
      let at = first + <usize>(2 * i) * sizeof<T>();
      let sum = pairSums<T>(at);
      for (let k = 1; k < binning; k++) {
        at += rowBytes;
        sum = isFloat<T>() ? f32x4.add(sum, pairSums<T>(at)) : i32x4.add(sum, pairSums<T>(at));
      }
      v128.store(sums + (<usize>i << 2), isFloat<T>() ? sum : f32x4.convert_i32x4_s(sum));
    }
    for (let i = whole; i < paired; i++) {
      store<f32>(sums + (<usize>i << 2), sumDown<T>(first + <usize>(2 * i) * sizeof<T>(), 2, rowBytes, binning));
    }
    pairUp(line, paired, binning / 2, out + (<usize>(row * columns) << 2));
  }
}

// Sum of `across` neighbours, an even number, in each of `binning` rows.
// @ts-ignore: decorator
@inline
function sumDown<T>(first: usize, across: i32, rowBytes: usize, binning: i32): f32 {
  let sum: f32 = 0;
  for (let k = 0; k < binning; k++, first += rowBytes) {
    for (let i = 0; i < across; i += 2) {
      const at = first + <usize>i * sizeof<T>();
      sum += f32(load<T>(at)) + f32(load<T>(at + sizeof<T>()));
    }
  }
  return sum;
}

// `length` sums of a line become sums of two, of four, ..., of `left` neighbours, the last of them in `out`; each ends before
// what it is made of. Nothing is left to do where `left` is 1.
// @ts-ignore: decorator
@inline
function pairUp(line: usize, length: i32, left: i32, out: usize): void {
  for (length /= 2; left > 1; length /= 2, left /= 2) {
    const to = left == 2 ? out : line;
    let i = 0;
    for (; i + 4 <= length; i += 4) {
      const from = line + (<usize>i << 3);
      v128.store(to + (<usize>i << 2), pairs(v128.load(from), v128.load(from, 16)));
    }
    for (; i < length; i++) {
      const from = line + (<usize>i << 3);
      store<f32>(to + (<usize>i << 2), load<f32>(from) + load<f32>(from, 4));
    }
  }
}

// `bin` of integers by 2 or more with sums down the columns in 16 bits; false where one of them does not fit. The sums are the
// same numbers.
function binIn16Bits<T>(
  pattern: usize, rows: i32, columns: i32, patternColumns: i32, binning: i32, out: usize, line: usize,
): bool {
  const rowBytes = <usize>patternColumns * sizeof<T>();
  let most = i16x8.splat(0);
  // Four neighbours are summed at once where there are more than two.
  const across = min(binning, 4), sums = columns * (binning / across), whole = sums & ~3;
  for (let row = 0; row < rows; row++) {
    const first = pattern + <usize>(row * binning) * rowBytes, to = out + (<usize>(row * columns) << 2);
    const target = binning == across ? to : line;
    for (let i = 0; i < whole; i += 4) {
      const at = first + <usize>(across * i) * sizeof<T>();
      const near = addDown<T>(at, rowBytes, binning);
      most = i16x8.max_u(most, near);
      let sum = i32x4.extadd_pairwise_i16x8_u(near);
      if (across == 4) {
        const far = addDown<T>(at + 8 * sizeof<T>(), rowBytes, binning);
        most = i16x8.max_u(most, far);
        sum = integerPairs(sum, i32x4.extadd_pairwise_i16x8_u(far));
      }
      v128.store(target + (<usize>i << 2), f32x4.convert_i32x4_s(sum));
    }
    for (let i = whole; i < sums; i++) {
      const at = first + <usize>(across * i) * sizeof<T>();
      store<f32>(target + (<usize>i << 2), sumDown<T>(at, across, rowBytes, binning));
    }
    pairUp(line, sums, binning / across, to);
  }
  return !v128.any_true(i16x8.eq(most, i16x8.splat(-1)));
}

// Sums of eight columns of `binning` rows, an even number, as unsigned integers of 16 bits, at most 65535.
// @ts-ignore: decorator
@inline
function addDown<T>(at: usize, rowBytes: usize, binning: i32): v128 {
  let sum = i16x8.add_sat_u(loadStep<T>(at), loadStep<T>(at + rowBytes));
  for (let k = 2; k < binning; k += 2) {
    at += 2 * rowBytes;
    sum = i16x8.add_sat_u(sum, i16x8.add_sat_u(loadStep<T>(at), loadStep<T>(at + rowBytes)));
  }
  return sum;
}

// The generator SplitMix64 (Steele, Lea and Flood, OOPSLA 2014; doi:10.1145/2660193.2660195).
// @ts-ignore: decorator
@inline
function mix(state: u64): u64 {
  let word = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9;
  word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
  return word ^ (word >> 31);
}

// Binomial(n, 1/2) of each count n: the ones among n random bits. What is no whole count, or negative, is halved. The bits
// follow each other pixel by pixel; `words` has room for those of a block, 512 bytes.
function thin(counts: usize, pixels: i32, seed: u64, probe: u64, out: usize, words: usize): void {
  const step: u64 = 0x9e3779b97f4a7c15;
  let state = mix(seed * step + probe), bits: u64 = 0, left: i32 = 0;
  for (let first = 0; first < pixels; first += blockPixels) {
    const from = counts + (<usize>first << 2), to = out + (<usize>first << 2);
    const size = min(blockPixels, pixels - first), wanted = size == blockPixels ? smallCounts(from, to) : -1;
    if (wanted >= 0) {
      // All bits that the block wants in one row, from where those that are left begin.
      const start = 64 - left, end = start + wanted;
      store<u64>(words, left == 0 ? 0 : bits << <u64>start);
      for (let word = words + 8, last = words + (<usize>((end - 1) >> 6) << 3); word <= last; word += 8) {
        state += step;
        store<u64>(word, mix(state));
      }
      let position = <usize>start;
      for (let at = to, done = to + (<usize>blockPixels << 2); at < done; at += 4) {
        const count = <u64>load<u32>(at);
        const row = load<u64>(words + (position >> 3)) >> <u64>(position & 7);
        store<f32>(at, f32(<i32>popcnt(row & ((<u64>1 << count) - 1))));
        position += <usize>count;
      }
      left = -end & 63;
      bits = left == 0 ? 0 : load<u64>(words + (<usize>(end >> 6) << 3)) >> <u64>(64 - left);
      continue;
    }
    for (let i = 0; i < size; i++) {
      const at = <usize>i << 2;
      const count = load<f32>(from + at);
      if (!(count >= 1 && count <= largestThinned)) {
        store<f32>(to + at, count * 0.5);
        continue;
      }
      let n = i32(count), kept: i32 = 0;
      const rest = (count - f32(n)) * 0.5;
      if (n > largestDealt) {
        // The bits are passed over as if each had been looked at: the counts that follow do not depend on this one.
        const more = n - left, passed = (more + 63) >> 6;
        store<f32>(to + at, f32(nearest((f64(n) + Math.sqrt(f64(n)) * deviate(state, step)) * 0.5)) + rest);
        state += <u64>passed * step;
        left = (passed << 6) - more;
        bits = left == 0 ? 0 : mix(state) >> <u64>(64 - left);
        continue;
      }
      while (n > 0) {
        if (left == 0) {
          state += step;
          bits = mix(state);
          left = 64;
        }
        const taken = n < left ? n : left;
        kept += i32(popcnt(taken == 64 ? bits : bits & ((<u64>1 << <u64>taken) - 1)));
        bits = taken == 64 ? 0 : bits >> <u64>taken;
        left -= taken;
        n -= taken;
      }
      store<f32>(to + at, f32(kept) + rest);
    }
  }
}

// A block of counts as integers, and their sum; -1 where one of them is not whole, negative, or larger than a block may have.
function smallCounts(counts: usize, integers: usize): i32 {
  let sums = i32x4.splat(0), sound = i32x4.splat(-1);
  for (let offset: usize = 0; offset < <usize>blockPixels << 2; offset += 16) {
    const values = v128.load(counts + offset), whole = i32x4.trunc_sat_f32x4_s(values);
    sound = v128.and(sound, f32x4.eq(f32x4.convert_i32x4_s(whole), values));
    sound = v128.and(sound, i32x4.le_u(whole, i32x4.splat(largestInBlock)));
    sums = i32x4.add(sums, whole);
    v128.store(integers + offset, whole);
  }
  if (!i32x4.all_true(sound)) return -1;
  return i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
}

// A number of mean 0 and variance 1, about normal: the sum of twelve that are even, of 16 bits each, from the next three words.
// @ts-ignore: decorator
@inline
function deviate(state: u64, step: u64): f64 {
  let sum: i32 = 0;
  for (let word: u64 = 1; word <= 3; word++) {
    const bits = mix(state + word * step);
    sum += i32(bits & 0xffff) + i32((bits >> 16) & 0xffff) + i32((bits >> 32) & 0xffff) + i32(bits >> 48);
  }
  // The mean of each is 65535 / 2, its variance (65536^2 - 1) / 12.
  return (f64(sum) - 393210) / 65536;
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
