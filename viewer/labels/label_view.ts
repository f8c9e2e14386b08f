/** What a {@link LabelView} asks of a clustering: which forest is cut where, and what edits start from. Pure. */

import type { Cluster } from "../../library/cluster/cluster.ts";
import type { EditBase } from "../../library/cluster/editing/edits.ts";
import { buildForest, type MergeForest } from "../../library/cluster/forest.ts";
import type { Growth } from "../../library/cluster/growth.ts";
import { BadParameter } from "../../library/scan/errors.ts";
import { clustersOf } from "./cluster_figures.ts";
import { decodeMask } from "./drawn_mask.ts";
import type { MethodLook } from "./method_look.ts";
import type { Parts } from "../protocol/parts.ts";
import type { ClusteringFacts } from "../protocol/items.ts";
import type { LabelView } from "../protocol/label_views.ts";
import type { ForestHeader, MapHeader } from "../protocol/maps.ts";

/** A clustering as far as labels need it. Arrays are row-major over probes (row, column). */
export interface LabelledScan {
  readonly rows: number;
  readonly columns: number;
  /** int32: as the method gave them, before any edit. */
  readonly labels: Int32Array;
  /** Of those labels. */
  readonly clusters: readonly Cluster[];
  readonly meanSimilarity: Float32Array;
  /** uint8: 1 where a probe may be clustered. */
  readonly mask: Uint8Array;
  /** Built with that mask; absent until it is there, and with the border rule of py4DSTEM. */
  readonly forest?: MergeForest;
  /** float32 (row, column, 8): drawn masks and splits need it. */
  readonly similarity?: Float32Array;
  /** How those labels look, where it is known. */
  readonly look?: MethodLook;
  /** Of the run; `null` where regions were found without one. */
  readonly threshold: number | null;
  readonly minimumSize: number;
}

/** The answer of `GET map`, and what the clustering says about itself, as a {@link LabelledScan}. */
export function labelledScan(
  { arrays }: Parts<MapHeader>,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  { threshold, minimumSize }: Pick<ClusteringFacts, "threshold" | "minimumSize">,
): LabelledScan {
  const { labels, mean, mask, names, colours } = arrays, size = rows * columns;
  const fits = labels instanceof Int32Array && mean instanceof Float32Array && mask instanceof Uint8Array &&
    labels.length === size && mean.length === size && mask.length === size;
  if (!fits) throw new RangeError(`the map does not fit a scan of ${rows} x ${columns} probes`);
  const clusters = clustersOf(arrays.figures);
  if (
    !(names instanceof Uint32Array && colours instanceof Uint8Array) ||
    names.length !== clusters.length || colours.length !== clusters.length
  ) throw new RangeError("names and colours do not fit the clusters");
  const look = { names, colours };
  return { rows, columns, labels, meanSimilarity: mean, mask, clusters, look, threshold, minimumSize };
}

/** The answer of `GET forest`, as the forest of a scan. */
export function sentForest(
  { arrays: { probes, similarity } }: Parts<ForestHeader>,
  { rows, columns, mask }: Pick<LabelledScan, "rows" | "columns" | "mask">,
): MergeForest {
  if (
    !(probes instanceof Uint32Array && similarity instanceof Float32Array) ||
    probes.length !== 2 * similarity.length || !allInside(probes, mask)
  ) throw new RangeError("the merge forest does not fit the mask");
  return { rows, columns, probes, similarity };
}

/** A loop, which is several times faster than `every`. */
function allInside(probes: Uint32Array, mask: Uint8Array): boolean {
  for (let place = 0; place < probes.length; place++) if (mask[probes[place]] !== 1) return false;
  return true;
}

/** The forest that a view cuts and the mask it was built with: those of the run, or of a drawn mask. */
export function forestOf(scan: LabelledScan, view: LabelView): { forest: MergeForest; mask: Uint8Array } {
  const { rows, columns } = scan;
  if (view.mask !== undefined) {
    const mask = decodeMask(view.mask, rows * columns);
    return { forest: buildForest({ rows, columns, similarity: similarityOf(scan), mask }), mask };
  }
  if (scan.forest === undefined) {
    throw new BadParameter(
      "with the border rule of py4DSTEM there is no other threshold than that of the run",
      {
        expected: "the labels of the run",
        found: `threshold ${view.threshold}`,
        remedy: "cluster again with that threshold, or without the border rule",
      },
    );
  }
  return { forest: scan.forest, mask: scan.mask };
}

/**
 * Whether a view shows the labels of the method as they are. Within another mask they are grown anew, at the threshold of
 * the run.
 */
export function isMethod({ source, mask }: LabelView): boolean {
  return source === "method" && mask === undefined;
}

/** Threshold and minimum size of a view that is cut: those of the run unless it says otherwise. */
export function cutOf(
  scan: Pick<LabelledScan, "threshold" | "minimumSize">,
  view: LabelView,
): { threshold: number; minimumSize: number } {
  const threshold = view.threshold ?? scan.threshold, minimumSize = view.minimumSize ?? scan.minimumSize;
  if (threshold !== null) return { threshold, minimumSize };
  throw new BadParameter("regions within another mask must be found anew", {
    expected: "labels at a threshold",
    found: view.mask ? "a drawn mask with the method regions" : "a view without one",
    remedy: "run the clustering with the mask, or cut at a threshold",
  });
}

/** Similarities of all pairs, or the reason why a view cannot be had without. */
function similarityOf({ similarity }: LabelledScan): Float32Array {
  if (similarity !== undefined) return similarity;
  throw new BadParameter("drawn masks and splits need the similarities, which are not loaded yet", {
    expected: "the similarities of all pairs of neighbours",
    found: "the merge forest alone",
    remedy: "wait until they are loaded",
  });
}

/** What edits of a view start from. */
export function editBase(scan: LabelledScan, view: LabelView, labels: Int32Array): EditBase {
  const { rows, columns, meanSimilarity } = scan;
  const minimumSize = isMethod(view) ? scan.minimumSize : cutOf(scan, view).minimumSize;
  return {
    rows,
    columns,
    labels,
    meanSimilarity,
    minimumSize,
    // Only splits ask, so that everything else can be done before the similarities are there.
    get similarity() {
      return similarityOf(scan);
    },
  };
}

/** The labels of the method. */
export function methodGrowth(
  { labels, clusters, columns }: Pick<LabelledScan, "labels" | "clusters" | "columns">,
): Growth {
  return {
    labels,
    seeds: Int32Array.from(clusters, ({ seed }) => seed.row * columns + seed.column),
    sizes: Int32Array.from(clusters, ({ size }) => size),
  };
}
