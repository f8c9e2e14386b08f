/** Notes on clusters of a result: in `run.json`, with its record, so that they are there whole or not at all; and in its table. */

import { join } from "node:path";
import type { Cluster } from "../cluster/cluster.ts";
import type { ClusterNote } from "../cluster/notes.ts";
import { FileUnavailable } from "../scan/errors.ts";
import { readText } from "../scan/text_file.ts";
import { parseJson } from "../scan/parse_json.ts";
import { formatClustersCsv, type NotedMap, parseClustersCsv } from "./clusters_csv.ts";
import { runRecordName } from "./directory.ts";
import { writeOutputs } from "./output_files.ts";
import { clusterTableName } from "./result_files.ts";
import { checkRunRecord } from "./run_schema.ts";

/**
 * Keeps notes with a result, in place of those that it has: in its record, of which everything else stays, and in the table of
 * its clusters.
 *
 * @param map the clusters of the result
 * @throws {FileUnavailable} when record or table cannot be read or written, or the result has other clusters by now
 * @throws {CorruptFile} when it is none of ours
 * @throws {OutOfResources} when the disk is full
 */
export async function keepNotes(
  directory: string,
  notes: readonly ClusterNote[],
  { clusters, ...map }: Pick<NotedMap, "labels" | "columns"> & { readonly clusters: readonly Cluster[] },
): Promise<void> {
  const path = join(directory, runRecordName), tablePath = join(directory, clusterTableName);
  const { clusterNotes: _, ...record } = checkRunRecord(parseJson(await readText(path)), path);
  const before = await readText(tablePath), table = formatClustersCsv(clusters, { notes, ...map });
  if (formatClustersCsv(parseClustersCsv(before, tablePath)) !== formatClustersCsv(clusters)) {
    throw new FileUnavailable(`the clusters of ${directory} have changed since it was opened`, {
      file: directory,
      remedy: "open the result again",
    });
  }
  const [bytesBefore, bytes] = [before, table].map((text) => new TextEncoder().encode(text).length);
  const changed = {
    ...record,
    bytesOut: record.bytesOut + bytes - bytesBefore,
    files: record.files.map((file) => file.name === clusterTableName ? { ...file, bytes } : file),
    ...notes.length > 0 && { clusterNotes: notes },
  };
  // The table comes first: whatever it says, the record is what is read.
  await writeOutputs([
    { path: tablePath, write: (temporary) => Deno.writeTextFile(temporary, table) },
    { path, write: (temporary) => Deno.writeTextFile(temporary, `${JSON.stringify(changed, null, 2)}\n`) },
  ], true);
}
