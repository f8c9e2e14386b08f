/** A sample of edges on which the fast path is held against the exact one. */

import { forwardOffsets } from "../../scan/neighbours.ts";

/** Squares of probes that are looked at. */
export interface ControlSquares {
  /** About so many, spread over the scan. */
  readonly groups: number;
  /** Probes along a side. */
  readonly side: number;
}

/** Squares for patterns as recorded: up to six edges each. */
export const plainSquares: ControlSquares = { groups: 64, side: 2 };

/**
 * Squares for filtered patterns: up to twenty edges each. An end costs all patterns of its footprint, so ends that share
 * footprints tell more.
 */
export const filteredSquares: ControlSquares = { groups: 16, side: 3 };

/**
 * Edges spread evenly over the scan, always the same ones: the edges among the probes of squares, each the one nearest to
 * the middle of its part of the scan.
 *
 * @param mask 1 where similarities matter: squares lie inside it where they can
 * @returns rising indices 4 * probe + direction; none for a single probe
 */
export function controlEdges(
  { rows, columns }: { readonly rows: number; readonly columns: number },
  mask?: Uint8Array,
  squares: ControlSquares = plainSquares,
): Uint32Array {
  const { groups, side } = squares, height = Math.min(side, rows), width = Math.min(side, columns);
  const isKept = (row: number, column: number) => {
    for (let r = row; r < row + height; r++) {
      for (let c = column; c < column + width; c++) if (mask && !mask[r * columns + c]) return false;
    }
    return true;
  };
  const down = between(1, Math.round(Math.sqrt(groups * rows / columns)), Math.ceil(rows / side));
  const across = between(1, Math.floor(groups / down), Math.ceil(columns / side));
  const edges = new Set<number>();
  for (let i = 0; i < down; i++) {
    for (let j = 0; j < across; j++) {
      const corner = nearestSquare(
        [Math.floor(i * rows / down), Math.min(rows - height, Math.floor((i + 1) * rows / down) - 1)],
        [
          Math.floor(j * columns / across),
          Math.min(columns - width, Math.floor((j + 1) * columns / across) - 1),
        ],
        isKept,
      );
      if (corner) { for (const edge of edgesWithin(...corner, height, width, columns)) edges.add(edge); }
    }
  }
  // A mask of scattered probes has no squares: the sample is then of the whole scan.
  if (edges.size === 0 && mask) return controlEdges({ rows, columns }, undefined, squares);
  return Uint32Array.from(edges).sort();
}

/** The corner nearest to the middle of a part of the scan (first and last row and column) that is kept. */
function nearestSquare(
  [top, bottom]: readonly [number, number],
  [left, right]: readonly [number, number],
  isKept: (row: number, column: number) => boolean,
): [row: number, column: number] | null {
  let nearest: [number, number] | null = null, least = Infinity;
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const distance = (row - (top + bottom) / 2) ** 2 + (column - (left + right) / 2) ** 2;
      if (distance >= least || !isKept(row, column)) continue;
      least = distance;
      nearest = [row, column];
    }
  }
  return nearest;
}

/** Edges both of whose probes lie in a rectangle. */
function* edgesWithin(
  row: number,
  column: number,
  height: number,
  width: number,
  columns: number,
): Generator<number> {
  for (let r = row; r < row + height; r++) {
    for (let c = column; c < column + width; c++) {
      for (const [direction, [down, right]] of forwardOffsets.entries()) {
        if (r + down < row + height && c + right >= column && c + right < column + width) {
          yield 4 * (r * columns + c) + direction;
        }
      }
    }
  }
}

function between(least: number, value: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
