/** The average of the selected cluster less the pattern at the probe: what the one has and the other lacks. */

import { formatNumber } from "../../drawing/format.ts";
import { ownContrast } from "../looking/own_contrast.ts";
import { item, probePattern, readable, upperPattern } from "../state.ts";
import { clusterAverage } from "./cluster_average.ts";
import { sumOf } from "./group_average.ts";
import type { PatternSource } from "./pattern_source.ts";

export const averageDifference: PatternSource = {
  name: "difference",
  there: () => readable.value && item.value?.clustering !== undefined,
  label: () => clusterAverage.label().replace(/average$/, "− probe"),
  colour: clusterAverage.colour,
  note: () => {
    const shown = upperPattern.value, own = shown?.signed ? ownContrast(shown) : null;
    return own ? `${formatNumber(own.range.low, 3)} to ${formatNumber(own.range.high, 3)} counts` : "";
  },
  missing: clusterAverage.missing,
  meant: (opened) => {
    const average = clusterAverage.meant(opened), probe = probePattern.value;
    return average && probe && `difference:${average}:${probe.of}`;
  },
  known: () => null,
  load: async (opened, meant, signal) => {
    const key = clusterAverage.meant(opened)!, probe = probePattern.peek()!;
    const average = clusterAverage.known(key) ?? await clusterAverage.load(opened, key, signal);
    if (!average) return null;
    const values = average.values.map((value, pixel) => value - probe.values[pixel]);
    return { of: meant, values, sum: sumOf(values), note: "", signed: true };
  },
};
