// What sampled.ts and nodes.ts share: sums along the columns of a pattern, on strips of 16 columns, at the row nodes only.

import { loadFloats, loadStep } from "./lanes";

/** The bits that counts must not have for fine and for coarse taps. */
export const OVER_FINE: i16 = ~8191, OVER_COARSE: i16 = ~32767;

/** Index inside 0..size-1 that index stands for under half-sample reflection, for any distance outside. */
export function reflect(index: i32, size: i32): i32 {
  const period = 2 * size;
  let i = index % period;
  if (i < 0) i += period;
  return i < size ? i : period - 1 - i;
}

/**
 * strip[pair][16 columns][2]: counts of padded rows 2 pair and 2 pair + 1 side by side, 16 bits each, so that one
 * instruction multiplies both with their taps. Returns whether none of them has one of the bits of `tooLarge`.
 */
export function interleave<T>(
  source: usize, width: i32, rows: usize, pairs: i32, tooLarge: i16, strip: usize,
): bool {
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
  return !v128.any_true(v128.and(bits, i16x8.splat(tooLarge)));
}

/** sum + four columns of a pair of rows, times their taps. */
// @ts-ignore: decorator
@inline
function addProducts(sum: v128, counts: v128, taps: v128): v128 {
  return i32x4.add(sum, i32x4.dot_i16x8_s(counts, taps));
}

/** (sums - rest) scale of 16 columns. */
// @ts-ignore: decorator
@inline
function storeScaled(out: usize, s0: v128, s1: v128, s2: v128, s3: v128, rest: v128, scale: v128): void {
  v128.store(out, f32x4.mul(f32x4.sub(f32x4.convert_i32x4_s(s0), rest), scale));
  v128.store(out, f32x4.mul(f32x4.sub(f32x4.convert_i32x4_s(s1), rest), scale), 16);
  v128.store(out, f32x4.mul(f32x4.sub(f32x4.convert_i32x4_s(s2), rest), scale), 32);
  v128.store(out, f32x4.mul(f32x4.sub(f32x4.convert_i32x4_s(s3), rest), scale), 48);
}

/**
 * 16 columns of two nodes from a strip of counts, p before q: (sums from `start` on - rest) scale. A node takes `tapBytes`
 * of taps from its first pair of rows on. Both are summed at once where they share rows: first the rows of p alone, then
 * those of both, then those of q alone.
 */
// @ts-ignore: decorator
@inline
export function sumTwoNodes(
  pair: usize, firstOfQ: usize, tapP: usize, tapQ: usize, tapBytes: usize, start: v128, rest: v128, scaleP: v128,
  scaleQ: v128, out: usize,
): void {
  const shared = firstOfQ >= pair && firstOfQ - pair < tapBytes << 4;
  const endP = tapP + tapBytes, endQ = tapQ + tapBytes;
  const endAlone = shared ? tapP + ((firstOfQ - pair) >> 4) : endP;
  let p0 = start, p1 = start, p2 = start, p3 = start;
  let q0 = start, q1 = start, q2 = start, q3 = start;
  for (; tapP < endAlone; pair += 64, tapP += 4) {
    const t = v128.load32_splat(tapP);
    p0 = addProducts(p0, v128.load(pair), t);
    p1 = addProducts(p1, v128.load(pair, 16), t);
    p2 = addProducts(p2, v128.load(pair, 32), t);
    p3 = addProducts(p3, v128.load(pair, 48), t);
  }
  for (; tapP < endP; pair += 64, tapP += 4, tapQ += 4) {
    const t = v128.load32_splat(tapP), u = v128.load32_splat(tapQ);
    let counts = v128.load(pair);
    p0 = addProducts(p0, counts, t);
    q0 = addProducts(q0, counts, u);
    counts = v128.load(pair, 16);
    p1 = addProducts(p1, counts, t);
    q1 = addProducts(q1, counts, u);
    counts = v128.load(pair, 32);
    p2 = addProducts(p2, counts, t);
    q2 = addProducts(q2, counts, u);
    counts = v128.load(pair, 48);
    p3 = addProducts(p3, counts, t);
    q3 = addProducts(q3, counts, u);
  }
  if (!shared) pair = firstOfQ;
  for (; tapQ < endQ; pair += 64, tapQ += 4) {
    const u = v128.load32_splat(tapQ);
    q0 = addProducts(q0, v128.load(pair), u);
    q1 = addProducts(q1, v128.load(pair, 16), u);
    q2 = addProducts(q2, v128.load(pair, 32), u);
    q3 = addProducts(q3, v128.load(pair, 48), u);
  }
  storeScaled(out, p0, p1, p2, p3, rest, scaleP);
  storeScaled(out + 64, q0, q1, q2, q3, rest, scaleQ);
}

/**
 * lines[node][16 columns] from a strip of counts, less `bias`: the mean in fixed point, whose whole part is subtracted
 * before any rounding. `scales` is where in a node its scale lies.
 */
export function alongColumnsFixed(
  strip: usize, nodes: usize, stride: i32, scales: usize, taps: usize, tapPairs: i32, bias: f64, lines: usize,
): void {
  const whole = nearest(bias);
  const start = i32x4.splat(-i32(whole)), rest = f32x4.splat(f32(bias - whole));
  const tapBytes = <usize>tapPairs << 2;
  const endNodes = nodes + (<usize>stride << 4);
  for (; nodes < endNodes; nodes += 32, lines += 128) {
    const p = load<i32>(nodes), q = load<i32>(nodes, 16);
    sumTwoNodes(
      strip + (<usize>(p >> 1) << 6), strip + (<usize>(q >> 1) << 6), taps + (p & 1 ? tapBytes : 0),
      taps + (q & 1 ? tapBytes : 0), tapBytes, start, rest, v128.load32_splat(nodes + scales),
      v128.load32_splat(nodes + scales, 16), lines,
    );
  }
}

/** strip[padded row][16 columns], float32, less the mean. */
export function toFloatStrip<T>(source: usize, width: i32, rows: usize, count: i32, mean: f32, strip: usize): void {
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

/** out = scale * (sum over both sides of `center` with the taps); 16 floats, whose neighbours lie `bytes` apart. */
// @ts-ignore: decorator
@inline
export function symmetricSum16(center: usize, bytes: usize, taps: usize, radius: i32, scale: v128, out: usize): void {
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

/** The same for 4 values. */
// @ts-ignore: decorator
@inline
export function symmetricSum4(center: usize, bytes: usize, taps: usize, radius: i32, scale: v128, out: usize): void {
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

/** lines[node][16 columns] from a strip of floats. */
export function alongColumnsFloat(
  strip: usize, nodes: usize, stride: i32, taps: usize, radius: i32, lines: usize,
): void {
  for (let i = 0; i < stride; i++, nodes += 16) {
    const center = strip + (<usize>(load<i32>(nodes) + radius) << 6);
    symmetricSum16(center, 64, taps, radius, v128.load32_splat(nodes, 4), lines + (<usize>i << 6));
  }
}

/** transposed[column][line] = lines[line][column], 16 columns; count of lines a multiple of 4. */
export function transpose(lines: usize, count: i32, transposed: usize, rowBytes: usize): void {
  for (let i = 0; i < count; i += 4) {
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
