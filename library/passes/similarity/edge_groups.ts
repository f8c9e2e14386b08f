/** Edges of the scan that are computed together: few enough for the memory, near enough to share patterns. */

import type { ScanShape } from "../../scan/shape.ts";
import { forwardOffsets } from "../../scan/neighbours.ts";

/** Sides of the squares of probes whose edges are taken together. */
const tile = 16;

/** Edges to compute at once, and the patterns they need. */
export interface EdgeGroup {
  /** Places of its edges in the list that was divided. */
  readonly places: Int32Array;
  /** Flat indices of the probes that its edges join, rising. */
  readonly ends: Int32Array;
  /** Flat indices of the probes whose patterns are needed, rising: those within the footprint of an end. */
  readonly patterns: Int32Array;
}

/** Numbers of a group that memory depends on. */
export interface GroupSize {
  readonly edges: number;
  readonly ends: number;
  readonly patterns: number;
}

/** The two probes that an edge joins, by flat index: the edge 4 p + d leads from p in direction d. */
export function edgeEnds(edge: number, columns: number): [number, number] {
  const probe = edge >> 2, [down, right] = forwardOffsets[edge & 3];
  return [probe, probe + down * columns + right];
}

/**
 * Divides edges into groups as large as `fits` allows; a single edge is a group whether it fits or not. Neighbouring
 * edges come together, so that few patterns are needed by several groups.
 *
 * @param footprint offsets of the patterns that each end needs, (0, 0) included
 */
export function* groupEdges(
  { rows, columns }: ScanShape,
  edges: ArrayLike<number>,
  footprint: readonly (readonly [number, number])[],
  fits: (size: GroupSize) => boolean,
): Generator<EdgeGroup> {
  const isEnd = new Uint8Array(rows * columns), isNeeded = new Uint8Array(rows * columns);
  let places: number[] = [], ends: number[] = [], patterns: number[] = [];
  const add = (place: number) => {
    places.push(place);
    for (const end of edgeEnds(edges[place], columns)) {
      if (isEnd[end]) continue;
      isEnd[end] = 1;
      ends.push(end);
      const row = Math.floor(end / columns), column = end % columns;
      for (const [down, right] of footprint) {
        const other = end + down * columns + right;
        const inside = row + down >= 0 && row + down < rows && column + right >= 0 &&
          column + right < columns;
        if (!inside || isNeeded[other]) continue;
        isNeeded[other] = 1;
        patterns.push(other);
      }
    }
  };
  const finish = (): EdgeGroup => {
    for (const end of ends) isEnd[end] = 0;
    for (const pattern of patterns) isNeeded[pattern] = 0;
    const group = {
      places: Int32Array.from(places),
      ends: Int32Array.from(ends).sort(),
      patterns: Int32Array.from(patterns).sort(),
    };
    places = [];
    ends = [];
    patterns = [];
    return group;
  };
  for (const place of byTile(edges, columns)) {
    const before = { edges: places.length, ends: ends.length, patterns: patterns.length };
    add(place);
    if (before.edges === 0) continue;
    if (fits({ edges: places.length, ends: ends.length, patterns: patterns.length })) continue;
    // The edge was one too many: it begins the next group.
    places.length = before.edges;
    for (const end of ends.splice(before.ends)) isEnd[end] = 0;
    for (const pattern of patterns.splice(before.patterns)) isNeeded[pattern] = 0;
    yield finish();
    add(place);
  }
  if (places.length > 0) yield finish();
}

/** Places of the edges in the order of their squares, rows of squares first; in index order within a square. */
function byTile(edges: ArrayLike<number>, columns: number): Int32Array {
  const tiles = Math.ceil(columns / tile);
  const tileOf = Int32Array.from(edges, (edge) => {
    const probe = edge >> 2;
    return Math.floor(Math.floor(probe / columns) / tile) * tiles + Math.floor(probe % columns / tile);
  });
  const places = Int32Array.from(edges, (_, place) => place);
  return places.sort((a, b) => tileOf[a] - tileOf[b] || edges[a] - edges[b]);
}
