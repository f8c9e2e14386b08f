/** Twins that have grown since the frame before: told by a border that is new, where patterns alone would not do. */

import assert from "node:assert/strict";
import { linkRegions } from "../../../library/cluster/regions/linkage.ts";
import { tearAtNewBorders } from "../../../library/cluster/regions/new_borders.ts";
import type { Sketch } from "../../../library/passes/sketch/sketch.ts";
import { movedSimilarity } from "../../../library/series/expected_regions.ts";
import { borderedSimilarity } from "../../support/bordered_similarity.ts";

const rows = 10, columns = 16, probes = rows * columns;
const mask = new Uint8Array(probes).fill(1);

/** Features of this cosine left and right of column `at`, with little noise. */
function halves(cosine: number, at = 8): Sketch {
  const features = new Float32Array(2 * probes), noise = new Float32Array(probes).fill(1e-3);
  for (let probe = 0; probe < probes; probe++) {
    const right = probe % columns >= at;
    features.set(right ? [10 * cosine, 10 * Math.sqrt(1 - cosine * cosine)] : [10, 0], 2 * probe);
  }
  return { rows, columns, length: 2, features, noise, degreesOfFreedom: 2 };
}

/** Similarities of 0.9, and this one across the border left of column `at`. */
const similarities = (across: number, at = 8) => borderedSimilarity({ rows, columns }, across, at);

/** All expected to be region 4, but for a stripe on the left that is 9. */
const labels = Int32Array.from({ length: probes }, (_, probe) => probe % columns < 2 ? 9 : 4);

const torn = (sketch: Sketch, before: Float32Array | undefined, now: Float32Array) =>
  tearAtNewBorders(sketch, mask, { labels, similarity: before }, now);

Deno.test("a region with a new border in it is expected to be two, and is", () => {
  const sketch = halves(0.78), found = torn(sketch, similarities(0.9), similarities(0.6));
  // The larger part keeps the name, the other has one that is new.
  assert.deepEqual(
    found,
    labels.map((name, probe) => name === 4 && probe % columns < 8 ? 10 : name),
  );
  assert.equal(linkRegions(sketch, mask, undefined, labels).count, 1);
  assert.equal(linkRegions(sketch, mask, undefined, found).count, 2);
});

Deno.test("a border that was there, that is hardly there, or beside which patterns are alike, tears nothing", () => {
  const clear = similarities(0.6), none = similarities(0.9);
  assert.equal(torn(halves(0.78), clear, clear), labels, "it was missed");
  assert.equal(torn(halves(0.78), none, similarities(0.8)), labels, "a bent crystal");
  assert.equal(torn(halves(0.78), similarities(0.8), clear), labels, "it was seen in part");
  assert.equal(torn(halves(0.85), none, clear), labels, "one crystal by its patterns");
  assert.equal(torn(halves(0.78, 14), none, similarities(0.6, 14)), labels, "a part of 20 probes");
  assert.equal(torn(halves(0.78), undefined, clear), labels, "nothing is known of the frame before");
  assert.equal(torn(halves(0.78), none.fill(NaN), clear), labels, "nor of its similarities");
});

Deno.test("similarities move with the specimen", () => {
  const similarity = Float32Array.from({ length: 8 * probes }, (_, place) => place);
  const moved = movedSimilarity({ rows, columns, similarity }, { row: 1, column: -2 });
  for (let probe = 0; probe < probes; probe++) {
    const row = Math.floor(probe / columns), column = probe % columns;
    const shown = row >= 1 && column < columns - 2, place = 8 * (probe - columns + 2);
    assert.deepEqual(
      Array.from(moved.subarray(8 * probe, 8 * probe + 8)),
      Array.from({ length: 8 }, (_, direction) => shown ? place + direction : NaN),
    );
  }
  const gone = movedSimilarity({ rows, columns, similarity: similarities(0.6) }, { row: 0, column: columns });
  assert.ok(gone.every(Number.isNaN));
});
