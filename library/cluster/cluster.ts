/** One cluster of a map. */

/** One cluster: a region of probe positions whose patterns belong together. */
export interface Cluster {
  /** Place in seed order, 0-based; the value in {@link Clustering.labels}. */
  readonly id: number;
  /** Number of probe positions. */
  readonly size: number;
  /** Probe position with the highest mean similarity, where the cluster began. */
  readonly seed: { readonly row: number; readonly column: number };
  /** Mean position of its probes. */
  readonly centroid: { readonly row: number; readonly column: number };
  /** First and last row and column, inclusive. */
  readonly bounds: {
    readonly firstRow: number;
    readonly lastRow: number;
    readonly firstColumn: number;
    readonly lastColumn: number;
  };
  /** Mean over its probes of the mean similarity. */
  readonly meanSimilarity: number;
}
