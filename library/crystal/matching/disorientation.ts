/** Angles between orientations of one crystal. */

import { arccosine } from "../../scan/portable_math.ts";
import type { Matrix3 } from "../matrix.ts";
import { largestTrace } from "../point_group.ts";

/** The smallest angle in degrees of a turn from one orientation to one that symmetry makes equal to the other. */
export function disorientation(rotations: readonly Matrix3[], one: Matrix3, other: Matrix3): number {
  return arccosine((largestTrace(rotations, one, other) - 1) / 2) * 180 / Math.PI;
}

/** Whether orientations are within `degrees`, half a turn about the beam aside, which patterns hardly tell. */
export function withinHalfTurn(
  rotations: readonly Matrix3[],
  one: Matrix3,
  other: Matrix3,
  degrees: number,
): boolean {
  const m = other;
  const turned: Matrix3 = [-m[0], -m[1], m[2], -m[3], -m[4], m[5], -m[6], -m[7], m[8]];
  return disorientation(rotations, one, other) <= degrees ||
    disorientation(rotations, one, turned) <= degrees;
}
