/** What a path that stands for several frames holds: a linked series, a file of several scans, or a folder of scans. */

import { join, resolve } from "node:path";
import { isScanFolder } from "../../../library/formats/known_formats.ts";
import { openFile } from "../../../library/formats/open.ts";
import { scansInOrder } from "../../../library/formats/series_frames.ts";
import { openOptions } from "../../../library/parameters/reading.ts";
import { inNames } from "../../../library/report/plain_names.ts";
import { editsName } from "../../../library/results/edits_file.ts";
import { isResultDirectory } from "../../../library/results/directory.ts";
import { readSeriesRecord, seriesRecordName } from "../../../library/results/series/record.ts";
import { StoredTracks, trackFiles } from "../../../library/results/series/stored_tracks.ts";
import { CrystalliteError } from "../../../library/scan/errors.ts";
import { isSeries } from "../../../library/scan/scan.ts";
import type { SeriesFrame } from "../../protocol/series.ts";
import { ServingError } from "../failures.ts";
import { admitServed, refusingForeign } from "../files/linked_files.ts";
import type { Roots } from "../files/roots.ts";
import { parseInput } from "../items/words.ts";

/** What a series is made of. */
export interface SeriesContent {
  /** Real path. */
  readonly path: string;
  readonly input: readonly string[];
  readonly frames: readonly SeriesFrame[];
  readonly axis: { readonly name: string; readonly unit?: string };
  readonly stored?: StoredTracks;
}

/**
 * Opens a folder as a series; `undefined` where it is none.
 *
 * @param path real path of something served
 * @throws as `StoredTracks.open`, and {ServingError} when files of it lead out of what is served
 */
export async function seriesOfFolder(
  roots: Roots,
  path: string,
  input: readonly string[],
): Promise<SeriesContent | undefined> {
  const admit = admitServed(roots, path);
  if (!(await Deno.stat(path)).isDirectory || isScanFolder(path, admit)) return undefined;
  admit(join(path, seriesRecordName));
  if (await readSeriesRecord(path)) return await linkedSeries(roots, path);
  if (await isResultDirectory(path) || (await scansInOrder(path)).length < 2) return undefined;
  return await framesOf(roots, path, input);
}

/**
 * The frames of a file of several scans, or of a folder; files that cannot be opened are frames that failed,
 * as are those that refer to others that are not served.
 */
export async function framesOf(roots: Roots, path: string, input: readonly string[]): Promise<SeriesContent> {
  const folder = (await Deno.stat(path)).isDirectory && !isScanFolder(path, admitServed(roots, path));
  const frames: SeriesFrame[] = [];
  for (const file of folder ? await scansInOrder(path) : [path]) {
    frames.push(...await framesIn(roots, file, input));
  }
  return { path, input, axis: { name: "frame" }, frames };
}

async function framesIn(roots: Roots, path: string, input: readonly string[]): Promise<SeriesFrame[]> {
  try {
    const options = openOptions(parseInput(input)), admit = admitServed(roots, path);
    const opened = await refusingForeign(path, () => openFile(path, options, admit));
    opened.close();
    if (!isSeries(opened)) return [{ open: { path, input } }];
    return Array.from({ length: opened.frames }, (_, frame): SeriesFrame => ({
      open: { path, input: [...input, "--frames", String(frame)] },
    }));
  } catch (cause) {
    if (!(cause instanceof CrystalliteError || cause instanceof ServingError)) throw cause;
    return [{ error: inNames(cause.message) }];
  }
}

async function linkedSeries(roots: Roots, path: string): Promise<SeriesContent> {
  const admit = admitServed(roots, path);
  for (const name of [...Object.values(trackFiles), editsName]) admit(join(path, name));
  const stored = await StoredTracks.open(path), { record } = stored;
  const frames = record.frames.map(({ directory, value, clusters, error }): SeriesFrame => {
    const result = directory === undefined ? undefined : resolve(path, directory);
    const open = result !== undefined && roots.leadsInside(result) ? { path: result, input: [] } : undefined;
    return {
      ...open && { open },
      ...{ value, clusters },
      ...!open && { error: error ? inNames(error.message) : "its result is not in a folder that is served" },
    };
  });
  return { path, input: [], frames, axis: record.axis, stored };
}
