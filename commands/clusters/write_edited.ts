/** From a result and a log of edits to the edited result in its place. */

import { resolve } from "node:path";
import { applyEditsToClustering } from "../../library/cluster/editing/edits.ts";
import type { Clustering } from "../../library/cluster/clustering.ts";
import type { EditLog } from "../../library/cluster/editing/log.ts";
import { groupsOf } from "../../library/results/result_files.ts";
import { writeResult } from "../../library/results/write.ts";
import { readPattern, type Scan } from "../../library/scan/scan.ts";
import type { StoredResult } from "../../library/results/read.ts";
import { withEngine } from "../../library/engine/with_engine.ts";
import { editsName } from "../../library/results/edits_file.ts";
import { restoreClustering, restoreScan } from "../../library/results/restore.ts";
import { version } from "../../library/results/version.ts";
import type { CommandRun } from "../console/command_context.ts";
import { checkOutputDirectory } from "../console/output_file.ts";
import { averagesOf, openScanOf } from "../../library/results/scan_of_result.ts";

/** How an edited result gets its averages. */
export interface AverageSource {
  /** Path of the scan in place of the recorded one. */
  readonly elsewhere?: string;
  /** Whether there are to be averages at all. */
  readonly averages: boolean;
}

const withoutAverages =
  "The labels were edited with --no-averages, so there are no averages; edit again without it to have them.";

/**
 * Writes a result anew with other edits, in its own place: whole or not at all.
 *
 * @param log all edits, those that the result has already included
 * @throws {BadParameter} when an edit cannot be done, the folder holds other files, or the scan is another one
 * @throws {FileUnavailable} when the scan is needed and not there
 * @throws {CorruptFile} when the result's record holds values that no run gives
 * @throws as `averagePatterns` and `writeResult`
 */
export async function writeEdited(
  run: CommandRun,
  stored: StoredResult,
  log: EditLog,
  { elsewhere, averages }: AverageSource,
): Promise<Clustering> {
  const started = new Date();
  await checkOutputDirectory(run.say, stored.directory, { force: true });
  const before = restoreClustering(stored);
  const wanted = before.parameters.average !== "none";
  const warnings = before.warnings.filter((warning) => warning !== withoutAverages);
  if (wanted && !averages) warnings.push(withoutAverages);
  const clustering = applyEditsToClustering({ ...before, warnings }, log);
  const scan = wanted && averages
    ? await openScanOf(stored, elsewhere, { signal: run.options.signal, averages: true })
    : null;
  try {
    await withEngine(run.options, async (engine) => {
      const options = { ...run.options, engine };
      const facts = restoreScan(stored);
      const moved = elsewhere !== undefined && scan ? { ...facts, source: movedSource(scan) } : facts;
      const { workingDirectory, series, clusterNotes } = stored.run;
      const command = replayCommand(stored.run.command, resolve(stored.directory, editsName));
      await writeResult(stored.directory, {
        clustering,
        scan: moved,
        averages: scan && averagesOf(scan, clustering, options),
        readPattern: scan ? (row, column) => readPattern(scan, row, column) : undefined,
        run: { version, command, workingDirectory, started, series, clusterNotes },
        previous: stored,
      }, { force: true, exports: groupsOf(stored.run.files), signal: run.options.signal });
    });
  } finally {
    scan?.close();
  }
  return clustering;
}

/** Where the scan lies now; its path must not depend on the folder of the run before. */
function movedSource({ source }: Scan): Scan["source"] {
  return { ...source, path: resolve(source.path) };
}

/** The command line of the clustering with the edits in their file; empty where there was none. */
function replayCommand(command: readonly string[], edits: string): string[] {
  if (command.length === 0) return [];
  const kept = command.filter((word, place) =>
    word !== "--edits" && command[place - 1] !== "--edits" && !word.startsWith("--edits=")
  );
  return [...kept, "--edits", edits];
}
