/** Operations of space groups, and groups by the symbols people write (moyo, https://github.com/spglib/moyo). */

import type * as MoyoTypes from "@spglib/moyo-wasm";
import { type Matrix3, transpose, type Vector3 } from "./matrix.ts";
import { bare, settingFits, symbolsOfSetting } from "./space_group_symbols.ts";
import type { SymmetryOperation } from "./symmetry_operation.ts";
import type { CellParameters } from "./unit_cell.ts";

type Moyo = typeof MoyoTypes;

/** One of the 530 settings of the 230 space groups. */
export interface SpaceGroupSetting {
  /** Number in the International Tables, 1 to 230. */
  readonly number: number;
  /** Hall symbol. */
  readonly hall: string;
  /** Full Hermann-Mauguin symbol of this setting. */
  readonly symbol: string;
  /** Axes and origin: `b1`, `H` (hexagonal), `R` (rhombohedral), `1` and `2` (origin), `cab` … */
  readonly setting: string;
  readonly operations: readonly SymmetryOperation[];
}

/** Looks space groups up. */
export interface SpaceGroups {
  /** By the Hall symbol, blanks and case aside. */
  byHall(symbol: string): SpaceGroupSetting | undefined;
  /** By a Hermann-Mauguin symbol, short or full, as people write it: `F m -3 m`, `Fm3m`, `P 1 21/n 1`, `P4_2/mnm`, `R-3c:H`. */
  bySymbol(symbol: string, cell: CellParameters): SpaceGroupSetting | undefined;
  /** By number, in the standard setting; of rhombohedral groups in that which fits the cell. */
  byNumber(number: number, cell: CellParameters): SpaceGroupSetting | undefined;
  /** The symmetry that a cell full of atoms has within `tolerance` Å, in the cell's own axes. */
  ofCell(cell: CellOfAtoms, tolerance: number): FoundSymmetry;
}

/** Atoms in a cell: basis by rows in Å, fractional positions. */
export interface CellOfAtoms {
  readonly basis: Matrix3;
  readonly positions: readonly Vector3[];
  readonly elements: readonly number[];
}

/** A symmetry that was looked for. */
export interface FoundSymmetry {
  readonly number: number;
  /** Short Hermann-Mauguin symbol. */
  readonly symbol: string;
  readonly operations: readonly SymmetryOperation[];
}

let loading: Promise<SpaceGroups> | undefined;

/** Loads the tables, once per thread. */
export function loadSpaceGroups(): Promise<SpaceGroups> {
  return loading ??= load();
}

async function load(): Promise<SpaceGroups> {
  const moyo: Moyo = await import("@spglib/moyo-wasm");
  const binary = await packagedBinary();
  if (binary) moyo.initSync({ module: binary });
  else await moyo.default();
  const settings = Array.from({ length: 530 }, (_, index) => moyo.hall_symbol_entry(index + 1));
  const bySymbol = new Map<string, number[]>(), byHall = new Map<string, number>();
  for (const entry of settings) {
    byHall.set(bare(entry.hall_symbol), entry.hall_number);
    for (const key of symbolsOfSetting(entry)) {
      const known = bySymbol.get(key);
      if (!known) bySymbol.set(key, [entry.hall_number]);
      else if (moyo.hall_symbol_entry(known[0]).number === entry.number) known.push(entry.hall_number);
    }
  }
  const setting = (hallNumber: number): SpaceGroupSetting => {
    const { number, hall_symbol: hall, hm_full: symbol, setting } = moyo.hall_symbol_entry(hallNumber);
    const operations = moyo.operations_from_number(number, { type: "HallNumber", value: hallNumber }, false);
    return { number, hall, symbol, setting, operations: operations.map(operationOf) };
  };
  const fitting = (candidates: readonly number[], cell: CellParameters) => {
    const found = candidates.find((hallNumber) =>
      settingFits(moyo.hall_symbol_entry(hallNumber).setting, cell)
    );
    return found === undefined ? undefined : setting(found);
  };
  return {
    byHall(symbol) {
      const hallNumber = byHall.get(bare(symbol));
      return hallNumber === undefined ? undefined : setting(hallNumber);
    },
    bySymbol(symbol, cell) {
      const [name, choice] = symbol.split(":").map(bare);
      const candidates = bySymbol.get(name) ?? [];
      if (!choice) return fitting(candidates, cell);
      const chosen = candidates.find((hallNumber) =>
        bare(moyo.hall_symbol_entry(hallNumber).setting) === choice
      );
      return chosen === undefined ? undefined : setting(chosen);
    },
    byNumber(number, cell) {
      if (!(Number.isInteger(number) && number >= 1 && number <= 230)) return undefined;
      const standard = moyo.space_group_type(number).hall_number;
      const all = moyo.hall_symbol_entries_from_number(number).map((entry) => entry.hall_number);
      return fitting([standard, ...all.filter((hallNumber) => hallNumber !== standard)], cell);
    },
    ofCell({ basis, positions, elements }, tolerance) {
      const cell = { lattice: { basis }, positions, numbers: elements };
      const found = moyo.analyze_cell(JSON.stringify(cell), tolerance, "Standard");
      return { number: found.number, symbol: found.hm_symbol, operations: found.operations.map(operationOf) };
    },
  };
}

/**
 * The tables' WebAssembly where the package lies on a disk or in an executable, where it cannot be fetched; `undefined` for
 * a library that is loaded from a registry, where names mean nothing and the package fetches its own.
 */
async function packagedBinary(): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await Deno.readFile(new URL(import.meta.resolve("@spglib/moyo-wasm/moyo_wasm_bg.wasm")));
  } catch {
    return undefined;
  }
}

/** The rotations of moyo lie column by column. */
function operationOf({ rotation, translation }: MoyoTypes.MoyoOperation): SymmetryOperation {
  return { rotation: transpose(rotation), translation };
}
