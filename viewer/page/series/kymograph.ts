/** A line over the scan, and the tracks along it in every frame. */

import { computed, effect, signal } from "@preact/signals";
import { call } from "../client.ts";
import { complain } from "../errors.ts";
import { AtRest } from "../at_rest.ts";
import { reconnections } from "../state.ts";
import { frame, series, steady } from "./time.ts";
import { edited, starts, table } from "./tracks.ts";

/** A place in scan steps: the middle of probe (row, column) lies at half steps. */
export interface LinePoint {
  readonly row: number;
  readonly column: number;
}

/** A line. */
export interface Line {
  readonly from: LinePoint;
  readonly to: LinePoint;
}

/** Tracks along a line as they were linked. */
export interface Kymograph {
  /** Along which these lie; another may have been drawn since. */
  readonly line: Line;
  readonly places: number;
  /** (frame, place); -1 = none, -2 = outside the scan. */
  readonly tracks: Int32Array;
}

/** Where tracks are looked for: in the frame, or on the specimen, as it lay in the first frame. */
export const line = signal<Line | null>(null);
/** How far the line lies from there in the frame that is shown. */
export const lineShift = computed<LinePoint>(() => shiftIn(frame.value));

/** How far it lies from there in a frame. */
export function shiftIn(at: number): LinePoint {
  const drift = table.value?.drift;
  if (!drift || steady.value === "frame") return { row: 0, column: 0 };
  return { row: drift[2 * at], column: drift[2 * at + 1] };
}

/** A place in the frame that is shown as one of the line; and the other way round. */
export function toLine({ row, column }: LinePoint): LinePoint {
  const shift = lineShift.peek();
  return { row: row - shift.row, column: column - shift.column };
}

/** Ends of the line in the frame that is shown. */
export function shownLine(): readonly LinePoint[] {
  const drawn = line.peek(), shift = lineShift.peek();
  return (drawn ? [drawn.from, drawn.to] : []).map(({ row, column }) => ({
    row: row + shift.row,
    column: column + shift.column,
  }));
}

/** Whether the next drag over the map draws the line. */
export const drawsLine = signal(false);
export const kymograph = signal<Kymograph | null>(null);

/** Forgets the line, before another series is shown. */
export function forgetLine(): void {
  line.value = kymograph.value = null;
  drawsLine.value = false;
}

/** The track at a place of a frame after corrections; -1 = none, -2 = outside the scan. */
export function trackAlong(at: number, place: number): number {
  const { places, tracks: along } = kymograph.peek()!, linked = along[at * places + place];
  if (linked < 0) return linked;
  const regions = table.peek()!, after = edited.peek()!;
  for (let region = starts.peek()[at]; region < starts.peek()[at + 1]; region++) {
    if (regions.track[region] === linked) return after.tracks[region];
  }
  return -1;
}

/** Where a place of the kymograph lies: places are a scan step apart, from its first end on. */
export function placeOnLine(place: number): LinePoint {
  const { from, to } = kymograph.peek()!.line,
    length = Math.hypot(to.row - from.row, to.column - from.column);
  const share = length > 0 ? place / length : 0;
  return {
    row: from.row + share * (to.row - from.row),
    column: from.column + share * (to.column - from.column),
  };
}

/** Fetches what lies along the line once it rests. */
export function followKymograph(): () => void {
  const rest = new AtRest(80);
  return effect(() => {
    const opened = series.value, wanted = line.value, corrected = steady.value !== "frame";
    reconnections.value;
    rest.stop();
    if (!opened || !wanted || !table.value) return void (kymograph.value = null);
    rest.begin(async (signal) => {
      try {
        const request = { ...wanted, corrected };
        const { header, arrays } = await call(
          "POST /api/series/:id/kymograph",
          { id: opened.series },
          request,
          signal,
        );
        if (!signal.aborted) {
          kymograph.value = { ...header, line: wanted, tracks: arrays.tracks as Int32Array };
        }
      } catch (cause) {
        if (!signal.aborted) complain(cause);
      }
    });
  });
}
