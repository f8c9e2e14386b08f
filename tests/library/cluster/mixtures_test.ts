/** Mixed probes: known fractions come back, and the solution is the best non-negative one. */

import assert from "node:assert/strict";
import { mixedProbes, mixtureMaps } from "../../../library/cluster/mixtures.ts";
import { nonNegativeSolution } from "../../../library/cluster/non_negative.ts";
import { innerProduct } from "../../support/oracles.ts";
import { seededRandom } from "../../support/random.ts";
import { plainMixtures, plainSolution } from "../../support/plain_mixtures.ts";
import { drawnSketch, randomFeatures, randomSketch, stripes } from "../../support/sketches.ts";

Deno.test("non-negative solutions fulfil the conditions of the optimum, on 500 random problems", () => {
  for (let seed = 0; seed < 500; seed++) {
    const random = seededRandom(seed);
    const unknowns = 1 + Math.floor(random() * 4), length = unknowns + Math.floor(random() * 6);
    const columns = Array.from({ length: unknowns }, () => randomFeatures(random, length));
    const data = randomFeatures(random, length);
    const gram = columns.flatMap((one) => columns.map((other) => innerProduct(one, other)));
    const solution = nonNegativeSolution(gram, columns.map((one) => innerProduct(one, data)));
    const rest = data.map((value, i) =>
      value - columns.reduce((sum, column, j) => sum + column[i] * solution[j], 0)
    );
    columns.forEach((column, i) => {
      const slope = innerProduct(column, rest);
      assert.ok(solution[i] >= 0);
      // No step that is allowed makes the distance smaller.
      assert.ok(solution[i] > 0 ? Math.abs(slope) < 1e-9 : slope < 1e-9, `seed ${seed}: slope ${slope}`);
    });
  }
});

Deno.test("equal and empty columns do no harm", () => {
  assert.deepEqual(Array.from(nonNegativeSolution([1, 1, 1, 1], [2, 2])), [2, 0]);
  assert.deepEqual(Array.from(nonNegativeSolution([0], [0])), [0]);
  assert.deepEqual(Array.from(nonNegativeSolution([1, 0, 0, 1], [-1, -2])), [0, 0]);
});

Deno.test("probes mixed in known parts are taken apart", () => {
  const { sketch, labels } = drawnSketch({ map: stripes(9, { a: 6, m: 1, b: 6 }), noise: 0, seed: 4 });
  const { length, features, columns } = sketch;
  const clusters = Int32Array.from(labels, (label) => label === 2 ? 0 : label);
  const parts = Array.from({ length: 9 }, (_, row) => row / 8);
  parts.forEach((part, row) => {
    const start = row * columns;
    for (let i = 0; i < length; i++) {
      const one = features[start * length + i], other = features[(start + 12) * length + i];
      features[(start + 6) * length + i] = part * one + (1 - part) * other;
    }
  });
  const mixtures = mixedProbes(sketch, clusters);
  assert.equal(mixtures.probes.length, 18);
  parts.forEach((part, row) => {
    const i = mixtures.probes.indexOf(row * columns + 6);
    const larger = Math.max(part, 1 - part);
    assert.ok(Math.abs(mixtures.firstFraction[i] - larger) < 1e-5);
    assert.ok(Math.abs(mixtures.secondFraction[i] - (1 - larger)) < 1e-5);
    if (part !== 0.5) assert.equal(mixtures.first[i], part > 0.5 ? 0 : 1);
  });
  // The column beside the mixed one belongs to one cluster alone.
  const pure = mixtures.probes.indexOf(3 * columns + 7);
  assert.equal(mixtures.first[pure], 1);
  assert.ok(mixtures.secondFraction[pure] < 1e-5);
});

Deno.test("fractions from noisy patterns are right on average", () => {
  const { sketch, labels } = drawnSketch({ map: stripes(300, { a: 4, m: 1, b: 4 }), noise: 0.3, seed: 2 });
  const clean = drawnSketch({ map: stripes(1, { a: 1, m: 1, b: 1 }), noise: 0, seed: 2 }).sketch.features;
  const { length, features, columns } = sketch;
  for (let probe = 4; probe < features.length / length; probe += columns) {
    for (let i = 0; i < length; i++) {
      // Letters are numbered a, b, m by the alphabet: the drawing's columns are a, m, b.
      features[probe * length + i] += 0.7 * clean[i] + 0.3 * clean[2 * length + i] - clean[length + i];
    }
  }
  const mixtures = mixedProbes(sketch, Int32Array.from(labels, (label) => label === 2 ? 0 : label));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const mixed = Array.from(mixtures.probes.keys()).filter((i) => mixtures.probes[i] % columns === 4);
  const ofFirst = mixed.map((i) =>
    mixtures.first[i] === 0
      ? mixtures.firstFraction[i]
      : mixtures.second[i] === 0
      ? mixtures.secondFraction[i]
      : 0
  );
  assert.ok(Math.abs(mean(ofFirst) - 0.7) < 0.02, `${mean(ofFirst)}`);
});

Deno.test("without two clusters that touch nothing is mixed; labels of another scan are refused", () => {
  const { sketch, labels } = drawnSketch({ map: stripes(4, { a: 3, b: 3 }) });
  assert.equal(mixedProbes(sketch, new Int32Array(24)).probes.length, 0);
  assert.equal(mixedProbes(sketch, new Int32Array(24).fill(-1)).probes.length, 0);
  assert.equal(mixedProbes(sketch, Int32Array.from(labels, (label) => label - 1)).probes.length, 0);
  assert.throws(() => mixedProbes(sketch, new Int32Array(23)), RangeError);
});

Deno.test("maps of mixtures have the two clusters at borders and the own label elsewhere", () => {
  const mixtures = {
    probes: Int32Array.of(1, 3),
    first: Int32Array.of(0, 1),
    second: Int32Array.of(1, -1),
    firstFraction: Float32Array.of(0.75, 1.25),
    secondFraction: Float32Array.of(0.25, 0),
  };
  const { clusters, fractions } = mixtureMaps(mixtures, Int32Array.of(0, 0, -1, 1));
  assert.deepEqual([...clusters], [0, -1, 0, 1, -1, -1, 1, -1]);
  assert.deepEqual([...fractions], [1, 0, 0.75, 0.25, 0, 0, 1.25, 0]);
});

Deno.test("probes at borders are taken apart bit for bit as by lists and maps, on random maps", () => {
  let mixed = 0;
  for (let seed = 0; seed < 200; seed++) {
    const sketch = randomSketch(seed, 20), random = seededRandom(seed);
    const clusters = 2 + Math.floor(5 * random());
    const labels = Int32Array.from(
      { length: sketch.rows * sketch.columns },
      () => Math.floor(clusters * random()) - 1,
    );
    // Pieces of several probes, so that some are inner ones.
    for (let probe = 1; probe < labels.length; probe++) if (random() < 0.7) labels[probe] = labels[probe - 1];
    const found = mixedProbes(sketch, labels);
    assert.deepEqual(found, plainMixtures(sketch, labels), `seed ${seed}`);
    mixed += found.second.filter((cluster) => cluster >= 0).length;
  }
  assert.ok(mixed > 1000);
});

Deno.test("non-negative solutions are bit for bit those of lists, equal and dependent columns included", () => {
  const random = seededRandom(8);
  for (let round = 0; round < 2000; round++) {
    const unknowns = 1 + round % 5, length = 3 + round % 7;
    const columns = Array.from({ length: unknowns }, () => randomFeatures(random, length));
    if (round % 3 === 0) columns[unknowns - 1] = columns[0].map((value) => (1 + round % 2) * value);
    const y = randomFeatures(random, length);
    const gram = columns.flatMap((a) => columns.map((b) => innerProduct(a, b)));
    const product = columns.map((a) => innerProduct(a, y));
    assert.deepEqual(nonNegativeSolution(gram, product), plainSolution(gram, product));
  }
});
