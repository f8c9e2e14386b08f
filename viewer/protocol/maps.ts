/** Maps of a clustering, as `Parts`. */

/**
 * The map; arrays
 * - `labels` i32 (row, column): as the method gave them, before any edit;
 * - `mean` f32 (row, column): mean similarity;
 * - `mask` u8 (row, column);
 * - `figures` f64 (cluster, 10): the clusters, see viewer/labels/cluster_figures.ts;
 * - `names` u32 and `colours` u8 (cluster): see viewer/labels/method_look.ts;
 * - `margin` f32 (row, column): where regions were found.
 */
export interface MapHeader {
  readonly revision: number;
  /** Whether there is a merge forest; there is none with the border rule of py4DSTEM. */
  readonly hasForest: boolean;
}

/** The merge forest: `probes`, u32 (edge, 2), and `similarity`, f32 (edge). It is as large as the map, which is seen without. */
export interface ForestHeader {
  readonly revision: number;
}

/** Similarities of neighbours: `forward`, f32 (row, column, 4) to (0,1) (1,-1) (1,0) (1,1). */
export interface SimilarityHeader {
  readonly revision: number;
}

/** Labels of a view: `labels`, i32 (row, column). */
export interface LabelsHeader {
  readonly clusters: number;
}
