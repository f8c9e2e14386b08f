/**
 * What the page shows of a clustering at any threshold, with corrections: labels, names that stay, and colours. Labels are those of `cutForest` and `applyEdits`, which the server uses, computed fast enough for a drag.
 * Pure: it runs in a worker of the browser.
 */

import type { Cluster } from "../../library/cluster/cluster.ts";
import { type EditBase, editLabels } from "../../library/cluster/editing/edits.ts";
import type { Edit, EditLog } from "../../library/cluster/editing/log.ts";
import type { Growth } from "../../library/cluster/growth.ts";
import { allDirections } from "../../library/scan/neighbours.ts";
import { summariseClusters } from "../../library/cluster/summary.ts";
import { BadParameter } from "../../library/scan/errors.ts";
import { type BaseMap, BaseMaps } from "./base_maps.ts";
import { compareEdited } from "./edited_clusters.ts";
import { cutOf, editBase, isMethod, type LabelledScan, sentForest } from "./label_view.ts";
import type { LabelView } from "../protocol/label_views.ts";
import type { ForestHeader } from "../protocol/maps.ts";
import type { Parts } from "../protocol/parts.ts";
import { separateColours } from "./colours/separate_colours.ts";
import { sizeHistogram, type ThresholdCurves, thresholdCurves } from "./threshold_curves.ts";
import { type EditAttempt, tryEdit } from "./try_edit.ts";

/** How much of a map is worked out: while a threshold is dragged, only what the picture needs. */
export type Detail = "drag" | "full";

/**
 * A map as the page shows it. Clusters are numbered 0, 1, ... in seed order, as in every file that is made of it; what stays
 * while a threshold moves are their names and colours.
 */
export interface LabelledMap {
  /** int32 (row, column), -1 in no cluster. */
  readonly labels: Int32Array<ArrayBuffer>;
  /** Flat probe index of the seed of each cluster, and its number of probes. */
  readonly seeds: Int32Array<ArrayBuffer>;
  readonly sizes: Int32Array<ArrayBuffer>;
  /** Figures of each cluster; empty while dragging. */
  readonly clusters: readonly Cluster[];
  /** For each cluster, a probe (flat index) that names it for as long as only smaller parts come or go. */
  readonly names: Uint32Array<ArrayBuffer>;
  /** Palette index of each cluster (library/report/palette.ts). */
  readonly colours: Uint8Array<ArrayBuffer>;
  /** Probes of the mask, and those of them in no cluster. */
  readonly inMask: number;
  readonly leftOut: number;
  /** Probes of the largest cluster. */
  readonly largest: number;
  /** uint8: 1 where corrections took a probe out of its cluster and put it into none; absent where there are no such. */
  readonly excluded?: Uint8Array<ArrayBuffer>;
  /** The first edit, from 1, that cannot be done here, and why; the map has those before it. The server refuses it. */
  readonly refused?: RefusedEdit;
}

/** A map of which only some rows and columns are there. */
export interface MapPreview {
  readonly rows: number;
  readonly columns: number;
  readonly labels: Int32Array<ArrayBuffer>;
  readonly mask: Uint8Array<ArrayBuffer>;
  readonly colours: Uint8Array<ArrayBuffer>;
  /** How many clusters there are. */
  readonly clusters: number;
}

/** An edit that cannot be done at a threshold. */
export interface RefusedEdit {
  readonly operation: number;
  readonly message: string;
}

/** Curves, and what the automatic choice would be. */
export interface Evidence extends ThresholdCurves {
  readonly automatic: number;
}

/** Labels of one clustering, again and again. */
export class Labelling {
  #maps = new BaseMaps();
  #scan: LabelledScan;

  constructor(scan: LabelledScan) {
    this.#scan = scan;
  }

  /** Takes the merge forest, which all but the labels of the method need. */
  setForest(parts: Parts<ForestHeader>): void {
    this.#scan = { ...this.#scan, forest: sentForest(parts, this.#scan) };
    this.#maps = new BaseMaps();
  }

  /** Takes the similarities, float32 (row, column, 4), that drawn masks and splits need. */
  setForward(forward: Float32Array): void {
    const { rows, columns } = this.#scan;
    if (forward.length !== 4 * rows * columns) throw new RangeError("the similarities do not fit the scan");
    this.#scan = { ...this.#scan, similarity: allDirections(forward, rows, columns) };
  }

  /** @throws {BadParameter} where the view needs what is not there */
  view(view: LabelView, detail: Detail = "full"): LabelledMap {
    const base = this.#maps.of(this.#scan, view), edited = this.#edit(view, base);
    const { labels, seeds, sizes } = edited?.map ?? base.growth, known = edited ? undefined : base.clusters;
    const { names, colours } = edited
      ? this.#recolour(base, edited.map)
      : { names: base.growth.names, colours: base.colours };
    const { columns, meanSimilarity } = this.#scan;
    return {
      // Arrays of the base may be shared, and the worker gives away what it answers with.
      labels: labels.slice(),
      seeds: seeds.slice(),
      sizes: sizes.slice(),
      clusters: detail === "drag"
        ? []
        : known ?? summariseClusters({ labels, seeds, sizes }, columns, meanSimilarity),
      names: names.slice(),
      colours: colours.slice(),
      inMask: base.inMask,
      leftOut: countLeftOut(labels, base.mask),
      largest: sizes.reduce((largest, size) => Math.max(largest, size), 0),
      ...edited && excludedOf(base.growth.labels, labels),
      ...edited?.refused && { refused: edited.refused },
    };
  }

  /**
   * A view as a small picture, every so many probes one.
   *
   * @param longest rows or columns at most
   */
  preview(view: LabelView, longest: number): MapPreview {
    const { rows, columns } = this.#scan, { labels, sizes, colours } = this.view(view, "drag");
    const { mask } = this.#maps.of(this.#scan, view), step = Math.ceil(Math.max(rows, columns) / longest);
    const size = { rows: Math.ceil(rows / step), columns: Math.ceil(columns / step) };
    const place = (at: number) => step * (Math.floor(at / size.columns) * columns + at % size.columns);
    const count = size.rows * size.columns;
    return {
      ...size,
      labels: Int32Array.from({ length: count }, (_, at) => labels[place(at)]),
      mask: Uint8Array.from({ length: count }, (_, at) => mask[place(at)]),
      colours,
      clusters: sizes.length,
    };
  }

  /** Works out what views at other thresholds need, so that the first of them does not wait. */
  prepare(): void {
    if (this.#scan.forest) this.#maps.of(this.#scan, { source: "threshold", threshold: 1 });
  }

  /** What speaks for one threshold or another. */
  curves(view: LabelView): Evidence {
    const { automatic, axis, plotAxis, order } = this.#maps.forestOf(this.#scan, view);
    const minimumSize = view.minimumSize ?? this.#scan.minimumSize;
    // How long a range is counts on the even axis: a plot has little room for one in which nothing happens.
    const { stable } = thresholdCurves(order, axis, minimumSize);
    return { ...thresholdCurves(order, plotAxis, minimumSize), stable, automatic };
  }

  /** Numbers of clusters of any size on half-octaves (`sizeHistogram`), before edits. */
  sizes(view: LabelView): Uint32Array<ArrayBuffer> {
    if (isMethod(view)) return sizeHistogram(this.#maps.of(this.#scan, view).growth.sizes);
    const { threshold } = cutOf(this.#scan, view);
    const runs = this.#maps.forestOf(this.#scan, view).order.runs(threshold, 1);
    return sizeHistogram(
      Int32Array.from({ length: runs.length / 2 }, (_, run) => runs[2 * run + 1] - runs[2 * run]),
    );
  }

  /** The log of a view with one more edit, or why it cannot be done. */
  tryEdit(view: LabelView, edit: Edit): EditAttempt {
    return tryEdit(this.#editBase(view, this.#maps.of(this.#scan, view)), view.edits, edit);
  }

  #editBase(view: LabelView, base: BaseMap): EditBase {
    return editBase(this.#scan, view, base.growth.labels);
  }

  /** The map after the edits that hold, or after as many of them as can be done. */
  #edit(view: LabelView, map: BaseMap): { map: Growth; refused?: RefusedEdit } | undefined {
    const { edits } = view;
    if (edits === undefined || edits.cursor === 0) return undefined;
    const base = this.#editBase(view, map);
    try {
      return { map: editLabels(base, edits) };
    } catch (error) {
      if (!(error instanceof BadParameter)) throw error;
      const done = countDone(base, edits);
      return {
        map: editLabels(base, { ...edits, cursor: done }),
        refused: { operation: done + 1, message: error.message },
      };
    }
  }

  /** Clusters that edits changed have the colour of their path or their largest part, unless they touch it. */
  #recolour({ growth, colours: before, pathColours }: BaseMap, after: Growth) {
    const { rows, columns, forest } = this.#scan, { labels, sizes } = after;
    const { names, same, parts } = compareEdited(growth, after, forest);
    const colours = new Uint8Array(sizes.length), yields = new Uint8Array(sizes.length);
    same.forEach((old, id) => colours[id] = old >= 0 ? before[old] : 0);
    const preferred = new Map<number, number[]>();
    for (const [id, olds] of parts) {
      yields[id] = 1;
      preferred.set(id, olds.map((old) => before[old]));
      colours[id] = pathColours?.[names[id]] ?? preferred.get(id)![0] ?? 0;
    }
    separateColours({ rows, columns, labels, sizes, colours, yields, preferred });
    return { names, colours };
  }
}

/** How many of the edits can be done, one after the other. */
function countDone(base: EditBase, log: EditLog): number {
  let done = 0, failing = log.cursor;
  while (failing - done > 1) {
    const middle = (done + failing) >> 1;
    try {
      editLabels(base, { ...log, cursor: middle });
      done = middle;
    } catch (error) {
      if (!(error instanceof BadParameter)) throw error;
      failing = middle;
    }
  }
  return done;
}

function excludedOf(before: Int32Array, after: Int32Array): Pick<LabelledMap, "excluded"> {
  const excluded = Uint8Array.from(after, (label, probe) => label < 0 && before[probe] >= 0 ? 1 : 0);
  return excluded.includes(1) ? { excluded } : {};
}

function countLeftOut(labels: Int32Array, mask: Uint8Array): number {
  let count = 0;
  for (let probe = 0; probe < labels.length; probe++) if (labels[probe] < 0 && mask[probe] === 1) count++;
  return count;
}
