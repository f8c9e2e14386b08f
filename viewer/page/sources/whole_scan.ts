/** Mean and maximum of all patterns of the scan; the server gives both at once. */

import { formatCount } from "../../drawing/format.ts";
import type { OpenedItem } from "../../protocol/items.ts";
import { call } from "../client.ts";
import { repaired, repairNote } from "../looking/bad_pixels.ts";
import { item, readable, run, type ShownPattern } from "../state.ts";
import type { PatternSource } from "./pattern_source.ts";

/** Names of the arrays of the answer. */
type Statistic = "mean" | "maximum";
type Run = Pick<OpenedItem, "id" | "revision">;

/** Those that were asked for last: of one run, which decides on bad pixels, repaired or as recorded. */
let known: { readonly of: string } & Readonly<Record<Statistic, ShownPattern>> | null = null;

function wholeScan(name: Statistic, label: string): PatternSource {
  return {
    name,
    label: () => label,
    note: () => {
      const { rows, columns } = item.value!.shape;
      return `of ${formatCount(rows * columns)} patterns${repairNote.value && `, ${repairNote.value}`}`;
    },
    missing: () => {
      if (!readable.value) return "The scan of this result is not there.";
      return run.value ? "It follows after the run." : "Reading the whole scan…";
    },
    meant: ({ id, revision }) =>
      readable.value ? `${name}:${wholeOf({ id, revision }, repaired.value)}` : null,
    known: (meant) => known && meant === `${name}:${known.of}` ? known[name] : null,
    load: ({ id, revision }, _, signal) => statisticOf({ id, revision }, name, signal),
  };
}

/** Names both statistics. */
function wholeOf({ id, revision }: Run, repair: boolean): string {
  return `${id}:${revision}:${repair ? "repaired" : "recorded"}`;
}

async function statisticOf(opened: Run, wanted: Statistic, signal: AbortSignal): Promise<ShownPattern> {
  const repair = repaired.peek(), of = wholeOf(opened, repair);
  const asked = { ...opened, ...!repair && { recorded: 1 } };
  const { arrays } = await call("GET /api/items/:id/whole", asked, undefined, signal);
  const shownAs = (name: Statistic): ShownPattern => {
    const values = arrays[name] as Float32Array;
    return { of: `${name}:${of}`, values, sum: values.reduce((sum, value) => sum + value, 0), note: "" };
  };
  known = { of, mean: shownAs("mean"), maximum: shownAs("maximum") };
  return known[wanted];
}

export const scanMean = wholeScan("mean", "Mean of the scan");
export const scanMaximum = wholeScan("maximum", "Maximum of the scan");
