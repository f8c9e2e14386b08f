/**
 * Elementary functions made of IEEE-754 operations only.
 *
 * ECMAScript leaves the last bits of `Math.sin`, `Math.exp`, `Math.log` and their like to the engine, so a simulated
 * scan would differ between machines. Addition, multiplication, division and `Math.sqrt` are exact to the bit
 * everywhere; these functions use nothing else and are accurate to about one unit in the last place.
 */

const halfPiHigh = 1.5707963267341256;
const halfPiLow = 6.077100506506192e-11;
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;

/** Powers of two from 2^-1074 to 2^1023; exact, because doubling and halving are. */
const powersOfTwo = (() => {
  const powers = new Float64Array(1074 + 1024);
  powers[1074] = 1;
  for (let exponent = 1; exponent < 1024; exponent++) powers[1074 + exponent] = powers[1073 + exponent] * 2;
  for (let exponent = 1; exponent <= 1074; exponent++) powers[1074 - exponent] = powers[1075 - exponent] / 2;
  return powers;
})();

const bits = new DataView(new ArrayBuffer(8));

/** Coefficients (-1)^n / (2n + first)! of the series of sine (`first` = 1) and cosine (0), highest order first. */
function alternatingFactorials(first: 0 | 1, terms: number): number[] {
  const coefficients: number[] = [];
  let factorial = 1;
  for (let n = 0; n < terms; n++) {
    if (n > 0) factorial *= (2 * n + first) * (2 * n + first - 1);
    coefficients.unshift((n % 2 ? -1 : 1) / factorial);
  }
  return coefficients;
}

const [s8, s7, s6, s5, s4, s3, s2, s1] = alternatingFactorials(1, 9);
const [c8, c7, c6, c5, c4, c3, c2, c1] = alternatingFactorials(0, 9);

/** Sine on [-pi/4, pi/4]. */
function sineKernel(x: number): number {
  const z = x * x;
  return x +
    x * z * (s1 + z * (s2 + z * (s3 + z * (s4 + z * (s5 + z * (s6 + z * (s7 + z * s8)))))));
}

/** Cosine on [-pi/4, pi/4]. */
function cosineKernel(x: number): number {
  const z = x * x;
  return 1 + z * (c1 + z * (c2 + z * (c3 + z * (c4 + z * (c5 + z * (c6 + z * (c7 + z * c8)))))));
}

/** Sine of `x` shifted by `quarter` right angles; `x` in radians, |x| < 10^6. */
function shiftedSine(x: number, quarter: number): number {
  const turns = Math.round(x / (halfPiHigh + halfPiLow));
  const rest = x - turns * halfPiHigh - turns * halfPiLow;
  switch ((turns + quarter) & 3) {
    case 0:
      return sineKernel(rest);
    case 1:
      return cosineKernel(rest);
    case 2:
      return -sineKernel(rest);
    default:
      return -cosineKernel(rest);
  }
}

/** Sine of an angle in radians, |x| < 10^6. */
export function sine(x: number): number {
  return shiftedSine(x, 0);
}

/** Cosine of an angle in radians, |x| < 10^6. */
export function cosine(x: number): number {
  return shiftedSine(x, 1);
}

/** e to the power of `x`; 0 below -745, infinity above 709.78. */
export function exponential(x: number): number {
  if (x < -745.2) return 0;
  if (x > 709.79) return Infinity;
  const power = Math.round(x / (ln2High + ln2Low));
  const rest = x - power * ln2High - power * ln2Low;
  let sum = 1;
  for (let n = 14; n >= 1; n--) sum = 1 + sum * rest / n;
  // 2^1024 itself has no representation, and subnormal results must be rounded once only
  const half = Math.floor(power / 2);
  return sum * powersOfTwo[1074 + half] * powersOfTwo[1074 + power - half];
}

/** Natural logarithm of a positive, normal number. */
export function logarithm(x: number): number {
  bits.setFloat64(0, x);
  const head = bits.getInt32(0);
  let exponent = (head >>> 20) - 1023;
  bits.setInt32(0, (head & 0xfffff) | 0x3ff00000);
  let mantissa = bits.getFloat64(0);
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent++;
  }
  // ln m = 2 artanh((m - 1) / (m + 1)), whose argument stays below 0.172
  const ratio = (mantissa - 1) / (mantissa + 1);
  const square = ratio * ratio;
  let series = 0;
  for (let n = 23; n >= 3; n -= 2) series = (series + 1 / n) * square;
  return exponent * ln2High + (2 * ratio * (1 + series) + exponent * ln2Low);
}

/** `base` to the power of `exponent`, for a positive base. */
export function power(base: number, exponent: number): number {
  return exponential(exponent * logarithm(base));
}

/** `x * x`, so that squares of longer expressions are written once. */
export function squared(x: number): number {
  return x * x;
}

/** Arc tangents of 0/8, 1/8 … 8/8. */
const eighths = [
  ...[
    0,
    0.12435499454676144,
    0.24497866312686414,
    0.35877067027057225,
    0.4636476090008061,
    0.5585993153435624,
  ],
  ...[0.6435011087932844, 0.7188299996216245, 0.7853981633974483],
];

/** Angle in radians, from -pi to pi, of the point with coordinate `y` across and `x` along the axis it is counted from. */
export function arctangent(y: number, x: number): number {
  const across = Math.abs(y), along = Math.abs(x);
  if (across === 0 && along === 0) return 0;
  const steep = across > along;
  const ratio = steep ? along / across : across / along;
  // atan(r) = atan(c) + atan((r - c) / (1 + r c)), with c the nearest eighth: the argument is below 1/16
  const nearest = Math.round(8 * ratio);
  const rest = (ratio - nearest / 8) / (1 + ratio * nearest / 8);
  const square = rest * rest;
  let series = 0;
  for (let n = 15; n >= 1; n -= 2) series = 1 / n - square * series;
  let angle = eighths[nearest] + rest * series;
  if (steep) angle = Math.PI / 2 - angle;
  if (x < 0) angle = Math.PI - angle;
  return y < 0 ? -angle : angle;
}

/** Angle in radians, from 0 to pi, whose cosine is `x`; what rounding took beyond -1 or 1 counts as these. */
export function arccosine(x: number): number {
  const bounded = Math.min(1, Math.max(-1, x));
  return arctangent(Math.sqrt((1 - bounded) * (1 + bounded)), bounded);
}
