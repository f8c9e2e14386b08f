/** The merge forest that thresholds are tried on. */

import type { Clustering } from "../../../library/cluster/clustering.ts";
import { buildForest, type MergeForest } from "../../../library/cluster/forest.ts";

/**
 * The forest of exactly the probes of the mask; `undefined` with the border rule of py4DSTEM. The forest of regions also
 * joins probes that ended in no region, which a cut at a threshold must not pass through.
 */
export function forestOfMask(clustering: Clustering): MergeForest | undefined {
  if (clustering.parameters.method !== "regions") return clustering.forest;
  const { shape: { rows, columns }, similarity, mask } = clustering;
  return buildForest({ rows, columns, similarity, mask });
}
