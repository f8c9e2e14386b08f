/** Where radii on the patterns start. */

import type { OpenedItem } from "../../protocol/items.ts";

/** The direct beam in detector pixels: that of the clustering, before there is one the centre of the detector. */
export function directBeam(
  { clustering, shape: { patternRows, patternColumns } }: OpenedItem,
): { readonly row: number; readonly column: number } {
  return clustering?.center ?? { row: (patternRows - 1) / 2, column: (patternColumns - 1) / 2 };
}
