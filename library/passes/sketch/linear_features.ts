/**
 * Linear features of binned patterns: blurred by half the radius of the disks, without the direct beam, less the mean of
 * each ring about it (which takes the amorphous halo and diffuse scattering away), weighted so that counting noise is
 * about the same in each, on every second pixel where the blur allows it. As they are linear in the counts, their noise
 * is known, and the features of a mean pattern are the mean of features.
 */

import { gaussianTaps, reflected } from "../features/gaussian.ts";
import { beamReach, type DetectorGrid } from "./detector_grid.ts";

/** Least blur in binned pixels. */
const leastBlur = 0.7;
/** Weights rise no further where the mean falls below this part of its median. */
const weightFloor = 0.1;

/** Features y = M x of patterns x, as an operator that is never written out. */
export class LinearFeatures {
  /** Number of features. */
  readonly length: number;
  readonly #grid: DetectorGrid;
  readonly #blur: (pattern: Float64Array) => void;
  /** Pixel, ring and weight of each feature. */
  readonly #pixels: Int32Array;
  readonly #rings: Int32Array;
  readonly #weights: Float64Array;
  /** Ring of each pixel that takes part, -1 elsewhere, and pixels in each ring. */
  readonly #ringOf: Int32Array;
  readonly #ringSizes: Float64Array;
  readonly #pattern: Float64Array;
  readonly #ringSums: Float64Array;

  /** @param mean binned mean pattern; pixels where it is zero take no part */
  constructor(grid: DetectorGrid, mean: Float64Array) {
    const { rows, columns, center, beamRadius } = grid;
    const pixels = rows * columns;
    this.#grid = grid;
    const sigma = Math.max(leastBlur, beamRadius / 2), stride = sigma >= 1 ? 2 : 1;
    this.#blur = separableBlur(rows, columns, sigma);
    this.#pattern = new Float64Array(pixels);
    const blurred = mean.slice();
    this.#blur(blurred);

    this.#ringOf = new Int32Array(pixels).fill(-1);
    const sizes: number[] = [], chosen: number[] = [];
    for (let pixel = 0; pixel < pixels; pixel++) {
      const row = Math.floor(pixel / columns), column = pixel % columns;
      const y = row - center.row, x = column - center.column;
      const distance = Math.sqrt(y * y + x * x);
      if (distance <= beamReach(beamRadius) || mean[pixel] <= 0) continue;
      const ring = this.#ringOf[pixel] = Math.floor(distance);
      sizes[ring] = (sizes[ring] ?? 0) + 1;
      if (row % stride === 0 && column % stride === 0) chosen.push(pixel);
    }
    this.#ringSizes = Float64Array.from({ length: sizes.length }, (_, ring) => sizes[ring] ?? 0);
    this.#ringSums = new Float64Array(sizes.length);
    this.length = chosen.length;
    this.#pixels = Int32Array.from(chosen);
    this.#rings = this.#pixels.map((pixel) => this.#ringOf[pixel]);
    this.#weights = whiteningWeights(Float64Array.from(chosen, (pixel) => blurred[pixel]));
  }

  /** Features of a binned pattern. */
  apply(pattern: ArrayLike<number>, into: Float64Array): void {
    const blurred = this.#pattern, sums = this.#ringSums.fill(0);
    blurred.set(pattern);
    this.#blur(blurred);
    for (let pixel = 0; pixel < blurred.length; pixel++) {
      const ring = this.#ringOf[pixel];
      if (ring >= 0) sums[ring] += blurred[pixel];
    }
    for (let i = 0; i < this.length; i++) {
      const ring = this.#rings[i];
      into[i] = this.#weights[i] * (blurred[this.#pixels[i]] - sums[ring] / this.#ringSizes[ring]);
    }
  }

  /** The transposed operator: from features to a binned pattern. */
  applyTransposed(features: ArrayLike<number>, into: Float64Array): void {
    const sums = this.#ringSums.fill(0);
    into.fill(0);
    for (let i = 0; i < this.length; i++) {
      const weighted = this.#weights[i] * features[i];
      into[this.#pixels[i]] = weighted;
      sums[this.#rings[i]] += weighted;
    }
    for (let pixel = 0; pixel < into.length; pixel++) {
      const ring = this.#ringOf[pixel];
      if (ring >= 0) into[pixel] -= sums[ring] / this.#ringSizes[ring];
    }
    this.#blur(into);
  }

  /** Number of binned pixels. */
  get pixels(): number {
    return this.#grid.rows * this.#grid.columns;
  }
}

/** (blurred mean)^(-1/2), scaled to a mean square of one: counting noise becomes about white. */
function whiteningWeights(blurredMean: Float64Array): Float64Array {
  const sorted = blurredMean.slice().sort();
  const floor = weightFloor * (sorted[sorted.length >> 1] ?? 0) + 1e-12;
  const weights = blurredMean.map((value) => 1 / Math.sqrt(Math.max(value, floor)));
  const square = weights.reduce((sum, weight) => sum + weight * weight, 0) / Math.max(1, weights.length);
  return weights.map((weight) => weight / Math.sqrt(square));
}

/** Gaussian blur in place, half-sample reflection at the edges; it is its own transpose. */
function separableBlur(rows: number, columns: number, sigma: number): (pattern: Float64Array) => void {
  const { radius, weights } = gaussianTaps(sigma);
  const line = new Float64Array(Math.max(rows, columns) + 2 * radius);
  const pass = (pattern: Float64Array, start: number, step: number, length: number) => {
    for (let i = 0; i < length; i++) line[i + radius] = pattern[start + i * step];
    for (let i = 1; i <= radius; i++) {
      line[radius - i] = pattern[start + reflected(-i, length) * step];
      line[radius + length - 1 + i] = pattern[start + reflected(length - 1 + i, length) * step];
    }
    for (let i = 0; i < length; i++) {
      let sum = weights[0] * line[i + radius];
      for (let k = 1; k <= radius; k++) sum += weights[k] * (line[i + radius - k] + line[i + radius + k]);
      pattern[start + i * step] = sum;
    }
  };
  return (pattern) => {
    for (let row = 0; row < rows; row++) pass(pattern, row * columns, 1, columns);
    for (let column = 0; column < columns; column++) pass(pattern, column, columns, rows);
  };
}
