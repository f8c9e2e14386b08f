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

/** The true orientation of a crystal in the convention of results. */
export function trueOrientation(orientations: ArrayLike<number>, crystal: number): Matrix3 {
  const m = Array.from({ length: 9 }, (_, index) => Number(orientations[9 * crystal + index]));
  // The simulation has x to the right, y down and z along the beam, and turns crystal axes into these.
  const [x, y, z] = [m.slice(0, 3), m.slice(3, 6), m.slice(6, 9)];
  return [y[0], x[0], -z[0], y[1], x[1], -z[1], y[2], x[2], -z[2]];
}

/** Directions drawn uniformly from the sphere. */
export function randomDirections(count: number, seed: number): Vector3[] {
  return randomOrientations(count, seed).map((m) => [m[2], m[5], m[8]]);
}
