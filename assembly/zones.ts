// Correlation of one pattern's polar image with what a crystal shows along every zone axis (spec of orientation mapping,
// sparse form: C. Ophus et al., Microsc. Microanal. 28, 390, 2022).

import { array, Room, Size, size, Tables, Whole } from "./layout";

/**
 * For every zone the largest of c[s] = sum over its entries of weight x image[place + s], s = 0..steps-1, and its first s;
 * the same for the mirrored image.
 *
 * All sums are made of whole numbers, two neighbouring angles at a time. Where rounding could have decided between angles
 * they are compared by float64 sums of the exact weights, which scores come from as well: so they are those of plain loops.
 */
export function correlateZones(table: usize, scratch: usize): void {
  const scores = array(scratch, table, Room.Scores), shifts = array(scratch, table, Room.Shifts);
  correlateImage(table, scratch, array(scratch, table, Room.DirectPairs), array(scratch, table, Room.Direct), scores, shifts);
  correlateImage(
    table, scratch, array(scratch, table, Room.MirroredPairs), array(scratch, table, Room.Mirrored), scores + 4, shifts + 4,
  );
}

function correlateImage(table: usize, scratch: usize, pairs: usize, image: usize, scores: usize, shifts: usize): void {
  const zones = size(table, Size.Zones), bytes = <usize>size(table, Size.Steps) << 2;
  const starts = array(table, table, Tables.Starts), sums = array(scratch, table, Room.Correlogram);
  for (let zone = 0; zone < zones; zone++) {
    const first = load<i32>(starts + (<usize>zone << 2)), end = load<i32>(starts + (<usize>zone << 2), 4);
    const largest = correlogram(table, first, end, pairs, bytes, sums);
    // Nothing that a zone shows: no angle is better than another.
    const least = largest == 0 ? i32.MAX_VALUE : largest - size(table, Whole.Margin);
    let best: f64 = 0, shift = 0;
    const wanted = i32x4.splat(least);
    for (let o: usize = 0; o < bytes; o += 16) {
      let lanes = i32x4.bitmask(i32x4.ge_s(v128.load(sums + o), wanted));
      while (lanes != 0) {
        const at = <i32>(o >> 2) + ctz(lanes);
        const value = exactSum(table, first, end, image + (<usize>at << 2));
        if (value > best) {
          best = value;
          shift = at;
        }
        lanes &= lanes - 1;
      }
    }
    store<f32>(scores + (<usize>zone << 3), <f32>best);
    store<i32>(shifts + (<usize>zone << 3), shift);
  }
}

/** The sum for one zone and one angle: `image` is that of float32, moved on by the angle. */
export function exactSum(table: usize, first: i32, end: i32, image: usize): f64 {
  const places = array(table, table, Tables.Places), weights = array(table, table, Tables.Weights);
  let sum: f64 = 0;
  for (let pair = first; pair < end; pair++) {
    const at = image + <usize>load<i32>(places + (<usize>pair << 2)), weight = weights + (<usize>pair << 3);
    sum += <f64>load<f32>(weight) * <f64>load<f32>(at);
    sum += <f64>load<f32>(weight, 4) * <f64>load<f32>(at, 4);
  }
  return sum;
}

// All sums of one zone, and the largest of them.
function correlogram(table: usize, first: i32, end: i32, image: usize, bytes: usize, sums: usize): i32 {
  const places = array(table, table, Tables.Places), apart = array(table, table, Tables.PairWeights) - places;
  const from = places + (<usize>first << 2), to = places + (<usize>end << 2), whole = bytes & ~127;
  let largest = i32x4.splat(0), o: usize = 0;
  for (; o < whole; o += 128) {
    let a = i32x4.splat(0), b = a, c = a, d = a, e = a, f = a, g = a, h = a;
    for (let pair = from; pair < to; pair += 4) {
      const w = v128.load32_splat(pair + apart);
      const at = image + <usize>load<i32>(pair) + o;
      a = i32x4.add(a, i32x4.dot_i16x8_s(w, v128.load(at)));
      b = i32x4.add(b, i32x4.dot_i16x8_s(w, v128.load(at, 16)));
      c = i32x4.add(c, i32x4.dot_i16x8_s(w, v128.load(at, 32)));
      d = i32x4.add(d, i32x4.dot_i16x8_s(w, v128.load(at, 48)));
      e = i32x4.add(e, i32x4.dot_i16x8_s(w, v128.load(at, 64)));
      f = i32x4.add(f, i32x4.dot_i16x8_s(w, v128.load(at, 80)));
      g = i32x4.add(g, i32x4.dot_i16x8_s(w, v128.load(at, 96)));
      h = i32x4.add(h, i32x4.dot_i16x8_s(w, v128.load(at, 112)));
    }
    const out = sums + o;
    v128.store(out, a);
    v128.store(out, b, 16);
    v128.store(out, c, 32);
    v128.store(out, d, 48);
    v128.store(out, e, 64);
    v128.store(out, f, 80);
    v128.store(out, g, 96);
    v128.store(out, h, 112);
    a = i32x4.max_s(i32x4.max_s(a, b), i32x4.max_s(c, d));
    e = i32x4.max_s(i32x4.max_s(e, f), i32x4.max_s(g, h));
    largest = i32x4.max_s(largest, i32x4.max_s(a, e));
  }
  for (; o < bytes; o += 16) {
    let a = i32x4.splat(0);
    for (let pair = from; pair < to; pair += 4) {
      const at = image + <usize>load<i32>(pair) + o;
      a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load32_splat(pair + apart), v128.load(at)));
    }
    v128.store(sums + o, a);
    largest = i32x4.max_s(largest, a);
  }
  return max(
    max(i32x4.extract_lane(largest, 0), i32x4.extract_lane(largest, 1)),
    max(i32x4.extract_lane(largest, 2), i32x4.extract_lane(largest, 3)),
  );
}
