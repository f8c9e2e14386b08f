/** Scans of which fewer patterns were recorded than they have positions. */

import { CorruptFile } from "../../scan/errors.ts";
import type { FrameRecords } from "./records.ts";

/** Larger scans of which patterns are missing are damaged headers. */
const mostPositions = 2 ** 22;

/** Says where fewer patterns were recorded than planned. */
export function sayMissing(found: number, planned: number): readonly string[] {
  return found < planned
    ? [`${found} of ${planned} patterns were recorded: the recording or a copy of it ended early`]
    : [];
}

/**
 * Zeros where patterns of a scan are missing at its end, for formats whose recordings may be stopped.
 *
 * @param found number of records, less than `positions`
 * @throws {CorruptFile} when so many positions are hardly meant
 */
export function fillMissing(
  path: string,
  found: number,
  positions: number,
): Pick<FrameRecords, "order"> & { readonly warnings: readonly string[] } {
  if (positions > mostPositions) {
    throw new CorruptFile(`${path} ends too early`, {
      file: path,
      expected: `${positions} patterns`,
      found: `${found} patterns`,
      remedy: "copy or export the file again",
    });
  }
  return {
    order: Int32Array.from({ length: positions }, (_, position) => position < found ? position : -1),
    warnings: [...sayMissing(found, positions), "patterns that were not recorded are zero"],
  };
}
