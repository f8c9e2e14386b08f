// Prefiltered patterns as weighted sums of raw ones (paper, "Correlative prefiltering"; spec stage 2).

import { loadFloats } from "./lanes";

/** Pixels of a tile. */
const TILE = 512;

/** Pixels of a tile of a list: those of some sixty patterns, one beside the other, lie in the first-level cache. */
const LIST_TILE = 128;

/** sum + weight * four pixels. */
// @ts-ignore: decorator
@inline
function add<T>(sum: v128, weight: v128, pixels: usize): v128 {
  return f32x4.add(sum, f32x4.mul(weight, loadFloats<T>(pixels)));
}

// Pixels from..to-1 of one filtered pattern: the sum of weight * pattern over its terms, in the order given. A term is
// 8 bytes: u32 address of a pattern, from `base` on, and f32 weight. 32 pixels are summed at once: patterns mostly lie at distances at
// which they compete for the same places of the first-level cache, so a line of it must be used up as it comes.
function weightedSum<T>(base: usize, terms: usize, count: i32, from: i32, to: i32, destination: usize): void {
  const end = terms + (<usize>count << 3);
  let i = from;
  for (; i + 32 <= to; i += 32) {
    const o = base + <usize>i * sizeof<T>();
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
    for (let term = terms; term < end; term += 8) {
      const pattern = <usize>load<u32>(term) + o;
      const w = v128.load32_splat(term, 4);
      s0 = add<T>(s0, w, pattern);
      s1 = add<T>(s1, w, pattern + 4 * sizeof<T>());
      s2 = add<T>(s2, w, pattern + 8 * sizeof<T>());
      s3 = add<T>(s3, w, pattern + 12 * sizeof<T>());
      s4 = add<T>(s4, w, pattern + 16 * sizeof<T>());
      s5 = add<T>(s5, w, pattern + 20 * sizeof<T>());
      s6 = add<T>(s6, w, pattern + 24 * sizeof<T>());
      s7 = add<T>(s7, w, pattern + 28 * sizeof<T>());
    }
    const out = destination + (<usize>i << 2);
    v128.store(out, s0);
    v128.store(out, s1, 16);
    v128.store(out, s2, 32);
    v128.store(out, s3, 48);
    v128.store(out, s4, 64);
    v128.store(out, s5, 80);
    v128.store(out, s6, 96);
    v128.store(out, s7, 112);
  }
  for (; i + 4 <= to; i += 4) {
    const o = base + <usize>i * sizeof<T>();
    let sum = f32x4.splat(0);
    for (let term = terms; term < end; term += 8) {
      sum = add<T>(sum, v128.load32_splat(term, 4), <usize>load<u32>(term) + o);
    }
    v128.store(destination + (<usize>i << 2), sum);
  }
  for (; i < to; i++) {
    const o = base + <usize>i * sizeof<T>();
    let sum: f32 = 0;
    for (let term = terms; term < end; term += 8) {
      sum += load<f32>(term, 4) * f32(load<T>(<usize>load<u32>(term) + o));
    }
    store<f32>(destination + (<usize>i << 2), sum);
  }
}

// Tiles come first: the terms of one probe are those of the next but a few, and a tile of all of them stays in the
// second-level cache, where whole patterns would not.
function filterRow<T>(
  terms: usize, starts: usize, from: i32, to: i32, pixels: i32, first: i32, end: i32, destination: usize,
): void {
  for (let tile = first; tile < end; tile += TILE) {
    const stop = min(tile + TILE, end);
    for (let i = from; i < to; i++) {
      const term = load<i32>(starts + (<usize>i << 2)), endTerm = load<i32>(starts + (<usize>i << 2), 4);
      const out = destination + ((<usize>i * <usize>pixels) << 2);
      weightedSum<T>(0, terms + (<usize>term << 3), endTerm - term, tile, stop, out);
    }
  }
}

/**
 * Pixels first..end-1 of filtered patterns from..to-1 of a row; starts[i]..starts[i + 1] are the terms of pattern i;
 * 8-bit counts.
 */
export function filterU8(
  terms: usize, starts: usize, from: i32, to: i32, pixels: i32, first: i32, end: i32, destination: usize,
): void {
  filterRow<u8>(terms, starts, from, to, pixels, first, end, destination);
}

/** The same of 16-bit counts. */
export function filterU16(
  terms: usize, starts: usize, from: i32, to: i32, pixels: i32, first: i32, end: i32, destination: usize,
): void {
  filterRow<u16>(terms, starts, from, to, pixels, first, end, destination);
}

/** The same of float32 patterns. */
export function filterF32(
  terms: usize, starts: usize, from: i32, to: i32, pixels: i32, first: i32, end: i32, destination: usize,
): void {
  filterRow<f32>(terms, starts, from, to, pixels, first, end, destination);
}

// Patterns of a list are turned into floats once for all sums that they are part of, a tile of each beside the others.
function filterList<T>(
  patterns: usize, count: i32, pixels: i32, terms: usize, starts: usize, sums: i32, first: i32, end: i32,
  destination: usize, scratch: usize,
): void {
  for (let tile = first; tile < end; tile += LIST_TILE) {
    const length = min(LIST_TILE, end - tile);
    for (let k = 0; k < count; k++) {
      const pattern = patterns + (<usize>k * <usize>pixels + <usize>tile) * sizeof<T>();
      const out = scratch + <usize>(k * LIST_TILE << 2);
      let i = 0;
      for (; i + 16 <= length; i += 16) {
        const from = pattern + <usize>i * sizeof<T>(), to = out + (<usize>i << 2);
        v128.store(to, loadFloats<T>(from));
        v128.store(to, loadFloats<T>(from + 4 * sizeof<T>()), 16);
        v128.store(to, loadFloats<T>(from + 8 * sizeof<T>()), 32);
        v128.store(to, loadFloats<T>(from + 12 * sizeof<T>()), 48);
      }
      for (; i + 4 <= length; i += 4) {
        v128.store(out + (<usize>i << 2), loadFloats<T>(pattern + <usize>i * sizeof<T>()));
      }
      for (; i < length; i++) store<f32>(out + (<usize>i << 2), f32(load<T>(pattern + <usize>i * sizeof<T>())));
    }
    for (let i = 0; i < sums; i++) {
      const term = load<i32>(starts + (<usize>i << 2)), endTerm = load<i32>(starts + (<usize>i << 2), 4);
      const out = destination + ((<usize>i * <usize>pixels + <usize>tile) << 2);
      weightedSum<f32>(scratch, terms + (<usize>term << 3), endTerm - term, 0, length, out);
    }
  }
}

/**
 * Pixels first..end-1 of `sums` filtered patterns, made of the `count` patterns of a list; starts[i]..starts[i + 1] are the
 * terms of sum i, each u32 512 times the place of a pattern in the list, and f32 weight; 8-bit counts. The same sums as
 * those of filterU8, to the last bit.
 *
 * @param scratch 512 bytes for each pattern of the list
 */
export function filterListU8(
  patterns: usize, count: i32, pixels: i32, terms: usize, starts: usize, sums: i32, first: i32, end: i32,
  destination: usize, scratch: usize,
): void {
  filterList<u8>(patterns, count, pixels, terms, starts, sums, first, end, destination, scratch);
}

/** The same of 16-bit counts. */
export function filterListU16(
  patterns: usize, count: i32, pixels: i32, terms: usize, starts: usize, sums: i32, first: i32, end: i32,
  destination: usize, scratch: usize,
): void {
  filterList<u16>(patterns, count, pixels, terms, starts, sums, first, end, destination, scratch);
}

/** The same of float32 patterns. */
export function filterListF32(
  patterns: usize, count: i32, pixels: i32, terms: usize, starts: usize, sums: i32, first: i32, end: i32,
  destination: usize, scratch: usize,
): void {
  filterList<f32>(patterns, count, pixels, terms, starts, sums, first, end, destination, scratch);
}
