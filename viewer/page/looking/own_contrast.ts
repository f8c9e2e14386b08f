/** The contrast of what shares none with other patterns: differences, whose colours are about zero, and transforms. */

import { formatNumber } from "../../drawing/format.ts";
import { patternRange, type ScalarScale, signedRange } from "../../drawing/pattern_scale.ts";
import { brightest, patternColours, patternScale, type ShownPattern } from "../state.ts";
import type { ContrastOf } from "../views/view.ts";
import { chooseContrast, chosenContrast, symmetryOf } from "./contrast.ts";

/** Colours of a pattern of its own contrast, and how that is chosen. */
export interface OwnContrast extends ScalarScale {
  /** What it is, in a word. */
  readonly subject: string;
  readonly contrast: ContrastOf;
}

/** `null` for patterns that share one contrast. */
export function ownContrast({ values, signed, transformed }: ShownPattern): OwnContrast | null {
  if (!signed && !transformed) return null;
  const name = signed ? "difference" : "transform", chosen = chosenContrast(name);
  const range = chosen ?? (signed ? signedRange(values) : patternRange(values, brightest.value));
  const scale = signed ? "linear" : patternScale.value;
  return {
    ...{ range, scale, map: signed ? "diverging" : patternColours.value, subject: name },
    contrast: {
      ...{ values: [values], range, scale, byHand: chosen !== null },
      format: (value) => formatNumber(value, 3),
      choose: (wanted) => chooseContrast(name, wanted),
      ...signed && { symmetric: symmetryOf(name, range) },
    },
  };
}
