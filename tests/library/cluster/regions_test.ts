/** Regions without parameters: known maps, symmetries, masks, background, degenerate scans. */

import assert from "node:assert/strict";
import { findRegions } from "../../../library/cluster/regions/regions.ts";
import { marginCap } from "../../../library/cluster/regions/border_judge.ts";
import type { Sketch } from "../../../library/passes/sketch/sketch.ts";
import { canonicalLabels } from "../../support/golden.ts";
import { seededRandom } from "../../support/random.ts";
import { drawnSketch, randomSketch, stripes, transposed, upsideDown } from "../../support/sketches.ts";

const auto = { background: "auto" } as const;

/** Every promise about the shape of a result, whatever the sketch. */
function assertSound(sketch: Sketch, mask?: Uint8Array): void {
  const { labels, sizes, margin, background, borderlinePairs, bending } = findRegions(sketch, {
    ...auto,
    mask,
  });
  const probes = sketch.rows * sketch.columns;
  assert.equal(labels.length, probes);
  assert.equal(margin.length, probes);
  const counted = new Int32Array(sizes.length);
  labels.forEach((region, probe) => {
    assert.ok(region >= -1 && region < sizes.length);
    if (region >= 0) counted[region]++;
    if (mask && mask[probe] === 0) assert.equal(region, -1);
  });
  assert.deepEqual(counted, sizes);
  const first = Array.from(sizes.keys(), (region) => labels.indexOf(region));
  for (let region = 1; region < sizes.length; region++) {
    const falls = sizes[region] < sizes[region - 1];
    assert.ok(falls || sizes[region] === sizes[region - 1] && first[region] > first[region - 1]);
  }
  assert.ok(margin.every((value) => value >= 0 && value <= marginCap));
  assert.ok(Number.isFinite(background.valley) && Number.isFinite(background.ratio));
  assert.ok(background.power.every(Number.isFinite));
  for (const pair of borderlinePairs) {
    assert.ok(
      pair.first < pair.second && pair.similarity >= 0.6 && pair.similarity <= 0.8 && pair.borderLength > 0,
    );
  }
  for (const pair of bending) assert.ok(pair.localSimilarity > pair.similarity);
}

Deno.test("two grains give two regions, the larger first, at any dose", () => {
  for (const noise of [0, 0.01, 0.3, 0.8]) {
    const { sketch, labels } = drawnSketch({ map: stripes(16, { a: 7, b: 9 }), noise });
    const found = findRegions(sketch, auto);
    assert.deepEqual(Array.from(found.sizes), [144, 112], `noise ${noise}`);
    assert.deepEqual(Array.from(found.labels), labels.map((label) => 1 - label), `noise ${noise}`);
    assert.equal(found.background.present, false);
  }
});

Deno.test("a scan of equal patterns is one region, noisy or not, and so is one without any signal", () => {
  for (const noise of [0, 0.5, 5]) {
    for (const empty of ["", "a"]) {
      const { sketch, labels } = drawnSketch({ map: stripes(10, { a: 12 }), noise, empty });
      const found = findRegions(sketch, auto);
      assert.deepEqual(Array.from(found.labels), labels, `noise ${noise}, empty ${empty}`);
      assert.ok(found.margin.every((value) => value === marginCap));
    }
  }
});

Deno.test("scans of one row, one column, one probe or two are handled, with any number of features", () => {
  for (const length of [1, 2, 3, 5, 6, 7, 33]) {
    for (const map of ["a", "ab", "a b", "aaaaaaaabbbbbbbb", "a a a a a a b b b b b b", "ab ba"]) {
      assertSound(drawnSketch({ map, length }).sketch);
    }
  }
  const line = drawnSketch({ map: "aaaaaaaabbbbbbbbb" });
  assert.deepEqual(canonicalLabels(findRegions(line.sketch, auto).labels), canonicalLabels(line.labels));
});

Deno.test("whatever the sketch, the result is sound: 200 random scans, with and without mask", () => {
  for (let seed = 0; seed < 200; seed++) {
    const sketch = randomSketch(seed, 14);
    assertSound(sketch);
    const random = seededRandom(seed);
    assertSound(
      sketch,
      Uint8Array.from({ length: sketch.rows * sketch.columns }, () => random() < 0.7 ? 1 : 0),
    );
  }
  const { sketch } = drawnSketch({ map: stripes(4, { a: 5 }) });
  assertSound(sketch, new Uint8Array(20));
});

Deno.test("exchanging rows and columns or turning the scan upside down exchanges or turns the regions", () => {
  for (let seed = 0; seed < 60; seed++) {
    const sketch = randomSketch(seed, 12), { rows, columns } = sketch;
    const labels = findRegions(sketch, auto).labels;
    const exchanged = findRegions(transposed(sketch), auto).labels;
    const back = labels.map((_, probe) => exchanged[(probe % columns) * rows + Math.floor(probe / columns)]);
    assert.deepEqual(canonicalLabels(back), canonicalLabels(labels), `seed ${seed}`);
    const turned = findRegions(upsideDown(sketch), auto).labels;
    const upright = labels.map((_, probe) =>
      turned[(rows - 1 - Math.floor(probe / columns)) * columns + probe % columns]
    );
    assert.deepEqual(canonicalLabels(upright), canonicalLabels(labels), `seed ${seed}`);
  }
});

Deno.test("regions do not depend on the unit of the features", () => {
  for (let seed = 0; seed < 30; seed++) {
    const sketch = randomSketch(seed, 12);
    const scaled = {
      ...sketch,
      features: sketch.features.map((value) => value * 64),
      noise: sketch.noise.map((value) => value * 4096),
    };
    assert.deepEqual(findRegions(scaled, auto).labels, findRegions(sketch, auto).labels, `seed ${seed}`);
  }
});

Deno.test("probes outside the mask do not count", () => {
  const { sketch } = drawnSketch({ map: stripes(12, { a: 8, b: 8 }) });
  const mask = new Uint8Array(192).map((_, probe) => probe % 16 < 11 ? 1 : 0);
  const masked = findRegions(sketch, { ...auto, mask });
  const features = sketch.features.map((value, i) => mask[Math.floor(i / sketch.length)] ? value : 1e6);
  assert.deepEqual(findRegions({ ...sketch, features }, { ...auto, mask }).labels, masked.labels);
  assert.deepEqual(Array.from(masked.sizes), [96, 36]);
});

Deno.test("a field of vacuum is the background, unless it is said that there is none", () => {
  const map = Array.from(
    { length: 20 },
    (_, row) => row < 10 ? "v".repeat(12) + "a".repeat(12) : "v".repeat(24),
  );
  const { sketch, labels } = drawnSketch({ map: map.join(" "), empty: "v", noise: 0.1 });
  const found = findRegions(sketch, auto);
  assert.equal(found.background.present, true);
  assert.equal(found.background.doubtful, false);
  assert.deepEqual(Array.from(found.labels), labels.map((label) => label === 0 ? 0 : -1));
  const whole = findRegions(sketch, { background: "none" });
  assert.equal(whole.background.present, false);
  assert.ok(!whole.labels.includes(-1));
});

Deno.test("a weak grain is no background: it has a signal of its own", () => {
  const { sketch, labels } = drawnSketch({ map: stripes(16, { a: 8, b: 8, c: 8 }), noise: 0.01 });
  const features = sketch.features.map((value, i) =>
    labels[Math.floor(i / sketch.length)] === 1 ? 0.15 * value : value
  );
  const found = findRegions({ ...sketch, features }, auto);
  assert.equal(found.background.present, false);
  assert.deepEqual(canonicalLabels(found.labels), canonicalLabels(labels));
});

Deno.test("arrays of the wrong length are refused", () => {
  const { sketch } = drawnSketch({ map: stripes(4, { a: 4 }) });
  assert.throws(() => findRegions({ ...sketch, rows: 5 }, auto), RangeError);
  assert.throws(() => findRegions({ ...sketch, noise: new Float32Array(15) }, auto), RangeError);
  assert.throws(() => findRegions(sketch, { ...auto, mask: new Uint8Array(15) }), RangeError);
});
