/** Maps before corrections by hand, named and coloured: cut from the forest, or as the method gave them. Pure. */

import type { Cluster } from "../../library/cluster/cluster.ts";
import { cutOf, isMethod, type LabelledScan, methodGrowth } from "./label_view.ts";
import { methodLook } from "./method_look.ts";
import { type MaskedForest, MaskedForests } from "./masked_forests.ts";
import type { NamedGrowth } from "./merge_order.ts";
import type { LabelView } from "../protocol/label_views.ts";
import { separateColours } from "./colours/separate_colours.ts";

/** A map without corrections. Its arrays may be shared: they are not to be changed or given away. */
export interface BaseMap {
  readonly growth: NamedGrowth;
  /** Palette index of each cluster. */
  readonly colours: Uint8Array;
  /** Palette index by the name of a cluster that edits make; without it, that of its largest part. */
  readonly pathColours?: Uint8Array;
  /** uint8 (row, column), and how many probes it holds. */
  readonly mask: Uint8Array;
  readonly inMask: number;
  /** Figures of the clusters, where they are known. */
  readonly clusters?: readonly Cluster[];
}

/**
 * Makes maps of one clustering, and keeps that of the method. Its colours are dealt first, because it is what is looked at
 * first and the heavy paths of the whole forest take long; the paths that it shows keep them at every threshold.
 */
export class BaseMaps {
  readonly #forests = new MaskedForests();
  #method: BaseMap | undefined;

  /** @throws {BadParameter} where the view needs what is not there */
  of(scan: LabelledScan, view: LabelView): BaseMap {
    if (isMethod(view)) return this.#ofMethod(scan);
    const forest = this.forestOf(scan, view), { threshold, minimumSize } = cutOf(scan, view);
    const { mask, inMask, colours: pathColours } = forest;
    const growth = forest.order.cut(threshold, minimumSize);
    return { growth, colours: colourByPath(scan, growth, pathColours), pathColours, mask, inMask };
  }

  /** The forest that a view is cut from, with the colours of what the method gave, where that was grown. */
  forestOf(scan: LabelledScan, view: LabelView): MaskedForest {
    if (scan.threshold === null || view.mask !== undefined) return this.#forests.of(scan, view);
    const { growth: { names }, colours } = this.#ofMethod(scan);
    return this.#forests.of(scan, view, new Map(Array.from(names, (name, id) => [name, colours[id]])));
  }

  #ofMethod(scan: LabelledScan): BaseMap {
    if (this.#method) return this.#method;
    const { mask, clusters, forest } = scan, growth = methodGrowth(scan);
    const { names, colours } = scan.look ?? methodLook(scan, growth, forest);
    // Labels that were grown at a threshold look like those cut from the forest.
    const paths = () =>
      forest && scan.threshold !== null ? this.forestOf(scan, { source: "threshold" }).colours : undefined;
    return this.#method = {
      growth: { ...growth, names },
      colours,
      get pathColours() {
        return paths();
      },
      mask,
      inMask: mask.reduce((sum, inside) => sum + inside, 0),
      clusters,
    };
  }
}

/** Colours of paths, set right where two that touch share one. */
function colourByPath(
  { rows, columns }: LabelledScan,
  { labels, sizes, names }: NamedGrowth,
  pathColours: Uint8Array,
): Uint8Array {
  const colours = new Uint8Array(names.length);
  names.forEach((name, id) => colours[id] = pathColours[name]);
  separateColours({ rows, columns, labels, sizes, colours });
  return colours;
}
