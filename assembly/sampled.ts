// Samples of blurred patterns: what features.ts computes without a mask, but only at the nodes of a sampling
// (cluster/sampling.ts), each value times the square root of its quadrature weight, so that plain inner products of
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
// Integers up to 32767 are multiplied with taps in fixed point, two rows to a 32-bit product sum: exact, as taps sum to
// at most 2^16. Larger counts, and float32 patterns, are summed in float32. Which way a pattern goes depends on
// nothing but its counts.
//
// tables (cluster/sampling_tables.ts makes them), 32-bit words:
//   0 radius   1 stride   2 row nodes   3 column nodes   4 sum of the fixed taps; then offsets from the start to
//   5 the row that each padded row repeats, height + 2 radius + 2 words
//   6 `stride` row nodes of 4 words: row, f32 sqrt(weight), f32 sqrt(weight) / sum of the fixed taps, 0; the last node
//     again, with weight zero, where there are no more
//   7 column nodes of 2 words: column, f32 sqrt(weight)
//   8 radius + 1 float32 taps, by distance
//   9 fixed taps, two-sided, in pairs of i16: radius + 1 pairs for nodes in even rows (the last tap is zero), then as
//     many for those in odd rows (the first is zero)
//
// height and width are at least 16. scratch: one strip, its lines and all of them transposed, that is
// 128 (floor(height / 2) + radius + 1) + stride (64 + 4 (width + 2 radius)) bytes, aligned to 16.

import { reflect } from "./blur";
import { sumOf } from "./features";
import { loadStep } from "./lanes";
import {
  alongColumnsFixed, alongColumnsFloat, interleave, symmetricSum16, symmetricSum4, toFloatStrip, transpose,
} from "./strips";

/** Fills the place of a column outside the pattern with the one inside that it mirrors. */
function repeat(transposed: usize, column: i32, radius: i32, width: i32, bytes: usize): void {
  const inside = <usize>(radius + reflect(column, width)) * bytes;
  memory.copy(transposed + <usize>(radius + column) * bytes, transposed + inside, bytes);
}

/** destination[column node][row node]; the columns beside the pattern are reflected first. */
function alongRows(transposed: usize, tables: usize, width: i32, destination: usize): void {
  const radius = load<i32>(tables), stride = load<i32>(tables, 4), columnNodes = load<i32>(tables, 12);
  const bytes = <usize>stride << 2;
  const nodes = tables + load<u32>(tables, 28), taps = tables + load<u32>(tables, 32);
  for (let x = 0; x < radius; x++) {
    repeat(transposed, x - radius, radius, width, bytes);
    repeat(transposed, width + x, radius, width, bytes);
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
  const taps = tables + load<u32>(tables, 32), fixedTaps = tables + load<u32>(tables, 36);
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
    // Where the mean is larger, so is a count, and the pattern goes the other way.
    const bias = isFloat<T>() ? 0.0 : min(mean, 32767.0) * f64(load<i32>(tables, 16));
    let fixed = !isFloat<T>();
    for (let x = 0; fixed && x < width; x += 16) {
      const column = min(x, width - 16);
      fixed = interleave<T>(pattern + <usize>column * sizeof<T>(), width, rows, pairs, strip);
      alongColumnsFixed(strip, rowNodes, stride, fixedTaps, radius + 1, bias, lines);
      transpose(lines, stride, first + <usize>column * columnBytes);
    }
    for (let x = 0; !fixed && x < width; x += 16) {
      const column = min(x, width - 16);
      toFloatStrip<T>(pattern + <usize>column * sizeof<T>(), width, rows, padded, f32(mean), strip);
      alongColumnsFloat(strip, rowNodes, stride, taps, radius, lines);
      transpose(lines, stride, first + <usize>column * columnBytes);
    }
    alongRows(transposed, tables, width, destination + <usize>k * <usize>columnNodes * columnBytes);
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
