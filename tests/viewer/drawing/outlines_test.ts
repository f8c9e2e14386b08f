/** Outlines on the page are the contours of the library. */

import assert from "node:assert/strict";
import { clusterOutlines } from "../../../library/cluster/outlines.ts";
import { outlines, outlineSegments } from "../../../viewer/drawing/outlines.ts";
import { edgeOutlines, edgeSegments } from "../../../viewer/drawing/edge_outlines.ts";
import { joinSegments } from "../../../viewer/drawing/join_segments.ts";
import { seededRandom } from "../../support/random.ts";

/** Segments whatever their direction, sorted. */
function segmentsOf(values: Iterable<readonly number[]>): string[] {
  return Array.from(values, ([row, column, otherRow, otherColumn]) => {
    const ends = [`${row} ${column}`, `${otherRow} ${otherColumn}`].sort();
    return ends.join(" to ");
  }).sort();
}

function chunks(segments: Float32Array): number[][] {
  return Array.from(
    { length: segments.length / 4 },
    (_, at) => Array.from(segments.subarray(4 * at, 4 * at + 4)),
  );
}

/** The contour of one cluster by the library; where corners face each other it may separate what is connected here. */
function contour(labels: Int32Array, columns: number, id: number): string[] {
  const bounds = {
    firstRow: 0,
    lastRow: labels.length / columns - 1,
    firstColumn: 0,
    lastColumn: columns - 1,
  };
  return segmentsOf(
    clusterOutlines(labels, columns, { id, bounds }).flatMap((line) =>
      line.slice(1).map((point, at) => [...line[at], ...point])
    ),
  );
}

/** Whether two probes of a cluster meet only at a corner. */
function hasCorners(labels: Int32Array, columns: number): boolean {
  return labels.some((label, probe) => {
    const right = labels[probe + 1], below = labels[probe + columns], corner = labels[probe + columns + 1];
    if (probe % columns === columns - 1) return false;
    return label === corner && label !== right && label !== below ||
      right === below && right !== label && right !== corner;
  });
}

Deno.test("the outline of each cluster is its contour, on random maps without corners that face each other", () => {
  let tested = 0;
  for (let seed = 0; seed < 3000; seed++) {
    const random = seededRandom(seed),
      columns = 1 + Math.floor(random() * 6),
      rows = 1 + Math.floor(random() * 6);
    const labels = Int32Array.from({ length: rows * columns }, () => Math.floor(random() * 3) - 1);
    if (hasCorners(labels, columns)) continue;
    for (const id of [0, 1]) {
      const segments = segmentsOf(chunks(outlineSegments(labels, columns, [id])));
      assert.deepEqual(segments, contour(labels, columns, id), `seed ${seed}, cluster ${id}`);
      tested += segments.length;
    }
  }
  assert.ok(tested > 2000, String(tested));
});

Deno.test("all outlines are those of each cluster, and a line between two comes once", () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = seededRandom(seed),
      columns = 1 + Math.floor(random() * 9),
      rows = 1 + Math.floor(random() * 9);
    const labels = Int32Array.from({ length: rows * columns }, () => Math.floor(random() * 4) - 1);
    const each = [0, 1, 2].flatMap((id) => segmentsOf(chunks(outlineSegments(labels, columns, [id]))));
    const all = segmentsOf(chunks(outlineSegments(labels, columns)));
    assert.deepEqual(all, [...new Set(each)].sort());
    assert.deepEqual(segmentsOf(chunks(outlineSegments(labels, columns, [0, 1, 2]))), all);
  }
});

Deno.test("outlines of some clusters are the same lines, in the same order, as if made over the whole map", () => {
  const kinds = [[outlines, outlineSegments], [edgeOutlines, edgeSegments]] as const;
  for (let seed = 0; seed < 200; seed++) {
    const random = seededRandom(seed),
      columns = 1 + Math.floor(random() * 12),
      rows = 1 + Math.floor(random() * 12);
    // Few probes are in clusters, so that these do not fill the map.
    const labels = Int32Array.from({ length: rows * columns }, () => Math.floor(random() * 9) - 5);
    for (const [lines, segments] of kinds) {
      for (const ids of [[0], [3, 1], [7], [-1, 2], []]) {
        const wanted = ids.filter((id) => id >= 0);
        assert.deepEqual(
          lines(labels, columns, ids),
          joinSegments(segments(labels, columns, wanted), rows, columns),
          `seed ${seed}, clusters ${ids}`,
        );
      }
    }
  }
});

Deno.test("probes that meet at a corner are connected", () => {
  const labels = Int32Array.of(0, -1, -1, 0);
  const segments = segmentsOf(chunks(outlineSegments(labels, 2)));
  assert.ok(segments.includes("0 0.5 to 0.5 1") && segments.includes("0.5 0 to 1 0.5"));
  assert.equal(segments.length, 8);
});

Deno.test("a single probe has a diamond around it, and no clusters have no lines", () => {
  assert.deepEqual(segmentsOf(chunks(outlineSegments(Int32Array.of(0), 1))), [
    "-0.5 0 to 0 -0.5",
    "-0.5 0 to 0 0.5",
    "0 -0.5 to 0.5 0",
    "0 0.5 to 0.5 0",
  ]);
  assert.equal(outlineSegments(new Int32Array(6).fill(-1), 3).length, 0);
});

Deno.test("joined lines go through every piece once, closed where nothing branches", () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = seededRandom(seed), columns = 1 + Math.floor(random() * 12);
    const rows = 1 + Math.floor(random() * 12);
    const labels = Int32Array.from({ length: rows * columns }, () => Math.floor(random() * 4) - 1);
    const { points, starts } = outlines(labels, columns), pieces: number[][] = [];
    starts.subarray(1).forEach((end, line) => {
      assert.ok(end - starts[line] >= 2);
      for (let at = starts[line]; at + 1 < end; at++) {
        pieces.push(Array.from(points.subarray(2 * at, 2 * at + 4)));
      }
    });
    assert.deepEqual(
      segmentsOf(pieces),
      segmentsOf(chunks(outlineSegments(labels, columns))),
      `seed ${seed}`,
    );
    const single = outlines(labels, columns, [0]);
    single.starts.subarray(1).forEach((end, line) => {
      const first = 2 * single.starts[line], last = 2 * end - 2;
      assert.deepEqual(single.points.slice(first, first + 2), single.points.slice(last, last + 2));
    });
  }
});
