// Inner products of float32 numbers.

import { promoteHigh, sumDoubles } from "./lanes";

/** As `innerProduct` of library/passes/sketch/sketch.ts, to the last bit. */
export function innerProduct(x: usize, y: usize, length: i32): f64 {
  const whole = <usize>(length & ~3) << 2, end = <usize>length << 2;
  let ab = f64x2.splat(0), cd = ab, o: usize = 0;
  for (; o < whole; o += 16) {
    const p = v128.load(x + o), q = v128.load(y + o);
    ab = f64x2.add(ab, f64x2.mul(f64x2.promote_low_f32x4(p), f64x2.promote_low_f32x4(q)));
    cd = f64x2.add(cd, f64x2.mul(promoteHigh(p), promoteHigh(q)));
  }
  let a = f64x2.extract_lane(ab, 0);
  for (; o < end; o += 4) a += f64(load<f32>(x + o)) * f64(load<f32>(y + o));
  return a + f64x2.extract_lane(ab, 1) + sumDoubles(cd);
}
