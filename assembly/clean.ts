// Detector clean-up (spec stage 0) and checks of what was read.

/** Entries of the table for one bad pixel: its index, its number of good neighbours, up to 24 of their indices. */
const ENTRY: usize = 26 << 2;

// Replaces each bad pixel by the median of its good neighbours, in place. With an even number of them the median is the
// mean of the middle two, rounded half up for integers. A pixel without good neighbours becomes 0.
// Neighbours are good pixels only, so the order of the table does not matter. scratch: 24 float32.
function fill<T>(row: usize, from: i32, to: i32, pixels: i32, table: usize, count: i32, scratch: usize): void {
  for (let p = from; p < to; p++) {
    const pattern = row + <usize>p * <usize>pixels * sizeof<T>();
    for (let b = 0; b < count; b++) {
      const entry = table + <usize>b * ENTRY;
      const n = load<i32>(entry, 4);
      for (let i = 0; i < n; i++) {
        const value = f32(load<T>(pattern + <usize>load<i32>(entry + (<usize>i << 2), 8) * sizeof<T>()));
        let j = i;
        while (j > 0 && load<f32>(scratch + (<usize>(j - 1) << 2)) > value) {
          store<f32>(scratch + (<usize>j << 2), load<f32>(scratch + (<usize>(j - 1) << 2)));
          j--;
        }
        store<f32>(scratch + (<usize>j << 2), value);
      }
      let median: f32 = 0;
      if (n > 0) {
        const upper = load<f32>(scratch + (<usize>(n >> 1) << 2));
        median = n & 1 ? upper : (upper + load<f32>(scratch + (<usize>((n >> 1) - 1) << 2))) * 0.5;
      }
      const out = pattern + <usize>load<i32>(entry) * sizeof<T>();
      if (isFloat<T>()) store<T>(out, <T>median);
      else store<T>(out, <T>floor(median + 0.5));
    }
  }
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
  let lanes = i16x8.splat(0);
  const whole = count & ~7;
  for (let i = 0; i < whole; i += 8) lanes = i16x8.max_u(lanes, v128.load(values + (<usize>i << 1)));
  lanes = i16x8.max_u(lanes, v128.shuffle<i64>(lanes, lanes, 1, 0));
  lanes = i16x8.max_u(lanes, v128.shuffle<i32>(lanes, lanes, 1, 0, 3, 2));
  let result = max(<i32>i16x8.extract_lane_u(lanes, 0), <i32>i16x8.extract_lane_u(lanes, 1));
  for (let i = whole; i < count; i++) result = max(result, <i32>load<u16>(values + (<usize>i << 1)));
  return result;
}

/** Largest count of each pattern from..to-1 of a row of 16-bit counts, as int32. */
export function maximaU16(row: usize, from: i32, to: i32, pixels: i32, maxima: usize): void {
  for (let p = from; p < to; p++) {
    store<i32>(maxima + (<usize>p << 2), maximumU16(row + ((<usize>p * <usize>pixels) << 1), pixels));
  }
}

/** 1 for each pattern from..to-1 of a row of float32 patterns that holds a NaN or an infinity, else 0, as int32. */
export function unfiniteF32(row: usize, from: i32, to: i32, pixels: i32, flags: usize): void {
  for (let p = from; p < to; p++) {
    const pattern = row + ((<usize>p * <usize>pixels) << 2);
    // x - x is 0 for finite x and NaN otherwise.
    let bad = f32x4.splat(0);
    const whole = pixels & ~3;
    for (let i = 0; i < whole; i += 4) {
      const x = v128.load(pattern + (<usize>i << 2));
      bad = v128.or(bad, f32x4.ne(f32x4.sub(x, x), f32x4.splat(0)));
    }
    let found = v128.any_true(bad);
    for (let i = whole; i < pixels; i++) {
      const x = load<f32>(pattern + (<usize>i << 2));
      if (x - x != 0) found = true;
    }
    store<i32>(flags + (<usize>p << 2), found ? 1 : 0);
  }
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
