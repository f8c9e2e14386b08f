/** What an edited result takes over from the one before. */

import { join } from "node:path";
import { fromSystemError } from "../scan/errors.ts";
import type { Product } from "./product.ts";
import type { StoredResult } from "./read.ts";
import { isOrientationFile } from "./orientation_files.ts";
import { resultFiles } from "./result_files.ts";
import { isStrainFile } from "./strain_files.ts";
import { isTextureFile } from "./texture_files.ts";

/**
 * Copies what editing leaves as it is: the files that a result lists as its own and that do not follow from its labels, as
 * orientations, strain and texture do.
 *
 * @param folder where the new result is being written
 * @param written names of the files that are there already
 * @throws {FileUnavailable | OutOfResources} when a file cannot be copied
 */
export async function copyUnedited(
  { directory, run }: StoredResult,
  folder: string,
  written: ReadonlySet<string>,
  products: readonly Product[],
): Promise<void> {
  const anew = new Set(resultFiles(products).filter((file) => file.followsLabels).map(({ name }) => name));
  const own = new Set(run.files.map(({ name }) => name));
  const measured = (name: string) => isOrientationFile(name) || isStrainFile(name) || isTextureFile(name);
  // Names come from the folder, so that none of the record's can lead elsewhere.
  for await (const { name, isFile } of Deno.readDir(directory)) {
    if (!isFile || !own.has(name) || written.has(name) || anew.has(name) || measured(name)) continue;
    try {
      await Deno.copyFile(join(directory, name), join(folder, name));
    } catch (cause) {
      throw fromSystemError(cause, join(directory, name), "read");
    }
  }
}
