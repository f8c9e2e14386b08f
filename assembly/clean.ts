// Detector clean-up (spec stage 0) and checks of what was read.

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

/** Largest of `count` 16-bit counts. */
export function maximumU16(values: usize, count: i32): i32 {
  let a = i16x8.splat(0), b = a, c = a, d = a;
  let i = 0;
  for (const whole = count & ~31; i < whole; i += 32) {
    const at = values + (<usize>i << 1);
    a = i16x8.max_u(a, v128.load(at));
    b = i16x8.max_u(b, v128.load(at, 16));
    c = i16x8.max_u(c, v128.load(at, 32));
    d = i16x8.max_u(d, v128.load(at, 48));
  }
  let lanes = i16x8.max_u(i16x8.max_u(a, b), i16x8.max_u(c, d));
  lanes = i16x8.max_u(lanes, v128.shuffle<i64>(lanes, lanes, 1, 0));
  lanes = i16x8.max_u(lanes, v128.shuffle<i32>(lanes, lanes, 1, 0, 3, 2));
  let result = max(<i32>i16x8.extract_lane_u(lanes, 0), <i32>i16x8.extract_lane_u(lanes, 1));
  for (; i < count; i++) result = max(result, <i32>load<u16>(values + (<usize>i << 1)));
  return result;
}

/** Largest count of each pattern from..to-1 of a row of 16-bit counts, as int32. */
export function maximaU16(row: usize, from: i32, to: i32, pixels: i32, maxima: usize): void {
  for (let p = from; p < to; p++) {
    store<i32>(maxima + (<usize>p << 2), maximumU16(row + ((<usize>p * <usize>pixels) << 1), pixels));
  }
}

/** Largest of `count` 8-bit counts. */
// @ts-ignore: decorator
@inline
function maximumU8(values: usize, count: i32): i32 {
  let a = i8x16.splat(0), b = a, c = a, d = a;
  let i = 0;
  for (const whole = count & ~63; i < whole; i += 64) {
    const at = values + <usize>i;
    a = i8x16.max_u(a, v128.load(at));
    b = i8x16.max_u(b, v128.load(at, 16));
    c = i8x16.max_u(c, v128.load(at, 32));
    d = i8x16.max_u(d, v128.load(at, 48));
  }
  let lanes = i8x16.max_u(i8x16.max_u(a, b), i8x16.max_u(c, d));
  lanes = i8x16.max_u(lanes, v128.shuffle<i64>(lanes, lanes, 1, 0));
  lanes = i8x16.max_u(lanes, v128.shuffle<i32>(lanes, lanes, 1, 0, 3, 2));
  const word = i32x4.extract_lane(lanes, 0);
  let result = max(max(word & 255, (word >> 8) & 255), max((word >> 16) & 255, word >>> 24));
  for (; i < count; i++) result = max(result, <i32>load<u8>(values + <usize>i));
  return result;
}

/** Largest count of each pattern from..to-1 of a row of 8-bit counts, as int32. */
export function maximaU8(row: usize, from: i32, to: i32, pixels: i32, maxima: usize): void {
  for (let p = from; p < to; p++) {
    store<i32>(maxima + (<usize>p << 2), maximumU8(row + <usize>p * <usize>pixels, pixels));
  }
}

/** All ones in the lanes that are not finite: x - x is 0 for finite x and NaN otherwise. */
// @ts-ignore: decorator
@inline
function unfiniteLanes(x: v128): v128 {
  return f32x4.ne(f32x4.sub(x, x), f32x4.splat(0));
}

/**
 * Largest value, at least 0, of each pattern from..to-1 of a row of float32 patterns, as float32; NaN where it holds a NaN or
 * an infinity.
 */
export function maximaF32(row: usize, from: i32, to: i32, pixels: i32, maxima: usize): void {
  for (let p = from; p < to; p++) {
    const pattern = row + ((<usize>p * <usize>pixels) << 2);
    let a = i32x4.splat(0), b = a, c = a, d = a;
    let i = 0;
    for (const whole = pixels & ~15; i < whole; i += 16) {
      const at = pattern + (<usize>i << 2);
      let x = v128.load(at);
      a = v128.or(a, unfiniteLanes(x)), c = f32x4.pmax(c, x);
      x = v128.load(at, 16);
      b = v128.or(b, unfiniteLanes(x)), d = f32x4.pmax(d, x);
      x = v128.load(at, 32);
      a = v128.or(a, unfiniteLanes(x)), c = f32x4.pmax(c, x);
      x = v128.load(at, 48);
      b = v128.or(b, unfiniteLanes(x)), d = f32x4.pmax(d, x);
    }
    let found = v128.any_true(v128.or(a, b));
    c = f32x4.pmax(c, d);
    c = f32x4.pmax(c, v128.shuffle<i64>(c, c, 1, 0));
    let largest = max(f32x4.extract_lane(c, 0), f32x4.extract_lane(c, 1));
    for (; i < pixels; i++) {
      const x = load<f32>(pattern + (<usize>i << 2));
      if (x - x != 0) found = true;
      if (x > largest) largest = x;
    }
    store<f32>(maxima + (<usize>p << 2), found ? f32.NaN : largest);
  }
}

// 1 for each of `count` patterns that holds nothing but zeros, else 0, a byte each: most have a count among their first.
function blank<T>(patterns: usize, count: i32, pixels: i32, flags: usize): void {
  for (let p = 0; p < count; p++) {
    const pattern = patterns + <usize>p * <usize>pixels * sizeof<T>(), end = pattern + <usize>pixels * sizeof<T>();
    let at = pattern, found = false;
    for (; at + 16 <= end; at += 16) {
      const lanes = v128.load(at);
      // The sign of a float32 that is zero does not matter.
      if (v128.any_true(isFloat<T>() ? f32x4.ne(lanes, f32x4.splat(0)) : lanes)) {
        found = true;
        break;
      }
    }
    for (; !found && at < end; at += sizeof<T>()) if (load<T>(at) != 0) found = true;
    store<u8>(flags + <usize>p, found ? 0 : 1);
  }
}

/** 1 for each of `count` patterns of 8-bit counts that holds nothing but zeros, else 0, a byte each. */
export function blankU8(patterns: usize, count: i32, pixels: i32, flags: usize): void {
  blank<u8>(patterns, count, pixels, flags);
}

/** 1 for each of `count` patterns of 16-bit counts that holds nothing but zeros, else 0, a byte each. */
export function blankU16(patterns: usize, count: i32, pixels: i32, flags: usize): void {
  blank<u16>(patterns, count, pixels, flags);
}

/** 1 for each of `count` float32 patterns that holds nothing but zeros, else 0, a byte each. */
export function blankF32(patterns: usize, count: i32, pixels: i32, flags: usize): void {
  blank<f32>(patterns, count, pixels, flags);
}

/** Puts 0 in place of each of `count` float32 values that is NaN or an infinity. */
export function zeroUnfiniteF32(values: usize, count: i32): void {
  const whole = count & ~3;
  for (let i = 0; i < whole; i += 4) {
    const place = values + (<usize>i << 2), x = v128.load(place);
    v128.store(place, v128.and(x, f32x4.eq(f32x4.sub(x, x), f32x4.splat(0))));
  }
  for (let i = whole; i < count; i++) {
    const place = values + (<usize>i << 2), x = load<f32>(place);
    if (x - x != 0) store<f32>(place, 0);
  }
}
