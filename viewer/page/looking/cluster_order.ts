/** The order of the cluster list. */

import type { Cluster } from "../../../library/cluster/cluster.ts";

/** By what, and which end comes first. */
export interface Order {
  readonly by: "size" | "similarity" | "position" | "likeness";
  readonly rising: boolean;
}

/**
 * Ids in order; equal ones by id. By position: row by row from the top, where falling.
 *
 * @param likeness of each cluster; without it, by likeness is by id
 */
export function sortClusters(
  clusters: readonly Cluster[],
  { by, rising }: Order,
  likeness?: Float32Array | null,
): number[] {
  const sign = rising ? 1 : -1;
  const compare = (first: Cluster, second: Cluster) => {
    switch (by) {
      case "size":
        return first.size - second.size;
      case "similarity":
        return first.meanSimilarity - second.meanSimilarity;
      case "likeness":
        return likeness ? likeness[first.id] - likeness[second.id] : 0;
      case "position":
        return Math.round(second.centroid.row) - Math.round(first.centroid.row) ||
          second.centroid.column - first.centroid.column;
    }
  };
  return clusters.map(({ id }) => id).sort((first, second) =>
    sign * compare(clusters[first], clusters[second]) || first - second
  );
}
