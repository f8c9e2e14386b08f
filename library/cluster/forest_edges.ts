/** The edges among which a maximum spanning forest is looked for: far fewer than there are, at next to no cost. */

import { forwardOffsets } from "../scan/neighbours.ts";

/** Edges of the graph of neighbours. */
export interface CandidateEdges {
  /** uint32: 4 probe + direction of `forwardOffsets`, rising. */
  readonly edges: Uint32Array;
  /** float32 similarity of each. */
  readonly values: Float32Array;
}

/**
 * The edges between probes of the mask, without those that are the weakest of a triangle. (No maximum spanning forest
 * holds the weakest edge of a cycle; of equal ones, the later counts as weaker.) About a third remain.
 *
 * @param similarity float32 (row, column, 8); NaN where there is no edge
 * @param mask uint8 (row, column)
 */
export function candidateEdges(
  { rows, columns, similarity, mask }: {
    readonly rows: number;
    readonly columns: number;
    readonly similarity: Float32Array;
    readonly mask: Uint8Array;
  },
): CandidateEdges {
  const values = forwardValues(columns, similarity, mask);
  const weakest = weakestOfTriangles(rows, columns, values);
  const edges = new Uint32Array(values.length), kept = new Float32Array(values.length);
  let count = 0;
  for (let edge = 0; edge < values.length; edge++) {
    const value = values[edge];
    // NaN differs from itself.
    if (value !== value || weakest[edge] === 1) continue;
    edges[count] = edge;
    kept[count++] = value;
  }
  return { edges: edges.subarray(0, count), values: kept.subarray(0, count) };
}

/** float32 (row, column, forward direction), NaN where an end is outside the mask or the scan. */
export function forwardValues(columns: number, similarity: Float32Array, mask: Uint8Array): Float32Array {
  const steps = forwardOffsets.map(([down, right]) => down * columns + right);
  const values = new Float32Array(4 * mask.length).fill(NaN);
  for (let probe = 0; probe < mask.length; probe++) {
    if (mask[probe] === 0) continue;
    for (let direction = 0; direction < 4; direction++) {
      if (mask[probe + steps[direction]] === 0) continue;
      values[4 * probe + direction] = similarity[8 * probe + 4 + direction];
    }
  }
  return values;
}

/** 1 for each edge that is the weakest of one of the four triangles in a square of four probes. */
function weakestOfTriangles(rows: number, columns: number, values: Float32Array): Uint8Array {
  const found = new Uint8Array(values.length);
  /** Edges by rising number, so that of equal ones the later is found. */
  const mark = (first: number, second: number, third: number) => {
    const a = values[first], b = values[second], c = values[third];
    if (c <= a && c <= b) found[third] = 1;
    else if (b <= a && b < c) found[second] = 1;
    else if (a < b && a < c) found[first] = 1;
  };
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const probe = row * columns + column;
      const top = 4 * probe, left = top + 2, falling = top + 3;
      const rising = 4 * (probe + 1) + 1, right = rising + 1, bottom = 4 * (probe + columns);
      mark(top, left, rising);
      mark(top, falling, right);
      mark(left, falling, bottom);
      mark(rising, right, bottom);
    }
  }
  return found;
}
