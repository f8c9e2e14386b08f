/** Orientations for tests, in the convention of the library: columns are the laboratory's axes in the crystal frame. */

import { cross, type Matrix3, normalise, transpose, type Vector3 } from "../../library/crystal/matrix.ts";
import { toMatrix, uniformRotation } from "../../library/simulation/rotation.ts";
import { Random } from "../../library/simulation/random.ts";

/** Looks along `zone`, with `down` along the rows of the detector; both Cartesian, at right angles. */
export function orthogonalFrame(zone: Vector3, down: Vector3): Matrix3 {
  const z = normalise(zone), x = normalise(down);
  return transpose([...x, ...cross(z, x), ...z]);
}

/** Orientations drawn uniformly from all. */
export function randomOrientations(count: number, seed: number): Matrix3[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => toMatrix(uniformRotation(random)) as unknown as Matrix3);
}

/** Directions drawn uniformly from the sphere. */
export function randomDirections(count: number, seed: number): Vector3[] {
  return randomOrientations(count, seed).map((m) => [m[2], m[5], m[8]]);
}
