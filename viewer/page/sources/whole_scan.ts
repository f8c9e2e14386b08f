/** Mean and maximum of all patterns of the scan; the server gives both at once. */

import { formatCount } from "../../drawing/format.ts";
import { call } from "../client.ts";
import { item, readable, type ShownPattern } from "../state.ts";
import type { PatternSource } from "./pattern_source.ts";

/** Names of the arrays of the answer. */
type Statistic = "mean" | "maximum";

/** Those of the item that was asked about last. */
let known: { readonly id: string } & Readonly<Record<Statistic, ShownPattern>> | null = null;

function wholeScan(name: Statistic, label: string): PatternSource {
  return {
    name,
    label: () => label,
    note: () => {
      const { rows, columns } = item.value!.shape;
      return `of ${formatCount(rows * columns)} patterns`;
    },
    missing: () => readable.value ? "Reading the whole scan…" : "The scan of this result is not there.",
    load: ({ id }, signal) => readable.value ? statisticOf(id, name, signal) : null,
  };
}

async function statisticOf(id: string, wanted: Statistic, signal: AbortSignal): Promise<ShownPattern> {
  if (known?.id !== id) {
    const { arrays } = await call("GET /api/items/:id/whole", { id }, undefined, signal);
    const shownAs = (values: Float32Array): ShownPattern => ({
      values,
      sum: values.reduce((sum, value) => sum + value, 0),
      note: "",
    });
    known = {
      id,
      mean: shownAs(arrays.mean as Float32Array),
      maximum: shownAs(arrays.maximum as Float32Array),
    };
  }
  return known[wanted];
}

export const scanMean = wholeScan("mean", "Mean of the scan");
export const scanMaximum = wholeScan("maximum", "Maximum of the scan");
