/** The automatic threshold against brute force: growth at every similarity that occurs, and the entropy of its sizes. */

import assert from "node:assert/strict";
import { chooseThreshold, quantileThreshold } from "../../../library/cluster/automatic_threshold.ts";
import { buildForest } from "../../../library/cluster/forest.ts";
import { growClusters } from "../../../library/cluster/growth.ts";
import { allDirections } from "../../../library/scan/neighbours.ts";
import { pairsOf, type RandomField, randomField } from "../../support/forests.ts";

/** Clusters of at least this many probes count. */
const sizeable = 9;

/** What the evidence should say at a threshold. */
function figuresAt(field: RandomField, threshold: number) {
  const { sizes } = growClusters({ ...field, threshold, borderWidth: 0, minimumSize: 1 });
  const probes = field.mask.reduce((sum, inside) => sum + inside, 0);
  const large = Array.from(sizes).filter((size) => size >= sizeable);
  return {
    entropy: large.reduce((sum, size) => sum - size / probes * Math.log(size / probes), 0),
    clusters: large.length,
    coverage: large.reduce((sum, size) => sum + size, 0) / probes,
    largest: Math.max(...sizes) / probes,
  };
}

function assertClose(actual: number, expected: number, what: string): void {
  assert.ok(Math.abs(actual - expected) < 1e-6, `${what}: ${actual} instead of ${expected}`);
}

Deno.test("the chosen threshold has the largest entropy of all, the highest of equal ones, on 300 random fields", () => {
  let divided = 0;
  for (let seed = 0; seed < 300; seed++) {
    const field = randomField(seed, { largest: 24, levels: 3 + seed % 60 });
    const { threshold, evidence, warning } = chooseThreshold(buildForest(field), field.mask);
    const all = field.values.map((value) => ({ value, ...figuresAt(field, value) }));
    const most = all.reduce((largest, { entropy }) => Math.max(largest, entropy), 0);
    if (most < 1e-9) {
      assert.ok(warning !== undefined, `seed ${seed} says that nothing is divided`);
      continue;
    }
    divided++;
    const expected = all.filter(({ entropy }) => entropy > most - 1e-9).at(-1)!;
    assert.equal(threshold, expected.value, `seed ${seed}`);
    assert.equal(warning, undefined);
    assertClose(evidence.best.entropy, most, "entropy");
    assert.equal(evidence.best.threshold, threshold);
  }
  assert.ok(divided > 150, "most fields can be divided");
});

Deno.test("the evidence is what growth at its thresholds gives, the chosen one included", () => {
  for (let seed = 0; seed < 100; seed++) {
    const field = randomField(seed, { largest: 24, levels: 3 + seed % 60 });
    const { threshold, evidence } = chooseThreshold(buildForest(field), field.mask);
    const { thresholds, entropy, clusters, coverage, largest } = evidence;
    if (thresholds.length === 0) continue;
    assert.ok(thresholds.includes(threshold), `seed ${seed}`);
    thresholds.forEach((value, place) => {
      const expected = figuresAt(field, value);
      assert.equal(clusters[place], expected.clusters);
      assertClose(entropy[place], expected.entropy, "entropy");
      assertClose(coverage[place], expected.coverage, "coverage");
      assertClose(largest[place], expected.largest, "largest");
      if (place > 0) assert.ok(value > thresholds[place - 1], "thresholds rise");
    });
  }
});

Deno.test("the evidence keeps at most a few hundred thresholds, both ends among them, spread over log(1 - T)", () => {
  const field = randomField(45, { largest: 60, levels: 1_000_000 });
  const forest = buildForest(field);
  const { evidence: { thresholds } } = chooseThreshold(forest, field.mask);
  assert.ok(forest.similarity.length > 1000, "a forest with many merges");
  assert.ok(thresholds.length > 100 && thresholds.length <= 403, `${thresholds.length} thresholds`);
  assert.equal(thresholds[0], forest.similarity.at(-1));
  assert.equal(thresholds.at(-1), forest.similarity[0]);
});

Deno.test("scans that no threshold divides give a number and say so", () => {
  const rows = 6, columns = 6;
  const field = (forward: Float32Array, mask: Uint8Array) => ({
    ...{ rows, columns, mask },
    similarity: allDirections(forward, rows, columns),
  });
  const everywhere = new Uint8Array(36).fill(1), nowhere = new Uint8Array(36);
  const one = nowhere.slice();
  one[14] = 1;
  const alike = new Float32Array(144).fill(0.75);
  const cases: [string, Float32Array, Uint8Array, number][] = [
    ["all equal", alike, everywhere, 0.75],
    ["empty mask", alike, nowhere, 0],
    ["one probe", alike, one, 0],
    ["no similarity at all", new Float32Array(144).fill(NaN), everywhere, 0],
  ];
  for (const [name, forward, mask, expected] of cases) {
    const { threshold, evidence, warning } = chooseThreshold(buildForest(field(forward, mask)), mask);
    assert.equal(threshold, expected, name);
    assert.equal(evidence.best.entropy, 0, name);
    assert.match(warning!, /No threshold divides/, name);
    for (const curve of [evidence.thresholds, evidence.entropy, evidence.coverage, evidence.largest]) {
      assert.ok(curve.every(Number.isFinite), name);
    }
  }
});

Deno.test("similarities of 1 and above, as rounding gives them, do no harm to the evidence", () => {
  const field = randomField(4, { largest: 20 });
  const forest = buildForest({
    ...field,
    similarity: field.similarity.map((value) => value > 0 ? 1.0000001 : value),
  });
  const { evidence } = chooseThreshold(forest, field.mask);
  assert.ok(evidence.thresholds.length > 0 && evidence.entropy.every(Number.isFinite));
});

Deno.test("a quantile threshold is the similarity at that place among those of pairs in the mask", () => {
  for (let seed = 0; seed < 200; seed++) {
    const field = randomField(seed);
    const sorted = pairsOf(field).map((pair) => pair.similarity).sort((a, b) => a - b);
    for (const quantile of [0, 0.1, 0.25, 0.5, 0.9, 0.999, 1]) {
      const place = Math.min(sorted.length - 1, Math.floor(quantile * sorted.length));
      const threshold = quantileThreshold(field.similarity, field.mask, field.columns, quantile);
      assert.equal(threshold, sorted[place] ?? 0, `seed ${seed}, quantile ${quantile}`);
      const less = sorted.filter((value) => value < threshold).length;
      assert.ok(less <= quantile * sorted.length, "at most that share is less similar");
    }
  }
});
