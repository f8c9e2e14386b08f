/** The counts that get the darkest and the brightest colour, the same for both patterns. */

import { computed } from "@preact/signals";
import { patternRange as rangeOf, type ValueRange } from "../../drawing/pattern_scale.ts";
import { brightest, probePattern, type ShownPattern, upperPattern } from "../state.ts";

/** `null` while there is no pattern. */
export const patternRange = computed<ValueRange | null>(() => {
  const ranges = [upperPattern.value, probePattern.value]
    .filter((pattern): pattern is ShownPattern => pattern !== null && !pattern.signed)
    .map(({ values }) => rangeOf(values, brightest.value));
  if (ranges.length === 0) return null;
  return {
    low: Math.min(...ranges.map(({ low }) => low)),
    high: Math.max(...ranges.map(({ high }) => high)),
  };
});
