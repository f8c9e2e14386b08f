/** Parts of a scan on which its stability is estimated. */

import type { ScanShape } from "../../scan/shape.ts";

/** A rectangle of probe positions. */
export interface Window {
  readonly top: number;
  readonly left: number;
  readonly rows: number;
  readonly columns: number;
}

/** Side of a window in probe positions. Scans of up to four times its area are taken whole. */
const side = 48;

/** The whole of a small scan, or four windows in the middles of its quarters: the cost does not grow with the scan. */
export function stabilityWindows({ rows, columns }: Pick<ScanShape, "rows" | "columns">): readonly Window[] {
  if (rows * columns <= 4 * side * side) return [{ top: 0, left: 0, rows, columns }];
  // Narrow scans have as many probes in longer windows.
  const height = Math.min(half(rows), Math.max(side, Math.floor(side * side / half(columns))));
  const width = Math.min(half(columns), Math.floor(side * side / height));
  return middles(rows, height).flatMap((top) =>
    middles(columns, width).map((left) => ({ top, left, rows: height, columns: width }))
  );
}

const half = (length: number) => Math.max(1, Math.floor(length / 2));

/** Where windows of a size begin so that they lie in the middles of the halves of a length. */
function middles(length: number, size: number): number[] {
  if (length === 1) return [0];
  return [1, 3].map((quarter) => Math.max(0, Math.floor(quarter * length / 4 - size / 2)));
}
