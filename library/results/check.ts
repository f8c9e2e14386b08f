/** Checks of what is about to be stored: sizes agree, and no NaN or infinity leaves the program by accident. */

import type { AverageBatch } from "../passes/averages/average_sweep.ts";
import type { Clustering } from "../cluster/clustering.ts";
import { CorruptFile } from "../scan/errors.ts";
import type { ScanShape } from "../scan/shape.ts";
import { arraysByName, type HeldArray, heldArrays, sizesOf } from "./held_arrays.ts";
import type { Product } from "./product.ts";

/**
 * The arrays of a clustering, checked against its shape and each other.
 *
 * @throws {RangeError} when an array has the wrong length, a label names no cluster, or a number is not finite where it
 *   must be
 */
export function checkedArrays(clustering: Clustering, products: readonly Product[]): HeldArray[] {
  clustering.clusters.forEach((cluster, place) => {
    if (cluster.id !== place) throw new RangeError(`cluster ${cluster.id} is at place ${place}`);
  });
  const held = heldArrays(clustering, products);
  const arrays = arraysByName(held, sizesOf(clustering));
  for (const { product, array } of held) {
    const flaw = product.flaw?.(array, arrays);
    if (flaw) {
      throw new RangeError(`${product.name}: ${flaw.what}: ${flaw.found} in place of ${flaw.expected}`);
    }
  }
  return held;
}

/**
 * Checks a batch of averages and notes which clusters it holds.
 *
 * @param seen 1 for each cluster whose average has come; those of the batch are added
 * @throws {RangeError} when the batch is of the wrong size, or holds a cluster that there is not or that came before
 * @throws {CorruptFile} when an average is not finite: the scan's counts overflow float32
 */
export function checkAverages(
  { first, count, patterns }: AverageBatch,
  seen: Uint8Array,
  shape: ScanShape,
  file: string,
): void {
  const pixels = shape.patternRows * shape.patternColumns;
  if (!(first >= 0 && count >= 0 && first + count <= seen.length)) {
    throw new RangeError(
      `averages ${first} to ${first + count - 1} came, but there are ${seen.length} clusters`,
    );
  }
  if (seen.subarray(first, first + count).includes(1)) {
    throw new RangeError(`some of the averages ${first} to ${first + count - 1} came twice`);
  }
  seen.fill(1, first, first + count);
  demandLength("averages", patterns, count * pixels);
  for (let i = 0; i < patterns.length; i++) {
    // The difference of a number with itself is 0, but for NaN and infinity.
    if (patterns[i] - patterns[i] === 0) continue;
    throw new CorruptFile(`the average pattern of cluster ${first + Math.floor(i / pixels)} is not finite`, {
      file,
      expected: "counts whose mean is a float32 number",
      found: String(patterns[i]),
      parameter: "badPixels",
      remedy: "mark the pixels that hold such values with `badPixels`",
    });
  }
}

function demandLength(name: string, array: ArrayLike<number>, expected: number): void {
  if (array.length !== expected) {
    throw new RangeError(`${name} hold ${array.length} values, not ${expected}`);
  }
}
