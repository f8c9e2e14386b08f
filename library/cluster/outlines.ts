/** Outlines of clusters by marching squares (paper, Fig. 1 and 2). */

// @ts-types="@types/d3-contour"
import { contours } from "d3-contour";
import type { Cluster } from "./cluster.ts";

/** A closed line through (row, column) positions; its last point repeats the first. */
export type Outline = readonly (readonly [row: number, column: number])[];

/**
 * Closed contours around the probes of one cluster: outer lines and the lines around holes, halfway between probes in
 * and out, in probe positions (the centre of probe (0, 0) is at (0, 0)).
 *
 * @param labels int32 (row, column)
 * @param columns number of scan columns
 *
 * @example
 * ```ts
 * import { clusterOutlines } from "crystallite";
 *
 * const labels = Int32Array.of(-1, 0, 0, -1);
 * const bounds = { firstRow: 0, lastRow: 0, firstColumn: 1, lastColumn: 2 };
 * const [outline] = clusterOutlines(labels, 4, { id: 0, bounds });
 * console.assert(outline.length > 4);
 * ```
 */
export function clusterOutlines(
  labels: Int32Array,
  columns: number,
  cluster: Pick<Cluster, "id" | "bounds">,
): Outline[] {
  const { firstRow, lastRow, firstColumn, lastColumn } = cluster.bounds;
  // One empty probe all around closes the lines at the border of the scan.
  const height = lastRow - firstRow + 3, width = lastColumn - firstColumn + 3;
  const inside = new Array<number>(height * width).fill(0);
  for (let row = firstRow; row <= lastRow; row++) {
    for (let column = firstColumn; column <= lastColumn; column++) {
      if (labels[row * columns + column] === cluster.id) {
        inside[(row - firstRow + 1) * width + column - firstColumn + 1] = 1;
      }
    }
  }
  const [shape] = contours().size([width, height]).thresholds([0.5])(inside);
  // d3 puts the centre of the first cell at (0.5, 0.5), in (x, y) order.
  return shape.coordinates.flatMap((polygon) =>
    polygon.map((ring) => ring.map(([x, y]) => [y - 1.5 + firstRow, x - 1.5 + firstColumn] as const))
  );
}
