/** Outlines of few clusters: made in the part of the map where these lie, which is as quick as they are small. Pure. */

import type { OutlineLines } from "./join_segments.ts";

/** A rectangle of a map of labels, in which all but the wanted clusters are none. */
interface MapPart {
  /** int32 (row, column), -1 in none of the wanted clusters. */
  readonly labels: Int32Array;
  readonly columns: number;
  /** Where its first probe lies in the map. */
  readonly row: number;
  readonly column: number;
}

/**
 * The lines around some clusters, in probe positions of the map.
 *
 * @param labels int32 (row, column), -1 in no cluster
 * @param outline the lines around all clusters of a map of so many columns
 */
export function outlinesOfSome(
  labels: Int32Array,
  columns: number,
  ids: Iterable<number>,
  outline: (labels: Int32Array, columns: number) => OutlineLines,
): OutlineLines {
  const part = partWith(labels, columns, ids);
  if (part === null) return { points: new Float32Array(0), starts: Uint32Array.of(0) };
  const { points, starts } = outline(part.labels, part.columns);
  for (let at = 0; at < points.length; at += 2) {
    points[at] += part.row;
    points[at + 1] += part.column;
  }
  return { points, starts };
}

/** The smallest rectangle that holds the clusters; `null` where none of them is on the map. */
function partWith(labels: Int32Array, columns: number, ids: Iterable<number>): MapPart | null {
  const list = Array.from(ids).filter((id) => id >= 0);
  const wanted = new Uint8Array(list.reduce((most, id) => Math.max(most, id), -1) + 1);
  for (const id of list) wanted[id] = 1;
  let first = -1, last = -1, left = columns, right = -1;
  for (let probe = 0; probe < labels.length; probe++) {
    const label = labels[probe];
    if (label < 0 || label >= wanted.length || wanted[label] === 0) continue;
    if (first < 0) first = probe;
    last = probe;
    const column = probe % columns;
    if (column < left) left = column;
    if (column > right) right = column;
  }
  if (first < 0) return null;
  const top = Math.floor(first / columns), bottom = Math.floor(last / columns), width = right - left + 1;
  const part = new Int32Array((bottom - top + 1) * width);
  for (let row = top, at = 0; row <= bottom; row++) {
    for (let column = left; column <= right; column++, at++) {
      const label = labels[row * columns + column];
      part[at] = label >= 0 && label < wanted.length && wanted[label] === 1 ? label : -1;
    }
  }
  return { labels: part, columns: width, row: top, column: left };
}
