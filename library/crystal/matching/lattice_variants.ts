/** Orientations that a lattice hardly tells apart: merohedral variants, and those of lattices that are nearly more symmetric. */

import type { Crystal } from "../crystal.ts";
import { determinant, identity, inverse, type Matrix3, matrixAt, multiply, transpose } from "../matrix.ts";
import { largestTrace, type LaueGroup, nearestRotation } from "../point_group.ts";

/** Products of axes that a turn changes by less than this part are as before: 2 % of a length, 2 degrees of an angle. */
const alike = 0.04;
/** Turns whose trace differs by less from that of none are one. */
const sameTrace = 2.99;

/**
 * Turns of a crystal, in its Cartesian frame, that nearly bring its lattice to itself and are no symmetry of it: one for
 * each variant. Patterns of variants have the same places, and differ in intensities alone where the lattice is exact.
 */
export function latticeVariants({ cell }: Crystal, { rotations }: LaueGroup): Matrix3[] {
  const { direct } = cell, metric = multiply(direct, transpose(direct)), back = inverse(direct);
  const variants: Matrix3[] = [];
  for (const turn of latticeTurns(metric)) {
    // Rows of `direct` are the axes: turned axes are combinations of these.
    const turned = multiply(turn, direct), rotation = nearestRotation(transpose(multiply(back, turned)));
    const known = [identity, ...variants].some((one) => largestTrace(rotations, one, rotation) > sameTrace);
    if (!known) variants.push(rotation);
  }
  return variants;
}

/** Whole combinations of the axes, by -1, 0 and 1, of about the same lengths and angles and the same hand. */
function* latticeTurns(metric: Matrix3): Generator<Matrix3> {
  const combinations = Array.from(
    { length: 27 },
    (_, index) => [index % 3 - 1, Math.floor(index / 3) % 3 - 1, Math.floor(index / 9) - 1],
  );
  const product = (one: readonly number[], other: readonly number[]) =>
    one.reduce((sum, a, i) => sum + other.reduce((inner, b, j) => inner + a * b * metric[3 * i + j], 0), 0);
  const scale = (i: number, j: number) => Math.sqrt(metric[4 * i] * metric[4 * j]);
  const fits = (value: number, i: number, j: number) =>
    Math.abs(value - metric[3 * i + j]) < alike * scale(i, j);
  const axes = [0, 1, 2].map((axis) => combinations.filter((one) => fits(product(one, one), axis, axis)));
  for (const a of axes[0]) {
    for (const b of axes[1]) {
      if (!fits(product(a, b), 0, 1)) continue;
      for (const c of axes[2]) {
        if (!fits(product(a, c), 0, 2) || !fits(product(b, c), 1, 2)) continue;
        const turn = matrixAt([...a, ...b, ...c]);
        if (Math.abs(determinant(turn) - 1) < 1e-9) yield turn;
      }
    }
  }
}
