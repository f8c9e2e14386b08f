/** The symmetry of a crystal's patterns: its Laue group, in the frame of the crystal. */

import type { Crystal } from "./crystal.ts";
import {
  add,
  cross,
  determinant,
  dot,
  identity,
  inverse,
  length,
  type Matrix3,
  matrixAt,
  multiply,
  normalise,
  scale,
  transpose,
  type Vector3,
} from "./matrix.ts";
import { cartesianRotation } from "./symmetry_operation.ts";

/** The eleven Laue classes: point groups with an inversion, which is all that kinematic patterns show. */
export type LaueClass =
  | "-1"
  | "2/m"
  | "mmm"
  | "4/m"
  | "4/mmm"
  | "-3"
  | "-3m"
  | "6/m"
  | "6/mmm"
  | "m-3"
  | "m-3m";

/** A Laue group in the Cartesian frame of a crystal. */
export interface LaueGroup {
  /** Which of the eleven. */
  readonly laueClass: LaueClass;
  /** The rotations that turn the crystal into itself, the identity first: half of the group. */
  readonly rotations: readonly Matrix3[];
  /**
   * Standard axes of the class in the crystal's frame, by rows: the main axis along z (of 2/m along y), an axis of the
   * second kind, where there is one, along x.
   */
  readonly frame: Matrix3;
}

/** Rotations alike to this are one. */
const alike = 1e-3;

/**
 * The Laue group of a crystal, whatever the setting of its cell.
 *
 * @example
 * ```ts
 * import { builtInCrystal, laueGroup } from "crystallite";
 *
 * const { laueClass, rotations } = laueGroup(await builtInCrystal("Ti"));
 * console.assert(laueClass === "6/mmm" && rotations.length === 12);
 * ```
 */
export function laueGroup(crystal: Crystal): LaueGroup {
  const rotations: Matrix3[] = [identity];
  for (const operation of crystal.operations) {
    const turned = nearestRotation(cartesianRotation(crystal.cell, operation));
    const proper = determinant(turned) > 0 ? turned : scaled(turned, -1);
    if (!rotations.some((known) => difference(known, proper) < alike)) rotations.push(proper);
  }
  const laueClass = classOf(rotations);
  return { laueClass, rotations, frame: standardFrame(laueClass, rotations) };
}

/** Order of a rotation: 1, 2, 3, 4 or 6. */
function orderOf(rotation: Matrix3): number {
  const trace = Math.round(rotation[0] + rotation[4] + rotation[8]);
  return ({ "3": 1, "-1": 2, "0": 3, "1": 4, "2": 6 } as Record<string, number>)[String(trace)] ?? 1;
}

/** Axis of a rotation other than the identity: of the two directions that with the larger z, then y, then x. */
function axisOf(rotation: Matrix3): Vector3 {
  const m = rotation;
  let axis: Vector3 = [m[7] - m[5], m[2] - m[6], m[3] - m[1]];
  if (length(axis) < alike) {
    // A half turn: all columns of R + 1 lie along its axis.
    const columns = [0, 1, 2].map((column): Vector3 => [
      m[column] + (column === 0 ? 1 : 0),
      m[3 + column] + (column === 1 ? 1 : 0),
      m[6 + column] + (column === 2 ? 1 : 0),
    ]);
    axis = columns.reduce((longest, column) => length(column) > length(longest) ? column : longest);
  }
  const [x, y, z] = normalise(axis);
  const backwards = z < -alike || (Math.abs(z) <= alike && (y < -alike || (Math.abs(y) <= alike && x < 0)));
  return backwards ? [-x, -y, -z] : [x, y, z];
}

/** Different axes of the rotations of one order. */
function axesOf(rotations: readonly Matrix3[], order: number): Vector3[] {
  const axes: Vector3[] = [];
  for (const rotation of rotations) {
    if (orderOf(rotation) !== order) continue;
    const axis = axisOf(rotation);
    if (!axes.some((known) => Math.abs(dot(known, axis)) > 1 - alike)) axes.push(axis);
  }
  return axes;
}

function classOf(rotations: readonly Matrix3[]): LaueClass {
  const has = (order: number) => axesOf(rotations, order).length > 0;
  switch (rotations.length) {
    case 1:
      return "-1";
    case 2:
      return "2/m";
    case 3:
      return "-3";
    case 4:
      return has(4) ? "4/m" : "mmm";
    case 6:
      return has(6) ? "6/m" : "-3m";
    case 8:
      return "4/mmm";
    case 12:
      return has(6) ? "6/mmm" : "m-3";
    case 24:
      return "m-3m";
    default:
      // Operations that are no group: their crystal has at least no less symmetry than none.
      return "-1";
  }
}

/** Standard axes by rows, as near to the axes of the crystal's frame as symmetry allows. */
function standardFrame(laueClass: LaueClass, rotations: readonly Matrix3[]): Matrix3 {
  const axes = (order: number) => axesOf(rotations, order);
  switch (laueClass) {
    case "-1":
      return identity;
    case "2/m": {
      const y = axes(2)[0];
      return fromRows(perpendicular(y), y);
    }
    case "mmm":
    case "m-3":
      return fromThree(axes(2));
    case "m-3m":
      return fromThree(axes(4));
    case "4/m":
    case "-3":
    case "6/m": {
      const z = axes(laueClass === "4/m" ? 4 : laueClass === "-3" ? 3 : 6)[0];
      const x = perpendicular(z);
      return fromRows(x, cross(z, x));
    }
    case "4/mmm":
    case "-3m":
    case "6/mmm": {
      const z = axes(laueClass === "4/mmm" ? 4 : laueClass === "-3m" ? 3 : 6)[0];
      const along = perpendicular(z);
      const x = nearest(axes(2).filter((axis) => Math.abs(dot(axis, z)) < alike), along);
      return fromRows(x, cross(z, x));
    }
  }
}

/** The crystal's x axis, or if that is the axis itself its y axis, made perpendicular to an axis. */
function perpendicular(axis: Vector3): Vector3 {
  const start: Vector3 = Math.abs(axis[0]) > 0.9 ? [0, 1, 0] : [1, 0, 0];
  return normalise(add(start, scale(axis, -dot(start, axis))));
}

/** Of axes, either way round, that nearest to a direction. */
function nearest(axes: readonly Vector3[], direction: Vector3): Vector3 {
  const [first, ...others] = axes.flatMap((axis) => [axis, scale(axis, -1)]);
  return others.reduce(
    (best, axis) => dot(axis, direction) > dot(best, direction) + alike ? axis : best,
    first,
  );
}

/** Three axes at right angles, each as near as can be to x, y and z in turn. */
function fromThree(axes: readonly Vector3[]): Matrix3 {
  const x = nearest(axes, [1, 0, 0]);
  const y = nearest(axes.filter((axis) => Math.abs(dot(axis, x)) < alike), [0, 1, 0]);
  return fromRows(x, y);
}

function fromRows(x: Vector3, y: Vector3): Matrix3 {
  return [...x, ...y, ...cross(x, y)];
}

/**
 * The rotation, or rotation with inversion, nearest to a matrix: cells of rounded lengths turn into themselves only about,
 * and means of rotations are none.
 *
 * @throws {RangeError} when the matrix has no inverse
 */
export function nearestRotation(matrix: Matrix3): Matrix3 {
  let m = matrix;
  for (let step = 0; step < 20; step++) {
    const other = transpose(inverse(m));
    const mean = matrixAt(m.map((value, index) => (value + other[index]) / 2));
    const change = difference(m, mean);
    m = mean;
    if (change < 1e-15) break;
  }
  return m;
}

function scaled(matrix: Matrix3, factor: number): Matrix3 {
  return matrixAt(matrix.map((value) => value * factor));
}

function difference(one: Matrix3, other: Matrix3): number {
  return Math.max(...one.map((value, index) => Math.abs(value - other[index])));
}

/** Angle-free distance of two rotations up to the symmetry of one: the largest trace of S one other^T over rotations S. */
export function largestTrace(rotations: readonly Matrix3[], one: Matrix3, other: Matrix3): number {
  return nearestEqual(rotations, one, other).trace;
}

/** Of the rotations S that which brings `one` nearest to `other`, by its index, and the trace of S one other^T. */
export function nearestEqual(
  rotations: readonly Matrix3[],
  one: Matrix3,
  other: Matrix3,
): { readonly index: number; readonly trace: number } {
  const between = multiply(one, transpose(other));
  let largest = -1, index = 0;
  for (let candidate = 0; candidate < rotations.length; candidate++) {
    const s = rotations[candidate];
    // trace(S B) without the product.
    const trace = s[0] * between[0] + s[1] * between[3] + s[2] * between[6] +
      s[3] * between[1] + s[4] * between[4] + s[5] * between[7] +
      s[6] * between[2] + s[7] * between[5] + s[8] * between[8];
    if (trace <= largest) continue;
    largest = trace;
    index = candidate;
  }
  return { index, trace: largest };
}
