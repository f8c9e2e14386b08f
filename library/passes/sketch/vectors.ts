/** Small algebra of vectors for subspace iteration, by kernels (assembly/vectors.ts): vectors of one length, at least one. */

import type { Address } from "../../engine/address.ts";
import type { Kernels } from "../../engine/kernels.ts";
import { onOwnMemory } from "../../engine/own_memory.ts";

/** Directions to begin with: any that are independent do, as long as they are always the same. */
export function startVectors(count: number, length: number): Float64Array[] {
  let state = 1;
  return Array.from({ length: count }, () =>
    Float64Array.from({ length }, () => {
      state = Math.imul(state, 1664525) + 1013904223 | 0;
      return state / 2 ** 31;
    }));
}

/** Orthonormal vectors with the same span, by Gram and Schmidt, twice for the sake of rounding. */
export function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const count = vectors.length, [{ length }] = vectors;
  return withRoom([count * length], (kernels, [room], place) => {
    vectors.forEach((vector, k) => room.set(vector, k * length));
    kernels.orthonormalVectors(place(room), count, length);
    return rowsOf(room, count, length);
  });
}

/**
 * Sums of vectors, each times its weight, in their order.
 *
 * @param weights float64 (vector, `width`), of which the sums are the first `sums` columns from `first` on
 */
export function combinations(
  vectors: readonly Float64Array[],
  weights: Float64Array,
  [first, sums]: readonly [first: number, sums: number],
): Float64Array[] {
  const count = vectors.length, [{ length }] = vectors, width = weights.length / count;
  return withRoom([count * length, weights.length, sums * length], (kernels, [all, factors, out], place) => {
    vectors.forEach((vector, k) => all.set(vector, k * length));
    factors.set(weights);
    const chosen = factors.subarray(first);
    kernels.combineVectors(place(all), count, length, place(chosen), 8 * width, sums, place(out));
    return rowsOf(out, sums, length);
  });
}

/** Inner products of as many vectors with as many others, float64 (vector, other), each in four running sums. */
export function innerProducts(
  vectors: readonly Float64Array[],
  others: readonly Float64Array[],
): Float64Array {
  const count = vectors.length, [{ length }] = vectors;
  return withRoom([count * length, count * length, count ** 2], (kernels, [one, other, out], place) => {
    vectors.forEach((vector, k) => one.set(vector, k * length));
    others.forEach((vector, k) => other.set(vector, k * length));
    kernels.productsOfVectors(place(one), place(other), count, length, place(out));
    return out.slice();
  });
}

/** Does some work on arrays in a memory of their own, whose content is undefined; `place` gives an array's address. */
function withRoom<Result>(
  sizes: readonly number[],
  work: (
    kernels: Kernels,
    arrays: readonly Float64Array[],
    place: (array: Float64Array) => Address,
  ) => Result,
): Result {
  const bytes = sizes.reduce((sum, size) => sum + 8 * size, 0);
  return onOwnMemory(bytes, (kernels, memory) => {
    let end = 0;
    const arrays = sizes.map((size) => {
      const array = new Float64Array(memory, end, size);
      end += array.byteLength;
      return array;
    });
    return work(kernels, arrays, ({ byteOffset }) => byteOffset as Address);
  });
}

function rowsOf(values: Float64Array, count: number, length: number): Float64Array[] {
  return Array.from({ length: count }, (_, k) => values.slice(k * length, (k + 1) * length));
}
