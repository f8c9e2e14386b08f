/** Bragg peaks of one pattern, as matching takes them. */

import { BadParameter } from "../scan/errors.ts";

/** Peaks of a pattern: arrays of one length. */
export interface DiffractionPeaks {
  /** Along the rows of the detector (axis 0, downwards) from the direct beam, Å^-1. */
  readonly qRow: Float64Array;
  /** Along the columns of the detector (axis 1, to the right) from the direct beam, Å^-1. */
  readonly qColumn: Float64Array;
  /** Intensities in any unit. */
  readonly intensity: Float64Array;
}

/**
 * Checks that peaks are arrays of one length and finite numbers.
 *
 * @throws {BadParameter} when they are not
 */
export function checkPeaks({ qRow, qColumn, intensity }: DiffractionPeaks): void {
  const lengths = [qRow.length, qColumn.length, intensity.length];
  const finite = [qRow, qColumn, intensity].every((values) => values.every(Number.isFinite));
  if (lengths.every((length) => length === lengths[0]) && finite) return;
  throw new BadParameter("these are no peaks", {
    expected: "finite qRow, qColumn and intensity of one length",
    found: `lengths ${lengths.join(", ")}${finite ? "" : ", numbers that are not finite"}`,
    remedy: "leave out peaks without a place",
  });
}
