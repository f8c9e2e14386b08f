/** The merge forest holds the clusters of every threshold: a cut is the growth at that threshold, byte for byte. */

import assert from "node:assert/strict";
import { buildForest, cutForest, ForestCutter } from "../../../library/cluster/forest.ts";
import { growClusters } from "../../../library/cluster/growth.ts";
import { sortFalling } from "../../../library/cluster/sort_falling.ts";
import { canonicalLabels } from "../../support/golden.ts";
import { pairsOf, type RandomField, randomField } from "../../support/forests.ts";
import { seededRandom } from "../../support/random.ts";

/** Thresholds at edges, between them, below and above all, and where float32 rounding decides. */
function thresholdsOf({ values }: RandomField, random: () => number): number[] {
  const pick = () => values[Math.floor(random() * values.length)] ?? 0;
  const at = pick(), between = (pick() + pick()) / 2;
  return [at, at + 1e-12, at - 1e-12, between, -1, 1, 0, -0];
}

Deno.test("a cut is the growth at that threshold, byte for byte, on 1,000 random fields with ties, masks and NaN", () => {
  let clusters = 0;
  for (let seed = 0; seed < 1000; seed++) {
    const field = randomField(seed), random = seededRandom(seed + 5000);
    const forest = buildForest(field);
    for (const threshold of thresholdsOf(field, random)) {
      const minimumSize = 1 + Math.floor(random() * 6);
      const cut = cutForest(forest, { ...field, threshold, minimumSize });
      assert.deepEqual(
        cut,
        growClusters({ ...field, threshold, borderWidth: 0, minimumSize }),
        `seed ${seed}, threshold ${threshold}, size ${minimumSize}`,
      );
      clusters += cut.sizes.length;
    }
  }
  assert.ok(clusters > 10_000, "the cases hold clusters");
});

Deno.test("a cutter that is used again and again gives what a fresh cut gives", () => {
  for (let seed = 0; seed < 50; seed++) {
    const field = randomField(seed);
    const forest = buildForest(field), cutter = new ForestCutter(forest, field);
    for (const threshold of [...field.values, ...field.values.toReversed()]) {
      assert.deepEqual(
        cutter.cut(threshold, 2),
        cutForest(forest, { ...field, threshold, minimumSize: 2 }),
      );
    }
  }
});

Deno.test("a forest has as many edges as probes in the mask less connected components, and no cycle", () => {
  for (let seed = 0; seed < 300; seed++) {
    const field = randomField(seed), { probes, similarity } = buildForest(field);
    const parent = Array.from(field.mask.keys());
    const find = (probe: number): number => parent[probe] === probe ? probe : find(parent[probe]);
    for (let edge = 0; edge < similarity.length; edge++) {
      const first = find(probes[2 * edge]), second = find(probes[2 * edge + 1]);
      assert.notEqual(first, second, "an edge that joins what is joined already");
      parent[first] = second;
    }
    const inside = field.mask.reduce((sum, value) => sum + value, 0);
    const all = growClusters({ ...field, threshold: -1, borderWidth: 0, minimumSize: 1 });
    assert.equal(similarity.length, inside - all.sizes.length, `seed ${seed}`);
    const groups = parent.map((_, probe) => field.mask[probe] ? find(probe) : -1);
    assert.deepEqual(canonicalLabels(groups), canonicalLabels(all.labels));
  }
});

Deno.test("edges are those of the scan, by falling similarity, equal ones by lower probe and direction", () => {
  for (let seed = 0; seed < 300; seed++) {
    const field = randomField(seed), { probes, similarity } = buildForest(field);
    const places = new Map(
      pairsOf(field).map((pair, place) => [`${pair.first} ${pair.second}`, { ...pair, place }]),
    );
    let before = { similarity: Infinity, place: -1 };
    for (let edge = 0; edge < similarity.length; edge++) {
      const pair = places.get(`${probes[2 * edge]} ${probes[2 * edge + 1]}`);
      assert.ok(pair, "a pair of neighbours in the mask");
      assert.equal(pair.similarity, similarity[edge]);
      const after = pair.similarity < before.similarity ||
        pair.similarity === before.similarity && pair.place > before.place;
      assert.ok(after, `seed ${seed}, edge ${edge}`);
      before = pair;
    }
  }
});

Deno.test("an empty mask, a single probe and a scan of NaN give forests without edges", () => {
  const field = randomField(3);
  const cases = [
    { ...field, mask: new Uint8Array(field.mask.length) },
    { ...field, similarity: new Float32Array(field.similarity.length).fill(NaN) },
    {
      rows: 1,
      columns: 1,
      similarity: new Float32Array(8).fill(NaN),
      mask: Uint8Array.of(1),
      meanSimilarity: Float32Array.of(0),
    },
  ];
  for (const input of cases) {
    const forest = buildForest(input);
    assert.deepEqual([forest.probes.length, forest.similarity.length], [0, 0]);
    const inside = input.mask.reduce((sum, value) => sum + value, 0);
    assert.equal(cutForest(forest, { ...input, threshold: 0, minimumSize: 1 }).sizes.length, inside);
  }
});

Deno.test("values sort by falling value, equal ones in their order, infinities and both zeros included", () => {
  const random = seededRandom(1);
  const special = [0, -0, Infinity, -Infinity, 1e-45, -1e-45, 3.4e38, -3.4e38, 1, -1];
  for (let length = 0; length < 200; length++) {
    const values = Float32Array.from(
      { length },
      () => random() < 0.4 ? special[Math.floor(random() * special.length)] : 2 * random() - 1,
    );
    // Infinity less infinity is NaN, which sorts as equal.
    const expected = Array.from(values.keys()).sort((a, b) => values[b] - values[a] || a - b);
    assert.deepEqual(Array.from(sortFalling(values)), expected);
  }
});
