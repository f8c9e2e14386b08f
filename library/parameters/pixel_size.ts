/** Sizes of steps and pixels on the command line. */

import { normaliseUnit, type PixelSize } from "../scan/calibration.ts";
import { decimalNumber, notUnderstood } from "./number.ts";
import type { Kind } from "./schema.ts";

/**
 * Reads a length with its unit, such as `"0.5 nm"` or `"0.02 1/A"`.
 *
 * @param option name of the option with its dashes, for the message
 * @throws {BadParameter} when the number is not positive and finite, or the unit is not one we know
 */
export function parsePixelSize(option: string, text: string): PixelSize {
  const match = /^\s*([+-]?[\d.]+(?:e[+-]?\d+)?)\s*(\S.*)$/i.exec(text);
  const value = decimalNumber(match?.[1] ?? "");
  const unit = match ? normaliseUnit(match[2]) : undefined;
  if (value === undefined || !(value > 0) || unit === undefined) {
    throw notUnderstood(option, text, 'a positive number and a unit, such as "0.5 nm" or "0.02 A^-1"');
  }
  return { row: value, column: value, unit };
}

/** A length with its unit, alike along rows and columns. */
export const sizeKind: Kind<PixelSize> = {
  placeholder: "V UNIT",
  parse: (text, flag) => parsePixelSize(flag, text),
  write: ({ row, unit }) => `${row} ${unit}`,
  check: () => {},
};
