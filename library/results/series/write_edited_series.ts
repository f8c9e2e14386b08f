/** The tracks of a series after corrections, in a folder of their own: the series itself stays as it was linked. */

import { join } from "node:path";
import { turn } from "../../engine/turn.ts";
import { NpyWriter } from "../../formats/npy_writer.ts";
import { BadParameter, fromSystemError } from "../../scan/errors.ts";
import type { TrackEditLog } from "../../series/editing/track_log.ts";
import { editsName } from "../edits_file.ts";
import { writeOutputs } from "../output_files.ts";
import {
  editedEventTable,
  editedRegionLines,
  type EditedSeries,
  editedSummaries,
  editSeries,
  plainEvents,
} from "./edited_tables.ts";
import type { GraphFrame } from "./geff.ts";
import { type StoredTracks, trackFiles } from "./stored_tracks.ts";
import { type TrackExport, trackExportOutputs } from "./track_exports.ts";
import { lineage, napariTable, summaryTable } from "./tables.ts";
import { formatTrackLog } from "./track_edits_file.ts";

/** Names of the files that {@link writeEditedSeries} writes. */
export const editedSeriesFiles: readonly string[] = [
  ...[trackFiles.map, trackFiles.regions, "track_summary.csv", trackFiles.events, "lineage.json"],
  ...["tracks_napari.csv", editsName],
];

/**
 * Writes the corrected tracks: `tracks.npy`, `tracks.csv`, `track_summary.csv`, `events.csv`, `lineage.json`,
 * `tracks_napari.csv`, the log and what is exported, all of them or none.
 *
 * @param folder where they are written; not that of the series
 * @param options `force`: whether files that are there are replaced; `exports`: what tracks are written as too
 * @returns the corrected series, and the paths that were written
 * @throws {BadParameter} when an operation cannot be done, or the folder is that of a series
 * @throws as `writeOutputs`
 */
export async function writeEditedSeries(
  stored: StoredTracks,
  log: TrackEditLog,
  folder: string,
  { force = false, signal, exports = new Set() }: {
    readonly force?: boolean;
    readonly signal?: AbortSignal;
    readonly exports?: ReadonlySet<TrackExport>;
  } = {},
): Promise<EditedSeries & { readonly files: readonly string[] }> {
  const edited = editSeries(stored, log);
  await makeFolder(folder);
  if (await Deno.realPath(folder) === await Deno.realPath(stored.directory)) throw ownFolder(folder);
  const events = plainEvents(edited);
  const text = (content: () => string) => (path: string) => Deno.writeTextFile(path, content());
  const contents: Readonly<Record<string, (path: string) => Promise<void>>> = {
    [trackFiles.map]: (path) => writeMap(maps = path, stored, edited.tracks, signal),
    [trackFiles.regions]: (path) => writeLines(path, editedRegionLines(stored, edited)),
    "track_summary.csv": text(() => summaryTable(editedSummaries(stored, edited))),
    [trackFiles.events]: text(() => editedEventTable(stored, edited)),
    "lineage.json": text(() => lineage(events)),
    "tracks_napari.csv": text(() => napariOf(stored, edited)),
    [editsName]: text(() => formatTrackLog(log)),
  };
  let maps = "";
  const exported = () => ({ frames: framesOf(stored, edited), events, shape: stored.shape, maps });
  const outputs = [
    ...editedSeriesFiles.map((name) => ({ path: join(folder, name), write: contents[name] })),
    ...trackExportOutputs(folder, exports, exported, signal),
  ];
  await writeOutputs(outputs, force, signal);
  return { ...edited, files: outputs.map(({ path }) => path) };
}

/** Tracks of a frame after corrections, from those as they were linked. */
function editedFrame(
  stored: StoredTracks,
  tracks: Int32Array,
  frame: number,
): Int32Array<ArrayBuffer> {
  const renamed = new Map<number, number>();
  for (let region = stored.starts[frame]; region < stored.starts[frame + 1]; region++) {
    renamed.set(stored.track[region], tracks[region]);
  }
  return stored.frameTracks(frame).map((track) => renamed.get(track) ?? -1);
}

/** The regions of each frame with their corrected tracks. */
function framesOf(stored: StoredTracks, { tracks }: EditedSeries): GraphFrame[] {
  const row = stored.column("row", new Float64Array(tracks.length));
  const column = stored.column("column", new Float64Array(tracks.length));
  return Array.from({ length: stored.frames }, (_, frame) => {
    const first = stored.starts[frame], count = stored.starts[frame + 1] - first;
    const regions = Array.from({ length: count }, (_, place) => {
      const region = first + place;
      return {
        ...{ track: tracks[region], frame, size: stored.size[region] },
        ...{ row: row[region], column: column[region] },
      };
    });
    return { regions };
  });
}

async function writeMap(
  path: string,
  stored: StoredTracks,
  tracks: Int32Array,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { rows, columns } = stored.shape;
  const writer = NpyWriter.create(path, "i32", [stored.frames, rows, columns]);
  try {
    for (let frame = 0; frame < stored.frames; frame++) {
      await turn(signal);
      writer.write(editedFrame(stored, tracks, frame));
    }
    writer.close();
  } finally {
    writer.abort();
  }
}

/** Lines that are written together. */
const linesTogether = 4096;

async function writeLines(path: string, lines: Iterable<string>): Promise<void> {
  function* pieces() {
    let piece: string[] = [];
    for (const line of lines) {
      if (piece.push(line) < linesTogether) continue;
      yield piece.join("");
      piece = [];
    }
    yield piece.join("");
  }
  await Deno.writeTextFile(path, ReadableStream.from(pieces()));
}

function napariOf(stored: StoredTracks, edited: EditedSeries): string {
  const parents = new Map(
    edited.events.flatMap(({ kind, track, partner }) => kind === "split" ? [[track, partner] as const] : []),
  );
  const places = framesOf(stored, edited).flatMap(({ regions }) =>
    regions.map(({ track, frame, row, column }) => [track, frame, row, column] as const)
  );
  return napariTable(places, parents);
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await Deno.mkdir(folder, { recursive: false });
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AlreadyExists)) throw fromSystemError(cause, folder, "write");
  }
}

function ownFolder(folder: string): BadParameter {
  return new BadParameter(`${folder} is the series itself, whose tracks stay as they were linked`, {
    file: folder,
    expected: "another folder",
    parameter: "out",
    remedy: "name a folder for the corrected tracks; the corrections themselves are kept in edits.json",
  });
}
