/**
 * What the patterns of all crystals and of the support have in common, as far as it is left in the features, is taken out.
 *
 * Tails of the direct beam and the pixels of the detector leave something that ring means do not remove. It makes weak
 * crystals look alike, and like the support. Disks of a crystal light up few pixels, and each crystal others, so the median
 * over the scan of every pixel shows what is common.
 */

import type { Address } from "../../engine/address.ts";
import { onOwnMemory } from "../../engine/own_memory.ts";
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
  const medians = mediansOf(basis, sampled(features, length, probes), length);
  medians.forEach((median, pixel) => {
    for (let k = 0; k < length; k++) common[k] += median * basis[pixel * length + k];
  });
  return common;
}

/** Features of some probes, one after the other. */
function sampled(features: Float32Array, length: number, probes: Int32Array): Float32Array {
  const sample = new Float32Array(probes.length * length);
  probes.forEach((probe, i) =>
    sample.set(features.subarray(probe * length, (probe + 1) * length), i * length)
  );
  return sample;
}

/**
 * Of each vector of `length` numbers the median of its inner products with those of a sample, float64. Products are summed as
 * `innerProduct` does and rounded to float32.
 */
function mediansOf(vectors: Float32Array, sample: Float32Array, length: number): Float64Array {
  const count = vectors.length / length, size = sample.length / length;
  const values = 8 * count, others = values + 4 * 4 * size, first = others + sample.byteLength;
  // Vectors are taken by fours; what is computed of those beyond the last is not used.
  const bytes = first + vectors.byteLength + 3 * 4 * length;
  return onOwnMemory(bytes, (kernels, memory) => {
    new Float32Array(memory, others, sample.length).set(sample);
    new Float32Array(memory, first, vectors.length).set(vectors);
    kernels.medianProducts(
      first as Address,
      count,
      length,
      others as Address,
      size,
      0 as Address,
      values as Address,
    );
    return new Float64Array(memory, 0, count).slice();
  });
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
