/** Whether the same regions are found from half of the electrons. */

import { adjustedRandIndex } from "../../scoring/agreement.ts";
import { findRegions, type RegionSettings } from "./regions.ts";
import type { Sketch } from "../../passes/sketch/sketch.ts";

/**
 * Adjusted Rand index between the regions of two halves of the same scan: every electron is in one of them, drawn by lot,
 * so that their noise is independent. Background and probes outside the mask count as one class.
 *
 * It sees noise, not what both halves have in common: grains with the same pattern, or a background that is none.
 *
 * @param halves sketches of the two halves, of the same numbers per pattern
 * @returns 1 where both halves give the same regions; 0 where they agree no better than by chance
 */
export function stabilityOf(halves: readonly [Sketch, Sketch], settings: RegionSettings): number {
  const [first, second] = halves.map((half) => findRegions(half, settings).labels);
  return adjustedRandIndex(first, second);
}
