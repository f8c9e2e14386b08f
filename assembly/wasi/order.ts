// Sorting of similarities, largest first, equal ones in their order (library/cluster/sort_falling.ts).

import { take } from "./memory";

const DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS;
let places: usize = 0, keys: usize = 0, otherPlaces: usize = 0, otherKeys: usize = 0, counts: usize = 0;

/** Takes memory for sorting up to `most` values. */
export function prepareSorting(most: u64): void {
  places = take(4 * most);
  keys = take(4 * most);
  otherPlaces = take(4 * most);
  otherKeys = take(4 * most);
  counts = take(4 * (DIGITS + 1));
}

/** Places of float32 values without NaN by falling value, as int32; they last until the next sorting. */
export function sortFalling(values: usize, count: i32): usize {
  let from = places, fromKeys = keys, to = otherPlaces, toKeys = otherKeys;
  for (let i = 0; i < count; i++) {
    // The bits of positive floats rise with them, those of negative ones fall.
    const bits = load<f32>(values + (<usize>i << 2)) == 0 ? 0 : load<i32>(values + (<usize>i << 2));
    store<i32>(fromKeys + (<usize>i << 2), bits < 0 ? bits : ~bits & 0x7fffffff);
    store<i32>(from + (<usize>i << 2), i);
  }
  // A stable counting sort by each digit, lowest first.
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    memory.fill(counts, 0, 4 * (DIGITS + 1));
    for (let i = 0; i < count; i++) {
      const at = counts + (<usize>(load<u32>(fromKeys + (<usize>i << 2)) >>> shift & (DIGITS - 1)) << 2);
      store<i32>(at, load<i32>(at, 4) + 1, 4);
    }
    for (let digit: usize = 0; digit < <usize>DIGITS; digit++) {
      const at = counts + (digit << 2);
      store<i32>(at, load<i32>(at, 4) + load<i32>(at), 4);
    }
    for (let i = 0; i < count; i++) {
      const key = load<u32>(fromKeys + (<usize>i << 2)), at = counts + (<usize>(key >>> shift & (DIGITS - 1)) << 2);
      const place = <usize>load<i32>(at) << 2;
      store<i32>(at, load<i32>(at) + 1);
      store<u32>(toKeys + place, key);
      store<i32>(to + place, load<i32>(from + (<usize>i << 2)));
    }
    const were = from, wereKeys = fromKeys;
    from = to;
    fromKeys = toKeys;
    to = were;
    toKeys = wereKeys;
  }
  return from;
}
