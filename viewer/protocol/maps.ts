/** Maps of a clustering, as `Parts`. */

import type { Cluster } from "../../library/cluster/cluster.ts";

/**
 * The map and its merge forest; arrays
 * - `labels` i32 (row, column): as the method gave them, before any edit;
 * - `mean` f32 (row, column): mean similarity;
 * - `mask` u8 (row, column);
 * - `names` u32 and `colours` u8 (cluster): see viewer/labels/method_look.ts;
 * - `probes` u32 (edge, 2) and `similarity` f32 (edge): the merge forest; absent with the border rule of py4DSTEM;
 * - `margin` f32 (row, column): where regions were found.
 */
export interface MapHeader {
  readonly revision: number;
  readonly clusters: readonly Cluster[];
}

/** Similarities of neighbours: `forward`, f32 (row, column, 4) to (0,1) (1,-1) (1,0) (1,1). */
export interface SimilarityHeader {
  readonly revision: number;
}

/** Labels of a view: `labels`, i32 (row, column). */
export interface LabelsHeader {
  readonly clusters: number;
}
