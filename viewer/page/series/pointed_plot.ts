/** What is pointed at in the plots and the list of a series, or on its map: the others show the same. */

import { computed, signal } from "@preact/signals";
import { item, pointed } from "../state.ts";
import { type LinePoint, shiftIn } from "./kymograph.ts";
import { trackAt } from "./shown_regions.ts";
import { regionIn, table } from "./tracks.ts";

/** A place of a plot. */
export interface PlotPlace {
  /** Default: the one that is shown. */
  readonly frame?: number;
  /** -1 = none, -2 = outside the scan. */
  readonly track: number;
  /** Where the plot is along a line: its place on the line, which lies elsewhere by the drift of each frame. */
  readonly at?: LinePoint;
}

/** What is pointed at, `null` while it is nothing. */
export const plotPlace = signal<PlotPlace | null>(null);

/** The track that is pointed at, in a plot or else on the map; below 0 = none. */
export const pointedTrack = computed(() => {
  const elsewhere = plotPlace.value, on = pointed.value;
  if (elsewhere) return elsewhere.track;
  return on ? trackAt(on.row * item.value!.shape.columns + on.column) : -1;
});

/** Where a place lies in a frame. */
export function placeIn(at: LinePoint, frame: number): LinePoint {
  const shift = shiftIn(frame);
  return { row: at.row + shift.row, column: at.column + shift.column };
}

/** Probes of a track in a frame, 0 where it is not seen. */
export function probesIn(track: number, frame: number): number {
  const region = regionIn(track, frame);
  return region < 0 ? 0 : table.value!.size[region];
}
