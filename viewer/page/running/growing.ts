/** The map while a run goes on: rows of similarities come one after the other, and clusters grow. */

import { effect } from "@preact/signals";
import type { Evidence } from "../../labels/labelling.ts";
import { usualAxis } from "../../labels/threshold_curves.ts";
import { textsOf } from "./form.ts";
import { worker } from "../labels.ts";
import { form } from "./parameters.ts";
import type { LabelView } from "../../protocol/label_views.ts";
import { curves, drawnMap, item, labelView, minimumSize, run, sizes, source, threshold } from "../state.ts";
import { roundThreshold } from "../looking/thresholds.ts";

/** Rows between two looks at what the threshold would be, as a share of all rows. */
const lookShare = 1 / 16;

let stop: (() => void) | null = null;
let looked = 0;

/** Begins with an empty map, at the threshold of the form where it is a number. */
export function beginRows(shape: { readonly rows: number; readonly columns: number }): void {
  const texts = textsOf(form.peek());
  const given = Number(texts["--threshold"]);
  source.value = "method";
  if (Number.isFinite(given)) threshold.value = given;
  minimumSize.value = Number(texts["--min-size"]) || 1;
  curves.value ??= emptyCurves();
  sizes.value = null;
  drawnMap.value = null;
  looked = 0;
  worker().call("grow", { rows: shape.rows, columns: shape.columns });
  stop = effect(() => {
    const rows = run.value?.rows ?? 0;
    const view = { threshold: threshold.value, minimumSize: minimumSize.value };
    if (rows > 0) show(view);
  });
}

/** Takes rows; the threshold that the program chooses is followed until it is dragged. */
export async function takeRows(first: number, count: number, forward: Float32Array): Promise<void> {
  await worker().call("addRows", first, count, forward);
  const done = first + count, total = item.peek()!.shape.rows;
  const automatic = textsOf(form.peek())["--threshold"] === "auto" && source.peek() === "method";
  if (!automatic || done - looked < total * lookShare && done < total) return;
  looked = done;
  const chosen = await worker().call("growingThreshold");
  if (run.peek() && source.peek() === "method" && chosen > -1) {
    threshold.value = roundThreshold(chosen);
  }
}

async function show(view: { threshold: number; minimumSize: number }): Promise<void> {
  const grown = await worker().latest("growingView", view);
  if (!grown || !run.peek()) return;
  drawnMap.value = {
    ...grown,
    seeds: grown.names.slice() as unknown as Int32Array<ArrayBuffer>,
    clusters: [],
  };
}

/** The run is over; what it gave is shown by others. */
export function endRows(): void {
  stop?.();
  stop = null;
}

/** An axis without curves, so that the threshold can be dragged before there are any. */
function emptyCurves(): Evidence & { of: LabelView } {
  const thresholds = usualAxis();
  return {
    thresholds,
    clusters: new Uint32Array(thresholds.length),
    covered: new Float32Array(thresholds.length),
    stable: null,
    automatic: NaN,
    of: labelView.peek(),
  };
}
