/** Colours of phases. */

import { paletteColour } from "../../../library/report/palette.ts";

/** Places in the palette of clusters, those that differ most first. */
const order = [7, 1, 3, 5, 10, 0, 6, 9, 2, 8, 4, 11];

/** Red, green and blue of a phase. */
export function phaseRgb(phase: number): readonly [red: number, green: number, blue: number] {
  const [red, green, blue] = paletteColour(order[phase % order.length]);
  return [red, green, blue];
}

/** The same as CSS. */
export function phaseColour(phase: number): string {
  return `rgb(${phaseRgb(phase).join(" ")})`;
}
