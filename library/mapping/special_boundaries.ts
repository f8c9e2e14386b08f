/** Names of boundaries between crystals of one phase: low angles, coincidence site lattices and twins. */

import { apply, dot, type Matrix3, transpose, type Vector3 } from "../crystal/matrix.ts";
import { deviationFrom, type Misorientation, rotationBy } from "../crystal/misorientation.ts";
import type { LaueGroup } from "../crystal/point_group.ts";
import { reciprocalVector, type UnitCell } from "../crystal/unit_cell.ts";

/** A turn that has a name. */
interface NamedTurn {
  readonly name: string;
  readonly turn: Matrix3;
  /** Largest deviation in degrees that still has the name. */
  readonly limit: number;
}

/** Turns up to this angle, in degrees, are low-angle boundaries; Brandon's limit for Sigma is this over its root. */
const lowAngle = 15;
/** Deviation in degrees up to which a boundary of a hexagonal crystal is called a twin. */
const twinTolerance = 5;
/** Files of computed structures write 119.99999 for the 120 degrees of a hexagonal cell. */
const hexagonal = 120, writtenBadly = 0.01;

/**
 * Coincidence site lattices of cubic crystals up to Sigma 29: multiplicity, axis, and the m and n of the turn, whose
 * tangent of half the angle is n |axis| / m (Ranganathan 1966).
 */
const coincidences: readonly (readonly [name: string, sigma: number, axis: Vector3, m: number, n: number])[] =
  [
    ["Sigma3", 3, [1, 1, 1], 3, 1],
    ["Sigma5", 5, [1, 0, 0], 3, 1],
    ["Sigma7", 7, [1, 1, 1], 5, 1],
    ["Sigma9", 9, [1, 1, 0], 4, 1],
    ["Sigma11", 11, [1, 1, 0], 3, 1],
    ["Sigma13a", 13, [1, 0, 0], 5, 1],
    ["Sigma13b", 13, [1, 1, 1], 7, 1],
    ["Sigma15", 15, [2, 1, 0], 5, 1],
    ["Sigma17a", 17, [1, 0, 0], 4, 1],
    ["Sigma17b", 17, [2, 2, 1], 5, 1],
    ["Sigma19a", 19, [1, 1, 0], 6, 1],
    ["Sigma19b", 19, [1, 1, 1], 4, 1],
    ["Sigma21a", 21, [1, 1, 1], 9, 1],
    ["Sigma21b", 21, [2, 1, 1], 6, 1],
    ["Sigma23", 23, [3, 1, 1], 9, 1],
    ["Sigma25a", 25, [1, 0, 0], 7, 1],
    ["Sigma25b", 25, [3, 3, 1], 9, 1],
    ["Sigma27a", 27, [1, 1, 0], 5, 1],
    ["Sigma27b", 27, [2, 1, 0], 7, 1],
    ["Sigma29a", 29, [1, 0, 0], 5, 2],
    ["Sigma29b", 29, [2, 2, 1], 7, 1],
  ];

/** Twinning planes of hexagonal metals: half a turn about their normal makes the twin. */
const hexagonalTwins: readonly (readonly [name: string, plane: Vector3])[] = [
  ["{10-12} twin", [1, 0, 2]],
  ["{10-11} twin", [1, 0, 1]],
  ["{11-21} twin", [1, 1, 1]],
  ["{11-22} twin", [1, 1, 2]],
];

/** Names boundaries of one phase. */
export class BoundaryNames {
  readonly #named: readonly NamedTurn[];
  readonly #rotations: readonly Matrix3[];

  /** Works out the named turns of a crystal: coincidences of m-3m and m-3, twins of 6/mmm in a hexagonal cell. */
  constructor({ laueClass, rotations, frame }: LaueGroup, cell: UnitCell) {
    this.#rotations = rotations;
    if (laueClass === "m-3m" || laueClass === "m-3") {
      const toCrystal = transpose(frame);
      this.#named = coincidences.map(([name, sigma, axis, m, n]) => ({
        name,
        turn: coincidence(apply(toCrystal, axis), m, n),
        limit: lowAngle / Math.sqrt(sigma),
      }));
    } else if (laueClass === "6/mmm" && Math.abs(cell.gamma - hexagonal) < writtenBadly) {
      this.#named = hexagonalTwins.map(([name, plane]) => ({
        name,
        turn: rotationBy(-1, 0, reciprocalVector(cell, plane)),
        limit: twinTolerance,
      }));
    } else this.#named = [];
  }

  /** The name of a turn: that which it deviates least from, relative to its limit; `general` where there is none. */
  of({ angle, turn }: Misorientation): { readonly name: string; readonly deviation?: number } {
    if (angle <= lowAngle) return { name: "low angle" };
    let best: { name: string; deviation: number } | undefined, least = 1;
    for (const { name, turn: wanted, limit } of this.#named) {
      const deviation = deviationFrom(this.#rotations, turn, wanted);
      if (deviation / limit > least) continue;
      least = deviation / limit;
      best = { name, deviation };
    }
    return best ?? { name: "general" };
  }
}

/** The turn about an axis whose tangent of half the angle is n |axis| / m. */
function coincidence(axis: Vector3, m: number, n: number): Matrix3 {
  const square = dot(axis, axis), length = m * m + n * n * square;
  return rotationBy((m * m - n * n * square) / length, 2 * m * n * Math.sqrt(square) / length, axis);
}
