/** Which neighbours the prefilter correlates a pattern with, and what a correlation weighs (spec stage 2). */

import type { PrefilterParameters } from "./parameters.ts";

/** Weights at most this large are dropped. */
const smallestWeight = 1e-3;

/**
 * Half of the footprint: (0, 0), then (0, 1).. and the offsets of the rows below; the other half follows from
 * R(p, p + i) = R(p + i, p). A circle of radius 4 has 69 offsets in full.
 */
export function halfFootprint({ radius, footprint }: PrefilterParameters): [number, number][] {
  const offsets: [number, number][] = [];
  for (let row = 0; row <= radius; row++) {
    for (let column = row === 0 ? 0 : -radius; column <= radius; column++) {
      if (footprint === "square" || row * row + column * column <= (radius + 0.5) ** 2) {
        offsets.push([row, column]);
      }
    }
  }
  return offsets;
}

/** R^ = clip((R - Rmin) / (Rmax - Rmin), 0, 1), dropped when tiny. */
export function correlationWeight(
  correlation: number,
  [low, high]: PrefilterParameters["range"],
): number {
  const weight = Math.min(1, (correlation - low) / (high - low));
  return weight > smallestWeight ? weight : 0;
}
