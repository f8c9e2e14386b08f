/** The tracks of the series: their regions as they were linked and after corrections, and which are selected. */

import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { clusterPalette, paletteColour } from "../../../library/report/palette.ts";
import { emptyTrackLog, type TrackEditLog } from "../../../library/series/editing/track_log.ts";
import type { NewTrackEdit, SeriesEvent } from "../../protocol/series.ts";
import { call } from "../client.ts";
import { complain } from "../errors.ts";
import { reconnections } from "../state.ts";
import { frame, series } from "./time.ts";

/** The regions of a series as they were linked; see `SeriesTableHeader`. */
export interface RegionTable {
  readonly frame: Int32Array;
  readonly track: Int32Array;
  readonly cluster: Int32Array;
  readonly size: Int32Array;
  readonly row: Float32Array;
  readonly column: Float32Array;
  readonly rim: Uint8Array;
  readonly colours: Uint8Array;
  readonly drift: Float32Array;
}

/** Tracks after corrections. */
export interface EditedTracks {
  readonly edits: TrackEditLog;
  readonly tracks: Int32Array;
  readonly events: readonly SeriesEvent[];
}

/** One track after corrections. */
export interface Track {
  readonly track: number;
  /** Places of its regions in the table, by frame. */
  readonly regions: readonly number[];
  readonly first: number;
  readonly last: number;
  /** Probes where it has most. */
  readonly largest: number;
}

const loaded = signal<RegionTable | null>(null);
const corrected = signal<EditedTracks | null>(null);
const chosen = signal<readonly number[]>([]);

/** The regions; `null` while there are none. */
export const table: ReadonlySignal<RegionTable | null> = loaded;
/** The tracks that are shown. */
export const edited: ReadonlySignal<EditedTracks | null> = corrected;
/** The corrections that are kept beside the series. */
export const keptEdits = signal<TrackEditLog>(emptyTrackLog);
/** Numbers of the selected tracks, the latest last. */
export const selectedTracks: ReadonlySignal<readonly number[]> = chosen;
/** The track that is followed; -1 = none. */
export const followed = computed(() => chosen.value.at(-1) ?? -1);

/** All tracks, by number. */
export const tracks: ReadonlySignal<ReadonlyMap<number, Track>> = computed(() => {
  const regions = loaded.value, found = new Map<number, Track & { regions: number[] }>();
  corrected.value?.tracks.forEach((track, region) => {
    const at = regions!.frame[region], size = regions!.size[region], known = found.get(track);
    if (!known) found.set(track, { track, regions: [region], first: at, last: at, largest: size });
    else {
      known.regions.push(region);
      found.set(track, { ...known, last: at, largest: Math.max(known.largest, size) });
    }
  });
  return found;
});

/** First region of each frame, and behind the last one the number of all. */
export const starts = computed(() => {
  const regions = loaded.value, count = series.value?.frames.length ?? 0, first = new Int32Array(count + 1);
  for (const at of regions?.frame ?? []) first[at + 1]++;
  for (let at = 0; at < count; at++) first[at + 1] += first[at];
  return first;
});

/** The region of a track in a frame; -1 where it is not seen. */
export function regionIn(track: number, wanted: number): number {
  const regions = tracks.value.get(track)?.regions, at = loaded.value?.frame;
  return regions?.find((region) => at![region] === wanted) ?? -1;
}

/** Palette indices of tracks that corrections made: each the one that tracks near it use least. */
const madeColours: ReadonlySignal<ReadonlyMap<number, number>> = computed(() => {
  const regions = loaded.value, after = corrected.value?.tracks, made = new Map<number, number>();
  if (!regions || !after) return made;
  const colourOf = (track: number) => regions.colours[track] ?? made.get(track);
  for (const { track, regions: own } of tracks.value.values()) {
    if (track < regions.colours.length) continue;
    const used = new Float64Array(clusterPalette.length);
    // The track that it was cut from must look different, though it is in other frames.
    for (const region of own) used[regions.colours[regions.track[region]] % used.length]++;
    for (const region of own) {
      const at = regions.frame[region];
      for (let other = starts.value[at]; other < starts.value[at + 1]; other++) {
        const colour = other === region ? undefined : colourOf(after[other]);
        const near = Math.hypot(
          regions.row[other] - regions.row[region],
          regions.column[other] - regions.column[region],
        ) < 2 * (Math.sqrt(regions.size[other]) + Math.sqrt(regions.size[region]));
        if (near && colour !== undefined) used[colour % used.length]++;
      }
    }
    made.set(track, used.indexOf(Math.min(...used)));
  }
  return made;
});

/** Palette index of a track: those of the table, and others for tracks that corrections made. */
export function paletteIndex(track: number): number {
  return madeColours.value.get(track) ?? loaded.value?.colours[track] ?? 0;
}

/** Colour of a track in CSS. */
export function trackColour(track: number): string {
  const [red, green, blue] = paletteColour(paletteIndex(track));
  return `rgb(${red} ${green} ${blue})`;
}

/** Selects a track alone, or adds it to the selection or takes it out; -1 is none. */
export function chooseTrack(track: number, add = false): void {
  if (track < 0) {
    if (!add) chosen.value = [];
    return;
  }
  const before = chosen.peek();
  chosen.value = !add
    ? [track]
    : before.includes(track)
    ? before.filter((other) => other !== track)
    : [...before, track];
}

/** Loads the tracks of the series that is open. */
export async function loadTracks(id: string): Promise<void> {
  const { header, arrays } = await call("GET /api/series/:id/table", { id });
  const parts = await call("POST /api/series/:id/tracks", { id }, { edits: header.edits });
  if (series.peek()?.series !== id) return;
  batch(() => {
    loaded.value = arrays as unknown as RegionTable;
    keptEdits.value = parts.header.edits;
    corrected.value = { ...parts.header, tracks: parts.arrays.tracks as Int32Array };
  });
}

/**
 * Shows the tracks after corrections, with one more at their end.
 *
 * @throws {Refusal} when one cannot be done; nothing is changed then
 */
export async function correctTracks(edits: TrackEditLog, add?: NewTrackEdit): Promise<void> {
  const id = series.peek()!.series;
  const { header, arrays } = await call("POST /api/series/:id/tracks", { id }, { edits, add });
  if (series.peek()?.series !== id) return;
  const after = new Set(arrays.tracks as Int32Array);
  batch(() => {
    corrected.value = { ...header, tracks: arrays.tracks as Int32Array };
    chosen.value = chosen.peek().filter((track) => after.has(track));
  });
}

/** Forgets the tracks, before something else is opened. */
export function forgetTracks(): void {
  batch(() => {
    loaded.value = corrected.value = null;
    chosen.value = [];
    keptEdits.value = emptyTrackLog;
  });
}

/** Tracks of a frame as they were linked, by probe. */
export interface FrameTracks {
  readonly frame: number;
  readonly tracks: Int32Array;
}

/** Bytes of frames that are kept. */
const mostBytes = 64 * 2 ** 20;
const known = new Map<string, Int32Array>();
let waiting: Promise<void> = Promise.resolve();

/** The frame whose tracks are here; the one that is shown, or the one before while that is on its way. */
export const frameTracks = signal<FrameTracks | null>(null);

/** Resolves once the tracks of the frame that is shown are here. */
export const tracksHere = () => waiting;

async function tracksIn(id: string, wanted: number): Promise<Int32Array> {
  const key = `${id}:${wanted}`, before = known.get(key);
  if (before) return before;
  const { arrays } = await call("GET /api/series/:id/frame", { id, frame: wanted });
  const found = arrays.tracks as Int32Array;
  known.set(key, found);
  for (const oldest of known.keys()) {
    if (known.size * found.byteLength <= mostBytes) break;
    known.delete(oldest);
  }
  return found;
}

/** Fetches the tracks of the frame that is shown, and of the next one. */
export function followFrameTracks(): () => void {
  return effect(() => {
    const opened = series.value, wanted = frame.value;
    reconnections.value;
    if (!opened?.linked) return void (frameTracks.value = null);
    waiting = tracksIn(opened.series, wanted).then((found) => {
      if (series.peek() !== opened || frame.peek() !== wanted) return;
      frameTracks.value = { frame: wanted, tracks: found };
      if (wanted + 1 < opened.frames.length) tracksIn(opened.series, wanted + 1).catch(() => {});
    }).catch(complain);
  });
}
