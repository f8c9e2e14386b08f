/** Outlines of clusters by marching squares: 8-connected, halfway between probes in and out. Pure. */

import { joinSegments, type OutlineLines } from "./join_segments.ts";
import { outlinesOfSome } from "./outline_part.ts";

/** Corners of a cell of four probes: 8 top left, 4 top right, 2 bottom right, 1 bottom left. Sides: top, right, bottom, left. */
const top = 0, right = 1, bottom = 2, left = 3;
/** Sides that lines join, for each set of corners that lie in the cluster. Corners that face each other are connected. */
const linesOf: readonly (readonly (readonly [number, number])[])[] = [
  [],
  [[bottom, left]],
  [[right, bottom]],
  [[right, left]],
  [[top, right]],
  [[top, left], [right, bottom]],
  [[top, bottom]],
  [[top, left]],
  [[top, left]],
  [[top, bottom]],
  [[top, right], [bottom, left]],
  [[top, right]],
  [[right, left]],
  [[right, bottom]],
  [[bottom, left]],
  [],
];
/** Middles of the sides, (row, column) from the top left probe of the cell. */
const middles = [[0, 0.5], [0.5, 1], [1, 0.5], [0.5, 0]] as const;

/**
 * Lines around all clusters, or around some. Where two clusters touch, one line lies between them.
 *
 * @param labels int32 (row, column), -1 in no cluster
 * @param ids clusters to outline; default: all
 */
export function outlines(labels: Int32Array, columns: number, ids?: Iterable<number>): OutlineLines {
  if (ids) return outlinesOfSome(labels, columns, ids, outlines);
  return joinSegments(outlineSegments(labels, columns), labels.length / columns, columns);
}

/** The lines of {@link outlines} piece by piece, float32 (segment, 4): row and column of both ends. */
export function outlineSegments(
  labels: Int32Array,
  columns: number,
  ids?: Iterable<number>,
): Float32Array<ArrayBuffer> {
  const rows = labels.length / columns, wanted = ids && new Set(ids), segments = new Segments();
  const width = columns + 2;
  // One empty probe all around closes the lines at the border of the scan.
  let above = new Int32Array(width).fill(-1), below = new Int32Array(width).fill(-1);
  for (let row = -1; row < rows; row++) {
    [above, below] = [below, above];
    if (row + 1 === rows) below.fill(-1);
    else below.set(labels.subarray((row + 1) * columns, (row + 2) * columns), 1);
    if (wanted && row + 1 < rows) {
      for (let column = 1; column <= columns; column++) if (!wanted.has(below[column])) below[column] = -1;
    }
    for (let column = -1; column < columns; column++) {
      const a = above[column + 1], b = above[column + 2], c = below[column + 2], d = below[column + 1];
      if (a === b && b === c && c === d) continue;
      segments.addCell(row, column, [a, b, c, d]);
    }
  }
  return segments.take();
}

/** Segments in memory that grows. */
class Segments {
  #values = new Float32Array(1 << 12);
  #length = 0;

  addCell(row: number, column: number, corners: readonly number[]): void {
    // Bits of the lines that are there already, by their two sides.
    let drawn = 0;
    for (let corner = 0; corner < 4; corner++) {
      const id = corners[corner];
      if (id < 0 || corners.indexOf(id) < corner) continue;
      let inside = 0;
      for (let other = 0; other < 4; other++) if (corners[other] === id) inside |= 8 >> other;
      for (const [from, to] of linesOf[inside]) {
        const line = 1 << 4 * from + to;
        if (drawn & line) continue;
        drawn |= line;
        this.#add(
          row + middles[from][0],
          column + middles[from][1],
          row + middles[to][0],
          column + middles[to][1],
        );
      }
    }
  }

  take(): Float32Array<ArrayBuffer> {
    return this.#values.slice(0, this.#length);
  }

  #add(row: number, column: number, otherRow: number, otherColumn: number): void {
    if (this.#length === this.#values.length) {
      const values = new Float32Array(2 * this.#length);
      values.set(this.#values);
      this.#values = values;
    }
    this.#values[this.#length++] = row;
    this.#values[this.#length++] = column;
    this.#values[this.#length++] = otherRow;
    this.#values[this.#length++] = otherColumn;
  }
}
