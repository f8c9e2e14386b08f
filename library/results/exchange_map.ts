/** What orientation maps for other programs are made of. */

import type { Crystal } from "../crystal/crystal.ts";
import type { Matrix3 } from "../crystal/matrix.ts";
import type { LaueGroup } from "../crystal/point_group.ts";
import type { PixelSize } from "../scan/calibration.ts";
import { conversion } from "../scan/units.ts";
import type { OrientationContent } from "./orientation_content.ts";

/** What one probe has. */
export interface ExchangePoint {
  readonly phase: number;
  readonly orientation: Matrix3;
  /** Part of the peaks that the crystal explains, 0 to 1; absent where it is not known. */
  readonly explained?: number;
  /** Agreement of pattern and crystal, 0 to 1. */
  readonly agreement?: number;
  readonly matchedPeaks?: number;
}

/** An orientation map for other programs. */
export interface ExchangeMap {
  readonly crystals: readonly Crystal[];
  /** Symmetry of each crystal. */
  readonly groups: readonly Pick<LaueGroup, "laueClass">[];
  readonly shape: { readonly rows: number; readonly columns: number };
  readonly pixelSize?: PixelSize;
  /** int32 (row, column): cluster of each probe, -1 for none; absent where there are none. */
  readonly labels?: Int32Array;
  /** What a probe has, by its index row by row; `undefined` where it has no orientation. */
  readonly at: (probe: number) => ExchangePoint | undefined;
}

/** The orientation of its cluster for every probe. */
export function clusterExchange(
  { found, labels, crystals, shape, pixelSize }: OrientationContent,
): ExchangeMap {
  return {
    ...{ crystals, shape, pixelSize, labels, groups: found.plans.map(({ group }) => group) },
    at: (probe) => labels[probe] < 0 ? undefined : found.matches[labels[probe]][0],
  };
}

/** Steps of the maps: in micrometres, as the formats have them; scans without a step get one each. */
export function micrometres(
  pixelSize: PixelSize | undefined,
): { readonly row: number; readonly column: number } {
  const factor = pixelSize && conversion(pixelSize.unit, "um");
  if (!pixelSize || factor === undefined) return { row: 1, column: 1 };
  return { row: pixelSize.row * factor, column: pixelSize.column * factor };
}
