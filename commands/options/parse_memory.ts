/** Sizes of memory on the command line. */

import { decimalNumber, notUnderstood } from "../../library/parameters/number.ts";

const binaryPowers = ["", "k", "m", "g", "t"];

/**
 * Reads a size in bytes: `512M`, `1G` and `1GiB` count in powers of 1024, `1GB` in powers of 1000, a plain number
 * is bytes.
 *
 * @returns a whole number of bytes, at least 1
 * @throws {BadParameter} when the text is anything else
 */
export function parseMemory(text: string): number {
  const match = /^\s*([\d.]+)\s*([kmgt]?)(i?b)?\s*$/i.exec(text);
  const value = decimalNumber(match?.[1] ?? "");
  const expected = "a size such as 512M or 2G";
  if (!match || value === undefined) throw notUnderstood("--memory", text, expected);
  const [, , prefix, suffix = ""] = match;
  if (prefix === "" && suffix.toLowerCase() === "ib") throw notUnderstood("--memory", text, expected);
  const base = prefix !== "" && suffix.toLowerCase() === "b" ? 1000 : 1024;
  const bytes = Math.round(value * base ** binaryPowers.indexOf(prefix.toLowerCase()));
  if (!(bytes >= 1 && Number.isSafeInteger(bytes))) throw notUnderstood("--memory", text, expected);
  return bytes;
}
