/** The benchmark of scores measures what it says. */

import assert from "node:assert/strict";
import { bestThreshold } from "../../bench/quality/best_threshold.ts";
import { conditions, seedsOf } from "../../bench/quality/conditions.ts";
import { spearman } from "../../bench/quality/statistics.ts";
import { medianOf as median } from "../../library/scan/median.ts";
import { fillMarkers } from "../../bench/quality/tables.ts";
import { connectedParts } from "../../bench/quality/connected_parts.ts";
import { buildForest, cutForest } from "../../library/cluster/forest.ts";
import { adjustedRandIndex } from "../../library/scoring/agreement.ts";
import { checkSimulation } from "../../library/simulation/parameters.ts";
import { Random } from "../../library/simulation/random.ts";
import { simulateScan } from "../../library/simulation/scan.ts";

/** Similarities of random neighbours with many ties, equal from both sides. */
function randomField(random: Random) {
  const rows = 1 + random.below(8), columns = 1 + random.below(8), probes = rows * columns;
  const similarity = new Float32Array(8 * probes).fill(NaN);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (const [direction, [down, right]] of [[0, 1], [1, -1], [1, 0], [1, 1]].entries()) {
        const other = (row + down) * columns + column + right;
        if (row + down >= rows || column + right < 0 || column + right >= columns) continue;
        const value = random.below(12) / 12;
        similarity[8 * (row * columns + column) + 4 + direction] = value;
        similarity[8 * other + 3 - direction] = value;
      }
    }
  }
  const mask = Uint8Array.from({ length: probes }, () => random.uniform() < 0.85 ? 1 : 0);
  const truth = Int32Array.from(
    { length: probes },
    (_, probe) => Math.floor(probe / 9) - (random.below(5) ? 0 : 1),
  );
  return { rows, columns, similarity, mask, truth };
}

Deno.test("the best threshold is the best of all cuts", () => {
  const random = new Random(1, 1);
  for (let trial = 0; trial < 300; trial++) {
    const { truth, mask, ...field } = randomField(random), minimumSize = 1 + random.below(5);
    const forest = buildForest({ ...field, mask });
    const meanSimilarity = new Float32Array(mask.length);
    const scoreAt = (threshold: number) =>
      adjustedRandIndex(cutForest(forest, { threshold, minimumSize, meanSimilarity, mask }).labels, truth);
    const best = bestThreshold(forest, mask, minimumSize, truth);
    if (!best) {
      assert.equal(forest.similarity.length, 0);
      continue;
    }
    assert(Math.abs(best.adjustedRandIndex - scoreAt(best.threshold)) < 1e-9);
    for (const threshold of new Set(forest.similarity)) {
      assert(scoreAt(threshold) <= best.adjustedRandIndex + 1e-9);
    }
  }
});

Deno.test("every condition can be simulated, and none shares a seed with another or with the other set", () => {
  const seen = new Set<number>();
  for (const { name, parameters } of conditions) {
    for (const set of ["dev", "report"] as const) {
      for (const seed of seedsOf(name, set, 20)) {
        assert(!seen.has(seed), `${name}, ${seed}`);
        seen.add(seed);
        assert.equal(checkSimulation(parameters(seed)).seed, seed);
      }
    }
    assert.deepEqual(seedsOf(name, "dev", 20).slice(0, 8), seedsOf(name, "dev", 8));
  }
  assert.equal(new Set(conditions.map(({ name }) => name)).size, conditions.length);
});

Deno.test("the detectors of the conditions give the disks that they mean", () => {
  const radii = {
    "film detector 48": 2,
    "film detector 96": 4,
    "film large disks": 5,
    "film dose 3000": 2.5,
  };
  for (const [name, radius] of Object.entries(radii)) {
    const { parameters } = conditions.find((condition) => condition.name === name)!;
    const { truth: { diskRadius } } = simulateScan({ ...parameters(1), rows: 4, columns: 4, grains: 1 });
    assert(Math.abs(diskRadius - radius) < 0.01, `${name}: ${diskRadius}`);
  }
});

Deno.test("classes in several places become several, diagonal neighbours stay together", () => {
  const labels = Int32Array.of(5, 5, 2, 5, -1, 2, 5, 5, 5, -1, -1, 2);
  assert.deepEqual([...connectedParts(labels, 4)], [0, 0, 1, 0, -1, 1, 0, 0, 2, -1, -1, 3]);
});

Deno.test("ranks correlate as Spearman says", () => {
  assert.equal(spearman([1, 2, 3], [10, 20, 900]), 1);
  assert.equal(spearman([1, 2, 3], [3, 2, 1]), -1);
  // Ranks 1.5 1.5 3 and 1 2 3.
  assert(Math.abs(spearman([5, 5, 6], [1, 2, 3]) - 1.5 / Math.sqrt(1.5 * 2)) < 1e-12);
  assert(Number.isNaN(spearman([1, 1], [1, 2])));
  assert.deepEqual([median([3, 1, 2]), median([4, 1, 2, 3])], [2, 2.5]);
});

Deno.test("tables go between their markers and replace older ones", () => {
  const page = "a\n<!-- t -->\nold\n<!-- end t -->\nb\n";
  const filled = fillMarkers(page, { t: "new" });
  assert.equal(filled, "a\n<!-- t -->\n\nnew\n\n<!-- end t -->\nb\n");
  assert.equal(fillMarkers(filled, { t: "new" }), filled);
  assert.throws(() => fillMarkers(page, { other: "new" }), /markers/);
});
