/** Merge forests ready to be cut: that of the run, and that of the mask drawn last. Pure. */

import { chooseThreshold } from "../../library/cluster/automatic_threshold.ts";
import { forestOf, type LabelledScan } from "./label_view.ts";
import { MergeOrder } from "./merge_order.ts";
import { dealPathColours } from "./colours/path_colours.ts";
import type { DrawnMask, LabelView } from "../protocol/label_views.ts";
import { colourThresholds, plotAxis, thresholdAxis } from "./threshold_curves.ts";

/** A forest and the mask it was built with. What takes long is worked out when it is first asked for. */
export class MaskedForest {
  /** uint8 (row, column). */
  readonly mask: Uint8Array;
  readonly order: MergeOrder;
  /** Thresholds that are offered, rising: even in log(1 - T), and as plots have them. */
  readonly axis: Float64Array;
  readonly plotAxis: Float64Array;
  readonly #given: ReadonlyMap<number, number>;
  #colours: Uint8Array<ArrayBuffer> | undefined;
  #automatic: number | undefined;

  /** @param given colours that paths have already, by name */
  constructor(scan: LabelledScan, view: LabelView, given: ReadonlyMap<number, number> = new Map()) {
    const { forest, mask } = forestOf(scan, view);
    this.#given = given;
    this.mask = mask;
    this.order = new MergeOrder(forest, mask, scan.meanSimilarity);
    this.axis = thresholdAxis(this.order);
    this.plotAxis = plotAxis(this.order, this.axis);
  }

  /** Probes of the mask. */
  get inMask(): number {
    return this.order.probes;
  }

  /** uint8 for each probe: the palette index of the heavy path that it names. */
  get colours(): Uint8Array<ArrayBuffer> {
    return this.#colours ??= dealPathColours(this.order, colourThresholds(this.axis), this.#given);
  }

  /** The threshold that is chosen automatically. */
  get automatic(): number {
    return this.#automatic ??= chooseThreshold(this.order.forest, this.mask).threshold;
  }
}

/** Keeps the forest of the run and one other. */
export class MaskedForests {
  #whole: MaskedForest | undefined;
  #drawn: { readonly mask: DrawnMask; readonly forest: MaskedForest } | undefined;

  /**
   * @param given colours that clusters of the run have already, by name
   * @throws {BadParameter} where there is no forest, or a drawn mask comes before the similarities
   */
  of(scan: LabelledScan, view: LabelView, given?: ReadonlyMap<number, number>): MaskedForest {
    const { mask } = view;
    if (mask === undefined) return this.#whole ??= new MaskedForest(scan, view, given);
    if (this.#drawn === undefined || !sameRuns(this.#drawn.mask, mask)) {
      this.#drawn = { mask, forest: new MaskedForest(scan, view) };
    }
    return this.#drawn.forest;
  }
}

/** Whether two drawn masks are the same. */
function sameRuns(one: DrawnMask, other: DrawnMask): boolean {
  return one === other ||
    one.runs.length === other.runs.length && one.runs.every((length, run) => length === other.runs[run]);
}
