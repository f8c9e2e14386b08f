/** What is said of a pattern that cannot be computed. */

import { CorruptFile } from "../scan/errors.ts";
import type { Scan } from "../scan/scan.ts";
import { mayNotFit, numberName } from "../scan/stored_number.ts";

/** The error for a pattern that holds NaN or infinity, which whole numbers become that do not fit. */
export function notFinite(scan: Scan, row: number, column: number): CorruptFile {
  const { path, dataset, numbers } = scan.source,
    pattern = `the pattern at row ${row}, column ${column} holds`;
  const details = { file: path, dataset, parameter: "badPixels" };
  if (numbers !== undefined && mayNotFit(numbers)) {
    return new CorruptFile(`${pattern} whole numbers that are too large to be read exactly`, {
      ...details,
      expected: `whole numbers from ${numbers === "u64" ? "0" : "-2^53"} to 2^53`,
      found: `${numberName(numbers)} beyond`,
      remedy:
        "leave the probe out of a mask (`mask: pixels`), name the broken pixels with `badPixels: pixels`, or " +
        "save the scan as float64",
    });
  }
  return new CorruptFile(`${pattern} values that are not finite`, {
    ...details,
    expected: "finite numbers within the range of float32",
    found: "NaN or infinity",
    remedy: "leave the probe out of a mask (`mask: pixels`), name the pixels if it is always the same ones " +
      "(`badPixels: pixels`), or repair the file",
  });
}
