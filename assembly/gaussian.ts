// The exponential function of IEEE-754 operations only: the same on every machine, to about one unit in the last place.

// @ts-ignore: decorator
@inline
const LN2_HIGH: f64 = 0.6931471803691238;
// @ts-ignore: decorator
@inline
const LN2_LOW: f64 = 1.9082149292705877e-10;

/** e to the power of x, for x from -700 to 700; 0 below. */
// @ts-ignore: decorator
@inline
export function exponential(x: f64): f64 {
  if (x < -700.0) return 0;
  const power = nearest(x * 1.4426950408889634);
  const r = x - power * LN2_HIGH - power * LN2_LOW;
  const r2 = r * r, r4 = r2 * r2;
  // Terms r^n / n! to n = 12, in pairs that do not wait for each other; |r| < 0.347.
  const a = (1 + r) + r2 * (0.5 + r * 0.16666666666666666);
  const b = (0.041666666666666664 + r * 0.008333333333333333) +
    r2 * (0.001388888888888889 + r * 0.0001984126984126984);
  const c = (0.0000248015873015873 + r * 0.0000027557319223985893) +
    r2 * (2.755731922398589e-7 + r * 2.505210838544172e-8);
  const sum = a + r4 * (b + r4 * (c + r4 * 2.08767569878681e-9));
  return sum * reinterpret<f64>((<i64>power + 1023) << 52);
}
