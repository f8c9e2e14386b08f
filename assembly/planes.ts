// Patterns and correlograms as float32 planes whose rows are multiples of eight numbers.

import { loadFloats } from "./lanes";

/** Most taps on one side of the blur. */
const MOST_TAPS: usize = 16;

/** A pattern as float32 rows of `wide` numbers; those beyond its columns are zero. */
// @ts-ignore: decorator
@inline
export function widen<T>(pattern: usize, rows: i32, columns: i32, wide: i32, out: usize): void {
  for (let row = 0; row < rows; row++) {
    const from = pattern + <usize>(row * columns) * sizeof<T>(), to = out + (<usize>(row * wide) << 2);
    let column = 0;
    for (; column + 4 <= columns; column += 4) {
      v128.store(to + (<usize>column << 2), loadFloats<T>(from + <usize>column * sizeof<T>()));
    }
    for (; column < wide; column++) {
      const value = column < columns ? <f32>load<T>(from + <usize>column * sizeof<T>()) : 0;
      store<f32>(to + (<usize>column << 2), value);
    }
  }
}

/** Gaussian blur of what is positive; edges go on as they end. room: float32, a row and 2 x 16 more. */
export function blurPlane(
  from: usize, to: usize, rows: i32, columns: i32, wide: i32, taps: i32, weights: usize, room: usize,
): void {
  const stride = <usize>wide << 2, line = room + (MOST_TAPS << 2), zero = f32x4.splat(0);
  const last = rows - 1;
  for (let row = 0; row < rows; row++) {
    const here = from + <usize>row * stride;
    const middle = v128.load32_splat(weights);
    // Two vectors at a time, so that addresses and weights serve both.
    for (let o: usize = 0; o < stride; o += 32) {
      let left = f32x4.mul(middle, f32x4.pmax(zero, v128.load(here + o)));
      let right = f32x4.mul(middle, f32x4.pmax(zero, v128.load(here + o, 16)));
      for (let tap = 1; tap <= taps; tap++) {
        const above = from + <usize>max(0, row - tap) * stride + o;
        const below = from + <usize>min(last, row + tap) * stride + o;
        const weight = v128.load32_splat(weights + (<usize>tap << 2));
        left = f32x4.add(left, f32x4.mul(weight, bothPositive(v128.load(above), v128.load(below))));
        right = f32x4.add(right, f32x4.mul(weight, bothPositive(v128.load(above, 16), v128.load(below, 16))));
      }
      v128.store(line + o, left);
      v128.store(line + o, right, 16);
    }
    const first = load<f32>(line), end = load<f32>(line + (<usize>(columns - 1) << 2));
    for (let tap: usize = 1; tap <= MOST_TAPS; tap++) store<f32>(line - (tap << 2), first);
    for (let column = columns; column < wide + <i32>MOST_TAPS; column++) store<f32>(line + (<usize>column << 2), end);
    const out = to + <usize>row * stride;
    for (let o: usize = 0; o < stride; o += 32) {
      const at = line + o;
      let left = f32x4.mul(middle, v128.load(at)), right = f32x4.mul(middle, v128.load(at, 16));
      for (let tap = 1; tap <= taps; tap++) {
        const apart = <usize>tap << 2, before = at - apart, after = at + apart;
        const weight = v128.load32_splat(weights + apart);
        left = f32x4.add(left, f32x4.mul(weight, f32x4.add(v128.load(before), v128.load(after))));
        right = f32x4.add(right, f32x4.mul(weight, f32x4.add(v128.load(before, 16), v128.load(after, 16))));
      }
      v128.store(out + o, left);
      v128.store(out + o, right, 16);
    }
  }
}

// The sum of what is positive of both.
// @ts-ignore: decorator
@inline
function bothPositive(one: v128, other: v128): v128 {
  const zero = f32x4.splat(0);
  return f32x4.add(f32x4.pmax(zero, one), f32x4.pmax(zero, other));
}
