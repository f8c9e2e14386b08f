/** The counts that get the darkest and the brightest colour, the same for both patterns. */

import { computed } from "@preact/signals";
import { patternRange as rangeOf, type ValueRange } from "../../drawing/pattern_scale.ts";
import { chosenContrast } from "./contrast.ts";
import { brightest, probePattern, type ShownPattern, upperPattern } from "../state.ts";

/** Those that are shown by one scale. */
export const comparedPatterns = computed<readonly ShownPattern[]>(() =>
  [upperPattern.value, probePattern.value].filter((pattern): pattern is ShownPattern =>
    pattern !== null && !pattern.signed && !pattern.transformed
  )
);

/** `null` while there is no pattern. */
export const patternRange = computed<ValueRange | null>(() => {
  const ranges = comparedPatterns.value.map(({ values }) => rangeOf(values, brightest.value));
  if (ranges.length === 0) return null;
  return chosenContrast("patterns") ?? {
    low: Math.min(...ranges.map(({ low }) => low)),
    high: Math.max(...ranges.map(({ high }) => high)),
  };
});
