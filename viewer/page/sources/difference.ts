/** The average of the selected cluster less the pattern at the probe: what the one has and the other lacks. */

import { formatNumber } from "../../drawing/format.ts";
import { signedRange } from "../../drawing/pattern_scale.ts";
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
    const { values } = upperPattern.value ?? {};
    if (!values || !upperPattern.value!.signed) return "";
    const { high } = signedRange(values);
    return `${formatNumber(-high, 3)} to ${formatNumber(high, 3)} counts`;
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
