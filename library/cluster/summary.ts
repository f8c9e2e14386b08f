/** Figures of each cluster (spec stage 7). */

import type { Cluster } from "./cluster.ts";
import type { Growth } from "./growth.ts";

/** Size, seed, centroid, bounds and mean similarity of every cluster, in one walk over the labels. */
export function summariseClusters(growth: Growth, columns: number, meanSimilarity: Float32Array): Cluster[] {
  const { labels, seeds, sizes } = growth, count = seeds.length;
  const rowSums = new Float64Array(count), columnSums = new Float64Array(count);
  const similaritySums = new Float64Array(count);
  const firstRows = new Int32Array(count).fill(-1), lastRows = new Int32Array(count);
  const firstColumns = new Int32Array(count), lastColumns = new Int32Array(count);
  for (let probe = 0, row = 0, column = 0; probe < labels.length; probe++) {
    const label = labels[probe];
    if (label >= 0) {
      rowSums[label] += row;
      columnSums[label] += column;
      similaritySums[label] += meanSimilarity[probe];
      // Rows come in their order.
      lastRows[label] = row;
      if (firstRows[label] < 0) {
        firstRows[label] = row;
        firstColumns[label] = lastColumns[label] = column;
      } else if (column < firstColumns[label]) firstColumns[label] = column;
      else if (column > lastColumns[label]) lastColumns[label] = column;
    }
    if (++column === columns) {
      column = 0;
      row++;
    }
  }
  return Array.from(seeds, (seed, id) => ({
    id,
    size: sizes[id],
    seed: { row: Math.floor(seed / columns), column: seed % columns },
    centroid: { row: rowSums[id] / sizes[id], column: columnSums[id] / sizes[id] },
    bounds: {
      firstRow: firstRows[id],
      lastRow: lastRows[id],
      firstColumn: firstColumns[id],
      lastColumn: lastColumns[id],
    },
    meanSimilarity: similaritySums[id] / sizes[id],
  }));
}
