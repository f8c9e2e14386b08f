/** The angle between orientations that differ little. */

import { arctangent } from "../scan/portable_math.ts";
import { type Matrix3, multiply, transpose } from "./matrix.ts";
import { nearestEqual } from "./point_group.ts";

/**
 * The smallest angle in degrees between two orientations of one crystal, from sine and cosine: small angles are as exact as
 * the matrices are, where the cosine alone would lose half of their digits.
 *
 * @param rotations of the crystal's Laue group
 */
export function turnBetween(rotations: readonly Matrix3[], one: Matrix3, other: Matrix3): number {
  const { index, trace } = nearestEqual(rotations, one, other);
  const m = multiply(rotations[index], multiply(one, transpose(other)));
  const x = m[7] - m[5], y = m[2] - m[6], z = m[3] - m[1];
  return arctangent(Math.sqrt(x * x + y * y + z * z), trace - 1) * 180 / Math.PI;
}
