/** Orientations as unit quaternions, and what cubic symmetry makes of them. */

import { cosine, sine } from "../scan/portable_math.ts";
import type { Random } from "./random.ts";

/** A unit quaternion; it turns crystal axes into laboratory axes (x = columns, y = rows, z = along the beam). */
export interface Quaternion {
  readonly w: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** A vector (x, y, z). */
export type Vector = readonly [x: number, y: number, z: number];

/** Length of a vector. */
export function norm([x, y, z]: Vector): number {
  return Math.sqrt(x * x + y * y + z * z);
}

function normalise({ w, x, y, z }: Quaternion): Quaternion {
  const length = Math.sqrt(w * w + x * x + y * y + z * z);
  return { w: w / length, x: x / length, y: y / length, z: z / length };
}

/** The rotation by `angle` radians about `axis`, which need not be of unit length. */
export function rotationAbout(axis: Vector, angle: number): Quaternion {
  const scale = sine(angle / 2) / norm(axis);
  return { w: cosine(angle / 2), x: axis[0] * scale, y: axis[1] * scale, z: axis[2] * scale };
}

/** The shortest rotation that takes direction `from` to the beam direction z. */
export function rotationToBeam(from: Vector): Quaternion {
  const length = norm(from);
  const [x, y, z] = from;
  // Half-way construction: (1 + cos, from x z); opposite directions turn about x.
  if (z <= -length * (1 - 1e-12)) return { w: 0, x: 1, y: 0, z: 0 };
  return normalise({ w: length + z, x: y, y: -x, z: 0 });
}

/** The rotation that first does `second`, then `first`: the product of the quaternions. */
export function compose(first: Quaternion, second: Quaternion): Quaternion {
  const { w: a, x: b, y: c, z: d } = first;
  const { w, x, y, z } = second;
  return normalise({
    w: a * w - b * x - c * y - d * z,
    x: a * x + b * w + c * z - d * y,
    y: a * y - b * z + c * w + d * x,
    z: a * z + b * y - c * x + d * w,
  });
}

/** The rotation as a matrix, row-major: v_lab = matrix v_crystal. */
export function toMatrix({ w, x, y, z }: Quaternion): number[] {
  return [
    1 - 2 * (y * y + z * z),
    2 * (x * y - z * w),
    2 * (x * z + y * w),
    2 * (x * y + z * w),
    1 - 2 * (x * x + z * z),
    2 * (y * z - x * w),
    2 * (x * z - y * w),
    2 * (y * z + x * w),
    1 - 2 * (x * x + y * y),
  ];
}

/** Applies a rotation to a vector. */
export function rotate(rotation: Quaternion, [x, y, z]: Vector): [x: number, y: number, z: number] {
  const m = toMatrix(rotation);
  return [m[0] * x + m[1] * y + m[2] * z, m[3] * x + m[4] * y + m[5] * z, m[6] * x + m[7] * y + m[8] * z];
}

/** A rotation drawn uniformly from all. */
export function uniformRotation(random: Random): Quaternion {
  return normalise({ w: random.normal(), x: random.normal(), y: random.normal(), z: random.normal() });
}

/**
 * Cosine of half the disorientation of two cubic crystals: of the smallest angle that turns one into an equivalent of
 * the other. It falls from 1 (equal) to 0.853 (62.8 degrees, the largest there is).
 */
export function cosineOfHalfDisorientation(one: Quaternion, other: Quaternion): number {
  const { w, x, y, z } = compose({ w: one.w, x: -one.x, y: -one.y, z: -one.z }, other);
  const [a, b, c, d] = [w, x, y, z].map(Math.abs).sort((p, q) => q - p);
  // The 24 rotations of the cube have half-angle components 1; 1,1 / sqrt 2; 1,1,1,1 / 2 in every order and sign.
  return Math.min(1, Math.max(a, (a + b) * Math.SQRT1_2, (a + b + c + d) / 2));
}
