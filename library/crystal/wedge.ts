/** The part of all directions that symmetry leaves different, and directions spread over it. */

import { arccosine, sine } from "../scan/portable_math.ts";
import {
  add,
  apply,
  dot,
  inverse,
  type Matrix3,
  normalise,
  scale,
  transpose,
  type Vector3,
} from "./matrix.ts";
import type { LaueClass, LaueGroup } from "./point_group.ts";

/** A triangle on the sphere by its corners, unit vectors in the crystal's frame. */
export type Triangle = readonly [Vector3, Vector3, Vector3];

/** Corners in the standard frame of each class. */
const z: Vector3 = [0, 0, 1], x: Vector3 = [1, 0, 0], y: Vector3 = [0, 1, 0];
const half = Math.sqrt(0.5), third = Math.sqrt(1 / 3), long = Math.sqrt(0.75);
const at60: Vector3 = [0.5, long, 0], at120: Vector3 = [-0.5, long, 0];
const minus = (vector: Vector3) => scale(vector, -1);

const standardTriangles: Readonly<Record<LaueClass, readonly Triangle[]>> = {
  "-1": [[z, x, y], [z, y, minus(x)], [z, minus(x), minus(y)], [z, minus(y), x]],
  "2/m": [[z, x, y], [z, minus(x), y]],
  mmm: [[z, x, y]],
  "4/m": [[z, x, y]],
  "4/mmm": [[z, x, [half, half, 0]]],
  "-3": [[z, x, at60], [z, at60, at120]],
  // Two-fold axes along x.
  "-3m": [[z, [long, -0.5, 0], [long, 0.5, 0]]],
  "6/m": [[z, x, at60]],
  "6/mmm": [[z, x, [long, 0.5, 0]]],
  "m-3": [[z, x, [third, third, third]]],
  "m-3m": [[z, [0, half, half], [third, third, third]]],
};

/** The triangles that hold exactly one of all directions that the Laue group makes equal. */
export function wedgeOf(group: LaueGroup): Triangle[] {
  const toCrystal = transpose(group.frame);
  return standardTriangles[group.laueClass].map((corners) =>
    corners.map((corner) => apply(toCrystal, corner)) as unknown as Triangle
  );
}

/** A direction that symmetry has brought into the wedge. */
export interface ReducedDirection {
  readonly direction: Vector3;
  /** Index of its triangle. */
  readonly triangle: number;
  /** Coordinates along the corners of the triangle, none below zero. */
  readonly coordinates: Vector3;
}

/** Brings directions into the wedge of one Laue group. */
export class DirectionReducer {
  readonly triangles: readonly Triangle[];
  readonly #inverses: readonly Matrix3[];
  readonly #operations: readonly Matrix3[];

  /** Prepares a Laue group. */
  constructor(group: LaueGroup) {
    this.triangles = wedgeOf(group);
    this.#inverses = this.triangles.map(([a, b, c]) => inverse(transpose([...a, ...b, ...c])));
    this.#operations = group.rotations;
  }

  /** The equal of a direction, or of its opposite, that lies in the wedge. */
  reduce(direction: Vector3): ReducedDirection {
    let best: ReducedDirection | undefined, least = -Infinity;
    for (const operation of this.#operations) {
      const turned = apply(operation, direction);
      for (const candidate of [turned, minus(turned)]) {
        for (let triangle = 0; triangle < this.triangles.length; triangle++) {
          const coordinates = apply(this.#inverses[triangle], candidate);
          const smallest = Math.min(...coordinates);
          if (smallest >= -1e-9) {
            return { direction: candidate, triangle, coordinates: notNegative(coordinates) };
          }
          if (smallest > least) {
            least = smallest;
            best = { direction: candidate, triangle, coordinates };
          }
        }
      }
    }
    // Between two triangles, where rounding leaves a direction outside both.
    return { ...best!, coordinates: notNegative(best!.coordinates) };
  }
}

function notNegative([a, b, c]: Vector3): Vector3 {
  return [Math.max(0, a), Math.max(0, b), Math.max(0, c)];
}

/**
 * Directions spread over the wedge, at most about `step` radians from any other.
 *
 * Each triangle is divided into rows parallel to the side opposite to its first corner; row i holds i + 1 directions.
 */
export function zoneAxes(group: LaueGroup, step: number): Vector3[] {
  const directions: Vector3[] = [];
  for (const [index, [first, second, last]] of wedgeOf(group).entries()) {
    const rows = roundHalfToEven(Math.max(angle(first, second), angle(first, last)) / step);
    const count = Math.max(1, rows);
    for (let row = 0; row <= count; row++) {
      const start = between(first, second, row / count), end = between(first, last, row / count);
      for (let column = 0; column <= row; column++) {
        const direction = row === 0 ? first : between(start, end, column / row);
        // Triangles share sides.
        if (index === 0 || !directions.some((known) => dot(known, direction) > 1 - 1e-12)) {
          directions.push(direction);
        }
      }
    }
  }
  return directions;
}

/** Angle in radians between unit vectors. */
export function angle(one: Vector3, other: Vector3): number {
  return arccosine(dot(one, other));
}

/** The unit vector a part of the way along the great circle from one to another. */
export function between(one: Vector3, other: Vector3, part: number): Vector3 {
  const whole = angle(one, other);
  if (whole < 1e-12 || part === 0) return one;
  const sum = add(scale(one, sine((1 - part) * whole)), scale(other, sine(part * whole)));
  return normalise(sum);
}

function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value - Math.trunc(value)) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
