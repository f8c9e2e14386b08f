/** Notes on clusters in `run.json` of a result: in one file with its record, so that they are there whole or not at all. */

import { join } from "node:path";
import type { ClusterNote } from "../cluster/notes.ts";
import { fromSystemError } from "../scan/errors.ts";
import { parseJson } from "../scan/parse_json.ts";
import { runRecordName } from "./directory.ts";
import { writeOutputs } from "./output_files.ts";
import { checkRunRecord } from "./run_schema.ts";

/**
 * Keeps notes with a result, in place of those that it has; everything else of its record stays.
 *
 * @throws {FileUnavailable} when the record cannot be read or written
 * @throws {CorruptFile} when it is none of ours
 * @throws {OutOfResources} when the disk is full
 */
export async function keepNotes(directory: string, notes: readonly ClusterNote[]): Promise<void> {
  const path = join(directory, runRecordName);
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (cause) {
    throw fromSystemError(cause, path, "read");
  }
  const { clusterNotes: _, ...record } = checkRunRecord(parseJson(text), path);
  const changed = `${
    JSON.stringify({ ...record, ...notes.length > 0 && { clusterNotes: notes } }, null, 2)
  }\n`;
  await writeOutputs([{ path, write: (temporary) => Deno.writeTextFile(temporary, changed) }], true);
}
