/** Outlines along the edges of probes: each edge between two clusters once, and no other line. */

import assert from "node:assert/strict";
import { edgeOutlines, edgeSegments } from "../../../viewer/drawing/edge_outlines.ts";
import { seededRandom } from "../../support/random.ts";

/** Segments whatever their direction, sorted. */
function sorted(values: Iterable<readonly number[]>): string[] {
  return Array.from(
    values,
    ([row, column, otherRow, otherColumn]) =>
      [`${row} ${column}`, `${otherRow} ${otherColumn}`].sort().join(" to "),
  ).sort();
}

function chunks(values: Float32Array): number[][] {
  return Array.from(
    { length: values.length / 4 },
    (_, at) => Array.from(values.subarray(4 * at, 4 * at + 4)),
  );
}

Deno.test("every edge where the label changes is in the outline once, no other is, and joined lines have all of them", () => {
  for (let seed = 0; seed < 300; seed++) {
    const random = seededRandom(seed),
      rows = 1 + Math.floor(random() * 7),
      columns = 1 + Math.floor(random() * 7);
    const labels = Int32Array.from({ length: rows * columns }, () => Math.floor(random() * 4) - 1);
    for (const ids of [undefined, [0], [1, 2]]) {
      const label = (row: number, column: number) => {
        const inside = row >= 0 && column >= 0 && row < rows && column < columns;
        const own = inside ? labels[row * columns + column] : -1;
        return ids && !ids.includes(own) ? -1 : own;
      };
      const expected: number[][] = [];
      for (let row = -1; row < rows; row++) {
        for (let column = -1; column < columns; column++) {
          if (label(row, column) !== label(row, column + 1)) {
            expected.push([row - 0.5, column + 0.5, row + 0.5, column + 0.5]);
          }
          if (label(row, column) !== label(row + 1, column)) {
            expected.push([row + 0.5, column - 0.5, row + 0.5, column + 0.5]);
          }
        }
      }
      assert.deepEqual(sorted(chunks(edgeSegments(labels, columns, ids))), sorted(expected), `seed ${seed}`);
      const { points, starts } = edgeOutlines(labels, columns, ids), pieces: number[][] = [];
      starts.subarray(1).forEach((end, line) => {
        for (let at = starts[line]; at + 1 < end; at++) {
          pieces.push(Array.from(points.subarray(2 * at, 2 * at + 4)));
        }
      });
      assert.deepEqual(sorted(pieces), sorted(expected), `joined, seed ${seed}`);
    }
  }
});
