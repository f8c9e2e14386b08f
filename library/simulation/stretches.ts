/** Strain of whole grains, gradients over the scan, and stripes: what is added to the strain within grains. */

import { deformationOf, type Matrix2, multiply2 } from "../crystal/strain/deformation.ts";
import type { PlaneStrain, SimulationParameters } from "./parameters.ts";
import type { Random } from "./random.ts";

/** Part of the scan's columns where a stripe begins and ends. */
const stripe = [1 / 3, 2 / 3] as const;

/** The strain of each grain as a whole. */
export function drawStretches(
  grains: number,
  { grainStrain }: SimulationParameters,
  random: Random,
): PlaneStrain[] {
  const part = () => grainStrain === 0 ? 0 : grainStrain * random.normal();
  return Array.from({ length: grains }, () => [part(), part(), part()] as const);
}

/**
 * What the strain of a grain, of the gradient and of the stripe make of reciprocal vectors (down, right) at a probe position
 * in scan steps, one after the other, each an exact stretch; `undefined` where all are zero.
 */
export function stretchAt(
  grain: PlaneStrain,
  { rows, columns, gradientStrain, stripeStrain }: SimulationParameters,
  row: number,
  column: number,
): Matrix2 | undefined {
  const part = rows > 1 ? row / (rows - 1) - 0.5 : 0;
  const gradient = gradientStrain.map((strain) => part * strain) as unknown as PlaneStrain;
  const inStripe = column >= stripe[0] * columns && column < stripe[1] * columns;
  return [grain, gradient, ...(inStripe ? [stripeStrain] : [])]
    .filter((strain) => strain.some((value) => value !== 0))
    .map(([xx, yy, xy]) => deformationOf([1 + xx, xy, xy, 1 + yy]))
    .reduce((before: Matrix2 | undefined, map) => before ? multiply2(map, before) : map, undefined);
}

/** The most that any strain shortens or lengthens reciprocal vectors, about. */
export function largestStretch(
  { strain, grainStrain, gradientStrain, stripeStrain }: SimulationParameters,
): number {
  const most = (field: PlaneStrain) => Math.max(...field.map(Math.abs));
  return 8 * strain + 8 * grainStrain + 2 * most(gradientStrain) + 2 * most(stripeStrain);
}
