/** Lattice planes and directions on the command line. */

import { notUnderstood } from "./number.ts";

/** Miller indices of a plane, or of a direction. */
export type Indices = readonly [h: number, k: number, l: number];

const expected = 'planes such as 111,200,1-10, with spaces where an index has two digits: "1 0 -12"';
/** Indices beyond this mean no plane that anybody looks at. */
const largest = 99;

/**
 * Reads a list of planes: `111,200`, `10-10` by the four indices of hexagonal crystals, `"1 0 -12"`.
 *
 * @throws {BadParameter} when the text is anything else
 */
export function parsePlanes(text: string): Indices[] {
  return text.split(",").map((word) => {
    const values = indicesOf(word);
    if (values?.length === 3) return values as unknown as Indices;
    // The third of four indices follows from the first two.
    if (values?.length === 4 && values[0] + values[1] + values[2] === 0) {
      return [values[0], values[1], values[3]];
    }
    throw notUnderstood("--planes", text, expected);
  });
}

/** Whole numbers, one digit each or with spaces between them, not all zero; `undefined` for anything else. */
export function indicesOf(text: string): number[] | undefined {
  const trimmed = text.trim();
  const parts = /\s/.test(trimmed) ? trimmed.split(/\s+/) : trimmed.match(/-?\d/g) ?? [];
  const values = parts.map(Number);
  const sound = parts.join("") === trimmed.replace(/\s+/g, "") && values.some((value) => value !== 0) &&
    values.every((value) => Number.isInteger(value) && Math.abs(value) <= largest);
  return sound ? values : undefined;
}
