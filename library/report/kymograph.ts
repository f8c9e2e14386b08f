/** Tracks along a line of the specimen, frame below frame. */

import type { Drift } from "../series/drift.ts";
import type { TrackSummary } from "../series/track_summary.ts";
import { createImage, fillRectangle, type RgbImage } from "./image.ts";
import { paletteColour } from "./palette.ts";

/** A line on the specimen, in scan steps of the first frame. */
export interface SpecimenLine {
  readonly from: Drift;
  readonly to: Drift;
}

/** The places at which a track was first and last seen as a whole, not at the rim, without the drift. */
export interface TrackEnds {
  readonly track: number;
  readonly first: Drift;
  readonly last: Drift;
}

/** Image of at most this many pixels a side. */
const largestSide = 1024;

/**
 * The line along which most happened: through the ends of the track that moved furthest, or across the scan through the
 * largest one where none moved by a scan step.
 *
 * @param ends of each track that was seen as a whole, by track
 */
export function longestLine(
  summaries: readonly TrackSummary[],
  ends: ReadonlyMap<number, TrackEnds>,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): SpecimenLine {
  const way = ({ first, last }: TrackEnds) => Math.hypot(last.row - first.row, last.column - first.column);
  const [furthest] = Array.from(ends.values())
    .sort((one, other) => way(other) - way(one) || one.track - other.track);
  const [largest] = summaries.toSorted((one, other) =>
    other.largestArea - one.largestArea || one.track - other.track
  );
  const moved = furthest && way(furthest) >= 1 ? furthest : undefined;
  if (!moved) {
    const row = (largest && ends.get(largest.track)?.first.row) ?? (rows - 1) / 2;
    return { from: { row, column: 0 }, to: { row, column: columns - 1 } };
  }
  // As far again to both sides shows what it came from and went to.
  const { first, last } = moved, down = last.row - first.row, right = last.column - first.column;
  const length = Math.hypot(down, right), more = Math.max(1, 8 / length);
  return {
    from: { row: first.row - more * down, column: first.column - more * right },
    to: { row: last.row + more * down, column: last.column + more * right },
  };
}

/** Numbers of the tracks at equal steps along a line of one frame; -1 where there is none, or no scan. */
export function alongLine(
  tracks: ArrayLike<number>,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  { from, to }: SpecimenLine,
  drift: Drift,
): Int32Array {
  const steps = Math.max(1, Math.ceil(Math.hypot(to.row - from.row, to.column - from.column)));
  return Int32Array.from({ length: steps + 1 }, (_, step) => {
    const part = step / steps;
    const row = Math.round(from.row + part * (to.row - from.row) + drift.row);
    const column = Math.round(from.column + part * (to.column - from.column) + drift.column);
    return row >= 0 && row < rows && column >= 0 && column < columns ? tracks[row * columns + column] : -1;
  });
}

/** The picture: the line from left to right, frames from top to bottom; grey where there is no track. */
export function kymographImage(lines: readonly Int32Array[], colours: Uint32Array): RgbImage {
  const columns = lines[0].length, every = Math.max(1, Math.ceil(lines.length / largestSide));
  const shown = lines.filter((_, frame) => frame % every === 0);
  const size = Math.max(1, Math.min(8, Math.floor(512 / Math.max(columns, shown.length))));
  const image = createImage(columns * size, shown.length * size, [225, 228, 232]);
  shown.forEach((line, row) =>
    line.forEach((track, column) => {
      if (track >= 0) {
        fillRectangle(image, row * size, column * size, size, size, paletteColour(colours[track]));
      }
    })
  );
  return image;
}
