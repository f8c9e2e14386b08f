/** The parameters of the correlative prefilter (paper, "Correlative prefiltering"). */

import { choiceKind } from "../../parameters/choice.ts";
import { type FormField, wordChoices } from "../../parameters/form_field.ts";
import { numberKind, rangeKind } from "../../parameters/number.ts";
import { checkRecord, presetRecord } from "../../parameters/record.ts";
import type { ParameterSchema } from "../../parameters/schema.ts";

/** Correlative prefilter (paper, "Correlative prefiltering"). */
export interface PrefilterParameters {
  /** Gaussian blur of the compared patterns in detector pixels; the output is unblurred. */
  readonly blur: number;
  /** Radius of the neighbourhood in probe positions. */
  readonly radius: number;
  /** `circle`: dy^2 + dx^2 <= (radius + 1/2)^2; `square`: the whole (2 radius + 1)^2. */
  readonly footprint: "circle" | "square";
  /** Correlations mapped to weight 0 and 1. */
  readonly range: readonly [number, number];
  /** Detector pixels at each border that get no weight. */
  readonly edge: number;
}

/** A field of the form that is there while the prefilter is on. */
function field(name: string, more: Pick<FormField, "help" | "label" | "alternatives" | "unit">): FormField {
  return { group: "Before comparing", name, when: { flag: "--prefilter", text: "on" }, ...more };
}

/** What each parameter is. */
export const prefilterSchema: ParameterSchema<PrefilterParameters> = {
  blur: {
    flag: "--prefilter-blur",
    kind: numberKind("SIGMA", { expected: "0 to 100 detector pixels", minimum: 0, maximum: 100 }),
    help: "blur of the patterns that are compared, in detector pixels; what is averaged stays unblurred",
    default: 3,
    field: field("Prefilter blur", {
      unit: "px",
      alternatives: [{ id: "number", numbers: ["Prefilter blur in pixels"] }],
    }),
  },
  radius: {
    flag: "--prefilter-radius",
    kind: numberKind("N", { expected: "1 to 32 probe positions", minimum: 1, maximum: 32, whole: true }),
    help: "radius of the neighbourhood, 1 to 32 probe positions",
    default: 4,
    field: field("Radius", {
      help: "of the neighbourhood",
      unit: "probes",
      alternatives: [{ id: "number", numbers: ["Prefilter radius in probes"] }],
    }),
  },
  footprint: {
    flag: "--prefilter-footprint",
    kind: choiceKind("SHAPE", ["circle", "square"]),
    help: "shape of the neighbourhood; `circle`: 69 positions at radius 4; `square`: 81",
    default: "circle",
    field: field("Shape", {
      help: "of the neighbourhood",
      label: "Prefilter footprint",
      alternatives: wordChoices({ circle: "Circle", square: "Square" }),
    }),
  },
  range: {
    flag: "--prefilter-range",
    kind: rangeKind("MIN,MAX", {
      expected: "two correlations MIN,MAX from -1 to 1",
      minimum: -1,
      maximum: 1,
    }),
    help: "correlations that get weight 0 and 1; in between the weight grows linearly",
    default: [0.85, 0.95],
    field: field("Correlations", {
      help: "that get weight 0 and 1",
      alternatives: [{ id: "range", numbers: ["Correlation with weight 0", "Correlation with weight 1"] }],
    }),
  },
  edge: {
    flag: "--prefilter-edge",
    kind: numberKind("N", { expected: "a whole number of detector pixels", minimum: 0, whole: true }),
    help: "detector pixels at each border that do not count in the correlation",
    default: 12,
    field: field("Edge", {
      help: "without weight",
      unit: "px",
      alternatives: [{ id: "number", numbers: ["Prefilter edge in pixels"] }],
    }),
  },
};

/** The paper's prefilter settings. */
export const defaultPrefilter: PrefilterParameters = presetRecord(prefilterSchema) as PrefilterParameters;

/**
 * Checks the parameters of the prefilter alone.
 *
 * @throws {BadParameter} naming the first parameter that is out of range
 */
export function checkPrefilter(prefilter: PrefilterParameters): void {
  checkRecord(prefilterSchema, prefilter, "prefilter.");
}
