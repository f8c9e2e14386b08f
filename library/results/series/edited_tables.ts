/** The tables of a series after corrections: columns that nobody here knows pass through. */

import { editEvents } from "../../series/editing/edit_events.ts";
import { applyTrackEdits } from "../../series/editing/edit_tracks.ts";
import type { TrackEditLog } from "../../series/editing/track_log.ts";
import type { TrackEvent } from "../../series/events.ts";
import { type TrackedRegion, TrackSummaries, type TrackSummary } from "../../series/track_summary.ts";
import type { StoredTracks } from "./stored_tracks.ts";
import { csvLines } from "./tables.ts";

/** Column that tells what corrections made from what was linked. */
const byHand = "by_hand";

/** A series after corrections. */
export interface EditedSeries {
  /** Track of each region. */
  readonly tracks: Int32Array;
  readonly events: readonly EditedEvent[];
}

/** An event after corrections. */
export interface EditedEvent extends Pick<TrackEvent, "kind" | "frame" | "track" | "partner"> {
  /** Its line in the table of the series as it was linked; -1 = made by hand. */
  readonly line: number;
  /** The region that began or ended, where it was made by hand. */
  readonly region: number;
}

/**
 * Applies corrections.
 *
 * @throws {BadParameter} naming the first operation that cannot be done
 */
export function editSeries(stored: StoredTracks, log: TrackEditLog): EditedSeries {
  const tracks = applyTrackEdits(stored, log);
  const regions = { frame: stored.frame, before: stored.track, after: tracks };
  const { kept, made } = editEvents(stored.events, regions, stored.frames);
  const events = [
    ...kept.map(({ index, track, partner }): EditedEvent => {
      const { kind, frame } = stored.events[index];
      return { kind, frame, track, partner, line: index, region: -1 };
    }),
    ...made.map((event): EditedEvent => ({ ...event, partner: -1, line: -1 })),
  ];
  return { tracks, events: events.sort((one, other) => one.frame - other.frame || one.track - other.track) };
}

/** `tracks.csv`: overlap and cosine are empty where a link was made by hand. */
export function* editedRegionLines(stored: StoredTracks, { tracks }: EditedSeries): Generator<string> {
  const { columns, lines, place } = stored.regionTable;
  yield `${columns.join(",")}\n`;
  const last = new Map<number, number>(), lastLinked = new Map<number, number>();
  const [track, overlap, cosine, gap] = ["track", "overlap", "cosine", "gap"].map(place);
  for (const [region, line] of lines.entries()) {
    const fields = line.split(","), before = last.get(tracks[region]);
    fields[track] = String(tracks[region]);
    if (before !== lastLinked.get(stored.track[region])) fields[overlap] = fields[cosine] = "";
    fields[gap] = String(before === undefined ? 0 : stored.frame[region] - stored.frame[before] - 1);
    last.set(tracks[region], region);
    lastLinked.set(stored.track[region], region);
    yield `${fields.join(",")}\n`;
  }
}

/** `events.csv`, with a column that tells what corrections made. */
export function editedEventTable(stored: StoredTracks, { events }: EditedSeries): string {
  const { columns, lines, place } = stored.eventTable, regions = stored.regionTable;
  const value = (line: string[], name: string) => line[regions.place(name)] ?? "";
  return csvLines([
    [...columns, byHand],
    ...events.map(({ kind, frame, track, partner, line, region }) => {
      const fields = line < 0 ? columns.map(() => "") : lines[line].split(",");
      const put = (name: string, text: string | number) => {
        if (columns.includes(name)) fields[place(name)] = String(text);
      };
      put("track", track);
      put("partner", partner);
      if (line < 0) {
        const own = regions.lines[region].split(",");
        put("event", kind);
        put("frame", frame);
        put("value", stored.record.frames[frame].value ?? "");
        for (const name of ["size", "row", "column"]) put(name, value(own, name));
        put("provisional", 0);
        // Whoever corrects has looked.
        put("doubtful", 0);
      }
      return [...fields, line < 0];
    }),
  ]);
}

/** Events as `lineage` and summaries take them. */
export function plainEvents({ events }: EditedSeries): TrackEvent[] {
  const unknown = { size: NaN, partnerSize: NaN, weight: NaN, cosine: NaN, row: NaN, column: NaN };
  return events.map(({ kind, frame, track, partner }) => ({
    ...{ kind, frame, track, partner },
    ...unknown,
    ...{ unionCosine: NaN, borderBefore: NaN, borderNow: NaN, areaPassed: NaN },
    ...{ atRim: false, seen: NaN, covered: NaN, light: NaN },
    ...{ provisional: false, doubtful: false },
  }));
}

/** What became of each track that there is. */
export function editedSummaries(stored: StoredTracks, edited: EditedSeries): TrackSummary[] {
  const numbers = (name: string) => stored.column(name, new Float64Array(stored.frame.length));
  const [row, column] = [numbers("row"), numbers("column")];
  const [fixedRow, fixedColumn] = [numbers("row_corrected"), numbers("column_corrected")];
  const [rim, guests] = [numbers("touches_rim"), numbers("guests")];
  const cosines = Float64Array.from(editedCosines(stored, edited));
  const summaries = new TrackSummaries();
  stored.frame.forEach((frame, region) => {
    const tracked: TrackedRegion = {
      ...{ frame, track: edited.tracks[region], region: stored.cluster[region], size: stored.size[region] },
      ...{ row: row[region], column: column[region], touchesRim: rim[region] === 1, guests: guests[region] },
      ...{ ratio: NaN, cosine: cosines[region], gap: 0 },
    };
    summaries.add([tracked], {
      row: row[region] - fixedRow[region],
      column: column[region] - fixedColumn[region],
    });
  });
  // Numbers of tracks that were joined into others are no longer there.
  return summaries.list(plainEvents(edited), stored.frames).filter((track) => track !== undefined);
}

function* editedCosines(stored: StoredTracks, edited: EditedSeries): Generator<number> {
  const lines = editedRegionLines(stored, edited), place = stored.regionTable.place("cosine");
  lines.next();
  for (const line of lines) {
    const field = line.split(",", place + 1)[place];
    yield field === "" ? NaN : Number(field);
  }
}
