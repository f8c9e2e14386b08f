/** What is clicked on a pattern goes to the middle of the peak under it, unless that is not wanted. */

import { signal } from "@preact/signals";
import { peakCenter } from "../../../library/measuring/peak_center.ts";
import type { PicturePoint } from "../../drawing/viewport.ts";
import type { SpotsAnswer } from "../../protocol/crystals.ts";
import { item, type ShownPattern } from "../state.ts";

/** Whether places go to peaks. */
export const snaps = signal(true);

/** How near a peak must be: CSS pixels, and detector pixels at least and at most. */
const reachOnScreen = 12, leastReach = 1.5, mostReach = 12;

/**
 * The middle of the peak near a place, in places of the picture; the place itself where there is none.
 *
 * @param scale CSS pixels of a detector pixel
 * @param marks peaks that were measured on the pattern: they are those of the files
 */
export function snapped(
  at: PicturePoint,
  scale: number,
  pattern: ShownPattern | null,
  marks: SpotsAnswer | null | undefined,
): PicturePoint {
  const shape = item.peek()?.shape;
  if (!snaps.peek() || !pattern || !shape || pattern.transformed || pattern.signed) return at;
  const reach = Math.min(mostReach, Math.max(leastReach, reachOnScreen / scale));
  const near = { row: at.row - 0.5, column: at.column - 0.5 };
  const { patternRows: rows, patternColumns: columns } = shape;
  const peak = nearest(marks?.measured ?? [], near, reach) ??
    peakCenter({ values: pattern.values, rows, columns, near, reach });
  return peak ? { row: peak.row + 0.5, column: peak.column + 0.5 } : at;
}

/** The nearest of some places within reach. */
export function nearest<Place extends PicturePoint>(
  places: readonly Place[],
  { row, column }: PicturePoint,
  reach: number,
): Place | null {
  let found: Place | null = null, least = reach;
  for (const place of places) {
    const far = Math.hypot(place.row - row, place.column - column);
    if (far > least) continue;
    least = far;
    found = place;
  }
  return found;
}
