// What is in patterns that were read: largest values, NaN and infinity, patterns without counts.

/** Largest of `count` 16-bit counts. */
function maximumU16(values: usize, count: i32): i32 {
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
