/** Numbers on the command line that the program can choose itself. */

import type { Threshold } from "../library/cluster/parameters.ts";
import { decimalNumber, notUnderstood, parseNumber } from "./parse_number.ts";

/**
 * Reads `T|auto|qX`.
 *
 * @throws {BadParameter} when it is none of them or out of range
 */
export function parseThreshold(text: string): Threshold {
  const word = text.trim();
  if (word === "auto") return { kind: "auto" };
  const quantile = /^q(.+)$/.exec(word)?.[1];
  if (quantile !== undefined) {
    const rule = { expected: "qX with a quantile X from 0 to 1", minimum: 0, maximum: 1 };
    return { kind: "quantile", quantile: parseNumber("--threshold", quantile, rule) };
  }
  if (decimalNumber(word) === undefined) {
    throw notUnderstood(
      "--threshold",
      text,
      "a number from -1 to 1, auto, or qX with a quantile X from 0 to 1",
    );
  }
  return parseNumber("--threshold", word, { expected: "a number from -1 to 1", minimum: -1, maximum: 1 });
}

/**
 * Reads `SIGMA|auto`.
 *
 * @throws {BadParameter} when it is neither, or out of range
 */
export function parseBlur(text: string): number | "auto" {
  if (text.trim() === "auto") return "auto";
  return parseNumber("--blur", text, { expected: "0 to 100 detector pixels", minimum: 0, maximum: 100 });
}
