/**
 * Crystals of a result inside a page, with their symmetry: the tables of space groups, by which a CIF file is read, are not
 * in the page.
 */

import { join } from "node:path";
import { array, finite, type InferOutput, length, number, object, optional, pipe, string } from "valibot";
import type { Crystal } from "../crystal/crystal.ts";
import { matrixAt, vectorAt } from "../crystal/matrix.ts";
import { unitCell } from "../crystal/unit_cell.ts";
import { readText } from "../scan/text_file.ts";
import { parseJson } from "../scan/parse_json.ts";
import { parseSchema, wholeNumber } from "../scan/schema.ts";
import { refusal } from "./run_schema.ts";

/** Name of the file, which only results inside pages have. */
export const pageCrystalsName = "page_crystals.json";

const value = pipe(number("a finite number"), finite("a finite number"));
const numbers = (count: number) => pipe(array(value), length(count, `${count} numbers`));
const crystal = object({
  name: string(),
  cell: object({ a: value, b: value, c: value, alpha: value, beta: value, gamma: value }),
  atoms: array(object({
    element: wholeNumber(1, 118),
    position: numbers(3),
    occupancy: value,
    debyeWaller: optional(value),
  })),
  operations: array(object({ rotation: numbers(9), translation: numbers(3) })),
  spaceGroup: optional(string()),
  notes: array(string()),
});

/** The crystals as bytes of JSON; every number is read back as it is. */
export function encodePageCrystals(crystals: readonly Crystal[]): Uint8Array<ArrayBuffer> {
  const plain = crystals.map(({ cell: { a, b, c, alpha, beta, gamma }, ...others }) => ({
    ...others,
    cell: { a, b, c, alpha, beta, gamma },
  }));
  return new TextEncoder().encode(JSON.stringify(plain));
}

/**
 * Reads them.
 *
 * @throws {FileUnavailable} when the file is missing
 * @throws {CorruptFile} when it is none of ours
 */
export async function readPageCrystals(directory: string): Promise<Crystal[]> {
  const path = join(directory, pageCrystalsName);
  const text = await readText(path);
  return parseSchema(array(crystal), parseJson(text), (misfit) => refusal(path, misfit)).map(crystalOf);
}

function crystalOf({ cell, atoms, operations, ...others }: InferOutput<typeof crystal>): Crystal {
  return {
    ...others,
    cell: unitCell(cell),
    atoms: atoms.map((atom) => ({ ...atom, position: vectorAt(atom.position) })),
    operations: operations.map(({ rotation, translation }) => ({
      rotation: matrixAt(rotation),
      translation: vectorAt(translation),
    })),
  };
}
