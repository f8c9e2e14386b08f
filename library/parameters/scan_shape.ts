/** The shape of the scan on the command line. */

import type { OpenOptions } from "../formats/format.ts";
import { notUnderstood } from "./number.ts";

/**
 * Reads `RxC`, the number of scan rows and columns.
 *
 * @throws {BadParameter} when the text is anything else, or a number is not at least 1
 */
export function parseScanShape(text: string): NonNullable<OpenOptions["scanShape"]> {
  const match = /^\s*(\d{1,9})\s*[xX×,]\s*(\d{1,9})\s*$/.exec(text);
  const rows = Number(match?.[1]), columns = Number(match?.[2]);
  if (!match || rows < 1 || columns < 1) {
    throw notUnderstood("--scan-shape", text, "ROWSxCOLUMNS, such as 256x256");
  }
  return { rows, columns };
}
