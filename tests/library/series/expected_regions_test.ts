/** What a frame expects of the next one: its tracks, moved with the specimen, without their rims. */

import assert from "node:assert/strict";
import { expectedRegions } from "../../../library/series/expected_regions.ts";
import { SeriesLinker } from "../../../library/series/series_linker.ts";

const rows = 5, columns = 8;
/** Tracks as digits, `.` = none. */
function map(...lines: string[]): Int32Array {
  return Int32Array.from(lines.join(""), (digit) => digit === "." ? -1 : Number(digit));
}
const tracks = map("11112222", "11112222", "11112222", "1111....", "1111....");

Deno.test("rims are left out, for they move even where the specimen does not", () => {
  const expected = expectedRegions({ rows, columns, tracks }, { row: 0, column: 0 });
  assert.deepEqual(expected, map("111..222", "111..222", "111.....", "111.....", "111....."));
});

Deno.test("tracks move with the specimen, and what it brings in is unknown", () => {
  const expected = expectedRegions({ rows, columns, tracks }, { row: 1, column: -2 });
  assert.deepEqual(expected, map("........", "1..222..", "1..222..", "1.......", "1......."));
});

Deno.test("a linker expects nothing of the first frame, nor of one after a frame that was lost", async () => {
  const linker = new SeriesLinker({ rows, columns, patternRows: 8, patternColumns: 8 }, { drift: "none" });
  const meanSimilarity = new Float32Array(rows * columns).fill(1);
  assert.equal(linker.expected({ meanSimilarity }), undefined);
  const labels = tracks.map((track) => track < 0 ? -1 : track - 1);
  await linker.add({ labels, clusters: 2, meanSimilarity });
  const expected = linker.expected({ meanSimilarity })!;
  assert.deepEqual(
    expected,
    expectedRegions({ rows, columns, tracks: labels }, { row: 0, column: 0 }),
  );
  await linker.add({ labels: new Int32Array(rows * columns).fill(-1), clusters: 0 });
  assert.equal(linker.expected({ meanSimilarity }), undefined);
});
