/** What a frame expects of the next one: its regions, moved with the specimen, without their rims. */

import assert from "node:assert/strict";
import { expectedRegions } from "../../../library/series/expected_regions.ts";

const rows = 5, columns = 8;
/** Regions as digits, `.` = none. */
function map(...lines: string[]): Int32Array {
  return Int32Array.from(lines.join(""), (digit) => digit === "." ? -1 : Number(digit));
}
const labels = map("11112222", "11112222", "11112222", "1111....", "1111....");

Deno.test("rims are left out, for they move even where the specimen does not", () => {
  const expected = expectedRegions({ rows, columns, labels }, { row: 0, column: 0 });
  assert.deepEqual(expected, map("111..222", "111..222", "111.....", "111.....", "111....."));
});

Deno.test("regions move with the specimen, and what it brings in is unknown", () => {
  const expected = expectedRegions({ rows, columns, labels }, { row: 1, column: -2 });
  assert.deepEqual(expected, map("........", "1..222..", "1..222..", "1.......", "1......."));
});
