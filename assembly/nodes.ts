// Blurred patterns at nodes that may lie between pixels (library/passes/prefilter/nodes), weighted and normalised for
// the correlations of the prefilter: each axis has uniform nodes, then perhaps some beside the step of the weight
// function. Samples are blurred values times the root of the area that a uniform node stands for.
//
//   similar[(pattern * uniform columns + j) * uniform stride + i]: samples at the uniform nodes, less the pattern's mean when
//     `centered`; nothing where the address is 0
//   weighted: see weights.ts; nothing where the address is 0
//
// As in sampled.ts, the pass along columns comes first, on strips of 16 columns, with taps in fixed point where counts
// allow; but each node has taps and a scale of its own, since nodes lie at all places between pixels.
//
// tables (library/passes/prefilter/nodes/node_tables.ts makes them), 32-bit words:
//   0 pad   1 pairs of padded rows   2 pairs of integer taps of a node   3 taps of a node   4 stride: row nodes, rounded
//   up to a multiple of 4   5 column nodes   6 uniform row nodes   7 those, rounded up   8 uniform column nodes
//   9 stride of features
// then offsets in bytes from the start to
//   10 the row that each padded row repeats
//   11 row nodes of 4 words: first padded row, f32 scales of fine and of coarse taps, nothing
//   12 fine and 13 coarse taps, in pairs of i16 from an even padded row on   14 f32 taps of the row nodes, scaled
//   15 first padded column of the column nodes   16 f32 taps of the column nodes, scaled
//   17 to 26: weights.ts
//
// height and width are at least 16. scratch, aligned to 16: node_tables.ts says how much.

import { sum16, sumLine, sumTwo16 } from "./lines";
import { sumOf } from "./moments";
import { weighNodes } from "./weights";
import { interleave, OVER_COARSE, OVER_FINE, reflect, sumTwoNodes, toFloatStrip, transpose } from "./strips";

/** Where a part of the tables lies. */
// @ts-ignore: decorator
@inline
function partOf(tables: usize, word: usize): usize {
  return tables + load<u32>(tables + (word << 2));
}

/** lines[node][16 columns] from a strip of counts. */
function alongColumnsOfInts(
  strip: usize, nodes: usize, count: i32, taps: usize, tapPairs: i32, scales: usize, lines: usize,
): void {
  const tapBytes = <usize>tapPairs << 2, none = i32x4.splat(0);
  for (let i = 0; i < count; i += 2, nodes += 32, lines += 128, taps += 2 * tapBytes) {
    sumTwoNodes(
      strip + (<usize>(load<i32>(nodes) >> 1) << 6), strip + (<usize>(load<i32>(nodes, 16) >> 1) << 6), taps,
      taps + tapBytes, tapBytes, none, none, v128.load32_splat(nodes + scales),
      v128.load32_splat(nodes + scales, 16), lines,
    );
  }
}

/** middle[padded column][row node] by integer taps; false where a count is too large for them. */
function alongColumnsOfCounts<T>(
  pattern: usize, width: i32, tables: usize, coarse: bool, strip: usize, lines: usize, inner: usize,
): bool {
  const pairs = load<i32>(tables, 4), tapPairs = load<i32>(tables, 8), stride = load<i32>(tables, 16);
  const rows = partOf(tables, 10), nodes = partOf(tables, 11);
  const taps = coarse ? partOf(tables, 13) : partOf(tables, 12), scales: usize = coarse ? 8 : 4;
  for (let x = 0; x < width; x += 16) {
    const column = min(x, width - 16);
    const corner = pattern + <usize>column * sizeof<T>();
    if (!interleave<T>(corner, width, rows, pairs, coarse ? OVER_COARSE : OVER_FINE, strip)) return false;
    alongColumnsOfInts(strip, nodes, stride, taps, tapPairs, scales, lines);
    transpose(lines, stride, inner + ((<usize>column * <usize>stride) << 2), <usize>stride << 2);
  }
  return true;
}

/** The same by float32 taps, for any values. */
function alongColumnsOfFloats<T>(
  pattern: usize, width: i32, tables: usize, strip: usize, lines: usize, inner: usize,
): void {
  const pairs = load<i32>(tables, 4), tapBytes = <usize>load<i32>(tables, 12) << 2, stride = load<i32>(tables, 16);
  const rows = partOf(tables, 10), nodes = partOf(tables, 11), taps = partOf(tables, 14);
  for (let x = 0; x < width; x += 16) {
    const column = min(x, width - 16);
    toFloatStrip<T>(pattern + <usize>column * sizeof<T>(), width, rows, 2 * pairs, 0, strip);
    for (let i = 0; i < stride; i++) {
      const first = strip + (<usize>load<i32>(nodes + (<usize>i << 4)) << 6), own = taps + <usize>i * tapBytes;
      sum16(first, 64, own, own + tapBytes, lines + (<usize>i << 6));
    }
    transpose(lines, stride, inner + ((<usize>column * <usize>stride) << 2), <usize>stride << 2);
  }
}

/** samples[column node][stride] from the middle, whose columns beside the pattern are filled first. */
function alongRows(inner: usize, width: i32, tables: usize, samples: usize): void {
  const pad = load<i32>(tables), columnNodes = load<i32>(tables, 20);
  const bytes = <usize>load<i32>(tables, 16) << 2, tapBytes = <usize>load<i32>(tables, 12) << 2;
  const starts = partOf(tables, 15), taps = partOf(tables, 16);
  for (let x = 0; x < pad; x++) {
    memory.copy(inner - <usize>(x + 1) * bytes, inner + <usize>reflect(-x - 1, width) * bytes, bytes);
    memory.copy(inner + <usize>(width + x) * bytes, inner + <usize>reflect(width + x, width) * bytes, bytes);
  }
  const first = inner - <usize>pad * bytes;
  for (let j = 0; j < columnNodes; j += 2) {
    const p = first + <usize>load<i32>(starts + (<usize>j << 2)) * bytes;
    const own = taps + <usize>j * tapBytes, out = samples + <usize>j * bytes;
    const two = j + 1 < columnNodes;
    const q = two ? first + <usize>load<i32>(starts + (<usize>j << 2), 4) * bytes : p;
    if (two && bytes >= 64 && q >= p && q - p < (tapBytes >> 2) * bytes) {
      for (let i: usize = 0; i < bytes; i += 64) {
        // The last of them overlaps the one before.
        const o = min(i, bytes - 64);
        sumTwo16(p + o, q + o, bytes, own, own + tapBytes, tapBytes, out + o, out + bytes + o);
      }
    } else {
      sumLine(p, bytes, own, tapBytes, out);
      if (two) sumLine(q, bytes, own + tapBytes, tapBytes, out + bytes);
    }
  }
}

/** The samples at the uniform nodes, less a constant. */
function takeUniform(samples: usize, tables: usize, shift: f64, out: usize): void {
  const bytes = <usize>load<i32>(tables, 16) << 2, count = load<i32>(tables, 24);
  const outBytes = <usize>load<i32>(tables, 28) << 2, columns = load<i32>(tables, 32);
  const most = f32(shift), rest = f32(shift - f64(most));
  const most4 = f32x4.splat(most), rest4 = f32x4.splat(rest);
  for (let j = 0; j < columns; j++) {
    const line = samples + <usize>j * bytes, to = out + <usize>j * outBytes;
    for (let i: usize = 0; i < outBytes; i += 16) {
      v128.store(to + i, f32x4.sub(f32x4.sub(v128.load(line + i), most4), rest4));
    }
    for (let i = <usize>count << 2; i < outBytes; i += 4) store<f32>(to + i, 0);
  }
}

function nodes<T>(
  source: usize, count: i32, height: i32, width: i32, tables: usize, weightSquares: f64, area: f64, centered: i32,
  similar: usize, references: usize, result: usize, scratch: usize,
): void {
  const pad = load<i32>(tables), pairs = load<i32>(tables, 4), stride = <usize>load<i32>(tables, 16) << 2;
  const lines = scratch + (<usize>pairs << 7), inner = lines + (stride << 4) + <usize>pad * stride;
  const samples = inner + <usize>(width + pad) * stride;
  const rest = samples + <usize>load<i32>(tables, 20) * stride;
  const pixels = height * width;
  const similarBytes = <usize>load<i32>(tables, 28) * <usize>load<i32>(tables, 32) << 2;
  for (let k = 0; k < count; k++, source += <usize>pixels * sizeof<T>()) {
    const done = !isFloat<T>() && (
      alongColumnsOfCounts<T>(source, width, tables, false, scratch, lines, inner) ||
      alongColumnsOfCounts<T>(source, width, tables, true, scratch, lines, inner)
    );
    if (!done) alongColumnsOfFloats<T>(source, width, tables, scratch, lines, inner);
    alongRows(inner, width, tables, samples);
    if (similar) {
      const mean = centered ? sumOf<T>(source, pixels) / f64(pixels) : 0.0;
      if (centered) store<f64>(references + (<usize>k << 3), mean * mean * f64(pixels));
      takeUniform(samples, tables, mean * sqrt(area), similar + <usize>k * similarBytes);
    }
    if (result) result = weighNodes(samples, tables, weightSquares, rest, result);
  }
}

/**
 * Samples and weighted patterns of `count` 8-bit patterns. weightSquares: sum of the squared weights at the nodes; area: pixels
 * that a uniform node stands for. When `centered`, references (float64 per pattern) become the number of pixels times
 * the mean squared, against which a vanishing norm is judged.
 */
export function nodesU8(
  source: usize, count: i32, height: i32, width: i32, tables: usize, weightSquares: f64, area: f64, centered: i32,
  similar: usize, references: usize, weighted: usize, scratch: usize,
): void {
  nodes<u8>(
    source, count, height, width, tables, weightSquares, area, centered, similar, references, weighted, scratch,
  );
}

/** The same for 16-bit patterns. */
export function nodesU16(
  source: usize, count: i32, height: i32, width: i32, tables: usize, weightSquares: f64, area: f64, centered: i32,
  similar: usize, references: usize, weighted: usize, scratch: usize,
): void {
  nodes<u16>(
    source, count, height, width, tables, weightSquares, area, centered, similar, references, weighted, scratch,
  );
}

/** The same for float32 patterns. */
export function nodesF32(
  source: usize, count: i32, height: i32, width: i32, tables: usize, weightSquares: f64, area: f64, centered: i32,
  similar: usize, references: usize, weighted: usize, scratch: usize,
): void {
  nodes<f32>(
    source, count, height, width, tables, weightSquares, area, centered, similar, references, weighted, scratch,
  );
}
