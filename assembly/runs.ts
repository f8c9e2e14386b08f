// Filtered samples of blurred patterns (spec stage 2), as weighted sums like those of filter.ts. Where three neighbours side by
// side have weight 1, as within grains, they are one term: sums of three are made once for all probes that want them. A weight
// of a half or more among them is corrected for; where one is smaller they are not taken, so that nothing large is
// subtracted again.
//
// shape: for the rows of the footprint from the probe's own on two i32, the row's first offset in the half footprint and its
// reach, the half of its width.
//
// Sums of a tile of samples: sums[source row][column of the middle][TILE]. Source rows count from `radius` above the
// first filtered row, columns from `margin` before the first: even, and no less than the reach of the footprint less one.

import { mirrored, put, weightOf, weightTotal } from "./terms";

/** Samples of a tile. */
const TILE = 128;
const TILE_BYTES: usize = TILE << 2;
/** Least weight of a neighbour within a sum of three. */
const LEAST: f32 = 0.5;

/**
 * Terms of patterns from..to-1 of a row, 8 bytes each: u32 address of a pattern and f32 weight; and terms of three,
 * u32 place in the sums in bytes and f32 weight. starts: where those of a probe begin, two i32.
 *
 * rows, offsets: see terms.ts. slot: number of the row among those that are filtered together.
 */
export function runTerms(
  rows: usize, radius: i32, offsets: usize, half: i32, columns: i32, from: i32, to: i32, patternBytes: i32,
  shape: usize, margin: i32, slot: i32, terms: usize, runs: usize, starts: usize,
): void {
  const own = rows + (<usize>radius << 3), width = to - from + 2 * margin;
  let count = 0, runCount = 0;
  for (let column = from; column < to; column++) {
    store<i32>(starts + (<usize>column << 3), count);
    store<i32>(starts + (<usize>column << 3), runCount, 4);
    const total = weightTotal(own, offsets, half, columns, column);
    for (let down = -radius; down <= radius; down++) {
      const patterns = <usize>load<u32>(own + (<usize>down << 3));
      if (patterns == 0) continue;
      const row = shape + (<usize>abs(down) << 3), first = load<i32>(row), reach = load<i32>(row, 4);
      let right = -reach;
      while (right <= reach) {
        const a = footprintWeight(own, offsets, half, columns, column, down, right, first, reach);
        const b = footprintWeight(own, offsets, half, columns, column, down, right + 1, first, reach);
        const c = footprintWeight(own, offsets, half, columns, column, down, right + 2, first, reach);
        let run = isRun(a, b, c);
        if (run == 2) {
          // One further to the right there may be three.
          const d = footprintWeight(own, offsets, half, columns, column, down, right + 3, first, reach);
          if (isRun(b, c, d) == 3) run = 0;
        }
        const place = patterns + <usize>(column + right) * <usize>patternBytes, summed: f64 = run ? 1 : 0;
        if (f64(a) != summed) put(terms, count++, place, (f64(a) - summed) / total);
        right++;
        if (!run) continue;
        if (b != 1) put(terms, count++, place + <usize>patternBytes, (f64(b) - 1) / total);
        if (c != 1) put(terms, count++, place + 2 * <usize>patternBytes, (f64(c) - 1) / total);
        const sum = (slot + down + radius) * width + column + right - from + margin;
        put(runs, runCount++, <usize>sum * TILE_BYTES, 1 / total);
        right += 2;
      }
    }
  }
  store<i32>(starts + (<usize>to << 3), count);
  store<i32>(starts + (<usize>to << 3), runCount, 4);
}

/** How many of three weights are 1, where their sum takes the place of two terms at least; else 0. */
// @ts-ignore: decorator
@inline
function isRun(a: f32, b: f32, c: f32): i32 {
  const ones = i32(a == 1) + i32(b == 1) + i32(c == 1);
  return a >= LEAST && b >= LEAST && c >= LEAST && ones > 1 ? ones : 0;
}

/** Weight R^ of a neighbour, or 1 + R^ of the probe itself; 0 beyond the footprint and the scan. */
// @ts-ignore: decorator
@inline
function footprintWeight(
  own: usize, offsets: usize, half: i32, columns: i32, column: i32, down: i32, right: i32, first: i32, reach: i32,
): f32 {
  if (right > reach) return 0;
  if (down > 0) return weightOf(own, half, column, first + reach + right);
  if (down < 0) return mirrored(own, offsets, half, columns, column, first + reach - right);
  if (right == 0) return 1 + weightOf(own, half, column, 0);
  return right > 0 ? weightOf(own, half, column, right) : mirrored(own, offsets, half, columns, column, -right);
}

/**
 * Sums of three of the patterns of a row about all middles from..to-1 that have neighbours in the scan; `from` is even. An
 * even column and the next have a pair in common, so that the order of a sum depends on the column alone.
 */
function sumThrees(patterns: usize, stride: usize, columns: i32, from: i32, to: i32, bytes: usize, sums: usize): void {
  for (let column = from; column < to; column += 2) {
    const left = column > 0 && column + 1 < columns, right = column >= 0 && column + 2 < columns && column + 1 < to;
    if (!left && !right) continue;
    const p = patterns + <usize>column * stride, q = p + stride;
    const before = left ? p - stride : p, after = right ? q + stride : q;
    const out = sums + <usize>(column - from) * TILE_BYTES;
    for (let x: usize = 0; x < bytes; x += 16) {
      const pair = f32x4.add(v128.load(p + x), v128.load(q + x));
      v128.store(out + x, f32x4.add(v128.load(before + x), pair));
      v128.store(out + x, f32x4.add(pair, v128.load(after + x)), TILE_BYTES);
    }
  }
}

/** sum + weight * four samples. */
// @ts-ignore: decorator
@inline
function add(sum: v128, weight: v128, samples: usize): v128 {
  return f32x4.add(sum, f32x4.mul(weight, v128.load(samples)));
}

/** `bytes` of samples of one filtered pattern: its terms, whose places are from `samples` on, then those of
 * three, from `sums` on. */
function sumTerms(
  terms: usize, endTerms: usize, samples: usize, runs: usize, endRuns: usize, sums: usize, bytes: usize, out: usize,
): void {
  let x: usize = 0;
  for (; x + 128 <= bytes; x += 128) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
    let base = samples + x, term = terms, end = endTerms;
    for (let list = 0; list < 2; list++) {
      for (; term < end; term += 8) {
        const at = <usize>load<u32>(term) + base, w = v128.load32_splat(term, 4);
        s0 = add(s0, w, at);
        s1 = add(s1, w, at + 16);
        s2 = add(s2, w, at + 32);
        s3 = add(s3, w, at + 48);
        s4 = add(s4, w, at + 64);
        s5 = add(s5, w, at + 80);
        s6 = add(s6, w, at + 96);
        s7 = add(s7, w, at + 112);
      }
      base = sums + x;
      term = runs;
      end = endRuns;
    }
    v128.store(out + x, s0);
    v128.store(out + x, s1, 16);
    v128.store(out + x, s2, 32);
    v128.store(out + x, s3, 48);
    v128.store(out + x, s4, 64);
    v128.store(out + x, s5, 80);
    v128.store(out + x, s6, 96);
    v128.store(out + x, s7, 112);
  }
  for (; x < bytes; x += 16) {
    let s = f32x4.splat(0);
    for (let term = terms; term < endTerms; term += 8) {
      s = add(s, v128.load32_splat(term, 4), <usize>load<u32>(term) + samples + x);
    }
    for (let term = runs; term < endRuns; term += 8) {
      s = add(s, v128.load32_splat(term, 4), <usize>load<u32>(term) + sums + x);
    }
    v128.store(out + x, s);
  }
}

/**
 * Filtered samples of probes from..to-1 of `count` rows at once, from the terms of `runTerms`; `from` is even.
 *
 * sources: u32 address of each source row, from `radius` above the first filtered row on, 0 outside the scan; then of
 * each row that is written. samples: floats of a pattern, a multiple of 4. Terms, terms of three and beginnings of a row lie
 * termBytes, runBytes and startBytes behind those of the row before. sums: 512 bytes for each sum.
 */
export function filterRuns(
  sources: usize, count: i32, radius: i32, columns: i32, from: i32, to: i32, samples: i32, margin: i32, terms: usize,
  termBytes: i32, runs: usize, runBytes: i32, starts: usize, startBytes: i32, sums: usize,
): void {
  const stride = <usize>samples << 2, rows = count + 2 * radius;
  const rowBytes = <usize>(to - from + 2 * margin) * TILE_BYTES;
  for (let first = 0; first < samples; first += TILE) {
    const bytes = <usize>min(TILE, samples - first) << 2, offset = <usize>first << 2;
    for (let row: usize = 0; row < <usize>rows; row++) {
      const patterns = <usize>load<u32>(sources + (row << 2));
      if (patterns == 0) continue;
      sumThrees(patterns + offset, stride, columns, from - margin, to + margin, bytes, sums + row * rowBytes);
    }
    for (let row: usize = 0; row < <usize>count; row++) {
      const out = <usize>load<u32>(sources + ((<usize>rows + row) << 2)) + offset, places = starts + row * <usize>startBytes;
      const ownTerms = terms + row * <usize>termBytes, ownRuns = runs + row * <usize>runBytes;
      for (let column: usize = <usize>from; column < <usize>to; column++) {
        const at = places + (column << 3);
        sumTerms(
          ownTerms + (<usize>load<i32>(at) << 3), ownTerms + (<usize>load<i32>(at, 8) << 3), offset,
          ownRuns + (<usize>load<i32>(at, 4) << 3), ownRuns + (<usize>load<i32>(at, 12) << 3), sums, bytes,
          out + column * stride,
        );
      }
    }
  }
}
