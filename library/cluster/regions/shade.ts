/**
 * Crystals take electrons from the direct beam, whatever their orientation: they are darker in the bright field than the support,
 * the liquid or the vacuum around them. How much darker a probe is tells its part of a crystal better than its pattern does, which
 * fades towards thin rims with the square of the thickness, and at some thicknesses altogether.
 */

import type { Sketch } from "../../passes/sketch/sketch.ts";

/** Weights of a probe, of those beside it and of those across a corner. */
const own = 4, beside = 2, across = 1;
/** Standard deviation of a mean with these weights, by that of one probe. */
export const smoothedError = 0.375;

/**
 * Bright field with less noise: weighted means over each probe and its neighbours, as far as they take part.
 *
 * @param inside 1 where a probe takes part
 * @returns electrons, float32 (row, column); 0 where a probe takes no part; `null` for a sketch without the direct beam
 */
export function smoothBeam(
  { rows, columns, beam }: Sketch,
  inside: (probe: number) => boolean,
): Float32Array | null {
  if (!beam) return null;
  return beam.map((_, probe) => {
    if (!inside(probe)) return 0;
    const row = Math.floor(probe / columns), column = probe - row * columns;
    let sum = 0, weight = 0;
    for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
      for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
        const other = y * columns + x;
        if (!inside(other)) continue;
        const steps = Math.abs(y - row) + Math.abs(x - column);
        const factor = steps === 0 ? own : steps === 1 ? beside : across;
        sum += factor * beam[other];
        weight += factor;
      }
    }
    return sum / weight;
  });
}
