/** The strain of a simulated scan, as a perfect analysis would measure it. */

import { deformationOf, type Matrix2, multiply2, strainOf } from "../crystal/strain/deformation.ts";
import { type Crystal, fieldAt } from "./crystals.ts";
import type { Grain } from "./grains.ts";
import type { SimulationParameters } from "./parameters.ts";
import { stretchAt } from "./stretches.ts";

/**
 * Strain at each probe of the crystal that has most of it, relative to that crystal without strain: float32
 * (row, column, 4) of e_xx, e_yy, e_xy and the rotation in radians, x down the detector and y to its right, NaN on the bare
 * support. The stretch V of F = V R, from the reciprocal vectors that the patterns show.
 *
 * @param labels crystal of each probe, -1 for none
 */
export function trueStrain(
  labels: Int32Array,
  parameters: SimulationParameters,
  crystals: readonly Crystal[],
  grains: readonly Grain[],
): Float32Array {
  const { columns } = parameters;
  const strain = new Float32Array(4 * labels.length).fill(NaN);
  labels.forEach((label, probe) => {
    if (label < 0) return;
    const { grain, deformation, stretch } = crystals[label], { row, column, radius } = grains[grain];
    const atRow = Math.floor(probe / columns), atColumn = probe % columns;
    const down = (atRow - row) / radius, across = (atColumn - column) / radius;
    const [across2, down2, shear, turn] = [
      deformation.strainXX,
      deformation.strainYY,
      deformation.strainXY,
      deformation.rotation,
    ].map((field) => fieldAt(field, down, across));
    // The fields have x along columns.
    const own: Matrix2 = [1 - down2, turn - shear, -(shear + turn), 1 - across2];
    const more = stretchAt(stretch, parameters, atRow, atColumn);
    const { xx, yy, xy, rotation } = strainOf(deformationOf(more ? multiply2(more, own) : own));
    strain.set([xx, yy, xy, rotation], 4 * probe);
  });
  return strain;
}
