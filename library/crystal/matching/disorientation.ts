/** Angles between orientations of one crystal. */

import { arccosine } from "../../scan/portable_math.ts";
import type { Matrix3 } from "../matrix.ts";
import { largestTrace } from "../point_group.ts";

/**
 * The smallest angle in degrees of a turn from one orientation to one that symmetry makes equal to the other.
 *
 * @param rotations of the crystal's Laue group
 *
 * @example
 * ```ts
 * import { builtInCrystal, disorientation, laueGroup } from "crystallite";
 *
 * const { rotations } = laueGroup(await builtInCrystal("Au"));
 * const quarterTurn = [0, -1, 0, 1, 0, 0, 0, 0, 1] as const;
 * console.assert(disorientation(rotations, [1, 0, 0, 0, 1, 0, 0, 0, 1], quarterTurn) < 1e-5);
 * ```
 */
export function disorientation(rotations: readonly Matrix3[], one: Matrix3, other: Matrix3): number {
  return arccosine((largestTrace(rotations, one, other) - 1) / 2) * 180 / Math.PI;
}
