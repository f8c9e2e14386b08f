// Loads of detector pixels into SIMD lanes, for the three types that patterns have in memory: u8, u16 and f32.

/** Samples that one step of an inner product takes: 8 integers or 4 floats. */
// @ts-ignore: decorator
@inline
export function stepOf<T>(): i32 {
  return isFloat<T>() ? 4 : 8;
}

/** Eight integers widened to 16 bits, or four floats. */
// @ts-ignore: decorator
@inline
export function loadStep<T>(pointer: usize): v128 {
  if (isFloat<T>()) return v128.load(pointer);
  if (sizeof<T>() == 1) return v128.load_ext<u8>(pointer);
  return v128.load(pointer);
}

/**
 * Four samples as float32; exact, since the integers have at most 16 bits. They are converted as signed ones: that is one
 * instruction of the processor, where unsigned ones take eight.
 */
// @ts-ignore: decorator
@inline
export function loadFloats<T>(pointer: usize): v128 {
  if (isFloat<T>()) return v128.load(pointer);
  if (sizeof<T>() == 2) return f32x4.convert_i32x4_s(v128.load_ext<u16>(pointer));
  return f32x4.convert_i32x4_s(v128.extend_low<u16>(v128.extend_low<u8>(v128.load32_zero(pointer))));
}

/** Sum of two float64 lanes. */
// @ts-ignore: decorator
@inline
export function sumDoubles(lanes: v128): f64 {
  return f64x2.extract_lane(lanes, 0) + f64x2.extract_lane(lanes, 1);
}

/** The upper two float32 lanes as float64. */
// @ts-ignore: decorator
@inline
export function promoteHigh(lanes: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i32>(lanes, lanes, 2, 3, 2, 3));
}

/** Sum of four float32 lanes in float64, in an order that never changes. */
// @ts-ignore: decorator
@inline
export function sumFloats(lanes: v128): f64 {
  return sumDoubles(f64x2.add(f64x2.promote_low_f32x4(lanes), promoteHigh(lanes)));
}
