// Patterns out of the records of raw files: other byte order, rows and columns in another order, numbers as float32.

/** Bits of a number with its bytes in the other order. */
// @ts-ignore: decorator
@inline
export function bits<B>(source: usize, swapped: bool): B {
  const value = load<B>(source);
  return swapped ? bswap<B>(value) : value;
}

/** Lanes of so many bytes with the bytes of each in the other order. */
// @ts-ignore: decorator
@inline
function swappedLanes<B>(lanes: v128): v128 {
  if (sizeof<B>() == 2) return v128.shuffle<u8>(lanes, lanes, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
  if (sizeof<B>() == 4) return v128.shuffle<u8>(lanes, lanes, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
  return v128.shuffle<u8>(lanes, lanes, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);
}

/** A run of numbers as they are. */
// @ts-ignore: decorator
@inline
function copyRun<B>(source: usize, target: usize, count: i32, step: i32, swapped: bool): void {
  let i = 0;
  if (step == sizeof<B>()) {
    if (sizeof<B>() == 1 || !swapped) {
      memory.copy(target, source, <usize>count * sizeof<B>());
      return;
    }
    // Four vectors at once: one is swapped faster than counted.
    for (const most = count & ~(64 / sizeof<B>() - 1); i < most; i += 64 / sizeof<B>()) {
      const from = source + <usize>i * sizeof<B>(), to = target + <usize>i * sizeof<B>();
      const a = v128.load(from), b = v128.load(from, 16), c = v128.load(from, 32), d = v128.load(from, 48);
      v128.store(to, swappedLanes<B>(a));
      v128.store(to, swappedLanes<B>(b), 16);
      v128.store(to, swappedLanes<B>(c), 32);
      v128.store(to, swappedLanes<B>(d), 48);
    }
    for (const whole = count & ~(16 / sizeof<B>() - 1); i < whole; i += 16 / sizeof<B>()) {
      const bytes = <usize>i * sizeof<B>();
      v128.store(target + bytes, swappedLanes<B>(v128.load(source + bytes)));
    }
  }
  for (; i < count; i++) store<B>(target + <usize>i * sizeof<B>(), bits<B>(source + i * step, swapped));
}

/** One number as float32; B is the type of its bits, S its own. */
// @ts-ignore: decorator
@inline
function asFloat<S, B>(source: usize, swapped: bool): f32 {
  const value = bits<B>(source, swapped);
  if (isFloat<S>()) return <f32>reinterpret<f64>(value);
  return <f32><S>value;
}

/** Stores eight signed numbers of 16 bits as float32. */
// @ts-ignore: decorator
@inline
function storeShorts(lanes: v128, target: usize): void {
  v128.store(target, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(lanes)));
  v128.store(target, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(lanes)), 16);
}

/** A run of numbers as float32. */
// @ts-ignore: decorator
@inline
function floatRun<S, B>(source: usize, target: usize, count: i32, step: i32, swapped: bool): void {
  let i = 0;
  // Lanes of unsigned numbers take many instructions of the processor, one number takes one.
  if (step == sizeof<S>() && (isSigned<S>() || isFloat<S>())) {
    for (const whole = count & ~(16 / sizeof<S>() - 1); i < whole; i += 16 / sizeof<S>()) {
      let lanes = v128.load(source + <usize>i * sizeof<S>());
      if (sizeof<S>() > 1 && swapped) lanes = swappedLanes<B>(lanes);
      const at = target + (<usize>i << 2);
      if (sizeof<S>() == 1) {
        storeShorts(i16x8.extend_low_i8x16_s(lanes), at);
        storeShorts(i16x8.extend_high_i8x16_s(lanes), at + 32);
      } else if (sizeof<S>() == 2) storeShorts(lanes, at); else if (sizeof<S>() == 4) v128.store(at, f32x4.convert_i32x4_s(lanes));
      else v128.store64_lane(at, f32x4.demote_f64x2_zero(lanes), 0);
    }
  }
  for (; i < count; i++) store<f32>(target + (<usize>i << 2), asFloat<S, B>(source + i * step, swapped));
}

/** A run of booleans as counts: 0 stays, all else is 1. */
// @ts-ignore: decorator
@inline
function booleanRun(source: usize, target: usize, count: i32, step: i32): void {
  let i = 0;
  if (step == 1) {
    for (const whole = count & ~15; i < whole; i += 16) {
      v128.store(target + i, i8x16.min_u(v128.load(source + i), i8x16.splat(1)));
    }
  }
  for (; i < count; i++) store<u8>(target + i, load<u8>(source + i * step) != 0 ? 1 : 0);
}

/**
 * Four floats of 16 bits, each in the lower half of a lane, as float32: exponent and fraction go to their places, and the
 * exponent grows by the difference of the two biases, 112. Infinity and NaN need as much again. Below the least exponent
 * is no leading 1: one is put there and taken away as a number. NaN keeps its bits.
 */
// @ts-ignore: decorator
@inline
function halfLanes(halves: v128): v128 {
  const sized = i32x4.shl(v128.and(halves, i32x4.splat(0x7fff)), 13);
  const exponent = v128.and(sized, i32x4.splat(0x0f800000));
  let lanes = i32x4.add(sized, i32x4.splat(112 << 23));
  const unbounded = i32x4.eq(exponent, i32x4.splat(0x0f800000));
  lanes = i32x4.add(lanes, v128.and(unbounded, i32x4.splat(112 << 23)));
  const small = f32x4.sub(i32x4.add(lanes, i32x4.splat(1 << 23)), i32x4.splat(113 << 23));
  lanes = v128.bitselect(small, lanes, i32x4.eq(exponent, i32x4.splat(0)));
  return v128.or(lanes, i32x4.shl(v128.and(halves, i32x4.splat(0x8000)), 16));
}

/**
 * Stores eight floats of 16 bits as float32: of each the upper and the lower 16 bits, as `halfLanes` makes them, side by
 * side. Those below the least exponent are rare, and left to it; zero is not among them.
 */
// @ts-ignore: decorator
@inline
function storeHalves(halves: v128, target: usize): void {
  const sized = v128.and(halves, i16x8.splat(0x7fff)), zero = i16x8.eq(sized, i16x8.splat(0));
  if (v128.any_true(v128.andnot(i16x8.lt_s(sized, i16x8.splat(0x400)), zero))) {
    v128.store(target, halfLanes(i32x4.extend_low_i16x8_u(halves)));
    v128.store(target, halfLanes(i32x4.extend_high_i16x8_u(halves)), 16);
    return;
  }
  let upper = i16x8.add(i16x8.shr_u(sized, 3), i16x8.splat(112 << 7));
  upper = i16x8.add(upper, v128.and(i16x8.gt_s(sized, i16x8.splat(0x7bff)), i16x8.splat(112 << 7)));
  upper = v128.or(v128.andnot(upper, zero), v128.and(halves, i16x8.splat(-0x8000)));
  const lower = i16x8.shl(halves, 13);
  v128.store(target, v128.shuffle<u16>(lower, upper, 0, 8, 1, 9, 2, 10, 3, 11));
  v128.store(target, v128.shuffle<u16>(lower, upper, 4, 12, 5, 13, 6, 14, 7, 15), 16);
}

/** A run of floats of 16 bits as float32. */
// @ts-ignore: decorator
@inline
function halfRun(source: usize, target: usize, count: i32, step: i32, swapped: bool): void {
  let i = 0;
  if (step == 2) {
    for (const whole = count & ~7; i < whole; i += 8) {
      const lanes = v128.load(source + (<usize>i << 1));
      storeHalves(swapped ? swappedLanes<u16>(lanes) : lanes, target + (<usize>i << 2));
    }
  }
  for (; i < count; i++) {
    const lanes = halfLanes(i32x4.splat(bits<u16>(source + i * step, swapped)));
    v128.store32_lane(target + (<usize>i << 2), lanes, 0);
  }
}

/** A run of whole numbers of 64 bits as float32; those beyond 2^53, which float64 does not hold, as infinity of their sign. */
// @ts-ignore: decorator
@inline
function longRun<S>(source: usize, target: usize, count: i32, step: i32, swapped: bool): void {
  const largest: i64 = 1 << 53;
  for (let i = 0; i < count; i++) {
    const value = bits<u64>(source + i * step, swapped);
    let number: f32;
    if (isSigned<S>()) {
      // Both ends at once.
      number = value + <u64>largest <= <u64>(2 * largest) ? <f32><i64>value : <i64>value < 0 ? -<f32>Infinity : <f32>Infinity;
    } else number = value <= <u64>largest ? <f32><i64>value : <f32>Infinity;
    store<f32>(target + (<usize>i << 2), number);
  }
}

/** Numbers as stored, in the order of `storedNumbers` of library/scan/stored_number.ts. */
export const U8 = 0, I8 = 1, U16 = 2, I16 = 3, U32 = 4, I32 = 5, F32 = 6, F64 = 7, BOOL = 8, F16 = 9, U64 = 10;

/** Bytes of one number as stored. */
// @ts-ignore: decorator
@inline
function widthOf(numbers: i32): i32 {
  if (numbers <= I8 || numbers == BOOL) return 1;
  if (numbers <= I16 || numbers == F16) return 2;
  return numbers <= F32 ? 4 : 8;
}

/**
 * Patterns of rows x columns out of `count` records, one after the other: 8- and 16-bit counts and float32 as they are,
 * booleans as 8-bit counts of 0 and 1, all other numbers as float32. Steps are bytes from a number of the pattern to the one below it and to the one right of it, and
 * may be negative. Where steps leave no gap and numbers stay as wide as they are, target may be source: what lies between
 * records is closed up.
 */
export function arrangeFrames(
  source: usize, target: usize, count: i32, recordBytes: i32, rows: i32, columns: i32, rowStep: i32, columnStep: i32,
  numbers: i32, swapped: i32,
): void {
  const swap = swapped != 0, width = widthOf(numbers);
  const outBytes: usize = numbers == U8 || numbers == BOOL ? 1 : numbers == U16 ? 2 : 4;
  // Rows that follow each other, and records that do, are one run.
  if (columnStep == width && rowStep == columns * width) {
    columns *= rows;
    rows = 1;
    if (recordBytes == columns * width) {
      columns *= count;
      count = 1;
    }
  }
  for (let record = 0; record < count; record++) {
    for (let row = 0; row < rows; row++) {
      const run = source + <usize>record * recordBytes + row * rowStep;
      if (numbers == U8) copyRun<u8>(run, target, columns, columnStep, swap);
      else if (numbers == I8) floatRun<i8, u8>(run, target, columns, columnStep, false);
      else if (numbers == U16) copyRun<u16>(run, target, columns, columnStep, swap);
      else if (numbers == I16) floatRun<i16, u16>(run, target, columns, columnStep, swap);
      else if (numbers == U32) floatRun<u32, u32>(run, target, columns, columnStep, swap);
      else if (numbers == I32) floatRun<i32, u32>(run, target, columns, columnStep, swap);
      else if (numbers == F32) copyRun<u32>(run, target, columns, columnStep, swap);
      else if (numbers == F64) floatRun<f64, u64>(run, target, columns, columnStep, swap);
      else if (numbers == BOOL) booleanRun(run, target, columns, columnStep);
      else if (numbers == F16) halfRun(run, target, columns, columnStep, swap);
      else if (numbers == U64) longRun<u64>(run, target, columns, columnStep, swap);
      else longRun<i64>(run, target, columns, columnStep, swap);
      target += <usize>columns * outBytes;
    }
  }
}
