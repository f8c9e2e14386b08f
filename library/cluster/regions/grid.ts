/** The scan as a grid: neighbours of a probe position, and inner products of the features of neighbours. */

import type { Address } from "../../engine/address.ts";
import { onNumbers } from "../../engine/own_memory.ts";
import { innerProduct, type Sketch } from "../../passes/sketch/sketch.ts";

/** A map of regions on its way: every probe position belongs to one of them, or takes no part. */
export interface Partition {
  readonly rows: number;
  readonly columns: number;
  /** int32 (row, column): region 0..count-1, some of which may be empty; -1 where a probe takes no part. */
  readonly labels: Int32Array;
  readonly count: number;
  /** The region that is the background, -1 where there is none. */
  readonly background: number;
}

/**
 * Joins pairs of regions, the first pairs first, each region once.
 *
 * @returns the partition, in which the first of a joined pair stays and the second is empty
 */
export function joinPairs(
  partition: Partition,
  pairs: readonly { readonly first: number; readonly second: number }[],
): Partition {
  const target = Int32Array.from({ length: partition.count }, (_, region) => region);
  const used = new Uint8Array(partition.count);
  for (const { first, second } of pairs) {
    if (used[first] === 1 || used[second] === 1) continue;
    used[first] = used[second] = 1;
    target[second] = first;
  }
  return { ...partition, labels: partition.labels.map((region) => region < 0 ? region : target[region]) };
}

/**
 * Writes the flat indices of the up to eight neighbours of a probe into `found`, in the order of `neighbourOffsets`.
 *
 * @param found int32, at least 8
 * @returns how many there are
 */
export function neighboursOf(probe: number, rows: number, columns: number, found: Int32Array): number {
  const row = Math.floor(probe / columns), column = probe - row * columns;
  const left = column > 0, right = column < columns - 1;
  let count = 0;
  if (row > 0) {
    if (left) found[count++] = probe - columns - 1;
    found[count++] = probe - columns;
    if (right) found[count++] = probe - columns + 1;
  }
  if (left) found[count++] = probe - 1;
  if (right) found[count++] = probe + 1;
  if (row < rows - 1) {
    if (left) found[count++] = probe + columns - 1;
    found[count++] = probe + columns;
    if (right) found[count++] = probe + columns + 1;
  }
  return count;
}

/**
 * Inner products of the features of neighbours.
 *
 * @param inside 1 where a probe takes part
 * @returns float64 (row, column, 4) for the directions of `forwardOffsets`; NaN where one of the two takes no part
 */
export function neighbourProducts(sketch: Sketch, inside: Uint8Array): Float64Array {
  const { rows, columns, length, features } = sketch, count = 4 * rows * columns;
  return onNumbers(features, 8 * count + inside.length, (kernels, memory, room) => {
    const products = new Float64Array(memory, room, count).fill(NaN), map = room + products.byteLength;
    new Uint8Array(memory, map, inside.length).set(inside);
    kernels.neighbourProducts(0 as Address, length, map as Address, rows, columns, room as Address);
    return products.slice();
  });
}

/** Squared length of each probe's features, float64 (row, column). */
export function squaredLengths({ length, features }: Sketch): Float64Array {
  return Float64Array.from(
    { length: features.length / length },
    (_, probe) => innerProduct(features, probe * length, features, probe * length, length),
  );
}
