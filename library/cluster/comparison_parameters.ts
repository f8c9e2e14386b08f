/** Parameters of the comparison: how similar two patterns are, and what of them is looked at. */

import { choiceKind, switchKind } from "../parameters/choice.ts";
import { wordChoices } from "../parameters/form_field.ts";
import { numberKind, wordOr } from "../parameters/number.ts";
import type { ParameterSchema, Unread } from "../parameters/schema.ts";
import type { DetectorMask, FixedDetectorMask } from "../passes/detector/detector_mask.ts";
import {
  describeDetectorMask,
  detectorMaskChoices,
  detectorMaskKind,
} from "../passes/detector/mask_kinds.ts";
import type { Metric } from "../passes/features/features.ts";
import type { PresetName } from "./preset_name.ts";

/** What the comparison is told. */
export interface ComparisonParameters {
  /** Gaussian blur in detector pixels before the similarity; 0 = none, `auto` = half the radius of the direct beam. */
  readonly blur: number | "auto";
  /** How patterns are compared. */
  readonly metric: Metric;
  /** Which detector pixels are compared. */
  readonly detectorMask: DetectorMask;
  /**
   * Whether every similarity is computed from all detector pixels. Otherwise blurred patterns may be compared on
   * fewer samples: similarities differ by less than 1e-5, mask and labels do not.
   */
  readonly exact: boolean;
}

/** What a run found out about them. */
export interface ComparisonFindings {
  readonly settled: { readonly blur: number; readonly detectorMask: FixedDetectorMask };
}

/** What each parameter is. */
export const comparisonSchema: ParameterSchema<
  Unread<ComparisonParameters>,
  ComparisonFindings,
  PresetName
> = {
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
