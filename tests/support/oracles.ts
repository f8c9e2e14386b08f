/** Plain TypeScript twins of the kernels: the definition, in float64, without a thought for speed. */

/** Index inside 0..size-1 under half-sample reflection. */
export function reflect(index: number, size: number): number {
  while (index < 0 || index >= size) index = index < 0 ? -1 - index : 2 * size - 1 - index;
  return index;
}

/** <x, y>. */
export function innerProduct(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}

/** Separable Gaussian blur of a (height, width) pattern with one-sided taps. */
export function blur(
  pattern: ArrayLike<number>,
  height: number,
  width: number,
  taps: ArrayLike<number>,
): number[] {
  const along = (source: ArrayLike<number>, at: (y: number, x: number, k: number) => number) =>
    Array.from({ length: height * width }, (_, i) => {
      const y = Math.floor(i / width), x = i % width;
      let sum = 0;
      for (let k = 1 - taps.length; k < taps.length; k++) sum += taps[Math.abs(k)] * source[at(y, x, k)];
      return sum;
    });
  const rows = along(pattern, (y, x, k) => y * width + reflect(x + k, width));
  return along(rows, (y, x, k) => reflect(y + k, height) * width + x);
}

/** What is compared: blur, mean and mask as the metric says. */
export function features(
  pattern: ArrayLike<number>,
  height: number,
  width: number,
  metric: "cosine" | "centered" | "pearson",
  taps: ArrayLike<number>,
  mask: ArrayLike<number> | null,
): number[] {
  const all = Array.from(pattern);
  const mean = metric === "centered" ? all.reduce((sum, value) => sum + value, 0) / all.length : 0;
  const blurred = blur(all.map((value) => value - mean), height, width, taps);
  const keep = (i: number) => mask ? mask[i] : 1;
  const kept = blurred.filter((_, i) => keep(i));
  const inside = metric === "pearson" ? kept.reduce((sum, value) => sum + value, 0) / kept.length : 0;
  return blurred.map((value, i) => keep(i) ? value - inside : 0);
}

/** Weighted, normalised pattern of the prefilter; all zero without a norm. */
export function weighted(blurred: ArrayLike<number>, weights: ArrayLike<number>): number[] {
  const total = Array.from(weights).reduce((sum, weight) => sum + weight, 0);
  const mean = innerProduct(blurred, weights) / total;
  const values = Array.from(blurred, (value, i) => (value - mean) * weights[i]);
  const norm = Math.sqrt(innerProduct(values, values));
  return values.map((value) => norm > 0 ? value / norm : 0);
}

/** Median of the values: mean of the middle two if even. */
export function median(values: readonly number[]): number {
  const sorted = values.slice().sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
