/** The clustering of an item as the page gets it. */

import type { Cluster } from "../../../library/cluster/cluster.ts";
import { figuresOf } from "../../labels/cluster_figures.ts";
import { methodGrowth } from "../../labels/label_view.ts";
import { type MethodLook, methodLook } from "../../labels/method_look.ts";
import { FileUnavailable } from "../../../library/scan/errors.ts";
import { forwardOffsets } from "../../../library/scan/neighbours.ts";
import type { LabelView } from "../../protocol/label_views.ts";
import type { ForestHeader, LabelsHeader, MapHeader, SimilarityHeader } from "../../protocol/maps.ts";
import type { Parts } from "../../protocol/parts.ts";
import type { Item } from "../items/item.ts";
import { viewLabels } from "./label_view.ts";

/** Clusters of items that were asked for once, and how they look. */
const known = new WeakMap<Item, { readonly clusters: readonly Cluster[]; readonly look: MethodLook }>();

function knownOf(item: Item) {
  const before = known.get(item);
  if (before) return before;
  const { clustering } = item.demandFound(), { shape, forest } = item;
  const { labels, clusters } = clustering.edits ? viewLabels(item, { source: "method" }) : clustering;
  const growth = methodGrowth({ labels, clusters, columns: shape.columns });
  const found = { clusters, look: methodLook(shape, growth, forest) };
  known.set(item, found);
  return found;
}

/** Works out what {@link mapParts} answers with, before it is asked for. */
export function prepareMap(item: Item): void {
  knownOf(item);
}

/** The map. Copies are made by constructors: `from` takes twenty times as long. */
export function mapParts(item: Item): Parts<MapHeader> {
  const { clustering } = item.demandFound(), { clusters, look } = knownOf(item);
  return {
    header: { revision: item.revision, hasForest: item.forest !== undefined },
    arrays: {
      labels: new Int32Array(clustering.edits?.baseLabels ?? clustering.labels),
      mean: new Float32Array(clustering.meanSimilarity),
      mask: new Uint8Array(clustering.mask),
      figures: figuresOf(clusters),
      ...look,
      ...(clustering.regions && { margin: new Float32Array(clustering.regions.margin) }),
    },
  };
}

/** The merge forest, which other thresholds are cut from: the first picture does not wait for it. */
export function forestParts(item: Item): Parts<ForestHeader> {
  const { content: { path } } = item, { clustering } = item.demandFound(), { forest } = item;
  if (!forest) {
    throw new FileUnavailable(`${path} has no merge forest`, {
      file: path,
      found: `the border rule of py4DSTEM, ${clustering.parameters.borderWidth} wide`,
      remedy: "cluster again without the border rule",
    });
  }
  return {
    header: { revision: item.revision },
    arrays: { probes: new Uint32Array(forest.probes), similarity: new Float32Array(forest.similarity) },
  };
}

/** Similarities in the four forward directions. */
export function similarityParts(item: Item): Parts<SimilarityHeader> {
  const { similarity } = item.demandFound().clustering;
  const forward = new Float32Array(similarity.length / 2), all = 2 * forwardOffsets.length;
  for (let probe = 0; probe < similarity.length / all; probe++) {
    // The forward directions are the last four of the eight.
    for (let k = 0; k < 4; k++) forward[4 * probe + k] = similarity[all * probe + 4 + k];
  }
  return { header: { revision: item.revision }, arrays: { forward } };
}

/** The labels of a view. */
export function labelParts(item: Item, view: LabelView): Parts<LabelsHeader> {
  const { labels, clusters } = viewLabels(item, view);
  return { header: { clusters: clusters.length }, arrays: { labels: Int32Array.from(labels) } };
}
