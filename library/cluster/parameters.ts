/**
 * What a clustering run is told. A parameter is a field of {@link ClusterParameters} and its entry in
 * {@link clusterSchema}, which everything that names parameters is printed from.
 */

import { choiceKind, switchKind } from "../parameters/choice.ts";
import { wordChoices } from "../parameters/form_field.ts";
import { numberKind, wordOr } from "../parameters/number.ts";
import type { ParameterSchema, Unread } from "../parameters/schema.ts";
import type { AveragedPatterns } from "../passes/averages/average_sums.ts";
import type { DetectorMask, FixedDetectorMask } from "../passes/detector/detector_mask.ts";
import {
  describeDetectorMask,
  detectorMaskChoices,
  detectorMaskKind,
} from "../passes/detector/mask_kinds.ts";
import {
  type DetectorFindings,
  type DetectorParameters,
  detectorSchema,
} from "../passes/detector/parameters.ts";
import type { Metric } from "../passes/features/features.ts";
import {
  defaultPrefilter,
  type PrefilterParameters,
  prefilterSchema,
} from "../passes/prefilter/parameters.ts";
import { type GrowthParameters, growthSchema } from "./growth_parameters.ts";
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
export interface ClusterParameters extends DetectorParameters, GrowthParameters {
  /** How regions are found. */
  readonly method: Method;
  /** Gaussian blur in detector pixels before the similarity; 0 = none, `auto` = half the radius of the direct beam. */
  readonly blur: number | "auto";
  /** Weighted means over similar neighbours before anything is compared; `null` = none. */
  readonly prefilter: PrefilterParameters | null;
  /** How patterns are compared. */
  readonly metric: Metric;
  /** Which detector pixels are compared. */
  readonly detectorMask: DetectorMask;
  /** Which probes may be clustered. */
  readonly mask: RealSpaceMask;
  /** Smaller clusters are dropped (label -1). */
  readonly minimumSize: number;
  /** What the cluster averages are made of. */
  readonly average: AveragedPatterns;
  /**
   * Whether every similarity is computed from all detector pixels. Otherwise blurred patterns may be compared on
   * fewer samples: similarities differ by less than 1e-5, mask and labels do not.
   */
  readonly exact: boolean;
}

/** What a run found out about its parameters. */
export interface ClusterFindings extends DetectorFindings {
  /** What automatic parameters came to. */
  readonly settled: {
    readonly blur: number;
    readonly detectorMask: FixedDetectorMask;
    readonly threshold: number | null;
  };
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
  metric: {
    flag: "--metric",
    kind: choiceKind("NAME", ["cosine", "centered", "pearson"]),
    help: "how patterns are compared",
    more:
      "`cosine` of the patterns as they are; `centered`: of the patterns less their mean over all pixels, before " +
      "blurring; `pearson`: less their mean within the q mask, after blurring",
    default: "cosine",
    presets: { py4dstem: "centered" },
    title: "Metric",
    field: {
      group: "Comparing neighbours",
      name: "Measure",
      help: "how alike two patterns are",
      alternatives: wordChoices({ cosine: "Cosine", centered: "Centred", pearson: "Pearson" }),
    },
  },
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
  blur: {
    flag: "--blur",
    kind: wordOr(
      "auto",
      "auto",
      numberKind("SIGMA", { expected: "0 to 100 detector pixels", minimum: 0, maximum: 100 }),
    ),
    help:
      "Gaussian blur before comparing, 0 to 100 detector pixels, or `auto`: half the radius of the direct beam",
    default: 0,
    presets: { auto: "auto", paper: 3 },
    title: "Blur",
    describe: (given, { settled: { blur } }, { number }) =>
      (blur === 0 ? "none" : `Gaussian, σ = ${number(blur)} px`) + (given === "auto" ? " (automatic)" : ""),
    field: {
      group: "Before comparing",
      name: "Blur",
      help: "Gaussian width",
      alternatives: [
        { id: "auto", label: "Choose" },
        { id: "number", label: "Number", numbers: ["Blur in px"], first: "1" },
      ],
      unit: "px",
    },
  },
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
  detectorMask: {
    flag: "--q-mask",
    kind: detectorMaskKind,
    help:
      "detector pixels to compare, radii in pixels about the q centre: `none`, `auto` (all but the direct beam), " +
      "`disk:R`, `annulus:R1,R2`, `outside:R`, or a file with nonzero = keep",
    more: "`disk` keeps r <= R, `annulus` R1 <= r <= R2, `outside` r > R; `auto` finds the beam in the scan",
    default: { kind: "none" },
    presets: { auto: { kind: "auto" } },
    title: "Detector mask",
    describe: (mask, { settled }, style) =>
      describeDetectorMask(settled.detectorMask, style) + (mask.kind === "auto" ? " (automatic)" : ""),
    field: {
      group: "Comparing neighbours",
      name: "Part of the pattern",
      help: "radii about the direct beam",
      alternatives: detectorMaskChoices,
      unit: "px",
    },
  },
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
  exact: {
    flag: "--exact",
    kind: switchKind,
    help:
      "compare blurred patterns at every detector pixel: slower, same labels, similarities to 1e-6 instead of 1e-5",
    negatedHelp: "compare at every detector pixel only where it is needed",
    default: false,
    presets: { py4dstem: true },
    field: {
      group: "Comparing neighbours",
      name: "All detector pixels",
      help: "slower, same labels",
      label: "Exact comparison",
      alternatives: wordChoices({ off: "Where needed", on: "Always" }),
    },
  },
};
