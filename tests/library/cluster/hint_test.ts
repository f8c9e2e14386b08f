/** Hints of another frame: what is on the edge stays as it was, what is clear does not ask. */

import assert from "node:assert/strict";
import { majorities } from "../../../library/cluster/regions/hint.ts";
import { linkRegions } from "../../../library/cluster/regions/linkage.ts";
import { regionParts } from "../../../library/cluster/regions/parts.ts";
import type { Sketch } from "../../../library/passes/sketch/sketch.ts";

const rows = 6, columns = 12, probes = rows * columns;

/** Two halves, left and right, whose features have this cosine and little noise. */
function halves(cosine: number): Sketch {
  const features = new Float32Array(2 * probes);
  for (let probe = 0; probe < probes; probe++) {
    const right = probe % columns >= columns / 2;
    features.set(right ? [10 * cosine, 10 * Math.sqrt(1 - cosine * cosine)] : [10, 0], 2 * probe);
  }
  const noise = new Float32Array(probes).fill(1e-3);
  return { rows, columns, length: 2, features, noise, degreesOfFreedom: 2 };
}

const inside = new Uint8Array(probes).fill(1);
const regions = (cosine: number, expected?: Int32Array) =>
  linkRegions(halves(cosine), inside, undefined, expected).count;
/** Both halves expected to be one region, and to be two. */
const one = new Int32Array(probes).fill(4);
const two = Int32Array.from({ length: probes }, (_, probe) => probe % columns >= columns / 2 ? 7 : 4);

Deno.test("what was one region is joined from a lower cosine on, what was two only at a higher one", () => {
  assert.deepEqual([0.5, 0.65, 0.78, 0.9].map((cosine) => regions(cosine)), [2, 2, 1, 1]);
  assert.deepEqual([0.5, 0.65, 0.78, 0.9].map((cosine) => regions(cosine, one)), [2, 1, 1, 1]);
  assert.deepEqual([0.5, 0.65, 0.78, 0.9].map((cosine) => regions(cosine, two)), [2, 2, 2, 1]);
});

Deno.test("where nothing is expected, regions are what they are without", () => {
  const nothing = new Int32Array(probes).fill(-1);
  for (const cosine of [0.5, 0.65, 0.78, 0.9]) assert.equal(regions(cosine, nothing), regions(cosine));
  // Known on one side only is not known.
  const left = two.map((name) => name === 7 ? -1 : name);
  for (const cosine of [0.65, 0.78]) assert.equal(regions(cosine, left), regions(cosine));
});

Deno.test("a region is expected to be what most of its probes are", () => {
  const expected = Int32Array.of(1, 1, 2, 1, 2, 2, 2, -1, -1, 3);
  const labels = Int32Array.of(0, 0, 0, 0, 1, 1, 1, 2, -1, 3);
  const partition = { rows: 1, columns: 10, labels, count: 5, background: -1 };
  assert.deepEqual(Array.from(majorities(partition, expected)), [1, 2, -1, 3, -1]);
});

Deno.test("a region that was two says how alike its parts are", () => {
  const all = new Int32Array(probes), sketch = (cosine: number) => halves(cosine);
  for (const cosine of [0.2, 0.8, 1]) {
    const parts = regionParts(sketch(cosine), all, two);
    assert.deepEqual(parts.map(({ region, expected, probes }) => [region, expected, probes]), [
      [0, 4, probes / 2],
      [0, 7, probes / 2],
    ]);
    for (const part of parts) assert.ok(Math.abs(part.cosine - cosine) < 1e-3, `${part.cosine}`);
  }
  // One part, too few probes of the other, or unknown: nothing to say.
  assert.deepEqual(regionParts(sketch(0.5), all, one), []);
  const few = one.slice();
  few[0] = few[1] = 7;
  assert.deepEqual(regionParts(sketch(0.5), all, few), []);
  assert.deepEqual(regionParts(sketch(0.5), all, two.map((name) => name === 7 ? -1 : name)), []);
  // Three parts: each with the two others together.
  const three = two.map((name, probe) => probe < columns ? 9 : name);
  assert.equal(regionParts(sketch(0.5), all, three).length, 3);
});
