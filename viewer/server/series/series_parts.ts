/** Tracks of a series as the page gets them. */

import { assignColours } from "../../../library/report/colours.ts";
import { type EditedSeries, editSeries } from "../../../library/results/series/edited_tables.ts";
import type { StoredTracks } from "../../../library/results/series/stored_tracks.ts";
import { readSeriesEdits } from "../../../library/results/series/track_edits_file.ts";
import { addTrackEdit, type TrackEditLog } from "../../../library/series/editing/track_log.ts";
import type { Parts } from "../../protocol/parts.ts";
import type {
  FrameTracksHeader,
  KymographHeader,
  KymographRequest,
  NewTrackEdit,
  RegionAverageHeader,
  SeriesEvent,
  SeriesTableHeader,
  TracksHeader,
} from "../../protocol/series.ts";
import type { Roots } from "../files/roots.ts";
import { malformed } from "../requests.ts";
import type { OpenSeries } from "./open_series.ts";

/** Frames that colours are dealt by, as in the report; and places of a kymograph at most. */
const colouredFrames = 24, mostPlaces = 4096;

/** The regions of a series, as they were linked. */
export async function tableParts(series: OpenSeries): Promise<Parts<SeriesTableHeader>> {
  const stored = series.demandTracks(), { frame, track, cluster, size } = stored;
  const numbers = (name: string) => stored.column(name, new Float32Array(frame.length));
  const drift = driftOf(stored);
  return {
    header: { edits: await readSeriesEdits(stored.directory) },
    arrays: {
      ...{ frame, track, cluster, size, row: numbers("row"), column: numbers("column"), drift },
      rim: Uint8Array.from(numbers("touches_rim")),
      colours: coloursOf(stored),
    },
  };
}

/** Where the specimen has moved to in each frame, (row, column); that of the frame before where a frame has no regions. */
function driftOf(stored: StoredTracks): Float32Array<ArrayBuffer> {
  const drift = new Float32Array(2 * stored.frames);
  const numbers = (name: string) => stored.column(name, new Float64Array(stored.frame.length));
  const [row, column] = [numbers("row"), numbers("column")];
  const [fixedRow, fixedColumn] = [numbers("row_corrected"), numbers("column_corrected")];
  for (let frame = 0; frame < stored.frames; frame++) {
    const region = stored.starts[frame];
    if (region < stored.starts[frame + 1]) {
      drift[2 * frame] = row[region] - fixedRow[region];
      drift[2 * frame + 1] = column[region] - fixedColumn[region];
    } else if (frame > 0) drift.copyWithin(2 * frame, 2 * frame - 2, 2 * frame);
  }
  return drift;
}

/** Palette index of each track, dealt as in the report: by frames that are spread over the series. */
function coloursOf(stored: StoredTracks): Uint8Array<ArrayBuffer> {
  const { frames, shape: { rows, columns }, track, size } = stored;
  const count = Math.min(frames, colouredFrames), sizes: number[] = [];
  track.forEach((own, region) => sizes[own] = Math.max(sizes[own] ?? 0, size[region]));
  for (let own = 0; own < sizes.length; own++) sizes[own] ??= 0;
  // The frames below each other, with an empty row in between.
  const stacked = new Int32Array(count * (rows + 1) * columns).fill(-1);
  for (let place = 0; place < count; place++) {
    const frame = Math.round(place * (frames - 1) / Math.max(1, count - 1));
    stacked.set(stored.frameTracks(frame), place * (rows + 1) * columns);
  }
  return Uint8Array.from(assignColours(stacked, { rows: count * (rows + 1), columns }, sizes));
}

/**
 * Tracks after corrections, with one more at their end.
 *
 * @throws {BadParameter} when one cannot be done
 */
export function editedParts(series: OpenSeries, log: TrackEditLog, add?: NewTrackEdit): Parts<TracksHeader> {
  const stored = series.demandTracks();
  const edits = add ? withEdit(stored, log, add) : log, edited = editSeries(stored, edits);
  return {
    header: { edits, events: eventsOf(stored, edited) },
    arrays: { tracks: Int32Array.from(edited.tracks) },
  };
}

function withEdit(stored: StoredTracks, log: TrackEditLog, add: NewTrackEdit): TrackEditLog {
  const placeOf = (region: number) => {
    if (region < stored.frame.length) return stored.placeOf(region);
    throw malformed(`a region from 0 to ${stored.frame.length - 1}`, String(region));
  };
  switch (add.kind) {
    case "join":
      return addTrackEdit(log, { kind: "join", tracks: add.regions.map(placeOf) });
    case "cut":
      return addTrackEdit(log, { kind: "cut", track: placeOf(add.region) });
    case "assign": {
      const track = add.to === "new" ? add.to : placeOf(add.to);
      return addTrackEdit(log, { kind: "assign", region: placeOf(add.region), track });
    }
  }
}

function eventsOf(stored: StoredTracks, { events }: EditedSeries): SeriesEvent[] {
  const { lines, place } = stored.eventTable;
  const [cosine, provisional, doubtful] = ["cosine", "provisional", "doubtful"].map(place);
  return events.map(({ kind, frame, track, partner, line }) => {
    const fields = line < 0 ? [] : lines[line].split(",");
    const known = (column: number) => (fields[column] ?? "") === "" ? undefined : Number(fields[column]);
    return {
      ...{ kind, frame, track, partner, byHand: line < 0 },
      provisional: known(provisional) === 1,
      ...known(cosine) !== undefined && { cosine: known(cosine) },
      ...known(doubtful) !== undefined && { doubtful: known(doubtful) === 1 },
    };
  });
}

/** Tracks of a frame, as they were linked. */
export function frameParts(series: OpenSeries, frame: number): Parts<FrameTracksHeader> {
  const tracks = series.demandTracks().frameTracks(series.checkFrame(frame));
  return { header: { frame }, arrays: { tracks } };
}

/** Average pattern of a cluster of a frame. */
export function averageParts(
  roots: Roots,
  series: OpenSeries,
  frame: number,
  cluster: number,
): Parts<RegionAverageHeader> {
  const { kind, pattern } = series.average(roots, frame, cluster);
  return { header: { kind }, arrays: { pattern } };
}

/** Tracks along a line in every frame, as they were linked: nearest probes, a scan step apart. */
export function kymographParts(
  series: OpenSeries,
  { from, to, corrected }: KymographRequest,
): Parts<KymographHeader> {
  const stored = series.demandTracks(), { rows, columns } = stored.shape;
  const length = Math.hypot(to.row - from.row, to.column - from.column);
  const places = Math.floor(length) + 1;
  if (!(places <= mostPlaces)) throw malformed(`a line of at most ${mostPlaces} scan steps`, String(length));
  const drift = driftOf(stored), tracks = new Int32Array(stored.frames * places);
  for (let frame = 0; frame < stored.frames; frame++) {
    const map = stored.frameTracks(frame);
    const [down, right] = corrected ? [drift[2 * frame], drift[2 * frame + 1]] : [0, 0];
    for (let place = 0; place < places; place++) {
      const part = length > 0 ? place / length : 0;
      const row = Math.floor(from.row + part * (to.row - from.row) + down);
      const column = Math.floor(from.column + part * (to.column - from.column) + right);
      const inside = row >= 0 && column >= 0 && row < rows && column < columns;
      tracks[frame * places + place] = inside ? map[row * columns + column] : -2;
    }
  }
  return { header: { places }, arrays: { tracks } };
}
