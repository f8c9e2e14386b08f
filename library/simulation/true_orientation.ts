/** The orientations of a simulated scan in the convention of orientation maps. */

import { type Matrix3, matrixAt } from "../crystal/matrix.ts";
import type { SimulationTruth } from "./scan.ts";

/**
 * The orientation of a crystal: columns are the directions down the detector, to its right and towards the source in the
 * crystal's frame. The simulation's own matrices turn crystal axes into x to the right, y down and z along the beam.
 */
export function trueOrientation(
  { orientations }: Pick<SimulationTruth, "orientations">,
  crystal: number,
): Matrix3 {
  const [right, down, beam] = [0, 3, 6].map((row) =>
    orientations.subarray(9 * crystal + row, 9 * crystal + row + 3)
  );
  return matrixAt([
    ...[down[0], right[0], -beam[0]],
    ...[down[1], right[1], -beam[1]],
    ...[down[2], right[2], -beam[2]],
  ]);
}
