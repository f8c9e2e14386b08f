// Samples of blurred patterns: what features.ts computes without a mask, but only at the nodes of a sampling
// (library/passes/features/sampling.ts), each value times the square root of its quadrature weight, so that plain inner products of
// samples stand for those of whole blurred patterns.
//
//   destination[(pattern * columnNodes + j) * stride + i] = sqrt(weight_i weight_j) (blurred - mean)(row_i, column_j)
//
// float32; stride is the number of row nodes rounded up to a multiple of 4, the values in between are zero. mean is the
// pattern's mean over all pixels when `centered`, else 0; blurring leaves a constant as it is, so it is subtracted
// where that costs nothing and no digits.
//
// The pass along columns comes first, on strips of 16 columns, and stores its result transposed, so that both passes
// work on 16 neighbouring values at once and nodes may lie anywhere. Borders are reflected (half-sample) by padding.
//
// Integers are multiplied with taps in fixed point, two rows to a 32-bit product sum. Sums are exact: the taps sum to
// at most 2^18 for patterns with counts up to 8191, and to 2^16 for those with counts up to 32767, whose taps are
// coarser (there are electrons enough, and errors fall with their number). Larger counts, and float32 patterns, are
// summed in float32. Which way a pattern goes depends on nothing but its counts.
//
// tables (library/passes/features/sampling_tables.ts makes them), 32-bit words:
//   0 radius   1 stride   2 row nodes   3 column nodes   4 sum of the fine taps   5 sum of the coarse taps
// then offsets in bytes from the start to
//   6 the row that each padded row repeats, height + 2 radius + 2 words
//   7 `stride` row nodes of 4 words: row, f32 root of the weight, and that root over either sum of taps; the last node
//     again, with weight zero, where there are no more
//   8 column nodes of 2 words: column, f32 root of the weight
//   9 radius + 1 float32 taps, by distance
//   10 fine and 11 coarse taps, two-sided, in pairs of i16: radius + 1 pairs for nodes in even rows (the last tap is
//     zero), then as many for those in odd rows (the first is zero)
// and what the nodes need: 12 the first column and 13 the one after the last, at least 16 apart; 14 the first pair of padded
// rows and 15 the one after the last
//
// height and width are at least 16. scratch: one strip, its lines and all of them transposed, that is
// 128 (floor(height / 2) + radius + 1) + stride (64 + 4 (width + 2 radius)) bytes, aligned to 16.

import { sumOf } from "./moments";
import {
  alongColumnsFixed, alongColumnsFloat, interleave, OVER_COARSE, OVER_FINE, reflect, symmetricSum16, symmetricSum4,
  toFloatStrip, transpose,
} from "./strips";
import { neighbouringSums8, thirdSums8 } from "./symmetric";

/** Fills the place of a column outside the pattern with the one inside that it mirrors. */
function repeat(transposed: usize, column: i32, radius: i32, width: i32, bytes: usize): void {
  const inside = <usize>(radius + reflect(column, width)) * bytes;
  memory.copy(transposed + <usize>(radius + column) * bytes, transposed + inside, bytes);
}

/** destination[column node][row node]; the columns beside the pattern are reflected first. */
function alongRows(transposed: usize, tables: usize, width: i32, destination: usize): void {
  const radius = load<i32>(tables), stride = load<i32>(tables, 4), columnNodes = load<i32>(tables, 12);
  const bytes = <usize>stride << 2;
  const nodes = tables + load<u32>(tables, 32), taps = tables + load<u32>(tables, 36);
  const first = load<i32>(tables, 48), end = load<i32>(tables, 52);
  for (let x = 0; x < radius; x++) {
    if (first == 0) repeat(transposed, x - radius, radius, width, bytes);
    if (end == width) repeat(transposed, width + x, radius, width, bytes);
  }
  let j = 0;
  while (j < columnNodes) {
    const at = nodes + (<usize>j << 3), node = load<i32>(at), scale = v128.load32_splat(at, 4);
    const center = transposed + <usize>(node + radius) * bytes, out = destination + <usize>j * bytes;
    const gap = j + 1 < columnNodes ? load<i32>(at, 8) - node : 0;
    let i: usize = 0;
    if (gap == 1 || gap == 3) {
      const nextScale = v128.load32_splat(at, 12), nextOut = out + bytes, nextCenter = center + <usize>gap * bytes;
      if (gap == 1) {
        for (; i + 32 <= bytes; i += 32) {
          neighbouringSums8(center + i, bytes, taps, radius, scale, nextScale, out + i, nextOut + i);
        }
      } else {
        for (; i + 32 <= bytes; i += 32) {
          thirdSums8(center + i, bytes, taps, radius, scale, nextScale, out + i, nextOut + i);
        }
      }
      for (; i < bytes; i += 16) {
        symmetricSum4(center + i, bytes, taps, radius, scale, out + i);
        symmetricSum4(nextCenter + i, bytes, taps, radius, nextScale, nextOut + i);
      }
      j += 2;
      continue;
    }
    for (; i + 64 <= bytes; i += 64) symmetricSum16(center + i, bytes, taps, radius, scale, out + i);
    for (; i < bytes; i += 16) symmetricSum4(center + i, bytes, taps, radius, scale, out + i);
    j++;
  }
}

/** The pass along columns with integer taps; false where a count is too large for them. */
function alongColumnsOfCounts<T>(
  pattern: usize, height: i32, width: i32, tables: usize, coarse: bool, mean: f64, scratch: usize,
): bool {
  const radius = load<i32>(tables), stride = load<i32>(tables, 4);
  const rows = tables + load<u32>(tables, 24), nodes = tables + load<u32>(tables, 28);
  const taps = tables + (coarse ? load<u32>(tables, 44) : load<u32>(tables, 40));
  const sum = coarse ? load<i32>(tables, 20) : load<i32>(tables, 16), scales: usize = coarse ? 12 : 8;
  const pairs = (height >> 1) + radius + 1;
  const lines = linesOf(scratch, pairs), transposed = columnsOf(lines, stride, radius);
  const bias = mean * f64(sum);
  const end = load<i32>(tables, 52);
  const firstPair = load<i32>(tables, 56), neededPairs = load<i32>(tables, 60) - firstPair;
  const neededRows = rows + (<usize>firstPair << 3), strip = scratch + (<usize>firstPair << 6);
  const tooLarge = coarse ? OVER_COARSE : OVER_FINE;
  for (let x = load<i32>(tables, 48); x < end; x += 16) {
    const column = min(x, end - 16);
    const corner = pattern + <usize>column * sizeof<T>();
    if (!interleave<T>(corner, width, neededRows, neededPairs, tooLarge, strip)) return false;
    alongColumnsFixed(scratch, nodes, stride, scales, taps, radius + 1, bias, lines);
    transpose(lines, stride, transposed + ((<usize>column * <usize>stride) << 2), <usize>stride << 2);
  }
  return true;
}

/** The pass along columns with float32 taps. */
function alongColumnsOfFloats<T>(
  pattern: usize, height: i32, width: i32, tables: usize, mean: f64, scratch: usize,
): void {
  const radius = load<i32>(tables), stride = load<i32>(tables, 4);
  const rows = tables + load<u32>(tables, 24), nodes = tables + load<u32>(tables, 28);
  const taps = tables + load<u32>(tables, 36);
  const lines = linesOf(scratch, (height >> 1) + radius + 1), transposed = columnsOf(lines, stride, radius);
  const firstRow = load<i32>(tables, 56) << 1, neededRows = rows + (<usize>firstRow << 2);
  const strip = scratch + (<usize>firstRow << 6);
  const count = min(load<i32>(tables, 60) << 1, height + 2 * radius) - firstRow;
  const end = load<i32>(tables, 52);
  for (let x = load<i32>(tables, 48); x < end; x += 16) {
    const column = min(x, end - 16);
    toFloatStrip<T>(pattern + <usize>column * sizeof<T>(), width, neededRows, count, f32(mean), strip);
    alongColumnsFloat(scratch, nodes, stride, taps, radius, lines);
    transpose(lines, stride, transposed + ((<usize>column * <usize>stride) << 2), <usize>stride << 2);
  }
}

/** The lines of a strip lie behind it. */
function linesOf(scratch: usize, pairs: i32): usize {
  return scratch + (<usize>pairs << 7);
}

/** The transposed columns lie behind the lines, those beside the pattern first; where column 0 is. */
function columnsOf(lines: usize, stride: i32, radius: i32): usize {
  return lines + (<usize>stride << 6) + ((<usize>radius * <usize>stride) << 2);
}

/** Samples of one pattern. */
export function samplesOf<T>(
  pattern: usize, height: i32, width: i32, tables: usize, mean: f64, destination: usize, scratch: usize,
): void {
  const radius = load<i32>(tables), stride = load<i32>(tables, 4);
  // The mean may be that of larger counts in columns that no node needs.
  const done = !isFloat<T>() && (
    (mean <= 8191.0 && alongColumnsOfCounts<T>(pattern, height, width, tables, false, mean, scratch)) ||
    (mean <= 32767.0 && alongColumnsOfCounts<T>(pattern, height, width, tables, true, mean, scratch))
  );
  if (!done) alongColumnsOfFloats<T>(pattern, height, width, tables, mean, scratch);
  const transposed = columnsOf(linesOf(scratch, (height >> 1) + radius + 1), stride, 0);
  alongRows(transposed, tables, width, destination);
}

function sampled<T>(
  source: usize, destination: usize, references: usize, from: i32, to: i32, height: i32, width: i32, tables: usize,
  centered: i32, scratch: usize,
): void {
  const stride = load<i32>(tables, 4), columnNodes = load<i32>(tables, 12);
  const pixels = height * width;
  const columnBytes = <usize>stride << 2;
  for (let k = from; k < to; k++) {
    const pattern = source + <usize>k * <usize>pixels * sizeof<T>();
    const mean = centered ? sumOf<T>(pattern, pixels) / f64(pixels) : 0.0;
    if (centered) store<f64>(references + (<usize>k << 3), mean * mean * f64(pixels));
    samplesOf<T>(pattern, height, width, tables, mean, destination + <usize>k * <usize>columnNodes * columnBytes, scratch);
  }
}

/**
 * Samples of patterns from..to-1 of a row of 8-bit counts. When `centered`, references (float64 per pattern)
 * become the number of pixels times the mean squared, against which a vanishing norm is judged.
 */
export function sampledU8(
  source: usize, destination: usize, references: usize, from: i32, to: i32, height: i32, width: i32, tables: usize,
  centered: i32, scratch: usize,
): void {
  sampled<u8>(source, destination, references, from, to, height, width, tables, centered, scratch);
}

/**
 * Samples of patterns from..to-1 of a row of 16-bit counts. When `centered`, references (float64 per pattern)
 * become the number of pixels times the mean squared, against which a vanishing norm is judged.
 */
export function sampledU16(
  source: usize, destination: usize, references: usize, from: i32, to: i32, height: i32, width: i32, tables: usize,
  centered: i32, scratch: usize,
): void {
  sampled<u16>(source, destination, references, from, to, height, width, tables, centered, scratch);
}

/**
 * Samples of patterns from..to-1 of a row of float32 patterns. When `centered`, references (float64 per pattern)
 * become the number of pixels times the mean squared, against which a vanishing norm is judged.
 */
export function sampledF32(
  source: usize, destination: usize, references: usize, from: i32, to: i32, height: i32, width: i32, tables: usize,
  centered: i32, scratch: usize,
): void {
  sampled<f32>(source, destination, references, from, to, height, width, tables, centered, scratch);
}
