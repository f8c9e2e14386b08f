/** Strain of probes against their own orientations, read back. */

import { join } from "node:path";
import type { StoredResult } from "./read.ts";
import { readStoredArray } from "./stored_array.ts";
import { strainFiles } from "./strain_files.ts";

/**
 * float32 (rows, columns, 4): e_xx, e_yy, e_xy, and the rotation in radians; `undefined` where a result does not have it.
 *
 * @throws {FileUnavailable} when its file is missing
 * @throws {CorruptFile} when the file holds something else
 */
export function readProbeStrain(
  { directory, run, shape: { rows, columns } }: StoredResult,
): Float32Array | undefined {
  const name = strainFiles.probeStrain;
  if (!run.files.some((file) => file.name === name)) return undefined;
  return readStoredArray(join(directory, name), "f32", [rows, columns, 4]) as Float32Array;
}
