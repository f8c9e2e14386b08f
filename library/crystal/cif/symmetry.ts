/** The symmetry operations of a CIF file: listed, or by the name of its space group. */

import { CorruptFile } from "../../scan/errors.ts";
import { identityOperation, parseOperation, type SymmetryOperation } from "../symmetry_operation.ts";
import type { SpaceGroups, SpaceGroupSetting } from "../space_groups.ts";
import type { CellParameters } from "../unit_cell.ts";
import type { CifBlock } from "./blocks.ts";
import { cifNumber } from "./numbers.ts";

/** What a file says of its symmetry. */
export interface CifSymmetry {
  readonly operations: readonly SymmetryOperation[];
  /** Hermann-Mauguin symbol as the file or the table writes it. */
  readonly spaceGroup?: string;
  /** The file names no symmetry, or P 1. */
  readonly trivial: boolean;
  readonly notes: readonly string[];
}

const operationTags = [
  "_space_group_symop_operation_xyz",
  "_symmetry_equiv_pos_as_xyz",
  "_space_group_symop.operation_xyz",
];
const hallTags = ["_space_group_name_hall", "_symmetry_space_group_name_hall"];
const symbolTags = [
  "_space_group_name_h-m_alt",
  "_symmetry_space_group_name_h-m",
  "_space_group_name_h-m_ref",
];
const numberTags = ["_space_group_it_number", "_symmetry_int_tables_number"];

/**
 * Operations come first, then the Hall symbol, the Hermann-Mauguin symbol and the number: a number beside the symbol of
 * another setting does not mean its own.
 *
 * @throws {CorruptFile} when an operation is none, or the space group is known by no table
 */
export function cifSymmetry(
  block: CifBlock,
  cell: CellParameters,
  groups: SpaceGroups,
  file: string,
): CifSymmetry {
  const value = (tags: readonly string[]) => tags.map((tag) => block.values.get(tag)).find((text) => text);
  const symbol = value(symbolTags);
  const listed = listedOperations(block, file);
  if (listed) {
    return { operations: listed, spaceGroup: symbol, trivial: listed.length === 1, notes: [] };
  }
  const hall = value(hallTags), number = cifNumber(value(numberTags), "the space group's number", file);
  const found = (hall && groups.byHall(hall)) || (symbol && groups.bySymbol(symbol, cell)) ||
    (number !== undefined && !symbol && groups.byNumber(number, cell)) || undefined;
  if (found) return ofSetting(found, symbol);
  if (hall || symbol || number !== undefined) {
    const said = [hall, symbol, number].filter((text) => text !== undefined).join(", ");
    throw new CorruptFile(`${file} names a space group that no table has`, {
      file,
      expected: "symmetry operations, or a space group of the International Tables that fits the cell",
      found: said.slice(0, 80),
      remedy: "add the operations (_space_group_symop_operation_xyz) to the CIF file",
    });
  }
  return {
    operations: [identityOperation],
    trivial: true,
    notes: ["the file names no symmetry: its atoms are taken for all atoms of the cell"],
  };
}

function ofSetting(
  { operations, symbol, setting, number }: SpaceGroupSetting,
  written?: string,
): CifSymmetry {
  const notes = written === undefined || /^[12]/.test(setting)
    ? [`space group ${number}${setting && `, setting ${setting}`}: ${symbol}`]
    : [];
  return { operations, spaceGroup: written ?? symbol, trivial: operations.length === 1, notes };
}

function listedOperations(block: CifBlock, file: string): SymmetryOperation[] | undefined {
  for (const tag of operationTags) {
    const single = block.values.get(tag);
    const texts = block.columns.get(tag) ?? (single === undefined ? undefined : [single]);
    if (!texts || texts.length === 0) continue;
    return texts.map((text, row) => {
      const operation = text === undefined ? undefined : parseOperation(text);
      if (operation) return operation;
      throw new CorruptFile(`symmetry operation ${row + 1} of ${file} cannot be read`, {
        file,
        expected: "an operation such as -y, x-y, z+1/3",
        found: text?.slice(0, 60) ?? "nothing",
        remedy: "correct the CIF file, or export it again",
      });
    });
  }
  return undefined;
}
