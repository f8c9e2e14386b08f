/**
 * What a clustering run is told. A parameter is a field of {@link ClusterParameters} and its entry in
 * {@link clusterSchema}, which everything that names parameters is printed from.
 */

import { choiceKind } from "../parameters/choice.ts";
import { wordChoices } from "../parameters/form_field.ts";
import { numberKind } from "../parameters/number.ts";
import type { ParameterSchema, Unread } from "../parameters/schema.ts";
import type { AveragedPatterns } from "../passes/averages/average_sums.ts";
import {
  type DetectorFindings,
  type DetectorParameters,
  detectorSchema,
} from "../passes/detector/parameters.ts";
import {
  defaultPrefilter,
  type PrefilterParameters,
  prefilterSchema,
} from "../passes/prefilter/parameters.ts";
import {
  type ComparisonFindings,
  type ComparisonParameters,
  comparisonSchema,
} from "./comparison_parameters.ts";
import { type GrowthFindings, type GrowthParameters, growthSchema } from "./growth_parameters.ts";
import type { PresetName } from "./preset_name.ts";
import {
  describeRealSpaceMask,
  type RealSpaceMask,
  realSpaceMaskChoices,
  realSpaceMaskKind,
} from "./real_space_mask_kind.ts";

/**
 * How regions are found: `growth` joins neighbours by a threshold (the paper's, Methods 3); `regions` merges the regions
 * whose mean patterns differ least, as far as counting noise allows to tell, and stops by itself.
 */
export type Method = "growth" | "regions";

/** All parameters of a clustering run. */
export interface ClusterParameters extends DetectorParameters, GrowthParameters, ComparisonParameters {
  /** How regions are found. */
  readonly method: Method;
  /** Weighted means over similar neighbours before anything is compared; `null` = none. */
  readonly prefilter: PrefilterParameters | null;
  /** Which probes may be clustered. */
  readonly mask: RealSpaceMask;
  /** Smaller clusters are dropped (label -1). */
  readonly minimumSize: number;
  /** What the cluster averages are made of. */
  readonly average: AveragedPatterns;
}

/** What a run found out about its parameters. */
export interface ClusterFindings extends DetectorFindings {
  /** What automatic parameters came to. */
  readonly settled: ComparisonFindings["settled"] & GrowthFindings["settled"];
}

/** What each parameter is, in the order in which they are named. */
export const clusterSchema: ParameterSchema<Unread<ClusterParameters>, ClusterFindings, PresetName> = {
  method: {
    flag: "--method",
    kind: choiceKind("NAME", ["growth", "regions"]),
    help:
      "`growth` joins neighbours by the threshold, as the paper does; `regions` compares mean patterns of whole regions " +
      "and needs no threshold",
    more: "`regions` also says how far it can be trusted",
    default: "growth",
    presets: { auto: "regions" },
    title: "Method",
    describe: (method) => method === "growth" ? "growth by a threshold" : "region means",
    field: {
      group: "Start from",
      name: "Method",
      help: "how clusters are found",
      alternatives: wordChoices({ regions: "Mean patterns", growth: "Threshold" }),
    },
  },
  metric: comparisonSchema.metric,
  threshold: growthSchema.threshold,
  minimumSize: {
    flag: "--min-size",
    kind: numberKind("N", { expected: "a whole number of at least 1", minimum: 1, whole: true }),
    help: "drop clusters of fewer probe positions",
    more: "Their probes get label -1",
    default: 4,
    presets: { py4dstem: 1 },
    title: "Minimum size",
    describe: (size, _, { count }) => `${count(size)} ${size === 1 ? "probe" : "probes"}`,
    field: {
      group: "Start from",
      name: "Minimum size",
      help: "smaller clusters are dropped",
      alternatives: [{ id: "number", numbers: ["Minimum size in probes"], wholeFrom: 1 }],
      unit: "probes",
    },
  },
  blur: comparisonSchema.blur,
  prefilter: {
    flag: "--prefilter",
    noun: "the prefilter",
    settings: prefilterSchema,
    help: "average each pattern with similar ones nearby before comparing (the correlative prefilter)",
    negatedHelp: "turn the prefilter of a preset off",
    default: null,
    presets: { paper: defaultPrefilter },
    title: "Prefilter",
    describe: (prefilter, _, { number }) => {
      if (prefilter === null) return "none";
      const { radius, footprint, range: [low, high], blur, edge } = prefilter;
      return `radius ${radius} probes (${footprint}), correlations ${number(low)} to ${number(high)}, ` +
        `blur σ = ${number(blur)} px, edge ${edge} px`;
    },
    field: {
      group: "Before comparing",
      name: "Average with similar neighbours",
      help: "slow; for very noisy scans",
      label: "Prefilter",
      alternatives: wordChoices({ off: "Off", on: "On" }),
    },
  },
  detectorMask: comparisonSchema.detectorMask,
  center: detectorSchema.center,
  mask: {
    flag: "--mask",
    kind: realSpaceMaskKind,
    help:
      "probes to cluster: `none`, `auto` (without the background, where there is one), `triangle` (mean similarity " +
      "above its triangle threshold), `virtual` (the same of the dark field), a number the mean similarity must exceed, " +
      "or a file with nonzero = keep",
    default: { kind: "none" },
    presets: { auto: { kind: "auto" }, paper: { kind: "triangle" } },
    title: "Real-space mask",
    describe: (mask, _, style) => describeRealSpaceMask(mask, style),
    field: {
      group: "Where to cluster",
      name: "Mask",
      help: "probes that take part",
      alternatives: realSpaceMaskChoices,
    },
  },
  badPixels: {
    ...detectorSchema.badPixels,
    presets: { paper: { kind: "file" }, py4dstem: { kind: "none" } },
  },
  average: {
    flag: "--average",
    kind: choiceKind("DATA", ["raw", "filtered", "none"]),
    help: "patterns that are averaged per cluster: `raw`, `filtered` (needs the prefilter) or `none`",
    default: "raw",
    presets: { paper: "filtered" },
    title: "Averages of",
    describe: (average) => average === "none" ? "nothing (not computed)" : `${average} patterns`,
    field: {
      group: "Averages",
      name: "Average",
      help: "patterns that are averaged",
      alternatives: wordChoices({ raw: "Raw", filtered: "Filtered", none: "None" }),
    },
  },
  borderWidth: growthSchema.borderWidth,
  missingNeighbour: growthSchema.missingNeighbour,
  exact: comparisonSchema.exact,
};
