/** Growth: the component theorem, ties, borders, degenerate scans (spec stages 5 and 6). */

import assert from "node:assert/strict";
import { allDirections, meanSimilarity, neighbourOffsets } from "../../../library/scan/neighbours.ts";
import { growClusters, type GrowthInput, seedOrder } from "../../../library/cluster/growth.ts";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { defaultParameters } from "../../../library/cluster/presets.ts";
import { canonicalLabels, goldenNames, readGolden } from "../../support/golden.ts";
import { seededRandom } from "../../support/random.ts";
import { sharedTest } from "../../support/shared.ts";

/** Connected components of the pairs in the mask with S >= T, by union-find; -1 outside the mask. */
function components({ rows, columns, similarity, mask, threshold }: GrowthInput): number[] {
  const parent = Array.from({ length: rows * columns }, (_, probe) => probe);
  const find = (probe: number): number =>
    parent[probe] === probe ? probe : parent[probe] = find(parent[probe]);
  for (let probe = 0; probe < rows * columns; probe++) {
    neighbourOffsets.forEach(([down, right], direction) => {
      const row = Math.floor(probe / columns) + down, column = probe % columns + right;
      if (row < 0 || column < 0 || row >= rows || column >= columns) return;
      const other = row * columns + column;
      if (mask[probe] && mask[other] && similarity[8 * probe + direction] >= Math.fround(threshold)) {
        parent[find(probe)] = find(other);
      }
    });
  }
  return parent.map((_, probe) => mask[probe] ? find(probe) : -1);
}

/** Random symmetric similarities, with ties because they are drawn from a few levels. */
function randomInput(seed: number): GrowthInput {
  const random = seededRandom(seed);
  const rows = 1 + Math.floor(random() * 14), columns = 1 + Math.floor(random() * 14);
  const levels = 2 + Math.floor(random() * 30);
  const forward = Float32Array.from(
    { length: rows * columns * 4 },
    () => Math.floor(random() * levels) / (levels - 1) * 2 - 1,
  );
  const similarity = allDirections(forward, rows, columns);
  return {
    rows,
    columns,
    similarity,
    meanSimilarity: meanSimilarity(similarity, null),
    mask: Uint8Array.from({ length: rows * columns }, () => random() < 0.8 ? 1 : 0),
    threshold: Math.floor(random() * levels) / (levels - 1) * 2 - 1,
    borderWidth: 0,
    minimumSize: 1,
  };
}

Deno.test("growth gives the connected components of the similar neighbours, on 500 random graphs with ties", () => {
  for (let seed = 0; seed < 500; seed++) {
    const input = randomInput(seed);
    const { labels } = growClusters(input);
    assert.deepEqual(canonicalLabels(labels), canonicalLabels(components(input)), `seed ${seed}`);
  }
});

for (const name of goldenNames) {
  sharedTest(
    `growth gives the connected components on ${name} at every quantile of the similarity`,
    async () => {
      const { scan } = readGolden(name);
      const parameters = {
        ...defaultParameters,
        badPixels: { kind: "none" },
        blur: 1.5,
        threshold: 1,
      } as const;
      const clustering = await clusterScan(scan, parameters, { workers: 1 });
      const sorted = clustering.similarity.filter((value) => !Number.isNaN(value)).sort();
      for (let percent = 1; percent < 100; percent += 7) {
        const threshold = sorted[Math.floor(sorted.length * percent / 100)];
        const { rows, columns } = clustering.shape;
        const input = { ...clustering, rows, columns, threshold, borderWidth: 0, minimumSize: 1 };
        assert.deepEqual(
          canonicalLabels(growClusters(input).labels),
          canonicalLabels(components(input)),
          `${percent} %`,
        );
      }
    },
  );
}

Deno.test("seeds come by falling mean similarity of either sign, equal ones by index, 0 and -0 being equal", () => {
  const random = seededRandom(6);
  const special = [0, -0, 1, -1, 1e-40, -1e-40, 0.5, Math.fround(0.1)];
  const mean = Float32Array.from(
    { length: 3000 },
    () => random() < 0.3 ? special[Math.floor(random() * special.length)] : 2 * random() - 1,
  );
  const mask = Uint8Array.from({ length: 3000 }, () => random() < 0.7 ? 1 : 0);
  const expected = Array.from(mask.keys()).filter((probe) => mask[probe])
    .sort((a, b) => mean[b] - mean[a] || a - b);
  assert.deepEqual(Array.from(seedOrder(mean, mask)), expected);
  assert.deepEqual(Array.from(seedOrder(mean.subarray(2000), mask.subarray(2000))), [
    ...expected.filter((probe) => probe >= 2000).map((probe) => probe - 2000),
  ]);
});

Deno.test("cluster ids follow the order of the seeds, and every seed is its cluster's best probe", () => {
  for (let seed = 0; seed < 100; seed++) {
    const input = randomInput(seed);
    const { labels, seeds } = growClusters(input);
    seeds.forEach((probe, id) => {
      assert.equal(labels[probe], id);
      const best = seedOrder(input.meanSimilarity, input.mask).find((other) => labels[other] === id);
      assert.equal(probe, best);
    });
    const means = Array.from(seeds, (probe) => input.meanSimilarity[probe]);
    means.slice(1).forEach((mean, i) => assert.ok(mean <= means[i]));
  }
});

Deno.test("dropping small clusters keeps the order of the others and leaves their probes in no cluster", () => {
  for (let seed = 0; seed < 100; seed++) {
    const input = randomInput(seed);
    const all = growClusters(input);
    const large = growClusters({ ...input, minimumSize: 3 });
    const kept = Array.from(all.sizes.keys()).filter((id) => all.sizes[id] >= 3);
    assert.deepEqual(Array.from(large.seeds), kept.map((id) => all.seeds[id]));
    large.labels.forEach((label, probe) => assert.equal(label, kept.indexOf(all.labels[probe])));
  }
});

Deno.test("threshold -1 gives one cluster for each connected region of the mask", () => {
  const rows = 5, columns = 5;
  const similarity = allDirections(new Float32Array(rows * columns * 4).fill(-1), rows, columns);
  const mask = Uint8Array.from({ length: 25 }, (_, probe) => probe % 5 === 2 ? 0 : 1);
  const mean = meanSimilarity(similarity, null);
  const { sizes } = growClusters({
    ...{ rows, columns, similarity, mask, meanSimilarity: mean },
    ...{ threshold: -1, borderWidth: 0, minimumSize: 1 },
  });
  assert.deepEqual(Array.from(sizes), [10, 10]);
});

Deno.test("an empty mask gives no clusters", () => {
  const input = { ...randomInput(3), mask: new Uint8Array(randomInput(3).mask.length) };
  const { labels, sizes } = growClusters(input);
  assert.equal(sizes.length, 0);
  assert.ok(labels.every((label) => label === -1));
});

Deno.test("with the border rule, probes within 2 of the border seed clusters but never join one", () => {
  const rows = 8, columns = 9;
  const similarity = allDirections(new Float32Array(rows * columns * 4).fill(1), rows, columns);
  const { labels, sizes } = growClusters({
    ...{ rows, columns, similarity, mask: new Uint8Array(rows * columns).fill(1) },
    meanSimilarity: meanSimilarity(similarity, -1),
    ...{ threshold: 0.5, borderWidth: 2, minimumSize: 1 },
  });
  // The first seed is probe (1, 1): inside the border rule's two probes, but with all its neighbours in the scan.
  const first = (rows - 4) * (columns - 4) + 1;
  assert.equal(labels[columns + 1], 0);
  assert.equal(sizes.reduce((sum, size) => sum + size, 0), rows * columns);
  assert.equal(Math.max(...sizes), first);
  assert.equal(labels.filter((label) => sizes[label] === 1).length, rows * columns - first);
});
