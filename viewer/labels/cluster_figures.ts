/**
 * Clusters as plain numbers in one array, which goes from the server to the page and between its threads as it is: thousands of
 * objects take tens of milliseconds to copy, which a drag does not have. Pure.
 */

import type { Cluster } from "../../library/cluster/cluster.ts";

/** Numbers of each cluster: size, seed, centroid, bounds, mean similarity, as in {@link figuresOf}. */
const width = 10;

/** The figures of clusters in the order of their numbers: float64 (cluster, 10). */
export function figuresOf(clusters: readonly Cluster[]): Float64Array<ArrayBuffer> {
  const figures = new Float64Array(width * clusters.length);
  clusters.forEach(({ size, seed, centroid, bounds, meanSimilarity }, id) => {
    const { firstRow, lastRow, firstColumn, lastColumn } = bounds;
    let place = width * id;
    figures[place++] = size;
    figures[place++] = seed.row;
    figures[place++] = seed.column;
    figures[place++] = centroid.row;
    figures[place++] = centroid.column;
    figures[place++] = firstRow;
    figures[place++] = lastRow;
    figures[place++] = firstColumn;
    figures[place++] = lastColumn;
    figures[place++] = meanSimilarity;
  });
  return figures;
}

/**
 * The clusters of figures.
 *
 * @throws {RangeError} when these are none
 */
export function clustersOf(figures: unknown): Cluster[] {
  if (!(figures instanceof Float64Array) || figures.length % width !== 0) {
    throw new RangeError("the figures are not those of clusters");
  }
  return Array.from({ length: figures.length / width }, (_, id): Cluster => {
    const at = width * id;
    return {
      id,
      size: figures[at],
      seed: { row: figures[at + 1], column: figures[at + 2] },
      centroid: { row: figures[at + 3], column: figures[at + 4] },
      bounds: {
        firstRow: figures[at + 5],
        lastRow: figures[at + 6],
        firstColumn: figures[at + 7],
        lastColumn: figures[at + 8],
      },
      meanSimilarity: figures[at + 9],
    };
  });
}

/** What has clusters, with their figures in their place. */
export type WithFigures<Held extends { readonly clusters: readonly Cluster[] }> = Omit<Held, "clusters"> & {
  readonly figures: Float64Array<ArrayBuffer>;
};

/** For the way. */
export function withFigures<Held extends { readonly clusters: readonly Cluster[] }>(
  { clusters, ...held }: Held,
): WithFigures<Held> {
  return { ...held, figures: figuresOf(clusters) };
}
