/** `edits.json` of a series: the log of corrections of its tracks, beside the tracks as they were linked. */

import { join } from "node:path";
import { parseTrackEditLog } from "../../series/editing/parse_track_log.ts";
import { emptyTrackLog, type TrackEditLog } from "../../series/editing/track_log.ts";
import { CorruptFile } from "../../scan/errors.ts";
import { statIfThere } from "../directory.ts";
import { editsName, formatLog, readLog } from "../edits_file.ts";
import { writeOutputs } from "../output_files.ts";

/** A log larger than this is not read. */
const largestLog = 64 * 2 ** 20;

/** The log as JSON text, an operation to a line, so that people and version control can read it. */
export function formatTrackLog({ version, of, operations, cursor }: TrackEditLog): string {
  return formatLog({ version, of, operations, cursor });
}

/**
 * Reads a log of corrections of tracks.
 *
 * @throws {FileUnavailable} when it is missing
 * @throws {CorruptFile} when it is too large, no JSON, or no such log
 */
export async function readTrackLog(path: string): Promise<TrackEditLog> {
  return parseTrackEditLog(await readLog(path, largestLog, noLog), path);
}

/** The corrections of a series; none where it has no log. */
export async function readSeriesEdits(directory: string): Promise<TrackEditLog> {
  const path = join(directory, editsName);
  return (await statIfThere(path))?.isFile ? await readTrackLog(path) : emptyTrackLog;
}

/** Keeps the corrections of a series beside it, in place of those before. */
export async function writeSeriesEdits(
  directory: string,
  log: TrackEditLog,
  signal?: AbortSignal,
): Promise<void> {
  const path = join(directory, editsName), text = formatTrackLog(log);
  await writeOutputs([{ path, write: (temporary) => Deno.writeTextFile(temporary, text) }], true, signal);
}

function noLog(file: string, expected: string, found: string): CorruptFile {
  return new CorruptFile(`${file} is no log of corrections of tracks`, {
    file,
    expected,
    found,
    remedy: "use an edits.json as crystallite writes it for a series",
  });
}
