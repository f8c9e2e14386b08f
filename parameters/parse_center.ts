/** The direct beam on the command line. */

import type { DetectorCenter } from "../library/passes/detector/preparation.ts";
import { parsePair } from "./parse_number.ts";

/**
 * Reads `auto` or `Y,X`, the position of the direct beam in detector pixels (row, column), 0 = centre of the first.
 *
 * @throws {BadParameter} when the text is neither
 */
export function parseCenter(text: string): DetectorCenter {
  if (text.trim() === "auto") return { kind: "auto" };
  const [row, column] = parsePair("--q-center", text, 'auto or "Y,X" in detector pixels');
  return { kind: "at", row, column };
}
