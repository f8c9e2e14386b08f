/** The truth about the crystals of a simulated scan, from the archive that `simulate` writes beside it. */

import { FileSource, readBytes } from "../scan/byte_source.ts";
import { BadParameter } from "../scan/errors.ts";
import { memberReader, wholeNumbers } from "./number_map.ts";

/** The truth about the crystals of a simulated scan, as `simulate` writes it; see `truthArrays`. */
export interface CrystalTruth {
  /** float64 (crystal, 3, 3), row-major: columns are down, right and towards the source in crystal axes. */
  readonly orientations: Float64Array;
  /** float64 (row, column, 4): e_xx, e_yy, e_xy and the rotation in radians; NaN where there is no crystal. */
  readonly strain: Float64Array;
  /** int32 (row, column): phase of each probe's crystal, -1 for none. */
  readonly phases: Int32Array;
}

/**
 * Reads the crystals of an archive; `undefined` where it says nothing of them.
 *
 * @throws as `readLabelFile`
 */
export async function readCrystalTruth(path: string): Promise<CrystalTruth | undefined> {
  const zip = FileSource.open(path);
  try {
    const head = readBytes(zip, 0, Math.min(16, zip.size));
    if (head[0] !== 0x50 || head[1] !== 0x4b) return undefined;
    const read = memberReader(zip);
    const orientations = await read("orientation_matrices", 3), strain = await read("strain", 3);
    const phases = await read("phase", 2);
    if (!orientations || !strain || !phases) return undefined;
    const fits = orientations.shape.slice(1).join() === "3,3" && strain.shape.join() === `${phases.shape},4`;
    if (!fits) {
      throw new BadParameter(
        `the arrays orientation_matrices, strain and phase of ${path} are not of one scan`,
        {
          file: path,
          expected: "(crystals, 3, 3), (rows, columns, 4) and (rows, columns)",
          found: [orientations, strain, phases].map(({ shape }) => shape.join(" x ")).join(", "),
          remedy: "save all of the same scan",
        },
      );
    }
    return {
      orientations: Float64Array.from(orientations.values),
      strain: Float64Array.from(strain.values),
      phases: wholeNumbers(phases),
    };
  } finally {
    zip.close();
  }
}
