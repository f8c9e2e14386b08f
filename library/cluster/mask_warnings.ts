/** What a user should know of the real-space mask. */

import type { RealSpaceMask } from "./real_space_mask_kind.ts";

/** From this part of the probes on it is said that a mask leaves them out. */
const notableLoss = 0.1;

/**
 * A mask by mean similarity leaves out the probes that resemble their neighbours least: rims, small grains and noise. Support,
 * liquid and vacuum resemble theirs most where the direct beam is compared as well, so that they stay.
 *
 * @param mask uint8 (row, column): 1 where a probe may be clustered
 */
export function maskWarnings({ kind }: RealSpaceMask, mask: Uint8Array): string[] {
  if (kind !== "triangle" && kind !== "number") return [];
  const left = mask.reduce((sum, inside) => inside ? sum : sum + 1, 0) / mask.length;
  if (left < notableLoss || left === 1) return [];
  return [
    `The mask leaves out ${
      Math.round(100 * left)
    } % of the probes, those that resemble their neighbours least: rims and small ` +
    "grains may be among them, while support and liquid stay. Look at the mask; --mask none keeps every probe, --mask auto " +
    "tells background from crystals by their signal.",
  ];
}
