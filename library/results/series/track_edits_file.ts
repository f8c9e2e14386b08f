/** `edits.json` of a series: the log of corrections of its tracks, beside the tracks as they were linked. */

import { join } from "node:path";
import { parseTrackEditLog } from "../../series/editing/parse_track_log.ts";
import { emptyTrackLog, type TrackEditLog } from "../../series/editing/track_log.ts";
import { CorruptFile, fromSystemError } from "../../scan/errors.ts";
import { parseJson } from "../../scan/parse_json.ts";
import { statIfThere } from "../directory.ts";
import { editsName } from "../edits_file.ts";
import { writeOutputs } from "../output_files.ts";

/** A log larger than this is not read. */
const largestLog = 64 * 2 ** 20;

/** The log as JSON text, an operation to a line, so that people and version control can read it. */
export function formatTrackLog({ version, of, operations, cursor }: TrackEditLog): string {
  const lines = operations.map((operation) => `    ${JSON.stringify(operation)}`).join(",\n");
  const list = lines === "" ? "[]" : `[\n${lines}\n  ]`;
  return `{\n  "version": ${version},\n  "of": "${of}",\n  "operations": ${list},\n  "cursor": ${cursor}\n}\n`;
}

/**
 * Reads a log of corrections of tracks.
 *
 * @throws {FileUnavailable} when it is missing
 * @throws {CorruptFile} when it is too large, no JSON, or no such log
 */
export async function readTrackLog(path: string): Promise<TrackEditLog> {
  let text: string;
  try {
    const { size } = await Deno.stat(path);
    if (size > largestLog) throw noLog(path, `a file of at most ${largestLog} bytes`, `${size} bytes`);
    text = await Deno.readTextFile(path);
  } catch (cause) {
    throw fromSystemError(cause, path, "read");
  }
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    throw noLog(path, "JSON", text.slice(0, 60));
  }
  return parseTrackEditLog(value, path);
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
