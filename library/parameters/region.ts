/** A part of the scan on the command line. */

import type { Region } from "../scan/region.ts";
import { notUnderstood } from "./number.ts";

/**
 * Reads `Y0:Y1,X0:X1`: rows and columns in probe positions, ends excluded.
 *
 * @throws {BadParameter} when the text is anything else, or the region is empty
 */
export function parseRegion(text: string): Region {
  const match = /^\s*(\d{1,9})\s*:\s*(\d{1,9})\s*,\s*(\d{1,9})\s*:\s*(\d{1,9})\s*$/.exec(text);
  const [firstRow, lastRow, firstColumn, lastColumn] = (match ?? []).slice(1).map(Number);
  if (!match || lastRow <= firstRow || lastColumn <= firstColumn) {
    throw notUnderstood("--roi", text, "rows Y0:Y1 and columns X0:X1, ends excluded, such as 0:64,32:96");
  }
  return { firstRow, lastRow, firstColumn, lastColumn };
}
