/** Sizes of steps and pixels on the command line. */

import type { PixelSize } from "../scan/calibration.ts";
import { parseUnit, type Quantity } from "../scan/units.ts";
import { decimalNumber, notUnderstood } from "./number.ts";
import type { Kind } from "./schema.ts";

/** What sizes measure, and how to say so. */
interface SizeRule {
  readonly quantities: readonly Quantity[];
  readonly expected: string;
}

const stepRule: SizeRule = {
  quantities: ["length"],
  expected: 'a positive number and a unit of length, such as "0.5 nm" or "5 A"',
};
const pixelRule: SizeRule = {
  quantities: ["reciprocal length", "angle"],
  expected: 'a positive number and a unit of reciprocal length or angle, such as "0.02 A^-1" or "0.5 mrad"',
};

/** A size alike along rows and columns, in one of the spellings of units that {@link parseUnit} knows. */
function sizeKind({ quantities, expected }: SizeRule): Kind<PixelSize> {
  return {
    placeholder: "V UNIT",
    parse(text, flag) {
      const match = /^\s*([+-]?[\d.]+(?:e[+-]?\d+)?)\s*(\S.*)$/i.exec(text);
      const value = decimalNumber(match?.[1] ?? "");
      const unit = match ? parseUnit(match[2]) : undefined;
      if (value === undefined || !(value > 0) || !unit || !quantities.includes(unit.quantity)) {
        throw notUnderstood(flag, text, expected);
      }
      const size = value * unit.factor;
      return { row: size, column: size, unit: unit.name };
    },
    write: ({ row, unit }) => `${row} ${unit}`,
    check: () => {},
  };
}

/** Distance of probe positions. */
export const stepSizeKind: Kind<PixelSize> = sizeKind(stepRule);

/** Size of a detector pixel. */
export const detectorPixelKind: Kind<PixelSize> = sizeKind(pixelRule);
