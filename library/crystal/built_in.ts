/** Crystals that need no file. */

import { BadParameter } from "../scan/errors.ts";
import { atomicNumber } from "./elements.ts";
import { type Crystal, fillCell } from "./crystal.ts";
import type { Vector3 } from "./matrix.ts";
import { loadSpaceGroups } from "./space_groups.ts";
import { unitCell } from "./unit_cell.ts";

/** A crystal by its lattice parameters and one atom of each orbit. */
interface BuiltIn {
  /** Edges a and c in Å; c = a where it is left out. */
  readonly a: number;
  readonly c?: number;
  /** Hermann-Mauguin symbol. */
  readonly spaceGroup: string;
  readonly sites: readonly (readonly [symbol: string, position: Vector3])[];
}

const origin: Vector3 = [0, 0, 0], centre: Vector3 = [0.5, 0.5, 0.5];

const faceCentred = (symbol: string, a: number): BuiltIn => ({
  a,
  spaceGroup: "F m -3 m",
  sites: [[symbol, origin]],
});

/**
 * Lattice parameters at room temperature: elements from W. B. Pearson, A Handbook of Lattice Spacings and Structures of
 * Metals and Alloys, vol. 2 (1967); silicon CODATA 2018; MgO, R. M. Hazen, Am. Mineral. 61, 266 (1976); SrTiO3, Y. A.
 * Abramov et al., Acta Cryst. B51, 942 (1995).
 */
const builtIns: Readonly<Record<string, BuiltIn>> = {
  Ag: faceCentred("Ag", 4.0862),
  Al: faceCentred("Al", 4.0496),
  Au: faceCentred("Au", 4.0782),
  Cu: faceCentred("Cu", 3.6149),
  Fe: { a: 2.8664, spaceGroup: "I m -3 m", sites: [["Fe", origin]] },
  MgO: { a: 4.2117, spaceGroup: "F m -3 m", sites: [["Mg", origin], ["O", centre]] },
  Pt: faceCentred("Pt", 3.9236),
  Si: { a: 5.43102, spaceGroup: "F d -3 m :1", sites: [["Si", origin]] },
  SrTiO3: {
    a: 3.9053,
    spaceGroup: "P m -3 m",
    sites: [["Sr", origin], ["Ti", centre], ["O", [0.5, 0.5, 0]]],
  },
  Ti: { a: 2.9506, c: 4.6788, spaceGroup: "P 63/m m c", sites: [["Ti", [1 / 3, 2 / 3, 0.25]]] },
};

/** Names of the crystals that {@link builtInCrystal} knows. */
export const builtInCrystals: readonly string[] = Object.keys(builtIns);

/** What tells them apart: space group and lattice parameters, in the order of {@link builtInCrystals}. */
export const builtInLattices: readonly string[] = Object.values(builtIns).map(({ spaceGroup, a, c }) =>
  `${spaceGroup.replace(/ :.*/, "").replaceAll(" ", "")}, a ${a} Å${c === undefined ? "" : `, c ${c} Å`}`
);

/**
 * A crystal by its formula: Ag, Al, Au, Cu, Fe (body-centred), MgO, Pt, Si, SrTiO3, Ti (hexagonal), with lattice
 * parameters at room temperature.
 *
 * @throws {BadParameter} when it is none of them
 *
 * @example
 * ```ts
 * import { builtInCrystal } from "crystallite";
 *
 * const silicon = await builtInCrystal("Si");
 * console.assert(silicon.atoms.length === 8 && silicon.cell.a === 5.43102);
 * ```
 */
export async function builtInCrystal(name: string): Promise<Crystal> {
  const found = Object.entries(builtIns).find(([formula]) =>
    formula.toLowerCase() === name.trim().toLowerCase()
  );
  if (!found) {
    throw new BadParameter(`no crystal is called ${JSON.stringify(name.slice(0, 40))}`, {
      expected: builtInCrystals.join(", "),
      found: name.slice(0, 40),
      parameter: "crystal",
      remedy: "choose one of them, or give a CIF file",
    });
  }
  const [formula, { a, c = a, spaceGroup, sites }] = found;
  const hexagonal = c !== a;
  const cell = unitCell({ a, b: a, c, alpha: 90, beta: 90, gamma: hexagonal ? 120 : 90 });
  const groups = await loadSpaceGroups();
  const { operations } = groups.bySymbol(spaceGroup, cell)!;
  const atoms = sites.map(([symbol, position]) => ({
    element: atomicNumber(symbol)!,
    position,
    occupancy: 1,
  }));
  return {
    name: formula,
    cell,
    atoms: fillCell(cell, atoms, operations, formula),
    operations,
    spaceGroup: spaceGroup.replace(/ ?:.*/, ""),
    notes: [],
  };
}
