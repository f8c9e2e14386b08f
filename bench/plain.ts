/**
 * The steps of the kernels in plain TypeScript: what one would write without WebAssembly, typed arrays and simple
 * loops, as fast as that goes. They serve the comparison only; the oracles of the tests are the definition.
 *
 * Patterns lie one after the other, (qy, qx) row-major; a row is `columns` patterns.
 */

/** Patterns in memory. */
export type Pixels = Uint8Array | Uint16Array | Float32Array;

/** Products of a probe, in this order: right, below left, below, below right, and with itself. */
export const productsPerProbe = 5;

/**
 * Inner products of the patterns of a row with their neighbours, float64 (column, 5). A neighbour outside the scan is
 * replaced by the nearest one inside; for the last row `lower` is `upper`.
 */
export function similarity(
  upper: Pixels,
  lower: Pixels,
  columns: number,
  pixels: number,
  into: Float64Array,
): void {
  const last = columns - 1;
  for (let column = 0; column < columns; column++) {
    const own = column * pixels, right = Math.min(column + 1, last) * pixels;
    const belowLeft = Math.max(column - 1, 0) * pixels;
    let s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0;
    for (let i = 0; i < pixels; i++) {
      const x = upper[own + i];
      s0 += x * upper[right + i];
      s1 += x * lower[belowLeft + i];
      s2 += x * lower[own + i];
      s3 += x * lower[right + i];
      s4 += x * x;
    }
    into.set([s0, s1, s2, s3, s4], productsPerProbe * column);
  }
}

/** Sizes of a pattern, one-sided taps, and room for one pattern and one line between the two passes of the blur. */
export class Blur {
  readonly #between: Float32Array;
  readonly #line: Float32Array;

  constructor(readonly height: number, readonly width: number, readonly taps: Float32Array) {
    this.#between = new Float32Array(height * width);
    this.#line = new Float32Array(width + 2 * (taps.length - 1));
  }

  /** Blurs `count` patterns; both arrays may be the same. */
  run(source: Pixels, destination: Float32Array, count: number): void {
    const pixels = this.height * this.width;
    for (let pattern = 0; pattern < count; pattern++) {
      this.#alongRows(source, pattern * pixels);
      this.#alongColumns(destination, pattern * pixels);
    }
  }

  #alongRows(source: Pixels, start: number): void {
    const { height, width, taps } = this;
    const line = this.#line, between = this.#between, radius = taps.length - 1;
    for (let y = 0; y < height; y++) {
      for (let x = -radius; x < width + radius; x++) {
        line[x + radius] = source[start + y * width + reflect(x, width)];
      }
      for (let x = 0; x < width; x++) {
        let sum = taps[0] * line[x + radius];
        for (let k = 1; k <= radius; k++) sum += taps[k] * (line[x + radius - k] + line[x + radius + k]);
        between[y * width + x] = sum;
      }
    }
  }

  #alongColumns(destination: Float32Array, start: number): void {
    const { height, width, taps } = this;
    const line = this.#line, between = this.#between, radius = taps.length - 1;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) line[x] = taps[0] * between[y * width + x];
      for (let k = 1; k <= radius; k++) {
        const weight = taps[k], up = reflect(y - k, height) * width, down = reflect(y + k, height) * width;
        for (let x = 0; x < width; x++) line[x] += weight * (between[up + x] + between[down + x]);
      }
      for (let x = 0; x < width; x++) destination[start + y * width + x] = line[x];
    }
  }
}

/** Index inside 0..size-1 that an index outside stands for, under half-sample reflection. */
export function reflect(index: number, size: number): number {
  let inside = index;
  while (inside < 0 || inside >= size) inside = inside < 0 ? -1 - inside : 2 * size - 1 - inside;
  return inside;
}

/** Subtracts each pattern's mean over all its pixels. */
export function centered(source: Pixels, destination: Float32Array, count: number, pixels: number): void {
  for (let start = 0; start < count * pixels; start += pixels) {
    let sum = 0;
    for (let i = start; i < start + pixels; i++) sum += source[i];
    const mean = sum / pixels;
    for (let i = start; i < start + pixels; i++) destination[i] = source[i] - mean;
  }
}

/** Subtracts each pattern's mean within the mask (1 = kept) and clears what is outside. */
export function pearson(
  source: Pixels,
  destination: Float32Array,
  count: number,
  pixels: number,
  keep: Uint8Array,
): void {
  let kept = 0;
  for (let i = 0; i < pixels; i++) kept += keep[i];
  for (let start = 0; start < count * pixels; start += pixels) {
    let sum = 0;
    for (let i = 0; i < pixels; i++) sum += keep[i] * source[start + i];
    const mean = sum / kept;
    for (let i = 0; i < pixels; i++) destination[start + i] = keep[i] ? source[start + i] - mean : 0;
  }
}

/** Clears what is outside the mask. */
export function masked<Array extends Pixels>(
  source: Array,
  destination: Array,
  count: number,
  pixels: number,
  keep: Uint8Array,
): void {
  for (let start = 0; start < count * pixels; start += pixels) {
    for (let i = 0; i < pixels; i++) destination[start + i] = keep[i] ? source[start + i] : 0;
  }
}

/** Weights blurred patterns in place, (I - <I, w> / sum(w)) w, and divides them by their norm. */
export function weighted(patterns: Float32Array, count: number, weights: Float32Array): void {
  const pixels = weights.length;
  let total = 0;
  for (let i = 0; i < pixels; i++) total += weights[i];
  for (let start = 0; start < count * pixels; start += pixels) {
    let product = 0, squares = 0;
    for (let i = 0; i < pixels; i++) product += patterns[start + i] * weights[i];
    const mean = product / total;
    for (let i = 0; i < pixels; i++) {
      const value = (patterns[start + i] - mean) * weights[i];
      patterns[start + i] = value;
      squares += value * value;
    }
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let i = 0; i < pixels; i++) patterns[start + i] *= scale;
  }
}

/** Inner product of two patterns of an array. */
export function correlation(
  patterns: Float32Array,
  first: number,
  second: number,
  pixels: number,
): number {
  // Views cost little and make these loops several times faster than sums of indices, and steadier.
  const a = patterns.subarray(first * pixels, (first + 1) * pixels);
  const b = patterns.subarray(second * pixels, (second + 1) * pixels);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Adds weight * pattern `index` of `source` to the pattern of `into` that begins at `start`. */
export function addWeighted(
  source: Pixels,
  index: number,
  weight: number,
  pixels: number,
  into: Float32Array | Float64Array,
  start: number,
): void {
  const pattern = source.subarray(index * pixels, (index + 1) * pixels);
  const sum = into.subarray(start, start + pixels);
  for (let i = 0; i < sum.length; i++) sum[i] += weight * pattern[i];
}

/** Sums of detector * pattern. */
export function virtualImage(source: Pixels, detector: Float32Array, into: Float64Array): void {
  const pixels = detector.length;
  for (let pattern = 0; pattern < into.length; pattern++) {
    let sum = 0;
    for (let i = 0; i < pixels; i++) sum += detector[i] * source[pattern * pixels + i];
    into[pattern] = sum;
  }
}

/** A bad pixel and its good neighbours, as indices into a pattern. */
export interface BadPixel {
  readonly pixel: number;
  readonly neighbours: readonly number[];
}

/** Replaces bad pixels of counts by the median of their good neighbours, the mean of the middle two rounded half up. */
export function fill(patterns: Uint16Array, count: number, pixels: number, bad: readonly BadPixel[]): void {
  for (let start = 0; start < count * pixels; start += pixels) {
    for (const { pixel, neighbours } of bad) {
      const sorted = neighbours.map((other) => patterns[start + other]).sort((a, b) => a - b);
      const middle = sorted.length >> 1;
      patterns[start + pixel] = sorted.length % 2
        ? sorted[middle]
        : Math.floor((sorted[middle - 1] + sorted[middle]) / 2 + 0.5);
    }
  }
}

/** Largest count of each pattern. */
export function maxima(source: Pixels, pixels: number, into: Int32Array): void {
  for (let pattern = 0; pattern < into.length; pattern++) {
    let largest = 0;
    for (let i = 0; i < pixels; i++) {
      const value = source[pattern * pixels + i];
      if (value > largest) largest = value;
    }
    into[pattern] = largest;
  }
}

/** Largest value of each pattern, at least 0; NaN where it holds NaN or infinity. */
export function finiteMaxima(source: Float32Array, pixels: number, into: Float32Array): void {
  for (let pattern = 0; pattern < into.length; pattern++) {
    let largest = 0;
    for (let i = 0; i < pixels; i++) {
      const value = source[pattern * pixels + i];
      if (!Number.isFinite(value)) largest = NaN;
      else if (value > largest) largest = value;
    }
    into[pattern] = largest;
  }
}
