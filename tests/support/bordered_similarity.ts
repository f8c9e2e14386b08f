/** Similarities of a map with one border. */

import { neighbourOffsets } from "../../library/scan/neighbours.ts";

/**
 * Similarities of 0.9, and another one across the border left of a column.
 *
 * @returns float32 (row, column, 8), NaN where there is no neighbour
 */
export function borderedSimilarity(
  { rows, columns }: { readonly rows: number; readonly columns: number },
  across: number,
  border: number,
): Float32Array {
  const similarity = new Float32Array(8 * rows * columns).fill(NaN);
  for (let probe = 0; probe < rows * columns; probe++) {
    const row = Math.floor(probe / columns), column = probe % columns;
    neighbourOffsets.forEach(([down, right], direction) => {
      const y = row + down, x = column + right;
      if (y < 0 || y >= rows || x < 0 || x >= columns) return;
      similarity[8 * probe + direction] = (column < border) === (x < border) ? 0.9 : across;
    });
  }
  return similarity;
}
