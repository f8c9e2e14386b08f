/** Names of clusters that stay while the threshold moves. */

import assert from "node:assert/strict";
import { nameClusters } from "../../../library/cluster/cluster_names.ts";
import { buildForest, ForestCutter, type MergeForest } from "../../../library/cluster/forest.ts";
import { randomField } from "../../support/forests.ts";
import { seededRandom } from "../../support/random.ts";

/** The same by its definition: the merge tree of everything at least as similar, walked down from each root. */
function namesByWalking(
  { probes, similarity }: MergeForest,
  labels: Int32Array,
  threshold: number,
): number[] {
  interface Node {
    size: number;
    end: number;
    parts: Node[];
  }
  const nodes: Node[] = Array.from(labels, (_, probe) => ({ size: 1, end: probe, parts: [] }));
  const end = (node: Node): number => node.parts.length === 0 ? node.end : end(node.parts[0]);
  for (let edge = 0; edge < similarity.length && similarity[edge] >= threshold; edge++) {
    const parts = [nodes[probes[2 * edge]], nodes[probes[2 * edge + 1]]]
      .sort((a, b) => b.size - a.size || end(a) - end(b));
    const joined = { size: parts[0].size + parts[1].size, end: -1, parts };
    nodes.forEach((node, probe) => {
      if (parts.includes(node)) nodes[probe] = joined;
    });
  }
  const names: number[] = [];
  labels.forEach((label, probe) => {
    if (label >= 0) names[label] = end(nodes[probe]);
  });
  return names;
}

Deno.test("names are where the heavy paths of the merge tree end, on 300 random fields at every similarity", () => {
  for (let seed = 0; seed < 300; seed++) {
    const field = randomField(seed, { largest: 9 });
    const forest = buildForest(field), cutter = new ForestCutter(forest, field);
    for (const threshold of field.values) {
      const growth = cutter.cut(threshold, 1);
      const names = Array.from(nameClusters(forest, growth));
      assert.deepEqual(names, namesByWalking(forest, growth.labels, threshold), `seed ${seed}, ${threshold}`);
    }
  }
});

Deno.test("a name is a probe of its cluster, no two clusters share one, and small clusters change none", () => {
  for (let seed = 0; seed < 200; seed++) {
    const field = randomField(seed), random = seededRandom(seed);
    const forest = buildForest(field), cutter = new ForestCutter(forest, field);
    const threshold = field.values[Math.floor(random() * field.values.length)] ?? 0;
    const all = cutter.cut(threshold, 1), names = nameClusters(forest, all);
    names.forEach((probe, id) => assert.equal(all.labels[probe], id));
    assert.equal(new Set(names).size, names.length);
    for (const minimumSize of [2, 3, 7]) {
      const kept = Array.from(names).filter((_, id) => all.sizes[id] >= minimumSize);
      assert.deepEqual(Array.from(nameClusters(forest, cutter.cut(threshold, minimumSize))), kept);
    }
  }
});

Deno.test("where two clusters join, the larger keeps its name and all others keep theirs", () => {
  let merges = 0;
  for (let seed = 0; seed < 60; seed++) {
    // So many levels that no two similarities are equal, and each step is one merge.
    const field = randomField(seed, { largest: 9, levels: 1_000_000 });
    const forest = buildForest(field), cutter = new ForestCutter(forest, field);
    const thresholds = [...new Set(forest.similarity)];
    if (thresholds.length !== forest.similarity.length) continue;
    let before = cutter.cut(Infinity, 1);
    thresholds.forEach((threshold, edge) => {
      const after = cutter.cut(threshold, 1);
      const ends = [forest.probes[2 * edge], forest.probes[2 * edge + 1]];
      const [first, second] = ends.map((probe) => before.labels[probe]);
      const old = nameClusters(forest, before);
      const large = before.sizes[first] === before.sizes[second]
        ? (old[first] < old[second] ? first : second)
        : (before.sizes[first] > before.sizes[second] ? first : second);
      const gone = old[large === first ? second : first];
      assert.deepEqual(
        new Set(nameClusters(forest, after)),
        new Set(Array.from(old).filter((name) => name !== gone)),
      );
      assert.equal(nameClusters(forest, after)[after.labels[ends[0]]], old[large]);
      before = after;
      merges++;
    });
  }
  assert.ok(merges > 300);
});

Deno.test("maps that are no cut have names too: those of the largest connected parts", () => {
  const forest = {
    rows: 1,
    columns: 5,
    probes: Uint32Array.of(0, 1, 3, 4, 2, 3),
    similarity: Float32Array.of(0.9, 0.8, 0.7),
  };
  // Probes 0, 1 and 3, 4 are parts of equal size that nothing connects within the cluster.
  const split = { labels: Int32Array.of(0, 0, -1, 0, 0), sizes: Int32Array.of(4) };
  assert.deepEqual(Array.from(nameClusters(forest, split)), [0]);
  const larger = { labels: Int32Array.of(0, 1, 0, 0, 0), sizes: Int32Array.of(4, 1) };
  assert.deepEqual(Array.from(nameClusters(forest, larger)), [3, 1]);
});

Deno.test("labels of another scan are refused", () => {
  const forest = buildForest(randomField(1));
  const growth = { labels: new Int32Array(forest.rows * forest.columns + 1), sizes: Int32Array.of(1) };
  assert.throws(() => nameClusters(forest, growth), RangeError);
});
