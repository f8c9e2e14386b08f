/** Short linear features of every pattern: what regions are found on. */

/** Short linear features of every pattern, with what is known of their noise. */
export interface Sketch {
  readonly rows: number;
  readonly columns: number;
  /** Numbers per pattern, k (6 to 96). */
  readonly length: number;
  /** float32 (row, column, k). */
  readonly features: Float32Array;
  /** float32 (row, column): expected squared length of the noise in a pattern's features: E|F|^2 = |E F|^2 + noise. */
  readonly noise: Float32Array;
  /** Effective number of independent components of that noise. */
  readonly degreesOfFreedom: number;
  /** float32 (row, column): electrons of the direct beam in each pattern; absent where that was not recorded. */
  readonly beam?: Float32Array;
}

/**
 * Sum of the products of `length` numbers that begin at `first` in one array and at `second` in another.
 *
 * Four running sums, so that the processor need not wait for one addition before the next; arrays of one type, so that
 * the compiler knows it.
 */
export function innerProduct(
  x: Float32Array,
  first: number,
  y: Float32Array,
  second: number,
  length: number,
): number {
  let a = 0, b = 0, c = 0, d = 0;
  const whole = length - 3;
  let i = 0;
  for (; i < whole; i += 4) {
    a += x[first + i] * y[second + i];
    b += x[first + i + 1] * y[second + i + 1];
    c += x[first + i + 2] * y[second + i + 2];
    d += x[first + i + 3] * y[second + i + 3];
  }
  for (; i < length; i++) a += x[first + i] * y[second + i];
  return a + b + (c + d);
}
