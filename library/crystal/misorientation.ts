/** The turn between two orientations, and the crystal axis that it is about. */

import { demandMatrix } from "../scan/demand.ts";
import { arccosine } from "../scan/portable_math.ts";
import {
  determinant,
  type Matrix3,
  matrixAt,
  multiply,
  normalise,
  transpose,
  type Vector3,
  vectorAt,
} from "./matrix.ts";
import { largestTrace, type LaueGroup } from "./point_group.ts";
import { DirectionReducer } from "./wedge.ts";

/** An orientation (columns are the laboratory's axes in the crystal's frame) and the symmetry that it is meant up to. */
export interface SymmetricOrientation {
  /** The Laue group of its crystal. */
  readonly group: LaueGroup;
  /** Proper rotation. */
  readonly orientation: Matrix3;
}

/** A turn from one crystal to another. */
export interface Misorientation {
  /** In degrees, the smallest of all that symmetry makes equal. */
  readonly angle: number;
  /** Unit vector in the first crystal's frame, in the wedge of its directions; z for no turn at all. */
  readonly axis: Vector3;
  /** The turn itself, without symmetry: from the second crystal's frame to the first's. */
  readonly turn: Matrix3;
}

/**
 * The smallest turn between two crystals, of one symmetry or of two.
 *
 * @throws {BadParameter} when an orientation is no matrix of finite numbers
 *
 * @example
 * ```ts
 * import { builtInCrystal, laueGroup, misorientation } from "crystallite";
 *
 * const group = laueGroup(await builtInCrystal("Au"));
 * const twin = [2 / 3, -1 / 3, 2 / 3, 2 / 3, 2 / 3, -1 / 3, -1 / 3, 2 / 3, 2 / 3] as const;
 * const { angle } = misorientation({ group, orientation: [1, 0, 0, 0, 1, 0, 0, 0, 1] }, { group, orientation: twin });
 * console.assert(Math.abs(angle - 60) < 1e-9);
 * ```
 */
export function misorientation(one: SymmetricOrientation, other: SymmetricOrientation): Misorientation {
  for (const { orientation } of [one, other]) demandMatrix("orientation", orientation);
  const turn = multiply(one.orientation, transpose(other.orientation));
  // The groups of one crystal move each other's operations about, so that those of one side are enough.
  const right = one.group === other.group ? [one.group.rotations[0]] : other.group.rotations;
  let best = turn, largest = -Infinity;
  for (const second of right) {
    const turned = multiply(turn, second);
    for (const first of one.group.rotations) {
      const equal = multiply(first, turned), trace = equal[0] + equal[4] + equal[8];
      if (trace <= largest + 1e-9) continue;
      largest = trace;
      best = equal;
    }
  }
  const angle = arccosine(Math.min(1, Math.max(-1, (largest - 1) / 2))) * 180 / Math.PI;
  return { angle, axis: new DirectionReducer(one.group).reduce(axisOf(best)).direction, turn };
}

/**
 * Angle in degrees between a turn and a given one, as crystals of one symmetry show it: any of the equal turns, either way
 * round.
 */
export function deviationFrom(rotations: readonly Matrix3[], turn: Matrix3, wanted: Matrix3): number {
  let largest = -1;
  for (const second of rotations) {
    largest = Math.max(largest, largestTrace(rotations, multiply(turn, second), wanted));
    largest = Math.max(largest, largestTrace(rotations, multiply(transpose(turn), second), wanted));
  }
  return arccosine(Math.min(1, (largest - 1) / 2)) * 180 / Math.PI;
}

/** The axis of a rotation, either way round: the longest column of what averages all powers of it. */
function axisOf(m: Matrix3): Vector3 {
  const odd: Vector3 = [m[7] - m[5], m[2] - m[6], m[3] - m[1]];
  const size = Math.max(...odd.map(Math.abs));
  const trace = m[0] + m[4] + m[8];
  if (trace > 3 - 1e-12) return [0, 0, 1];
  if (size > 1e-4) return normalise(odd);
  // Near a half turn R + R^T + (1 - trace) 1 is a multiple of axis axis^T.
  const diagonal = 1 - trace;
  const columns = [0, 1, 2].map((column) =>
    [0, 1, 2].map((row) => m[3 * row + column] + m[3 * column + row] + (row === column ? diagonal : 0))
  );
  const square = (vector: readonly number[]) => vector.reduce((sum, value) => sum + value * value, 0);
  return normalise(
    vectorAt(columns.reduce((most, column) => square(column) > square(most) ? column : most)),
  );
}

/** The rotation by an angle in radians about an axis of any length: right-handed. */
export function rotationBy(cosine: number, sine: number, axis: Vector3): Matrix3 {
  const [x, y, z] = normalise(axis), rest = 1 - cosine;
  const rotation = matrixAt([
    ...[cosine + x * x * rest, x * y * rest - z * sine, x * z * rest + y * sine],
    ...[y * x * rest + z * sine, cosine + y * y * rest, y * z * rest - x * sine],
    ...[z * x * rest - y * sine, z * y * rest + x * sine, cosine + z * z * rest],
  ]);
  if (Math.abs(determinant(rotation) - 1) > 1e-6) throw new RangeError("cosine and sine are of no angle");
  return rotation;
}
