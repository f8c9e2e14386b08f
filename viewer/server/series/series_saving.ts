/** Corrections of tracks kept beside a series, and the corrected tracks written elsewhere. */

import { join } from "node:path";
import { editsName } from "../../../library/results/edits_file.ts";
import { editSeries } from "../../../library/results/series/edited_tables.ts";
import { writeSeriesEdits } from "../../../library/results/series/track_edits_file.ts";
import { writeEditedSeries } from "../../../library/results/series/write_edited_series.ts";
import type { TrackEditLog } from "../../../library/series/editing/track_log.ts";
import type { SavedFiles } from "../../protocol/exports.ts";
import type { Roots } from "../files/roots.ts";
import type { OpenSeries } from "./open_series.ts";

/**
 * Keeps corrections beside the series, in place of those that are kept there.
 *
 * @throws {BadParameter} when one of them cannot be done
 */
export async function keepEdits(series: OpenSeries, edits: TrackEditLog): Promise<SavedFiles> {
  const stored = series.demandTracks();
  editSeries(stored, edits);
  await writeSeriesEdits(stored.directory, edits);
  return await savedFiles([join(stored.directory, editsName)]);
}

/**
 * Writes the corrected tracks into a served folder, which is made where it is not there.
 *
 * @throws as `writeEditedSeries`, and {ServingError} when the folder is not served
 */
export async function saveTracks(
  roots: Roots,
  series: OpenSeries,
  edits: TrackEditLog,
  folder: string,
  replace: boolean,
): Promise<SavedFiles> {
  const target = await roots.future(folder);
  const { files } = await writeEditedSeries(series.demandTracks(), edits, target, { force: replace });
  return await savedFiles(files);
}

async function savedFiles(paths: readonly string[]): Promise<SavedFiles> {
  const sized = paths.map(async (path) => ({ path, bytes: (await Deno.stat(path)).size }));
  return { files: await Promise.all(sized) };
}
