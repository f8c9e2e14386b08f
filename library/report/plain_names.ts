/** What parameters are called where nobody sees flags, and texts of the library and the command line in those words. */

import { clusterFlags } from "../cluster/presets.ts";
import type { CrystalliteError, PlainError } from "../scan/errors.ts";
import { readingNames } from "../parameters/reading_names.ts";
import { inFlags } from "./flag_names.ts";

const names: ReadonlyMap<string, string> = new Map([
  ...clusterFlags.flatMap(({ flag, field }) => field ? [[flag, field.name] as const] : []),
  ...Object.entries(readingNames),
]);

/** The name of a flag: that of its field, else its own words. */
function nameOfFlag(flag: string): string {
  return names.get(flag) ?? flag.replace(/^--(no-)?/, "").replaceAll("-", " ");
}

/** A text with names in place of parameters that it marks and of flags. */
export function inNames(text: string): string {
  return inFlags(text).replace(/(?<![\w-])--[a-z][a-z-]*/g, (flag) => `“${nameOfFlag(flag)}”`);
}

/** The fields of an error, in names. */
export function errorInNames(error: CrystalliteError): PlainError {
  const plain = error.toJSON(), { remedy, expected, found } = plain;
  return {
    ...plain,
    message: inNames(plain.message),
    ...(remedy !== undefined && { remedy: inNames(remedy) }),
    ...(expected !== undefined && { expected: inNames(expected) }),
    ...(found !== undefined && { found: inNames(found) }),
  };
}
