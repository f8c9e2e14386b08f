/** Symmetry operations of crystals, as CIF files write them. */

import {
  apply,
  inverse,
  type Matrix3,
  matrixAt,
  multiply,
  transpose,
  type Vector3,
  vectorAt,
} from "./matrix.ts";
import type { UnitCell } from "./unit_cell.ts";

/** x' = rotation x + translation, in fractional coordinates. */
export interface SymmetryOperation {
  /** Acts on fractional coordinates. */
  readonly rotation: Matrix3;
  /** In parts of the edges. */
  readonly translation: Vector3;
}

/** The operation that changes nothing. */
export const identityOperation: SymmetryOperation = {
  rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  translation: [0, 0, 0],
};

/** One term of a coordinate: a sign, then a variable, or a number that may be a fraction. */
const term = /([+-]?)(?:([xyz])|(\d+(?:\.\d*)?|\.\d+)(?:\/(\d+(?:\.\d*)?))?(?:\*?([xyz]))?)/gy;

/**
 * An operation such as `-y, x-y, z+1/3` or `1/2+X,-Y,0.5-Z`; `undefined` where the text is none.
 */
export function parseOperation(text: string): SymmetryOperation | undefined {
  const coordinates = text.toLowerCase().replace(/[\s'"]/g, "").split(",");
  if (coordinates.length !== 3) return undefined;
  const rotation: number[] = [], translation: number[] = [];
  for (const coordinate of coordinates) {
    const row = [0, 0, 0, 0];
    term.lastIndex = 0;
    for (let at = 0; at < coordinate.length; at = term.lastIndex) {
      term.lastIndex = at;
      const found = term.exec(coordinate);
      // Terms after the first need a sign between them.
      if (!found || (at > 0 && found[1] === "")) return undefined;
      const [, sign, variable, number = "1", divisor = "1", factorOf] = found;
      const value = (sign === "-" ? -1 : 1) * Number(number) / Number(divisor);
      if (!Number.isFinite(value)) return undefined;
      const name = variable ?? factorOf;
      row[name === undefined ? 3 : "xyz".indexOf(name)] += value;
    }
    if (row.slice(0, 3).every((value) => value === 0)) return undefined;
    rotation.push(...row.slice(0, 3));
    translation.push(row[3]);
  }
  return { rotation: matrixAt(rotation), translation: vectorAt(translation) };
}

/** Where an operation takes fractional coordinates; not brought back into the cell. */
export function operate({ rotation, translation }: SymmetryOperation, position: Vector3): Vector3 {
  const [x, y, z] = apply(rotation, position);
  return [x + translation[0], y + translation[1], z + translation[2]];
}

/** The rotation part of an operation in the cell's Cartesian frame; orthogonal if the cell has the symmetry. */
export function cartesianRotation(cell: UnitCell, { rotation }: SymmetryOperation): Matrix3 {
  const toCartesian = transpose(cell.direct);
  return multiply(multiply(toCartesian, rotation), inverse(toCartesian));
}
