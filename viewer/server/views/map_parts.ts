/** The clustering of an item as the page gets it. */

import type { Cluster } from "../../../library/cluster/cluster.ts";
import { methodGrowth } from "../../labels/label_view.ts";
import { type MethodLook, methodLook } from "../../labels/method_look.ts";
import { forwardOffsets } from "../../../library/scan/neighbours.ts";
import type { LabelView } from "../../protocol/label_views.ts";
import type { LabelsHeader, MapHeader, SimilarityHeader } from "../../protocol/maps.ts";
import type { Parts } from "../../protocol/parts.ts";
import type { Item } from "../items/item.ts";
import { viewLabels } from "./label_view.ts";

/** Clusters of items that were asked for once, and how they look. */
const known = new WeakMap<Item, { readonly clusters: readonly Cluster[]; readonly look: MethodLook }>();

function knownOf(item: Item) {
  const before = known.get(item);
  if (before) return before;
  const { labels, clusters } = viewLabels(item, { source: "method" }), { shape, forest } = item;
  const growth = methodGrowth({ labels, clusters, columns: shape.columns });
  const found = { clusters, look: methodLook(shape, growth, forest) };
  known.set(item, found);
  return found;
}

/** The map and its merge forest. Copies are made by constructors: `from` takes twenty times as long. */
export function mapParts(item: Item): Parts<MapHeader> {
  const { clustering } = item.demandFound(), { forest } = item, { clusters, look } = knownOf(item);
  return {
    header: { revision: item.revision, clusters },
    arrays: {
      labels: new Int32Array(clustering.edits?.baseLabels ?? clustering.labels),
      mean: new Float32Array(clustering.meanSimilarity),
      mask: new Uint8Array(clustering.mask),
      ...look,
      ...(forest && {
        probes: new Uint32Array(forest.probes),
        similarity: new Float32Array(forest.similarity),
      }),
      ...(clustering.regions && { margin: new Float32Array(clustering.regions.margin) }),
    },
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
