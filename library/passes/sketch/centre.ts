/**
 * What the patterns of all crystals and of the support have in common, as far as it is left in the features, is taken out.
 *
 * Tails of the direct beam and the pixels of the detector leave something that ring means do not remove. It makes weak
 * crystals look alike, and like the support. Disks of a crystal light up few pixels, and each crystal others, so the median
 * over the scan of every pixel shows what is common.
 */

import { selectSorted } from "../../scan/select_sorted.ts";
import type { Sketch } from "./sketch.ts";

/** About this many probes, spread evenly, tell the medians. */
const samples = 1024;

/**
 * Features of what is common to the patterns: the median of every filtered pixel, as the features describe it, over a
 * regular sample of the probes.
 *
 * @param basis float32 (filtered pixel, k): patterns of the features, orthonormal, so that basis times features is the
 * filtered pattern as far as the features hold it
 * @param inside uint8 (row, column): 1 where a probe takes part; default: everywhere
 * @returns float64, k numbers: 0 where no probe takes part
 * @throws {RangeError} when the basis is not a whole number of patterns of k features
 */
export function commonFeatures(sketch: Sketch, basis: Float32Array, inside?: Uint8Array): Float64Array {
  const { length, features } = sketch;
  if (basis.length % length !== 0) {
    throw new RangeError(`a basis of ${basis.length} numbers does not fit ${length} features`);
  }
  const common = new Float64Array(length);
  const probes = sampleProbes(sketch, inside);
  if (probes.length === 0) return common;
  // One after the other in memory, and in the type that they are multiplied in.
  const sample = new Float64Array(probes.length * length), direction = new Float64Array(length);
  probes.forEach((probe, i) => {
    for (let k = 0; k < length; k++) sample[i * length + k] = features[probe * length + k];
  });
  const values = new Float64Array(probes.length), middle = (probes.length - 1) >> 1;
  for (let pixel = 0; pixel < basis.length; pixel += length) {
    for (let k = 0; k < length; k++) direction[k] = basis[pixel + k];
    productsWith(direction, sample, values);
    const lower = selectSorted(values, middle),
      median = (lower + selectSorted(values, probes.length >> 1, middle)) / 2;
    for (let k = 0; k < length; k++) common[k] += median * direction[k];
  }
  return common;
}

/** Inner products of a vector with others of its length, one after the other: float32, summed as `innerProduct` does. */
function productsWith(vector: Float64Array, others: Float64Array, products: Float64Array): void {
  const length = vector.length, whole = length - 3;
  for (let index = 0, first = 0; index < products.length; index++, first += length) {
    let a = 0, b = 0, c = 0, d = 0, i = 0;
    for (; i < whole; i += 4) {
      a += vector[i] * others[first + i];
      b += vector[i + 1] * others[first + i + 1];
      c += vector[i + 2] * others[first + i + 2];
      d += vector[i + 3] * others[first + i + 3];
    }
    for (; i < length; i++) a += vector[i] * others[first + i];
    products[index] = Math.fround(a + b + (c + d));
  }
}

/** The sketch with the same taken from the features of every pattern; its noise stays. */
export function withoutCommon(sketch: Sketch, common: ArrayLike<number>): Sketch {
  const { length, features } = sketch;
  const centred = new Float32Array(features.length);
  for (let first = 0; first < features.length; first += length) {
    for (let i = 0; i < length; i++) centred[first + i] = features[first + i] - common[i];
  }
  return { ...sketch, features: centred };
}

/** Every n-th row and column, n such that some 1,000 probes remain, as far as they take part. */
function sampleProbes({ rows, columns }: Sketch, inside?: Uint8Array): Int32Array {
  const stride = Math.max(1, Math.round(Math.sqrt(rows * columns / samples)));
  const probes: number[] = [];
  for (let row = 0; row < rows; row += stride) {
    for (let probe = row * columns; probe < (row + 1) * columns; probe += stride) {
      if (inside === undefined || inside[probe] === 1) probes.push(probe);
    }
  }
  return Int32Array.from(probes);
}
