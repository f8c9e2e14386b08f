/** Reading crystals from CIF files. */

import { CorruptFile, UnsupportedFormat } from "../../scan/errors.ts";
import { FileSource, readBytes } from "../../scan/byte_source.ts";
import { type AtomSite, type Crystal, fillCell, misfit } from "../crystal.ts";
import type { Vector3 } from "../matrix.ts";
import { loadSpaceGroups, type SpaceGroups } from "../space_groups.ts";
import { type CellParameters, unitCell } from "../unit_cell.ts";
import { type CifBlock, cifBlocks } from "./blocks.ts";
import { cifNumber } from "./numbers.ts";
import { cifSites } from "./sites.ts";
import { cifSymmetry } from "./symmetry.ts";

/** Files of crystals are far smaller. */
const largestFile = 16 * 1024 * 1024;
/** Deviation from symmetry, in Å, that files of rounded coordinates have. */
const tolerance = 0.01;

const edges = ["a", "b", "c"] as const, angles = ["alpha", "beta", "gamma"] as const;

/**
 * Reads a crystal from a CIF file.
 *
 * @throws {FileUnavailable} when the file cannot be read
 * @throws whatever {@link parseCif} throws
 *
 * @example
 * ```ts
 * import { readCif } from "crystallite";
 *
 * const path = await Deno.makeTempFile({ suffix: ".cif" });
 * await Deno.writeTextFile(path, `data_gold
 * _cell_length_a 4.078
 * _cell_length_b 4.078
 * _cell_length_c 4.078
 * _cell_angle_alpha 90
 * _cell_angle_beta 90
 * _cell_angle_gamma 90
 * _space_group_name_H-M_alt 'F m -3 m'
 * loop_
 * _atom_site_type_symbol
 * _atom_site_fract_x
 * _atom_site_fract_y
 * _atom_site_fract_z
 * Au 0 0 0
 * `);
 * const gold = await readCif(path);
 * console.assert(gold.atoms.length === 4 && gold.operations.length === 192);
 * ```
 */
export async function readCif(path: string): Promise<Crystal> {
  const source = FileSource.open(path);
  try {
    if (source.size > largestFile) {
      throw new UnsupportedFormat(`${path} is too large for a CIF file`, {
        file: path,
        expected: `at most ${largestFile} bytes`,
        found: `${source.size} bytes`,
        remedy: "give the CIF file of the crystal",
      });
    }
    return await parseCif(new TextDecoder().decode(readBytes(source, 0, source.size)), path);
  } finally {
    source.close();
  }
}

/**
 * Reads the crystal of a CIF text: its first block that has a cell and atoms. Atoms keep the axes of the file.
 *
 * @param file name for messages
 * @throws {UnsupportedFormat} when no block has a cell and atoms
 * @throws {CorruptFile} when the text contradicts itself or the rules of CIF
 *
 * @example
 * ```ts
 * import { parseCif } from "crystallite";
 *
 * const iron = await parseCif(`data_iron
 * _cell_length_a 2.8664
 * _cell_length_b 2.8664
 * _cell_length_c 2.8664
 * _space_group_IT_number 229
 * loop_
 * _atom_site_label
 * _atom_site_fract_x
 * _atom_site_fract_y
 * _atom_site_fract_z
 * Fe1 0 0 0
 * `);
 * console.assert(iron.atoms.length === 2);
 * ```
 */
export async function parseCif(text: string, file = "the CIF text"): Promise<Crystal> {
  const blocks = cifBlocks(text, file);
  for (const block of blocks) {
    if (!edges.every((edge) => block.values.get(`_cell_length_${edge}`) !== undefined)) continue;
    const sites = cifSites(block, file);
    if (sites.length > 0) return crystalOf(block, sites, await loadSpaceGroups(), file);
  }
  throw new UnsupportedFormat(`${file} holds no crystal`, {
    file,
    expected: "a data_ block with _cell_length_a, _b, _c and a loop of atoms with fractional coordinates",
    found: blocks.length === 0 ? "no data_ block" : `${blocks.length} blocks without them`,
    remedy: "give the CIF file of a crystal structure",
  });
}

function crystalOf(block: CifBlock, sites: readonly AtomSite[], groups: SpaceGroups, file: string): Crystal {
  const parameters = cellParameters(block, file);
  const cell = unitCell(parameters);
  const symmetry = cifSymmetry(block, parameters, groups, file);
  const worst = Math.max(...symmetry.operations.map((operation) => misfit(cell, operation)));
  if (worst > 0.02) {
    throw new CorruptFile(`the symmetry of ${file} does not fit its cell`, {
      file,
      expected: "symmetry operations that leave lengths and angles of the cell as they are",
      found: `lengths that change by ${(100 * worst).toFixed(1)} %`,
      remedy: "check cell and symmetry of the CIF file; another setting of the space group may be meant",
    });
  }
  const atoms = fillCell(cell, sites, symmetry.operations, file);
  const crystal: Crystal = {
    name: block.values.get("_chemical_name_common") ?? block.values.get("_chemical_formula_sum") ??
      block.name,
    cell,
    atoms,
    operations: symmetry.operations,
    spaceGroup: symmetry.spaceGroup,
    notes: symmetry.notes,
  };
  return symmetry.trivial ? withFoundSymmetry(crystal, groups) : crystal;
}

/** Exported files often list all atoms in P 1; orientations need the symmetry that these have. */
function withFoundSymmetry(crystal: Crystal, groups: SpaceGroups): Crystal {
  const { cell, atoms } = crystal;
  // What shares a place is one kind of site, which another occupancy makes another kind.
  const places = new Map<string, { position: Vector3; kind: string }>();
  for (const { position, element, occupancy } of atoms) {
    const place = position.map((value) => Math.round(value * 1e4)).join(" ");
    const kind = `${places.get(place)?.kind ?? ""} ${element}:${occupancy}`;
    places.set(place, { position, kind });
  }
  const kinds = [...new Set(Array.from(places.values(), ({ kind }) => kind))];
  const found = groups.ofCell({
    basis: cell.direct,
    positions: Array.from(places.values(), ({ position }) => position),
    elements: Array.from(places.values(), ({ kind }) => kinds.indexOf(kind) + 1),
  }, tolerance);
  if (found.number === 1) return crystal;
  return {
    ...crystal,
    operations: found.operations,
    spaceGroup: found.symbol,
    notes: [...crystal.notes, `its atoms have the symmetry ${found.symbol} (${found.number})`],
  };
}

function cellParameters(block: CifBlock, file: string): CellParameters {
  const number = (tag: string, otherwise?: number) => {
    const value = cifNumber(block.values.get(tag), tag, file) ?? otherwise;
    if (value !== undefined) return value;
    throw new CorruptFile(`${file} does not say ${tag}`, {
      file,
      expected: "three lengths and three angles of the cell",
      remedy: "complete the CIF file",
    });
  };
  const [a, b, c] = edges.map((edge) => number(`_cell_length_${edge}`));
  // CIF gives angles that are left out this value.
  const [alpha, beta, gamma] = angles.map((angle) => number(`_cell_angle_${angle}`, 90));
  return { a, b, c, alpha, beta, gamma };
}
