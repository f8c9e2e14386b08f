// Bad pixels filled with what is around them.

/** Entries of the table for one bad pixel: its index, its number of good neighbours, up to 24 of their indices. */
const ENTRY: usize = 26 << 2;

/** Patterns filled side by side, one in each lane: 8 of counts, taken as 16 bits, or 4 of float32. */
// @ts-ignore: decorator
@inline
function together<T>(): i32 {
  return isFloat<T>() ? 4 : 8;
}

// Replaces each bad pixel by the median of its good neighbours, in place. With an even number of them the median is the
// mean of the middle two, rounded half up for integers. A pixel without good neighbours becomes 0.
// Neighbours are good pixels only, so neither the order of the table matters nor that patterns are filled twice: the
// last ones lie side by side with the ones before, and where there are too few, the last one takes several lanes.
// scratch: 13 vectors.
function fill<T>(row: usize, from: i32, to: i32, pixels: i32, table: usize, count: i32, scratch: usize): void {
  const bytes = <usize>pixels * sizeof<T>();
  for (let p = from; p < to; p += together<T>()) {
    const first = max(from, min(p, to - together<T>())), last = row + <usize>(to - 1) * bytes;
    const a = row + <usize>first * bytes, b = min(a + bytes, last), c = min(b + bytes, last), d = min(c + bytes, last);
    const e = min(d + bytes, last), f = min(e + bytes, last), g = min(f + bytes, last), h = min(g + bytes, last);
    for (let entry = table, end = table + <usize>count * ENTRY; entry < end; entry += ENTRY) {
      const n = load<i32>(entry, 4);
      const middle = scratch + (<usize>(n >> 1) << 4);
      let top = scratch;
      let neighbour = entry + 8;
      if (n & 1) {
        const o = <usize>load<i32>(neighbour) * sizeof<T>();
        v128.store(top, gather<T>(a + o, b + o, c + o, d + o, e + o, f + o, g + o, h + o));
        top += 16;
        neighbour += 4;
      }
      for (const stop = entry + 8 + (<usize>n << 2); neighbour < stop; neighbour += 8) {
        const o = <usize>load<i32>(neighbour) * sizeof<T>(), r = <usize>load<i32>(neighbour, 4) * sizeof<T>();
        let one = gather<T>(a + o, b + o, c + o, d + o, e + o, f + o, g + o, h + o);
        let two = gather<T>(a + r, b + r, c + r, d + r, e + r, f + r, g + r, h + r);
        // Both make their way along what is held, in order: what is not above the median.
        for (let at = scratch; at < top; at += 16) {
          const held = v128.load(at), low = smaller<T>(held, one);
          one = larger<T>(held, one);
          v128.store(at, smaller<T>(low, two));
          two = larger<T>(low, two);
        }
        if (top > middle) continue;
        v128.store(top, smaller<T>(one, two));
        top += 16;
        if (top > middle) continue;
        v128.store(top, larger<T>(one, two));
        top += 16;
      }
      let median = i32x4.splat(0);
      if (n > 0) {
        median = v128.load(middle);
        if (!(n & 1)) median = mean<T>(median, v128.load(middle - 16));
      }
      const o = <usize>load<i32>(entry) * sizeof<T>();
      scatter<T>(median, a + o, b + o, c + o, d + o, e + o, f + o, g + o, h + o);
    }
  }
}

/** One sample of each pattern; float32 patterns are the first four. */
// @ts-ignore: decorator
@inline
function gather<T>(a: usize, b: usize, c: usize, d: usize, e: usize, f: usize, g: usize, h: usize): v128 {
  if (isFloat<T>()) {
    let lanes = v128.load32_zero(a);
    lanes = v128.load32_lane(b, lanes, 1);
    lanes = v128.load32_lane(c, lanes, 2);
    return v128.load32_lane(d, lanes, 3);
  }
  // 8-bit counts become 16 bits by taking every other lane.
  let lanes = i16x8.splat(0);
  lanes = v128.load_lane<T>(a, lanes, 0);
  lanes = v128.load_lane<T>(b, lanes, sizeof<T>() == 1 ? 2 : 1);
  lanes = v128.load_lane<T>(c, lanes, sizeof<T>() == 1 ? 4 : 2);
  lanes = v128.load_lane<T>(d, lanes, sizeof<T>() == 1 ? 6 : 3);
  lanes = v128.load_lane<T>(e, lanes, sizeof<T>() == 1 ? 8 : 4);
  lanes = v128.load_lane<T>(f, lanes, sizeof<T>() == 1 ? 10 : 5);
  lanes = v128.load_lane<T>(g, lanes, sizeof<T>() == 1 ? 12 : 6);
  return v128.load_lane<T>(h, lanes, sizeof<T>() == 1 ? 14 : 7);
}

/** The reverse of `gather`. */
// @ts-ignore: decorator
@inline
function scatter<T>(
  lanes: v128, a: usize, b: usize, c: usize, d: usize, e: usize, f: usize, g: usize, h: usize,
): void {
  if (isFloat<T>()) {
    v128.store32_lane(a, lanes, 0);
    v128.store32_lane(b, lanes, 1);
    v128.store32_lane(c, lanes, 2);
    v128.store32_lane(d, lanes, 3);
    return;
  }
  store<T>(a, <T>i16x8.extract_lane_u(lanes, 0));
  store<T>(b, <T>i16x8.extract_lane_u(lanes, 1));
  store<T>(c, <T>i16x8.extract_lane_u(lanes, 2));
  store<T>(d, <T>i16x8.extract_lane_u(lanes, 3));
  store<T>(e, <T>i16x8.extract_lane_u(lanes, 4));
  store<T>(f, <T>i16x8.extract_lane_u(lanes, 5));
  store<T>(g, <T>i16x8.extract_lane_u(lanes, 6));
  store<T>(h, <T>i16x8.extract_lane_u(lanes, 7));
}

// Of each pair of lanes the two functions give one to each, whatever they hold: with NaN no value is lost or doubled.

// @ts-ignore: decorator
@inline
function smaller<T>(held: v128, value: v128): v128 {
  return isFloat<T>() ? f32x4.pmin(held, value) : i16x8.min_u(held, value);
}

// @ts-ignore: decorator
@inline
function larger<T>(held: v128, value: v128): v128 {
  return isFloat<T>() ? f32x4.pmax(value, held) : i16x8.max_u(held, value);
}

/** Mean of two values; of counts, rounded half up. */
// @ts-ignore: decorator
@inline
function mean<T>(upper: v128, lower: v128): v128 {
  return isFloat<T>() ? f32x4.mul(f32x4.add(upper, lower), f32x4.splat(0.5)) : i16x8.avgr_u(upper, lower);
}

/** Fills bad pixels of patterns from..to-1 of a row of 8-bit counts. */
export function fillU8(row: usize, from: i32, to: i32, pixels: i32, table: usize, count: i32, scratch: usize): void {
  fill<u8>(row, from, to, pixels, table, count, scratch);
}

/** Fills bad pixels of patterns from..to-1 of a row of 16-bit counts. */
export function fillU16(row: usize, from: i32, to: i32, pixels: i32, table: usize, count: i32, scratch: usize): void {
  fill<u16>(row, from, to, pixels, table, count, scratch);
}

/** Fills bad pixels of patterns from..to-1 of a row of float32 patterns. */
export function fillF32(row: usize, from: i32, to: i32, pixels: i32, table: usize, count: i32, scratch: usize): void {
  fill<f32>(row, from, to, pixels, table, count, scratch);
}
