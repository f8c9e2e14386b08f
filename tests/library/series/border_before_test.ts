/** Splits of crystals and repairs of the segmentation, told by the frame before. */

import assert from "node:assert/strict";
import { borderSeen } from "../../../library/series/border_before.ts";
import { isDoubtful } from "../../../library/series/events.ts";
import { RegionFrame } from "../../../library/series/region_frame.ts";
import { SeriesLinker } from "../../../library/series/series_linker.ts";
import { borderedSimilarity } from "../../support/bordered_similarity.ts";

const rows = 10, columns = 12, probes = rows * columns;
/** Two halves, the border between columns 5 and 6; all of it one region before. */
const halves = Int32Array.from({ length: probes }, (_, probe) => probe % columns < 6 ? 0 : 1);
const whole = new Int32Array(probes);

/** Similarities of 0.9, and this one across the border left of column `at`. */
const similarities = (across: number, at = 6) => borderedSimilarity({ rows, columns }, across, at);

Deno.test("the frame before shows a border, or does not, wherever the specimen has moved to", () => {
  const now = new RegionFrame({ rows, columns, labels: halves, count: 2 });
  const seen = (across: number, at = 6, shift = { row: 0, column: 0 }) =>
    borderSeen(
      { rows, columns, labels: whole, similarity: similarities(across, at) },
      0,
      now,
      [0, 1],
      shift,
    ).before;
  assert.ok(Math.abs(seen(0.9) - 1) < 1e-5);
  assert.ok(Math.abs(seen(0.7) - 3) < 1e-5);
  assert.ok(Math.abs(seen(0.95) - 0.5) < 1e-5);
  // Two to the left and one down: the border lay two further to the right.
  assert.ok(Math.abs(seen(0.7, 8, { row: 1, column: -2 }) - 3) < 1e-5);
  const elsewhere = borderSeen(
    { rows, columns, labels: whole, similarity: similarities(0.7) },
    5,
    now,
    [0, 1],
    { row: 0, column: 0 },
  );
  assert.ok(Number.isNaN(elsewhere.before) && Number.isNaN(elsewhere.now));
});

Deno.test("the rim of what was one region tells nothing, nor does a border of few probes", () => {
  const now = new RegionFrame({ rows, columns, labels: halves, count: 2 });
  // Above and below are others, whose light is in the first rows of the whole as well.
  const between = whole.map((_, probe) => probe < 2 * columns || probe >= 8 * columns ? 1 : 0);
  const mixed = similarities(0.9);
  for (let probe = 0; probe < probes; probe++) {
    const row = Math.floor(probe / columns);
    if ((row === 2 || row === 7) && Math.abs(probe % columns - 5.5) < 1) {
      mixed.fill(0.3, 8 * probe, 8 * probe + 8);
    }
  }
  const seen = (labels: Int32Array) =>
    borderSeen({ rows, columns, labels, similarity: mixed }, 0, now, [0, 1], { row: 0, column: 0 }).before;
  assert.ok(Math.abs(seen(between) - 1) < 1e-5);
  const narrow = whole.map((_, probe) => probe < 3 * columns || probe >= 6 * columns ? 1 : 0);
  assert.ok(Number.isNaN(seen(narrow)), "two pairs, each seen from both sides");
});

Deno.test("a split of what is alike is believed where its border is new", async () => {
  const shape = { rows, columns, patternRows: 8, patternColumns: 8 };
  const seen = async (then: number, now: number) => {
    const linker = new SeriesLinker(shape, { drift: "none" });
    await linker.add({ labels: whole, clusters: 1, similarity: similarities(then) });
    for (let frame = 0; frame < 2; frame++) {
      await linker.add({ labels: halves, clusters: 2, similarity: similarities(now) });
    }
    const [event] = linker.events();
    return [event.borderBefore, event.borderNow].map((value) => Math.round(100 * value) / 100);
  };
  assert.deepEqual(await seen(0.9, 0.5), [1, 5]);
  assert.deepEqual(await seen(0.95, 0.9), [0.5, 1]);
  const split = { kind: "split", cosine: NaN, areaPassed: 1, borderBefore: 1 } as const;
  const doubtful = (unionCosine: number, borderNow: number) =>
    isDoubtful({ ...split, unionCosine, borderNow });
  assert.deepEqual([doubtful(0.76, 3), doubtful(0.76, 1.5), doubtful(0.76, NaN)], [false, true, true]);
  assert.deepEqual([doubtful(0.4, 1), doubtful(NaN, NaN)], [false, false]);
  assert.ok(isDoubtful({ ...split, borderBefore: 0.5, unionCosine: 0.67, borderNow: 1.9 }), "hardly seen");
  assert.ok(isDoubtful({ ...split, borderBefore: 1.3, unionCosine: 0.76, borderNow: 9 }), "it was there");
});

Deno.test("a split is doubtful where its border was there before, a merge where its parts are not alike", async () => {
  const shape = { rows, columns, patternRows: 8, patternColumns: 8 };
  const split = async (across: number) => {
    const linker = new SeriesLinker(shape, { drift: "none" });
    await linker.add({ labels: whole, clusters: 1, similarity: similarities(across) });
    // One frame alone would be no proof.
    for (let frame = 0; frame < 2; frame++) await linker.add({ labels: halves, clusters: 2 });
    return linker.events()[0];
  };
  const repair = await split(0.7), twin = await split(0.95);
  assert.deepEqual([repair.kind, repair.doubtful], ["split", true]);
  assert.deepEqual([twin.kind, twin.doubtful], ["split", false]);
  assert.ok(Math.abs(twin.borderBefore - 0.5) < 1e-5);

  const merge = async (parts?: { region: number; expected: number; cosine: number }[]) => {
    const linker = new SeriesLinker(shape, { drift: "none" });
    // What was apart for fewer frames is not believed to have been.
    for (let frame = 0; frame < 3; frame++) await linker.add({ labels: halves, clusters: 2 });
    await linker.add({ labels: whole, clusters: 1, parts });
    return linker.events()[0];
  };
  const parts = (cosine: number) => [0, 1].map((expected) => ({ region: 0, expected, cosine }));
  const one = await merge(parts(0.97)), two = await merge(parts(0.8)), unknown = await merge();
  assert.deepEqual([one, two, unknown].map(({ kind }) => kind), ["merge", "merge", "merge"]);
  assert.deepEqual([one, two, unknown].map(({ doubtful }) => doubtful), [false, true, true]);
  assert.deepEqual([one.unionCosine, two.unionCosine, unknown.unionCosine], [0.97, 0.8, NaN]);
});
