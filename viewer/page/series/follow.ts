/** Following tracks: one that is chosen stays so while time moves, with its average and, where it is wanted, the map. */

import { effect } from "@preact/signals";
import { panViewport } from "../../drawing/viewport.ts";
import { announce } from "../announce.ts";
import { moveProbe, realViewport } from "../looking/looking.ts";
import { showAbove } from "../sources/pattern_sources.ts";
import { trackAverage } from "../sources/track_average.ts";
import { probeIn, shownRegions } from "./shown_regions.ts";
import { frame, pause, series, showFrame, steady } from "./time.ts";
import { chooseTrack, followed, regionIn, selectedTracks, table, tracks } from "./tracks.ts";

/** Selects a track alone, or adds it to the selection or takes it out; -1 is none. */
export function followTrack(track: number, add = false): void {
  chooseTrack(track, add);
  if (track < 0) return;
  showAbove(trackAverage);
  const chosen = selectedTracks.peek().includes(track), known = tracks.peek().get(track);
  announce(
    chosen && known
      ? `Track ${track}, frames ${known.first} to ${known.last}, at most ${known.largest} probes`
      : `Track ${track} is no longer selected`,
  );
}

/** Follows a track from a frame in which it is seen: the one that is shown, else the nearest one. */
export function goToTrack(track: number, add = false): void {
  const known = tracks.peek().get(track), regions = table.peek();
  if (!known || !regions) return;
  followTrack(track, add);
  const at = frame.peek();
  if (regionIn(track, at) < 0) {
    const frames = known.regions.map((region) => regions.frame[region]);
    pause();
    showFrame(frames.reduce((best, own) => Math.abs(own - at) < Math.abs(best - at) ? own : best));
  }
  const region = regionIn(track, at), place = region < 0 ? null : probeIn(region);
  if (place) moveProbe(place.row, place.column);
}

/** Goes to an event: its frame, and the track that it happened to. */
export function goToEvent({ frame: at, track, kind }: {
  readonly frame: number;
  readonly track: number;
  readonly kind: string;
}): void {
  pause();
  // What ended is last seen in the frame before.
  const ends = kind !== "split" && kind !== "birth" && kind !== "enter";
  showFrame(ends ? at - 1 : at);
  followTrack(track);
}

/** Moves the map as frames come: with the specimen, or with the followed track, and the probe with that. */
export function followSteady(): () => void {
  let before = { path: "", row: 0, column: 0 };
  return effect(() => {
    const opened = series.value, regions = table.value, shown = shownRegions.value, way = steady.value;
    const track = followed.value;
    if (!opened || !regions || !shown) return;
    const at = frame.peek(), viewport = realViewport.peek();
    const last = before.path === opened.path ? before : { row: 0, column: 0 };
    before = { path: opened.path, row: regions.drift[2 * at], column: regions.drift[2 * at + 1] };
    const region = regionIn(track, at);
    if (way === "track" && region >= 0) {
      const place = probeIn(region);
      if (place) moveProbe(place.row, place.column);
    }
    if (!viewport) return;
    const { centre, scale, rowScale } = viewport;
    const moved = way === "specimen"
      ? { row: before.row - last.row, column: before.column - last.column }
      : way === "track" && region >= 0
      ? {
        row: regions.row[region] + 0.5 - centre.row,
        column: regions.column[region] + 0.5 - centre.column,
      }
      : { row: 0, column: 0 };
    if (Math.abs(moved.row) + Math.abs(moved.column) > 0.01) {
      realViewport.value = panViewport(viewport, -moved.column * scale, -moved.row * rowScale);
    }
  });
}
