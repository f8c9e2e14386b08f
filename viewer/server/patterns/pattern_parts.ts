/** One pattern as the page gets it. */

import { readPattern } from "../../../library/scan/scan.ts";
import type { Parts } from "../../protocol/parts.ts";
import type { PatternHeader } from "../../protocol/patterns.ts";
import type { Item } from "../items/item.ts";
import { malformed } from "../requests.ts";

/**
 * The pattern of a probe as recorded.
 *
 * @throws {BadParameter} when there is no such probe
 */
export async function patternParts(item: Item, row: number, column: number): Promise<Parts<PatternHeader>> {
  const scan = item.demandScan(), { rows, columns } = item.shape;
  if (row >= rows || column >= columns) {
    throw malformed(`a probe of ${rows} x ${columns}`, `row ${row}, column ${column}`);
  }
  const pattern = Float32Array.from(await readPattern(scan, row, column));
  const sum = pattern.reduce((total, count) => total + count, 0);
  return { header: { row, column, sum }, arrays: { pattern } };
}
