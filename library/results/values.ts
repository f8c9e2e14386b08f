/** What the values of an array may be; each check returns the first flaw it meets. */

import { neighbourOffsets } from "../scan/neighbours.ts";
import type { Arrays, Flaw } from "./product.ts";

/** Neither NaN nor infinity, which leave the program by accident only. */
export function finite(array: Float32Array | Float64Array): Flaw | undefined {
  const place = array.findIndex((value) => !Number.isFinite(value));
  if (place < 0) return undefined;
  return { what: "a value is not finite", expected: "finite numbers", found: `${array[place]} at ${place}` };
}

/** Numbers of `count` clusters, or -1 for none. */
export function clusterNumbers(labels: Int32Array, count: number): Flaw | undefined {
  const wrong = labels.find((label) => label < -1 || label >= count);
  if (wrong === undefined) return undefined;
  return { what: "a label names no cluster", expected: `-1 to ${count - 1}`, found: String(wrong) };
}

/** Similarities (row, column, neighbour): NaN exactly where the neighbour is outside the scan. */
export function insideScan(
  similarity: Float32Array,
  { shape: { rows, columns } }: Pick<Arrays, "shape">,
): Flaw | undefined {
  const offsets = neighbourOffsets.length;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      // All neighbours of most probes are inside.
      const within = row > 0 && row < rows - 1 && column > 0 && column < columns - 1;
      for (let offset = 0; offset < offsets; offset++) {
        const value = similarity[(row * columns + column) * offsets + offset];
        if (within && Number.isFinite(value)) continue;
        const y = row + neighbourOffsets[offset][0], x = column + neighbourOffsets[offset][1];
        const inside = y >= 0 && y < rows && x >= 0 && x < columns;
        if (inside ? Number.isFinite(value) : Number.isNaN(value)) continue;
        return {
          what: `similarity ${value} of probe (${row}, ${column}) to (${y}, ${x}) cannot be`,
          expected: inside ? "a finite number inside the scan" : "NaN outside the scan",
          found: String(value),
        };
      }
    }
  }
  return undefined;
}

/**
 * Offsets of a ragged list: where the items of each probe begin, and at last where they end.
 *
 * @param items number of items in the flat arrays
 */
export function offsetsOf(offsets: Uint32Array, items: number): Flaw | undefined {
  const what = "offsets do not lead through the list";
  if (offsets[0] !== 0) return { what, expected: "0 at first", found: String(offsets[0]) };
  const fall = offsets.findIndex((offset, place) => place > 0 && offset < offsets[place - 1]);
  if (fall >= 0) {
    return { what, expected: "offsets that never fall", found: `${offsets[fall]} at ${fall}` };
  }
  const last = offsets[offsets.length - 1];
  return last === items ? undefined : { what, expected: `${items} at last`, found: String(last) };
}
