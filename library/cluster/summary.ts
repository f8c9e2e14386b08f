/** Figures of each cluster (spec stage 7). */

import type { Cluster } from "./cluster.ts";
import type { Growth } from "./growth.ts";

/** Size, seed, centroid, bounds and mean similarity of every cluster, in one walk over the labels. */
export function summariseClusters(growth: Growth, columns: number, meanSimilarity: Float32Array): Cluster[] {
  const { labels, seeds, sizes } = growth;
  const sums = Array.from(seeds, () => ({
    row: 0,
    column: 0,
    similarity: 0,
    firstRow: Infinity,
    lastRow: -Infinity,
    firstColumn: Infinity,
    lastColumn: -Infinity,
  }));
  labels.forEach((label, probe) => {
    if (label < 0) return;
    const sum = sums[label], row = Math.floor(probe / columns), column = probe % columns;
    sum.row += row;
    sum.column += column;
    sum.similarity += meanSimilarity[probe];
    sum.firstRow = Math.min(sum.firstRow, row);
    sum.lastRow = Math.max(sum.lastRow, row);
    sum.firstColumn = Math.min(sum.firstColumn, column);
    sum.lastColumn = Math.max(sum.lastColumn, column);
  });
  return sums.map(({ row, column, similarity, ...bounds }, id) => ({
    id,
    size: sizes[id],
    seed: { row: Math.floor(seeds[id] / columns), column: seeds[id] % columns },
    centroid: { row: row / sizes[id], column: column / sizes[id] },
    bounds,
    meanSimilarity: similarity / sizes[id],
  }));
}
