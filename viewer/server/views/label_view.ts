/** Labels as the page shows them, made again by the server. */

import { applyEdits } from "../../../library/cluster/editing/edits.ts";
import type { Cluster } from "../../../library/cluster/cluster.ts";
import type { Clustering } from "../../../library/cluster/clustering.ts";
import { buildForest, cutForest } from "../../../library/cluster/forest.ts";
import { clusterSeeds, growClusters, type Growth } from "../../../library/cluster/growth.ts";
import { summariseClusters } from "../../../library/cluster/summary.ts";
import type { LabelView } from "../../protocol/label_views.ts";
import { probeCount } from "../../../library/scan/shape.ts";
import { decodeMask } from "../../labels/drawn_mask.ts";
import { cutOf, isMethod, methodGrowth } from "../../labels/label_view.ts";
import type { Item } from "../items/item.ts";

/** Labels and what belongs to them. Maps are (row, column). */
export interface ViewedLabels {
  readonly labels: Int32Array;
  /** The labels before the edits. */
  readonly baseLabels: Int32Array;
  readonly clusters: readonly Cluster[];
  readonly mask: Uint8Array;
  /** The threshold that was applied; `null` for regions. */
  readonly threshold: number | null;
  readonly minimumSize: number;
}

/**
 * The labels of a view: those of the method, or those at a threshold, with the edits. They are those of `cluster
 * --threshold T --min-size N` with mask and edits in files. Where samples were compared (the fast path), similarities
 * near T itself may differ by up to 1e-5 from what that command computes, which looks closer there; a saved result
 * therefore runs the command's own way (viewed_clustering.ts).
 *
 * @throws {BadParameter} when an edit cannot be done, or regions are asked for within another mask
 */
export function viewLabels(item: Item, view: LabelView): ViewedLabels {
  const { clustering } = item.demandFound();
  const { shape: { rows, columns }, similarity, meanSimilarity } = clustering;
  const base = baseOf(item, clustering, view);
  if (!view.edits || view.edits.cursor === 0) {
    const clusters = summariseClusters(base.growth, columns, meanSimilarity);
    return { ...base, labels: base.growth.labels, baseLabels: base.growth.labels, clusters };
  }
  const { labels, clusters } = applyEdits({
    ...{ rows, columns, similarity, meanSimilarity },
    labels: base.growth.labels,
    minimumSize: base.minimumSize,
  }, view.edits);
  return { ...base, labels, baseLabels: base.growth.labels, clusters };
}

type Base = Omit<ViewedLabels, "labels" | "baseLabels" | "clusters"> & { readonly growth: Growth };

function baseOf(item: Item, clustering: Clustering, view: LabelView): Base {
  const { parameters, settled } = clustering;
  if (isMethod(view)) {
    return {
      growth: uneditedGrowth(clustering),
      mask: clustering.mask,
      threshold: settled.threshold,
      minimumSize: parameters.minimumSize,
    };
  }
  const { threshold, minimumSize } = cutOf(
    { threshold: settled.threshold, minimumSize: parameters.minimumSize },
    view,
  );
  const mask = view.mask ? decodeMask(view.mask, probeCount(item.shape)) : clustering.mask;
  return { growth: cut(item, clustering, mask, threshold, minimumSize), mask, threshold, minimumSize };
}

/** The labels that the method gave, before any edit. */
function uneditedGrowth({ edits, labels, clusters, meanSimilarity, shape: { columns } }: Clustering): Growth {
  return edits ? growthOf(edits.baseLabels, meanSimilarity) : methodGrowth({ labels, clusters, columns });
}

/** Seeds and sizes of labels. */
export function growthOf(labels: Int32Array, meanSimilarity: Float32Array): Growth {
  const count = labels.reduce((most, label) => Math.max(most, label + 1), 0);
  const sizes = new Int32Array(count);
  for (const label of labels) if (label >= 0) sizes[label]++;
  return { labels, seeds: clusterSeeds(labels, count, meanSimilarity), sizes };
}

function cut(
  item: Item,
  clustering: Clustering,
  mask: Uint8Array,
  threshold: number,
  minimumSize: number,
): Growth {
  const { shape: { rows, columns }, similarity, meanSimilarity, parameters: { borderWidth } } = clustering;
  if (borderWidth > 0) {
    // Under the border rule of py4DSTEM clusters are no components of a graph.
    return growClusters({
      ...{ rows, columns, similarity, meanSimilarity, mask, threshold, borderWidth, minimumSize },
    });
  }
  const forest = mask === clustering.mask && item.forest || buildForest({ rows, columns, similarity, mask });
  return cutForest(forest, { threshold, minimumSize, meanSimilarity, mask });
}
