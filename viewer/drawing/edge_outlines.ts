/** Outlines of clusters along the edges of probes, as maps show them where a probe is more than a dot. Pure. */

import { joinSegments, type OutlineLines } from "./join_segments.ts";
import { outlinesOfSome } from "./outline_part.ts";

/**
 * Lines around all clusters, or around some. Where two clusters touch, one line lies between them.
 *
 * @param labels int32 (row, column), -1 in no cluster
 * @param ids clusters to outline; default: all
 */
export function edgeOutlines(labels: Int32Array, columns: number, ids?: Iterable<number>): OutlineLines {
  if (ids) return outlinesOfSome(labels, columns, ids, edgeOutlines);
  return joinSegments(edgeSegments(labels, columns), labels.length / columns, columns);
}

/** The lines of {@link edgeOutlines} edge by edge, float32 (edge, 4): row and column of both ends, in probe positions. */
export function edgeSegments(
  labels: Int32Array,
  columns: number,
  ids?: Iterable<number>,
): Float32Array<ArrayBuffer> {
  const rows = labels.length / columns, width = columns + 2;
  const wanted = ids && new Set(ids);
  // One empty probe all around closes the lines at the border of the scan.
  const padded = new Int32Array((rows + 2) * width).fill(-1);
  for (let row = 0, probe = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, probe++) {
      const label = labels[probe];
      if (label >= 0 && (!wanted || wanted.has(label))) padded[(row + 1) * width + column + 1] = label;
    }
  }
  const ends: number[] = [];
  for (let row = 0; row <= rows; row++) {
    for (let column = 0, place = (row + 1) * width + 1; column <= columns; column++, place++) {
      const own = padded[place], top = row - 0.5, left = column - 0.5;
      if (own !== padded[place - width]) ends.push(top, left, top, left + 1);
      if (own !== padded[place - 1]) ends.push(top, left, top + 1, left);
    }
  }
  return Float32Array.from(ends);
}
