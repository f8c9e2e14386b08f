/** The clustering of an item as the page gets it. */

import { forwardOffsets } from "../../../library/scan/neighbours.ts";
import type { LabelView } from "../../protocol/label_views.ts";
import type { LabelsHeader, MapHeader, SimilarityHeader } from "../../protocol/maps.ts";
import type { Parts } from "../../protocol/parts.ts";
import type { Item } from "../items/item.ts";
import { viewLabels } from "./label_view.ts";

/** The map and its merge forest. */
export function mapParts(item: Item): Parts<MapHeader> {
  const { clustering } = item.demandFound(), { forest } = item;
  const { labels, clusters } = viewLabels(item, { source: "method" });
  return {
    header: { revision: item.revision, clusters },
    arrays: {
      labels: Int32Array.from(labels),
      mean: Float32Array.from(clustering.meanSimilarity),
      mask: Uint8Array.from(clustering.mask),
      ...(forest && {
        probes: Uint32Array.from(forest.probes),
        similarity: Float32Array.from(forest.similarity),
      }),
      ...(clustering.regions && { margin: Float32Array.from(clustering.regions.margin) }),
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
