/** Where the regions of a frame are expected in the next one. */

import { neighbourOffsets } from "../scan/neighbours.ts";
import type { Shift } from "./region_frame.ts";

/** A map of the scan, (row, column) row-major. */
interface LabelMap {
  readonly rows: number;
  readonly columns: number;
  /** Region of each probe, -1 = none. */
  readonly labels: Int32Array;
}

/**
 * The regions of a frame, moved with the specimen. Nothing is expected at rims, where a neighbour is of another region or of none:
 * they move even where the specimen does not; nor where the frame showed nothing.
 *
 * @param shift of the specimen in whole scan steps
 * @returns int32 (row, column): region that is expected, -1 = unknown
 */
export function expectedRegions({ rows, columns, labels }: LabelMap, shift: Shift): Int32Array {
  const expected = new Int32Array(rows * columns).fill(-1);
  for (let row = Math.max(0, -shift.row); row < rows - Math.max(0, shift.row); row++) {
    for (let column = Math.max(0, -shift.column); column < columns - Math.max(0, shift.column); column++) {
      const region = labels[row * columns + column];
      const inner = region >= 0 && neighbourOffsets.every(([down, right]) => {
        const y = row + down, x = column + right;
        return y < 0 || y >= rows || x < 0 || x >= columns || labels[y * columns + x] === region;
      });
      if (inner) expected[(row + shift.row) * columns + column + shift.column] = region;
    }
  }
  return expected;
}

/** Similarities of neighbours, (row, column, 8). */
interface SimilarityMap {
  readonly rows: number;
  readonly columns: number;
  readonly similarity: Float32Array;
}

/**
 * The similarities of neighbours in a frame, moved with the specimen.
 *
 * @param shift of the specimen in whole scan steps
 * @returns float32 (row, column, 8), NaN where the frame showed nothing
 */
export function movedSimilarity({ rows, columns, similarity }: SimilarityMap, shift: Shift): Float32Array {
  const moved = new Float32Array(similarity.length).fill(NaN), directions = neighbourOffsets.length;
  const left = Math.max(0, -shift.column), right = columns - Math.max(0, shift.column);
  for (let row = Math.max(0, -shift.row); row < rows - Math.max(0, shift.row) && left < right; row++) {
    const from = similarity.subarray(
      directions * (row * columns + left),
      directions * (row * columns + right),
    );
    moved.set(from, directions * ((row + shift.row) * columns + left + shift.column));
  }
  return moved;
}
