/** What ImageJ and Python's tifffile say of a whole stack in the description of its first page. */

import type { Calibration } from "../../scan/calibration.ts";
import { parseUnit } from "../../scan/units.ts";

/** Facts beyond single pages; everything may be unknown. */
export interface StackDescription {
  /** Pages that follow each other behind the only one that is described: ImageJ does so beyond 4 GiB, tifffile on demand. */
  readonly pages?: number;
  /** Lengths of the axes, slowest first, those of the pages included. */
  readonly lengths?: readonly number[];
  /** Unit of the resolution. */
  readonly unit?: string;
}

/** Understands the description of a first page. */
export function parseDescription(text: string): StackDescription {
  if (text.startsWith("ImageJ=")) {
    const values = new Map(text.split("\n").map((line) => line.split("=", 2) as [string, string]));
    const pages = Number(values.get("images"));
    return { pages: Number.isSafeInteger(pages) && pages > 1 ? pages : undefined, unit: values.get("unit") };
  }
  const lengths = text.startsWith("{") ? shapeIn(text) : undefined;
  if (!lengths) return {};
  const pages = lengths.slice(0, -2).reduce((product, length) => product * length, 1);
  return {
    lengths,
    pages: /"truncated": ?true/.test(text) && Number.isSafeInteger(pages) ? pages : undefined,
  };
}

/** Eight lengths of fifteen digits, commas and blanks. */
const longestShape = 160, mostLengths = 8;

/** The lengths in `"shape": [3, 4, 5, 6]`; found without a pattern that has many ways to fail. */
function shapeIn(text: string): readonly number[] | undefined {
  const name = '"shape":', at = text.lastIndexOf(name);
  if (at < 0) return undefined;
  const [, list] = /^ ?\[([\d, ]*)\]/.exec(text.slice(at + name.length).slice(0, longestShape)) ?? [];
  const lengths = list?.split(",").map((length) => length.trim()) ?? [];
  const sound = lengths.length >= 1 && lengths.length <= mostLengths &&
    lengths.every((length) => /^\d{1,15}$/.test(length));
  return sound ? lengths.map(Number) : undefined;
}

/** Size of a detector pixel from pixels per unit along columns and rows, if the unit is reciprocal. */
export function calibrationOf(
  unit: string | undefined,
  perColumn: number | undefined,
  perRow: number | undefined,
): Calibration {
  const known = unit === undefined ? undefined : parseUnit(unit);
  if (!known || known.quantity === "length") return {};
  const row = known.factor / (perRow ?? NaN), column = known.factor / (perColumn ?? NaN);
  if (!(row > 0 && column > 0 && Number.isFinite(row + column))) return {};
  return { qPixelSize: { row, column, unit: known.name } };
}
