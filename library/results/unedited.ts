/** What an edited result takes over from the one before. */

import { join } from "node:path";
import { fromSystemError } from "../scan/errors.ts";
import { runRecordName } from "./directory.ts";
import { baseLabelsName, editsName } from "./edits_file.ts";
import type { StoredResult } from "./read.ts";

/** Files of a result that follow from its labels, or are written anew with every result. */
const followLabels: ReadonlySet<string> = new Set([
  ...["labels.npy", baseLabelsName, editsName, "clusters.csv", "averages.npy", "clusters.h5"],
  ...["map.png", "report.html", runRecordName],
]);

/**
 * Copies what editing leaves as it is: the files that a result lists as its own and that do not follow from its labels.
 *
 * @param folder where the new result is being written
 * @param written names of the files that are there already
 * @throws {FileUnavailable | OutOfResources} when a file cannot be copied
 */
export async function copyUnedited(
  { directory, run }: StoredResult,
  folder: string,
  written: ReadonlySet<string>,
): Promise<void> {
  const own = new Set(run.files.map(({ name }) => name));
  // Names come from the folder, so that none of the record's can lead elsewhere.
  for await (const { name, isFile } of Deno.readDir(directory)) {
    if (!isFile || !own.has(name) || written.has(name) || followLabels.has(name)) continue;
    try {
      await Deno.copyFile(join(directory, name), join(folder, name));
    } catch (cause) {
      throw fromSystemError(cause, join(directory, name), "read");
    }
  }
}
