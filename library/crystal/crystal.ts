/** A crystal: its cell, all atoms in it, and its symmetry. */

import { CorruptFile } from "../scan/errors.ts";
import { apply, length, type Matrix3, type Vector3, vectorAt } from "./matrix.ts";
import { identityOperation, operate, type SymmetryOperation } from "./symmetry_operation.ts";
import { directVector, type UnitCell } from "./unit_cell.ts";

/** An atom of the cell. */
export interface AtomSite {
  /** Atomic number. */
  readonly element: number;
  /** Fractional coordinates. */
  readonly position: Vector3;
  /** Part of the cells in which it is there, 0 to 1. */
  readonly occupancy: number;
  /** Debye-Waller parameter B in Å^2; absent where it is not known. */
  readonly debyeWaller?: number;
}

/** A crystal structure. */
export interface Crystal {
  /** What people call it. */
  readonly name: string;
  /** Its unit cell. */
  readonly cell: UnitCell;
  /** All atoms of the cell. */
  readonly atoms: readonly AtomSite[];
  /** Operations of the space group, in the cell's axes. */
  readonly operations: readonly SymmetryOperation[];
  /** Hermann-Mauguin symbol, where it is known. */
  readonly spaceGroup?: string;
  /** What was assumed about it, in sentences. */
  readonly notes: readonly string[];
}

/** Atoms of one element nearer than this, in Å, are one atom that several operations produce. */
const samePlace = 0.01;
/** More atoms than any cell that diffracts into separate disks. */
const mostAtoms = 20_000;

/**
 * All atoms of the cell that operations make of the sites.
 *
 * @param file for messages
 * @throws {CorruptFile} when there are more than a cell can hold
 */
export function fillCell(
  cell: UnitCell,
  sites: readonly AtomSite[],
  operations: readonly SymmetryOperation[],
  file: string,
): AtomSite[] {
  const atoms: AtomSite[] = [];
  for (const site of sites) {
    const copies: AtomSite[] = [];
    for (const operation of operations.length > 0 ? operations : [identityOperation]) {
      const position = vectorAt(
        operate(operation, vectorAt(site.position.map(exactFraction))).map(intoCell),
      );
      const taken = (atom: AtomSite) =>
        atom.element === site.element && distance(cell, atom.position, position) < samePlace;
      if (copies.some(taken) || atoms.some(taken)) continue;
      copies.push({ ...site, position });
    }
    atoms.push(...copies);
    if (atoms.length > mostAtoms) {
      throw new CorruptFile(`${file} fills its cell with too many atoms`, {
        file,
        expected: `at most ${mostAtoms} atoms`,
        found: `${atoms.length} after ${sites.length} sites`,
        remedy: "check the coordinates and the symmetry operations of the CIF file",
      });
    }
  }
  return atoms;
}

/** Thirds and sixths that files write with four or more digits; operations would take 0.3333 and 0.6667 apart. */
function exactFraction(value: number): number {
  const sixths = Math.round(value * 6);
  return Math.abs(value * 6 - sixths) < 6e-4 && sixths % 6 !== 0 ? sixths / 6 : value;
}

function intoCell(value: number): number {
  const inside = value - Math.floor(value);
  return inside > 1 - 1e-4 ? 0 : inside;
}

/** Between two places of the crystal, whatever cells they lie in, in Å. */
function distance(cell: UnitCell, one: Vector3, other: Vector3): number {
  const apart = one.map((value, axis) => value - other[axis] - Math.round(value - other[axis]));
  return length(directVector(cell, vectorAt(apart)));
}

/** How far an operation is from leaving lengths and angles of the cell as they are, relative to the cell. */
export function misfit(cell: UnitCell, { rotation }: SymmetryOperation): number {
  const edges = ([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]] as const).map((edge) => {
    const turned = length(directVector(cell, apply(rotation as Matrix3, edge)));
    const before = length(directVector(cell, edge));
    return Math.abs(turned - before) / before;
  });
  return Math.max(...edges);
}
