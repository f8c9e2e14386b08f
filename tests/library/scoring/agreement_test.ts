import assert from "node:assert/strict";
import { adjustedRandIndex } from "../../../library/scoring/agreement.ts";

Deno.test("equal partitions agree fully, whatever their numbers", () => {
  assert.equal(adjustedRandIndex([0, 0, 1, 1, -1], [5, 5, 2, 2, 9]), 1);
});

Deno.test("the adjusted Rand index has the values of its definition", () => {
  // Table 2 1 0 / 0 1 2: pairs in its cells 2, in its rows 6, in its columns 3, of 15 altogether.
  const index = adjustedRandIndex([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2]);
  assert(Math.abs(index - (2 - 18 / 15) / (4.5 - 18 / 15)) < 1e-12, String(index));
});

Deno.test("a partition against one single class is no better than chance", () => {
  assert.equal(adjustedRandIndex([0, 0, 1, 1], [0, 0, 0, 0]), 0);
});

Deno.test("trivial partitions agree when they are equal", () => {
  assert.equal(adjustedRandIndex([0, 1, 2], [2, 0, 1]), 1);
  assert.equal(adjustedRandIndex([3, 3], [0, 0]), 1);
  assert.equal(adjustedRandIndex([1], [7]), 1);
  assert.equal(adjustedRandIndex([], []), 1);
});

Deno.test("only chosen probes count", () => {
  assert.equal(adjustedRandIndex([0, 0, 1, 1, 5], [0, 0, 1, 1, 0], [1, 1, 1, 1, 0]), 1);
});

Deno.test("maps of different length are refused", () => {
  assert.throws(() => adjustedRandIndex([0], [0, 1]), RangeError);
  assert.throws(() => adjustedRandIndex([0, 1], [0, 1], [1]), RangeError);
});
