/** Orientations as people write them: Euler angles and directions with small indices. */

import { arccosine, arctangent } from "../scan/portable_math.ts";
import { dot, length, type Matrix3, type Vector3, vectorAt } from "../crystal/matrix.ts";
import { directionIndices, directVector, type UnitCell } from "../crystal/unit_cell.ts";

/** Bunge's angles in degrees: about z, about the new x, about the new z. */
export interface EulerAngles {
  readonly phi1: number;
  readonly capitalPhi: number;
  readonly phi2: number;
}

const degree = Math.PI / 180;

/** The Bunge angles of an orientation whose columns are the laboratory's axes; each from 0, the middle one up to 180. */
export function eulerAngles(m: Matrix3): EulerAngles {
  const across = Math.sqrt(m[2] * m[2] + m[5] * m[5]);
  const capitalPhi = arccosine(m[8]) / degree;
  if (across < 1e-6) return { phi1: turn(arctangent(m[1], m[0])), capitalPhi, phi2: 0 };
  return { phi1: turn(arctangent(m[6], -m[7])), capitalPhi, phi2: turn(arctangent(m[2], m[5])) };
}

function turn(angle: number): number {
  const degrees = angle / degree;
  return degrees < 0 ? degrees + 360 : degrees;
}

/** Largest index that is tried, and the angle in degrees within which an exact direction stands for one. */
const largestIndex = 12, nearest = 1.5;

/**
 * A direction as `[uvw]` with small whole numbers where one lies within 1.5 degrees, as three decimals otherwise.
 *
 * @param direction in the crystal's Cartesian frame
 */
export function directionName(cell: UnitCell, direction: Vector3): string {
  const exact = directionIndices(cell, direction);
  const scale = Math.max(...exact.map(Math.abs));
  for (let largest = 1; largest <= largestIndex; largest++) {
    const whole = vectorAt(exact.map((value) => Math.round(value / scale * largest)));
    const cartesian = directVector(cell, whole);
    const cosineOf = dot(cartesian, direction) / (length(cartesian) * length(direction));
    if (arccosine(cosineOf) / degree > nearest) continue;
    return `[${whole.map((value) => value + 0).join(" ")}]`;
  }
  return `[${exact.map((value) => (value / scale).toFixed(3)).join(" ")}]`;
}

/** Largest index of the directions that others are described by. */
const plainIndex = 3;

/**
 * A direction in words: its small indices where it has some, otherwise how far it is from the nearest direction with indices
 * up to 3, such as `2.8° from [0 0 1]`.
 */
export function directionInWords(cell: UnitCell, direction: Vector3): string {
  const name = directionName(cell, direction);
  if (!name.includes(".")) return name;
  let most = -1, nearestName = name;
  for (let u = -plainIndex; u <= plainIndex; u++) {
    for (let v = -plainIndex; v <= plainIndex; v++) {
      for (let w = -plainIndex; w <= plainIndex; w++) {
        const cartesian = directVector(cell, [u, v, w]);
        const cosineOf = dot(cartesian, direction) / (length(cartesian) * length(direction));
        // Of no direction the cosine is no number.
        if (!(cosineOf > most + 1e-12) || divisible([u, v, w])) continue;
        most = cosineOf;
        nearestName = `[${u} ${v} ${w}]`;
      }
    }
  }
  return `${(arccosine(most) / degree).toFixed(1)}° from ${nearestName}`;
}

/** Whether all indices have a common divisor, 2 or 3. */
function divisible(indices: Vector3): boolean {
  return [2, 3].some((divisor) => indices.every((index) => index % divisor === 0));
}
