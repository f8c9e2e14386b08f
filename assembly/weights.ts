// Weighted patterns for the correlations of the prefilter, from samples at nodes: J = w (I - m) at the nodes, then
// y = T J T^T, which has few numbers and the inner products of all pixels (library/passes/prefilter/nodes), then y / |y|.
//
//   weighted[(pattern * row features + i) * feature stride + j], float32; what is between features and stride is zero
//
// A pattern's features are zero where their norm vanishes: beside that of the pattern's mean, if that were everywhere.
//
// tables: words 4, 5 and 9 as in nodes.ts; offsets in bytes from the start to
//   17 weights and 18 shares in the mean, f32 [column node][stride]
//   19 numbers of the columns' axis: blocks, nodes of a block, features of a block, nodes in the interior, f32 root
//   20 nodes of the blocks   21 transform, f32 [feature][node], upper triangular   22 nodes of the interior
//   23 to 26 the same for the rows' axis

import { sumFloats } from "./lanes";

/** Numbers whose products are summed in float32, before they join a sum in float64. */
const CHUNK: usize = 256;

/** Sum of the products of two arrays, whose bytes are a multiple of 16. */
function innerProduct(a: usize, b: usize, bytes: usize): f64 {
  let sum = 0.0;
  for (let start: usize = 0; start < bytes; start += CHUNK) {
    const stop = min(start + CHUNK, bytes);
    let s = f32x4.splat(0), t = s, i = start;
    for (; i + 32 <= stop; i += 32) {
      s = f32x4.add(s, f32x4.mul(v128.load(a + i), v128.load(b + i)));
      t = f32x4.add(t, f32x4.mul(v128.load(a + i, 16), v128.load(b + i, 16)));
    }
    for (; i < stop; i += 16) s = f32x4.add(s, f32x4.mul(v128.load(a + i), v128.load(b + i)));
    sum += sumFloats(f32x4.add(s, t));
  }
  return sum;
}

/** One feature of a block: the sum over its nodes, from the feature's own on, times the transform. */
// @ts-ignore: decorator
@inline
function blockFeature(
  input: usize, bytes: usize, indices: usize, endIndices: usize, transform: usize, out: usize,
): void {
  // The last four vectors overlap those before; the lines of the smallest patterns have fewer.
  for (let first: usize = 0; first < bytes && bytes >= 64; first += 64) {
    const x = min(first, bytes - 64);
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, t = transform;
    for (let at = indices; at < endIndices; at += 4, t += 4) {
      const line = input + <usize>load<u32>(at) * bytes + x, w = v128.load32_splat(t);
      s0 = f32x4.add(s0, f32x4.mul(w, v128.load(line)));
      s1 = f32x4.add(s1, f32x4.mul(w, v128.load(line, 16)));
      s2 = f32x4.add(s2, f32x4.mul(w, v128.load(line, 32)));
      s3 = f32x4.add(s3, f32x4.mul(w, v128.load(line, 48)));
    }
    v128.store(out + x, s0);
    v128.store(out + x, s1, 16);
    v128.store(out + x, s2, 32);
    v128.store(out + x, s3, 48);
  }
  for (let x: usize = 0; x < bytes && bytes < 64; x += 16) {
    let s = f32x4.splat(0), t = transform;
    for (let at = indices; at < endIndices; at += 4, t += 4) {
      s = f32x4.add(s, f32x4.mul(v128.load32_splat(t), v128.load(input + <usize>load<u32>(at) * bytes + x)));
    }
    v128.store(out + x, s);
  }
}

/** Features of one block; returns what follows them. */
function blockFeatures(input: usize, bytes: usize, axis: usize, indices: usize, transform: usize, out: usize): usize {
  const size = <usize>load<i32>(axis, 4) << 2, kept = <usize>load<i32>(axis, 8);
  for (let k: usize = 0; k < kept; k++, out += bytes) {
    const own = k << 2;
    blockFeature(input, bytes, indices + own, indices + size, transform + k * size + own, out);
  }
  return out;
}

/** Features along an axis: lines of `bytes` bytes, one for each node, become lines for each feature. */
function alongAxis(input: usize, bytes: usize, tables: usize, word: usize, out: usize): void {
  const parts = tables + (word << 2);
  const axis = tables + load<u32>(parts), indices = tables + load<u32>(parts, 4), transform = tables + load<u32>(parts, 8);
  const interior = tables + load<u32>(parts, 12), endInterior = interior + (<usize>load<i32>(axis, 12) << 2);
  out = blockFeatures(input, bytes, axis, indices, transform, out);
  const root = v128.load32_splat(axis, 16);
  for (let at = interior; at < endInterior; at += 4, out += bytes) {
    const line = input + <usize>load<u32>(at) * bytes;
    let x: usize = 0;
    for (; x + 64 <= bytes; x += 64) {
      const from = line + x, to = out + x;
      v128.store(to, f32x4.mul(root, v128.load(from)));
      v128.store(to, f32x4.mul(root, v128.load(from, 16)), 16);
      v128.store(to, f32x4.mul(root, v128.load(from, 32)), 32);
      v128.store(to, f32x4.mul(root, v128.load(from, 48)), 48);
    }
    for (; x < bytes; x += 16) v128.store(out + x, f32x4.mul(root, v128.load(line + x)));
  }
  if (load<i32>(axis) > 1) {
    blockFeatures(input, bytes, axis, indices + (<usize>load<i32>(axis, 4) << 2), transform, out);
  }
}

/** out[row][column] = lines[column][row]; rows and columns are multiples of 4. */
function turn(lines: usize, rows: usize, columns: usize, out: usize): void {
  const lineBytes = rows << 2, outBytes = columns << 2;
  for (let column: usize = 0; column < outBytes; column += 16) {
    for (let row: usize = 0; row < rows; row += 4) {
      const at = lines + column / 4 * lineBytes + (row << 2);
      const a = v128.load(at), b = v128.load(at + lineBytes);
      const c = v128.load(at + 2 * lineBytes), d = v128.load(at + 3 * lineBytes);
      const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
      const AB = v128.shuffle<i32>(a, b, 2, 6, 3, 7), CD = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
      const to = out + row * outBytes + column;
      v128.store(to, v128.shuffle<i64>(ab, cd, 0, 2));
      v128.store(to + outBytes, v128.shuffle<i64>(ab, cd, 1, 3));
      v128.store(to + 2 * outBytes, v128.shuffle<i64>(AB, CD, 0, 2));
      v128.store(to + 3 * outBytes, v128.shuffle<i64>(AB, CD, 1, 3));
    }
  }
}

/**
 * Weighs one pattern. scratch: lines for each column node, for each feature of the columns' axis and, turned, for each row
 * node.
 *
 * @returns what follows the weighted pattern
 */
export function weighNodes(samples: usize, tables: usize, weightSquares: f64, scratch: usize, weighted: usize): usize {
  const stride = <usize>load<i32>(tables, 16), features = <usize>load<i32>(tables, 36);
  const lineBytes = stride << 2, featureBytes = features << 2;
  const all = <usize>load<i32>(tables, 20) * lineBytes;
  const weights = tables + load<u32>(tables, 68), shares = tables + load<u32>(tables, 72);
  const rows = tables + load<u32>(tables, 92);
  const along = scratch + all, turned = along + features * lineBytes;
  const mean = innerProduct(samples, shares, all);
  const most = f32(mean), rest = f32(mean - f64(most));
  const most4 = f32x4.splat(most), rest4 = f32x4.splat(rest);
  for (let i: usize = 0; i < all; i += 16) {
    const centered = f32x4.sub(f32x4.sub(v128.load(samples + i), most4), rest4);
    v128.store(scratch + i, f32x4.mul(centered, v128.load(weights + i)));
  }
  // Features that are not there.
  memory.fill(along + (features - 4) * lineBytes, 0, 4 * lineBytes);
  alongAxis(scratch, lineBytes, tables, 19, along);
  turn(along, stride, features, turned);
  alongAxis(turned, featureBytes, tables, 23, weighted);
  const blocks = load<i32>(rows), kept = load<i32>(rows, 8), interior = load<i32>(rows, 12);
  const bytes = <usize>(blocks * kept + interior) * featureBytes;
  const squares = innerProduct(weighted, weighted, bytes);
  const factor = f32x4.splat(squares > 1e-10 * mean * mean * weightSquares ? f32(1 / sqrt(squares)) : 0);
  for (let i: usize = 0; i < bytes; i += 16) v128.store(weighted + i, f32x4.mul(v128.load(weighted + i), factor));
  return weighted + bytes;
}
