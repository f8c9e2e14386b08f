// Samples of blurred patterns: what features.ts computes without a mask, but only at the nodes of a sampling
// (cluster/sampling.ts), each value times the square root of its quadrature weight, so that plain inner products of
// samples stand for those of whole blurred patterns.
//
//   destination[(pattern * columnNodes + j) * stride + i] = sqrt(weight_i weight_j) (blurred pattern - mean)(row_i, column_j)
//
// float32; stride is the number of row nodes rounded up to a multiple of 4, the values in between are zero. mean is the
// pattern's mean over all pixels when `centered`, else 0; blurring leaves a constant as it is, so it is subtracted
// where that costs nothing and no digits.
//
// The pass along columns comes first, on strips of 16 columns, and stores its result transposed, so that both passes
// work on 16 neighbouring values at once and nodes may lie anywhere. Borders are reflected (half-sample) by padding.
//
// Integers up to 8191 are multiplied with taps in fixed point, two rows to a 32-bit product sum: exact, as taps sum to
// less than 2^18. Larger counts, and float32 patterns, are summed in float32. Which way a pattern goes depends on
// nothing but its counts.
//
// tables (32-bit words): radius, stride, row nodes, column nodes, sum of the fixed taps, address offsets in bytes of
//   5: for each padded row (height + 2 radius + 1, then one more) the row that it repeats
//   6: for each row node, `stride` of them: i32 row, f32 sqrt(weight), f32 sqrt(weight) / sum of the fixed taps, 0
//   7: for each column node: i32 column, f32 sqrt(weight)
//   8: radius + 1 float32 taps, by distance
//   9: fixed taps as pairs of i16, radius + 1 pairs for nodes in even rows, then as many for those in odd rows
// scratch: 64 (max(height + 2 radius + 2, ...)...) bytes, see sampledScratchBytes in cluster/sampling.ts.

import { sumOf } from "./features";
import { loadFloats, loadStep } from "./lanes";
import { reflect } from "./blur";

/** Bits that no count of the integer path has. */
const TOO_LARGE: i16 = ~8191;

/** Eight counts as 16-bit lanes of two padded rows, interleaved: 16 columns x rows 2m and 2m + 1 become 64 bytes. */
function interleave<T>(source: usize, width: i32, rows: usize, pairs: i32, strip: usize): v128 {
  let bits = i32x4.splat(0);
  for (let pair = 0; pair < pairs; pair++) {
    const upper = source + <usize>(load<i32>(rows + (<usize>pair << 3)) * width) * sizeof<T>();
    const lower = source + <usize>(load<i32>(rows + (<usize>pair << 3), 4) * width) * sizeof<T>();
    const a = loadStep<T>(upper), b = loadStep<T>(lower);
    const c = loadStep<T>(upper + 8 * sizeof<T>()), d = loadStep<T>(lower + 8 * sizeof<T>());
    if (sizeof<T>() == 2) bits = v128.or(bits, v128.or(v128.or(a, b), v128.or(c, d)));
    const out = strip + (<usize>pair << 6);
    v128.store(out, v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11));
    v128.store(out, v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15), 16);
    v128.store(out, v128.shuffle<i16>(c, d, 0, 8, 1, 9, 2, 10, 3, 11), 32);
    v128.store(out, v128.shuffle<i16>(c, d, 4, 12, 5, 13, 6, 14, 7, 15), 48);
  }
  return bits;
}

/** lines[node][16 columns] from interleaved counts. */
function alongColumnsFixed(strip: usize, tables: usize, nodes: usize, taps: usize, bias: i32, lines: usize): void {
  const pairs = load<i32>(tables) + 1, stride = load<i32>(tables, 4);
  const first = i32x4.splat(-bias);
  for (let i = 0; i < stride; i++) {
    const node = load<i32>(nodes + (<usize>i << 4));
    let pair = strip + (<usize>(node >> 1) << 6);
    let tap = taps + (node & 1 ? <usize>pairs << 2 : 0);
    const end = tap + (<usize>pairs << 2);
    let s0 = first, s1 = first, s2 = first, s3 = first;
    while (tap < end) {
      const t = v128.load32_splat(tap);
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(v128.load(pair), t));
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(v128.load(pair, 16), t));
      s2 = i32x4.add(s2, i32x4.dot_i16x8_s(v128.load(pair, 32), t));
      s3 = i32x4.add(s3, i32x4.dot_i16x8_s(v128.load(pair, 48), t));
      tap += 4;
      pair += 64;
    }
    const scale = v128.load32_splat(nodes + (<usize>i << 4), 8);
    const out = lines + (<usize>i << 6);
    v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(s0), scale));
    v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(s1), scale), 16);
    v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(s2), scale), 32);
    v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(s3), scale), 48);
  }
}

function toFloatStrip<T>(source: usize, width: i32, rows: usize, count: i32, mean: f32, strip: usize): void {
  const means = f32x4.splat(mean);
  for (let row = 0; row < count; row++) {
    const input = source + <usize>(load<i32>(rows + (<usize>row << 2)) * width) * sizeof<T>();
    const out = strip + (<usize>row << 6);
    v128.store(out, f32x4.sub(loadFloats<T>(input), means));
    v128.store(out, f32x4.sub(loadFloats<T>(input + 4 * sizeof<T>()), means), 16);
    v128.store(out, f32x4.sub(loadFloats<T>(input + 8 * sizeof<T>()), means), 32);
    v128.store(out, f32x4.sub(loadFloats<T>(input + 12 * sizeof<T>()), means), 48);
  }
}

/** out[16] = scale * symmetric sum around `center`, whose neighbours lie `bytes` apart. */
// @ts-ignore: decorator
@inline
function symmetricSum16(center: usize, bytes: usize, taps: usize, radius: i32, scale: v128, out: usize): void {
  const w0 = v128.load32_splat(taps);
  let s0 = f32x4.mul(w0, v128.load(center)), s1 = f32x4.mul(w0, v128.load(center, 16));
  let s2 = f32x4.mul(w0, v128.load(center, 32)), s3 = f32x4.mul(w0, v128.load(center, 48));
  let low = center, high = center;
  const end = taps + (<usize>radius << 2);
  while (taps < end) {
    taps += 4;
    low -= bytes;
    high += bytes;
    const w = v128.load32_splat(taps);
    s0 = f32x4.add(s0, f32x4.mul(w, f32x4.add(v128.load(low), v128.load(high))));
    s1 = f32x4.add(s1, f32x4.mul(w, f32x4.add(v128.load(low, 16), v128.load(high, 16))));
    s2 = f32x4.add(s2, f32x4.mul(w, f32x4.add(v128.load(low, 32), v128.load(high, 32))));
    s3 = f32x4.add(s3, f32x4.mul(w, f32x4.add(v128.load(low, 48), v128.load(high, 48))));
  }
  v128.store(out, f32x4.mul(s0, scale));
  v128.store(out, f32x4.mul(s1, scale), 16);
  v128.store(out, f32x4.mul(s2, scale), 32);
  v128.store(out, f32x4.mul(s3, scale), 48);
}

// @ts-ignore: decorator
@inline
function symmetricSum4(center: usize, bytes: usize, taps: usize, radius: i32, scale: v128, out: usize): void {
  let s0 = f32x4.mul(v128.load32_splat(taps), v128.load(center));
  let low = center, high = center;
  const end = taps + (<usize>radius << 2);
  while (taps < end) {
    taps += 4;
    low -= bytes;
    high += bytes;
    s0 = f32x4.add(s0, f32x4.mul(v128.load32_splat(taps), f32x4.add(v128.load(low), v128.load(high))));
  }
  v128.store(out, f32x4.mul(s0, scale));
}

function alongColumnsFloat(strip: usize, tables: usize, nodes: usize, taps: usize, lines: usize): void {
  const radius = load<i32>(tables), stride = load<i32>(tables, 4);
  for (let i = 0; i < stride; i++) {
    const node = load<i32>(nodes + (<usize>i << 4));
    const scale = v128.load32_splat(nodes + (<usize>i << 4), 4);
    symmetricSum16(strip + (<usize>(node + radius) << 6), 64, taps, radius, scale, lines + (<usize>i << 6));
  }
}

/** transposed[column][node] = lines[node][column], 16 columns. */
function transpose(lines: usize, stride: i32, transposed: usize): void {
  const rowBytes = <usize>stride << 2;
  for (let i = 0; i < stride; i += 4) {
    for (let x: usize = 0; x < 64; x += 16) {
      const at = lines + (<usize>i << 6) + x;
      const a = v128.load(at), b = v128.load(at, 64), c = v128.load(at, 128), d = v128.load(at, 192);
      const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
      const AB = v128.shuffle<i32>(a, b, 2, 6, 3, 7), CD = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
      let out = transposed + (x >> 2) * rowBytes + (<usize>i << 2);
      v128.store(out, v128.shuffle<i64>(ab, cd, 0, 2));
      out += rowBytes;
      v128.store(out, v128.shuffle<i64>(ab, cd, 1, 3));
      out += rowBytes;
      v128.store(out, v128.shuffle<i64>(AB, CD, 0, 2));
      out += rowBytes;
      v128.store(out, v128.shuffle<i64>(AB, CD, 1, 3));
    }
  }
}

function alongRows(transposed: usize, tables: usize, width: i32, destination: usize): void {
  const radius = load<i32>(tables), stride = load<i32>(tables, 4), columnNodes = load<i32>(tables, 12);
  const bytes = <usize>stride << 2;
  const nodes = tables + load<u32>(tables, 28), taps = tables + load<u32>(tables, 32);
  for (let x = 0; x < radius; x++) {
    memory.copy(transposed + <usize>x * bytes, transposed + <usize>(radius + reflect(x - radius, width)) * bytes, bytes);
    const right = width + x;
    memory.copy(transposed + <usize>(radius + right) * bytes, transposed + <usize>(radius + reflect(right, width)) * bytes, bytes);
  }
  for (let j = 0; j < columnNodes; j++) {
    const node = load<i32>(nodes + (<usize>j << 3));
    const scale = v128.load32_splat(nodes + (<usize>j << 3), 4);
    const center = transposed + <usize>(node + radius) * bytes;
    const out = destination + <usize>j * bytes;
    let i: usize = 0;
    for (; i + 64 <= bytes; i += 64) symmetricSum16(center + i, bytes, taps, radius, scale, out + i);
    for (; i < bytes; i += 16) symmetricSum4(center + i, bytes, taps, radius, scale, out + i);
  }
}

/** Sum of counts, exact. */
function sumCounts<T>(pattern: usize, pixels: i32): f64 {
  if (isFloat<T>()) return sumOf<T>(pattern, pixels);
  let sum: u64 = 0;
  let i = 0;
  while (i + 8 <= pixels) {
    const end = min(i + 65536, pixels & ~7);
    let lanes = i32x4.splat(0);
    for (; i < end; i += 8) {
      lanes = i32x4.add(lanes, i32x4.extadd_pairwise_i16x8_u(loadStep<T>(pattern + <usize>i * sizeof<T>())));
    }
    sum += <u64><u32>i32x4.extract_lane(lanes, 0) + <u64><u32>i32x4.extract_lane(lanes, 1);
    sum += <u64><u32>i32x4.extract_lane(lanes, 2) + <u64><u32>i32x4.extract_lane(lanes, 3);
  }
  for (; i < pixels; i++) sum += <u64>load<T>(pattern + <usize>i * sizeof<T>());
  return <f64>sum;
}

function sampled<T>(
  source: usize, destination: usize, references: usize, from: i32, to: i32, height: i32, width: i32, tables: usize,
  centered: i32, scratch: usize,
): void {
  const radius = load<i32>(tables), stride = load<i32>(tables, 4), columnNodes = load<i32>(tables, 12);
  const rows = tables + load<u32>(tables, 20), rowNodes = tables + load<u32>(tables, 24);
  const taps = tables + load<u32>(tables, 32), fixed = tables + load<u32>(tables, 36);
  const padded = height + 2 * radius;
  const pairs = (padded >> 1) + 1;
  const strip = scratch, lines = strip + (<usize>pairs << 7), transposed = lines + (<usize>stride << 6);
  const columnBytes = <usize>stride << 2;
  const first = transposed + <usize>radius * columnBytes;
  const pixels = height * width;
  for (let k = from; k < to; k++) {
    const pattern = source + <usize>k * <usize>pixels * sizeof<T>();
    const mean = centered ? sumCounts<T>(pattern, pixels) / f64(pixels) : 0.0;
    if (centered) store<f64>(references + (<usize>k << 3), mean * mean * f64(pixels));
    let fits = !isFloat<T>();
    const bias = i32(nearest(mean * f64(load<i32>(tables, 16))));
    if (!isFloat<T>()) {
      let bits = i32x4.splat(0);
      for (let x = 0; x < width; x += 16) {
        const column = min(x, width - 16);
        bits = v128.or(bits, interleave<T>(pattern + <usize>column * sizeof<T>(), width, rows, pairs, strip));
        alongColumnsFixed(strip, tables, rowNodes, fixed, bias, lines);
        transpose(lines, stride, first + <usize>column * columnBytes);
      }
      if (sizeof<T>() == 2) fits = !v128.any_true(v128.and(bits, i16x8.splat(TOO_LARGE)));
    }
    if (!fits) {
      for (let x = 0; x < width; x += 16) {
        const column = min(x, width - 16);
        toFloatStrip<T>(pattern + <usize>column * sizeof<T>(), width, rows, padded, f32(mean), strip);
        alongColumnsFloat(strip, tables, rowNodes, taps, lines);
        transpose(lines, stride, first + <usize>column * columnBytes);
      }
    }
    alongRows(transposed, tables, width, destination + <usize>k * <usize>columnNodes * columnBytes);
  }
}

export function sampledU8(
  source: usize, destination: usize, references: usize, from: i32, to: i32, height: i32, width: i32, tables: usize,
  centered: i32, scratch: usize,
): void {
  sampled<u8>(source, destination, references, from, to, height, width, tables, centered, scratch);
}
export function sampledU16(
  source: usize, destination: usize, references: usize, from: i32, to: i32, height: i32, width: i32, tables: usize,
  centered: i32, scratch: usize,
): void {
  sampled<u16>(source, destination, references, from, to, height, width, tables, centered, scratch);
}
export function sampledF32(
  source: usize, destination: usize, references: usize, from: i32, to: i32, height: i32, width: i32, tables: usize,
  centered: i32, scratch: usize,
): void {
  sampled<f32>(source, destination, references, from, to, height, width, tables, centered, scratch);
}
