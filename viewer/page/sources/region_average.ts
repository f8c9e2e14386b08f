/** The average over the patterns of a region that was drawn on the map. */

import { signal } from "@preact/signals";
import type { Shape } from "../../drawing/shapes.ts";
import { coveredBy } from "../editing/covered.ts";
import { formatCount } from "../../drawing/format.ts";
import { item, readable, run } from "../state.ts";
import { groupAverage, knownAverage } from "./group_average.ts";
import type { PatternSource } from "./pattern_source.ts";

/** Probes of the region, of one open item, and a number that tells it from those before. */
const region = signal<
  { readonly item: string; readonly number: number; readonly probes: Uint32Array } | null
>(null);
let drawn = 0;

/**
 * Averages what shapes cover; those that add nothing are taken away again.
 *
 * @returns whether there is a probe
 */
export function takeRegion(shapes: readonly { readonly shape: Shape; readonly adds: boolean }[]): boolean {
  const { id } = item.peek()!, mask = coveredBy(shapes);
  const probes = Uint32Array.from(mask.keys()).filter((probe) => mask[probe] === 1);
  if (probes.length > 0) region.value = { item: id, number: drawn++, probes };
  return probes.length > 0;
}

const ofItem = () => region.value?.item === item.value?.id ? region.value : null;

export const regionAverage: PatternSource = {
  name: "region",
  there: () => ofItem() !== null,
  label: () => "Mean of the region",
  note: () => `of ${formatCount(ofItem()?.probes.length ?? 0)} patterns`,
  missing: () => {
    if (!ofItem()) return "Draw a region on the map to see its mean.";
    if (!readable.value) return "The scan of this result is not there.";
    return run.value ? "It follows after the run." : "Averaging…";
  },
  meant: ({ id, revision }) => {
    const own = ofItem();
    return own && readable.value ? `region:${id}:${revision}:${own.number}` : null;
  },
  known: knownAverage,
  load: (opened, key, signal) => groupAverage(opened, ofItem()!.probes, key, signal),
};
