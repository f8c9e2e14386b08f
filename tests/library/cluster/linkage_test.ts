/** Region linkage: against a definition without a heap, and on maps whose regions are known. */

import assert from "node:assert/strict";
import { EdgeHeap } from "../../../library/cluster/regions/edge_heap.ts";
import { innerProduct, type Sketch } from "../../../library/passes/sketch/sketch.ts";
import { neighbourProducts, neighboursOf } from "../../../library/cluster/regions/grid.ts";
import {
  leastCosine,
  leastSignal,
  linkRegions,
  significance,
} from "../../../library/cluster/regions/linkage.ts";
import { neighbourOffsets } from "../../../library/scan/neighbours.ts";
import { canonicalLabels } from "../../support/golden.ts";
import { innerProduct as plainProduct } from "../../support/oracles.ts";
import { seededRandom } from "../../support/random.ts";
import { drawnSketch, randomSketch, stripes } from "../../support/sketches.ts";

/** Linkage as defined: all pairs of touching regions are compared again from all their probes before each merger. */
function plainLinkage(sketch: Sketch, inside: ArrayLike<number>): number[] {
  const { rows, columns, length, features, noise, degreesOfFreedom } = sketch;
  const labels = Array.from({ length: rows * columns }, (_, probe) => inside[probe] ? probe : -1);
  const describe = (region: number) => {
    const members = labels.flatMap((label, probe) => label === region ? [probe] : []);
    const mean = Array.from(
      { length },
      (_, i) => members.reduce((sum, probe) => sum + features[probe * length + i], 0) / members.length,
    );
    const spread = members.reduce((sum, probe) => sum + noise[probe], 0) / members.length ** 2;
    return { mean, spread, square: plainProduct(mean, mean) };
  };
  for (;;) {
    const pairs = new Map<string, [number, number]>();
    labels.forEach((region, probe) => {
      if (region < 0) return;
      for (const [down, right] of neighbourOffsets) {
        const row = Math.floor(probe / columns) + down, column = probe % columns + right;
        if (row < 0 || column < 0 || row >= rows || column >= columns) continue;
        const other = labels[row * columns + column];
        if (other > region) pairs.set(`${region},${other}`, [region, other]);
      }
    });
    let best = Infinity, merger: [number, number] | null = null;
    for (const [one, other] of pairs.values()) {
      const a = describe(one), b = describe(other), product = plainProduct(a.mean, b.mean);
      const both = a.spread + b.spread;
      const z = (a.square + b.square - 2 * product - both) / (both * Math.sqrt(2 / degreesOfFreedom));
      const signal = (region: typeof a) =>
        Math.max(region.square - region.spread, leastSignal * region.spread);
      const cosine = product / Math.sqrt(signal(a) * signal(b));
      if (z > significance && cosine < leastCosine || z >= best) continue;
      best = z;
      merger = [one, other];
    }
    if (merger === null) return labels;
    const [kept, lost] = merger;
    labels.forEach((region, probe) => labels[probe] = region === lost ? kept : region);
  }
}

Deno.test("linkage merges in the order of the definition, on 150 random scans", () => {
  let several = 0;
  for (let seed = 0; seed < 150; seed++) {
    const sketch = randomSketch(seed);
    const random = seededRandom(1000 + seed);
    const inside = Uint8Array.from({ length: sketch.rows * sketch.columns }, () => random() < 0.85 ? 1 : 0);
    const { labels, count } = linkRegions(sketch, inside);
    assert.deepEqual(
      canonicalLabels(labels),
      canonicalLabels(plainLinkage(sketch, inside)),
      `seed ${seed}`,
    );
    assert.equal(count, new Set(labels.filter((label) => label >= 0)).size);
    if (count > 1) several++;
  }
  assert.ok(several > 50, `only ${several} of the scans had more than one region`);
});

Deno.test("linkage finds grains at any dose, where no level of significance would do", () => {
  for (const noise of [0.3, 0.1, 0.01, 1e-3]) {
    const { sketch, labels } = drawnSketch({ map: stripes(12, { a: 9, b: 11, c: 7 }), noise });
    const found = linkRegions(sketch, new Uint8Array(labels.length).fill(1));
    assert.deepEqual(canonicalLabels(found.labels), canonicalLabels(labels), `noise ${noise}`);
  }
});

Deno.test("linkage of features without noise merges what is equal", () => {
  const { sketch, labels } = drawnSketch({ map: stripes(5, { a: 3, b: 4 }), noise: 0 });
  const found = linkRegions(sketch, new Uint8Array(labels.length).fill(1));
  assert.deepEqual(Array.from(found.labels), labels);
});

Deno.test("the heap gives edges by key and number while keys change and edges go", () => {
  for (let seed = 0; seed < 50; seed++) {
    const random = seededRandom(seed);
    const edges = 1 + Math.floor(random() * 60);
    const keys = Float64Array.from({ length: edges }, () => Math.floor(random() * 8));
    const members = Uint8Array.from(keys, () => random() < 0.7 ? 1 : 0);
    const heap = new EdgeHeap(keys, members);
    const plain = new Map(Array.from(keys.entries()).filter(([edge]) => members[edge] === 1));
    for (let step = 0; step < 200; step++) {
      const edge = Math.floor(random() * edges), choice = random();
      if (choice < 0.5) {
        const key = Math.floor(random() * 8);
        heap.update(edge, key);
        plain.set(edge, key);
      } else if (choice < 0.7) {
        heap.remove(edge);
        plain.delete(edge);
      } else if (plain.size > 0) {
        const [first] = Array.from(plain).sort(([a, x], [b, y]) => x - y || a - b)[0];
        assert.equal(heap.take(), first, `seed ${seed}`);
        plain.delete(first);
      }
      assert.equal(heap.size, plain.size);
    }
  }
});

Deno.test("neighbours of a probe come in the order of the offsets, at every place of small scans", () => {
  const found = new Int32Array(8);
  for (const [rows, columns] of [[1, 1], [1, 4], [4, 1], [2, 2], [3, 5]]) {
    for (let probe = 0; probe < rows * columns; probe++) {
      const expected = neighbourOffsets.flatMap(([down, right]) => {
        const row = Math.floor(probe / columns) + down, column = probe % columns + right;
        return row < 0 || column < 0 || row >= rows || column >= columns ? [] : [row * columns + column];
      });
      assert.deepEqual(Array.from(found.subarray(0, neighboursOf(probe, rows, columns, found))), expected);
    }
  }
});

Deno.test("inner products are right for every length, and missing where a probe takes no part", () => {
  const random = seededRandom(3);
  for (let length = 0; length < 10; length++) {
    const x = Float32Array.from({ length: length + 2 }, random),
      y = Float32Array.from({ length: length + 1 }, random);
    const expected = plainProduct(x.slice(2), y.slice(1));
    assert.ok(Math.abs(innerProduct(x, 2, y, 1, length) - expected) < 1e-6);
  }
  const { sketch } = drawnSketch({ map: "ab ba", length: 5 });
  const products = neighbourProducts(sketch, Uint8Array.of(1, 1, 0, 1));
  const missing = Array.from(products, (value) => Number.isNaN(value));
  assert.deepEqual(missing.map((no, edge) => no ? -1 : edge).filter((edge) => edge >= 0), [0, 3, 6]);
});
