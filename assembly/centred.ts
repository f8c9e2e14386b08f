// Inner products of neighbouring patterns less their means. Those of counts are exact, and so are those of counts less
// their means but for two roundings: <x - m, y - n> = <x, y> - N m n, N pixels. Float32 patterns stay as recorded in a
// thread's cache (library/engine/strips.ts) and lose their means a few pixels at a time, to the bits that features.ts and
// similarityF32 give.

import { meanAndSquares, subtractMean } from "./moments";
import { addRows } from "./similarity";

/** Pixels at a time: a multiple of the chunks that are summed in float32. */
const TILE = 192, CHUNK = 32;

/** Means of patterns from..to-1 of a row, and the sums of their squares; float64, one a pattern of the row. */
function means<T>(row: usize, from: i32, to: i32, pixels: i32, means: usize, squares: usize): void {
  for (let i = from; i < to; i++) {
    const o = <usize>i << 3;
    store<f64>(squares + o, meanAndSquares<T>(row + <usize>i * <usize>pixels * sizeof<T>(), pixels, means + o));
  }
}

/** Pixels first.. of patterns from..to-1 of a row, less their means, one beside the other. */
function centredTile(
  row: usize, from: i32, to: i32, pixels: i32, first: i32, length: i32, means: usize, out: usize,
): void {
  for (let i = from; i < to; i++, out += TILE << 2) {
    const pattern = row + ((<usize>i * <usize>pixels + <usize>first) << 2);
    subtractMean<f32>(pattern, out, length, load<f64>(means + (<usize>i << 3)));
  }
}

/** Means and sums of squares of patterns from..to-1 of a row of 8-bit counts. */
export function meansU8(row: usize, from: i32, to: i32, pixels: i32, averages: usize, squares: usize): void {
  means<u8>(row, from, to, pixels, averages, squares);
}

/** The same of 16-bit counts. */
export function meansU16(row: usize, from: i32, to: i32, pixels: i32, averages: usize, squares: usize): void {
  means<u16>(row, from, to, pixels, averages, squares);
}

/** The same of float32 patterns. */
export function meansF32(row: usize, from: i32, to: i32, pixels: i32, averages: usize, squares: usize): void {
  means<f32>(row, from, to, pixels, averages, squares);
}

/**
 * Makes inner products and squared norms of counts, as similarity.ts leaves them for columns from..to-1 of a pair of scan
 * rows, those of counts less the means that `meansU8` or `meansU16` left, of which those of the neighbours on both sides
 * are needed too.
 */
export function lessMeans(
  columns: i32, from: i32, to: i32, pixels: i32, upperMeans: usize, lowerMeans: usize, dots: usize, norms: usize,
): void {
  const last = columns - 1, count = f64(pixels);
  for (let column = from; column < to; column++) {
    const own = <usize>column << 3, before = <usize>max(column - 1, 0) << 3, after = <usize>min(column + 1, last) << 3;
    const out = dots + (<usize>column << 5), square = norms + own;
    const mean = load<f64>(upperMeans + own), most = count * mean;
    store<f64>(square, load<f64>(square) - most * mean);
    store<f64>(out, load<f64>(out) - most * load<f64>(upperMeans + after));
    store<f64>(out, load<f64>(out, 8) - most * load<f64>(lowerMeans + before), 8);
    store<f64>(out, load<f64>(out, 16) - most * load<f64>(lowerMeans + own), 16);
    store<f64>(out, load<f64>(out, 24) - most * load<f64>(lowerMeans + after), 24);
  }
}

/**
 * Columns from..to-1 of a pair of scan rows of float32 patterns, as in similarity.ts, less the means that `meansF32` left,
 * of which those of the neighbours on both sides are needed too. scratch: 1536 bytes for each of these patterns.
 */
export function centredF32(
  upper: usize, lower: usize, columns: i32, from: i32, to: i32, pixels: i32, upperMeans: usize, lowerMeans: usize,
  dots: usize, norms: usize, scratch: usize,
): void {
  const left = max(from - 1, 0), right = min(to + 1, columns), stride: usize = TILE << 2;
  const above = scratch, below = upper == lower ? above : scratch + <usize>(right - left) * stride;
  const beside = <usize>left * stride;
  for (let first = 0; first < pixels; first += TILE) {
    const length = min(TILE, pixels - first);
    centredTile(upper, left, right, pixels, first, length, upperMeans, above);
    if (upper != lower) centredTile(lower, left, right, pixels, first, length, lowerMeans, below);
    addRows<f32, f32>(
      above - beside, below - beside, columns, from, to, length, stride, CHUNK, first > 0, dots, norms,
    );
  }
}
