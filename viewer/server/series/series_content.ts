/** What a path that stands for several frames holds: a linked series, a file of several scans, or a folder of scans. */

import { join, resolve } from "node:path";
import { isScanFolder } from "../../../library/formats/open.ts";
import { type FrameSource, listFrames, scansInOrder } from "../../../library/formats/series_frames.ts";
import { openOptions } from "../../../library/parameters/reading.ts";
import { editsName } from "../../../library/results/edits_file.ts";
import { isResultDirectory } from "../../../library/results/directory.ts";
import { readSeriesRecord, seriesRecordName } from "../../../library/results/series/record.ts";
import { StoredTracks, trackFiles } from "../../../library/results/series/stored_tracks.ts";
import type { SeriesFrame } from "../../protocol/series.ts";
import { admitServed } from "../files/linked_files.ts";
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
  return await framesOf(path, input);
}

/** The frames of a file of several scans, or of a folder. */
export async function framesOf(path: string, input: readonly string[]): Promise<SeriesContent> {
  const sources = await listFrames([path], openOptions(parseInput(input)));
  return { path, input, axis: { name: "frame" }, frames: sources.map((source) => frameOf(source, input)) };
}

function frameOf({ path, frame, failure }: FrameSource, input: readonly string[]): SeriesFrame {
  if (failure) return { error: failure.message };
  return { open: { path, input: frame === undefined ? input : [...input, "--frames", String(frame)] } };
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
      ...!open && { error: error?.message ?? "its result is not in a folder that is served" },
    };
  });
  return { path, input: [], frames, axis: record.axis, stored };
}
