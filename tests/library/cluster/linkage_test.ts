/** Region linkage: against a definition without a heap, and on maps whose regions are known. */

import assert from "node:assert/strict";
import { innerProduct, type Sketch } from "../../../library/passes/sketch/sketch.ts";
import { neighbourProducts, neighboursOf } from "../../../library/cluster/regions/grid.ts";
import { differentCosine, sameCosine } from "../../../library/cluster/regions/hint.ts";
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

/** Linkage edge by edge, to the last bit: all that may go are looked through before each merger. */
function edgeLinkage(sketch: Sketch, inside: Uint8Array, expected: Int32Array): number[] {
  const { rows, columns, length, features, degreesOfFreedom } = sketch, probes = rows * columns;
  const sums = features.slice(),
    noise = Float64Array.from(sketch.noise),
    sizes = new Float64Array(probes).fill(1);
  const names = Array.from(expected), votes = names.map((name): number => name < 0 ? 0 : 1);
  const labels = Array.from(inside, (taken, probe) => taken ? probe : -1);
  const products = neighbourProducts(sketch, inside);
  const product = (a: number, b: number) => innerProduct(sums, a * length, sums, b * length, length);
  interface Edge {
    readonly number: number;
    ends: [number, number];
    key: number;
    open: boolean;
  }
  const judge = (edge: Edge, sum: number) => {
    const [a, b] = edge.ends.map((region) => {
      const size = sizes[region], spread = noise[region] / (size * size);
      return { spread, square: product(region, region) / (size * size), name: names[region] };
    });
    const mean = sum / (sizes[edge.ends[0]] * sizes[edge.ends[1]]);
    const both = Math.max(a.spread + b.spread, 1e-12 * (a.square + b.square));
    edge.key = both > 0
      ? (a.square + b.square - 2 * mean - a.spread - b.spread) / (both * Math.sqrt(2 / degreesOfFreedom))
      : 0;
    const known = a.name >= 0 && b.name >= 0;
    const least = known ? a.name === b.name ? sameCosine : differentCosine : leastCosine;
    const signal = Math.max(a.square - a.spread, leastSignal * a.spread) *
      Math.max(b.square - b.spread, leastSignal * b.spread);
    edge.open = edge.key <= significance && !(known && a.name !== b.name) ||
      signal > 0 && mean >= least * Math.sqrt(signal);
  };
  let edges: Edge[] = [];
  products.forEach((sum, number) => {
    if (Number.isNaN(sum)) return;
    const [down, right] = neighbourOffsets[4 + number % 4], probe = number >> 2;
    const edge: Edge = { number, ends: [probe, probe + down * columns + right], key: 0, open: false };
    judge(edge, sum);
    edges.push(edge);
  });
  const degree = (region: number) => edges.filter(({ ends }) => ends.includes(region)).length;
  for (;;) {
    const open = edges.filter((edge) => edge.open);
    if (open.length === 0) return labels;
    const best = open.reduce((a, b) => b.key < a.key || b.key === a.key && b.number < a.number ? b : a);
    const [one, other] = best.ends, stays = degree(one) >= degree(other);
    const [kept, lost] = stays ? [one, other] : [other, one];
    edges = edges.filter((edge) => edge !== best);
    for (let i = 0; i < length; i++) sums[kept * length + i] += sums[lost * length + i];
    noise[kept] += noise[lost];
    sizes[kept] += sizes[lost];
    labels.forEach((region, probe) => labels[probe] = region === lost ? kept : region);
    if (names[lost] >= 0) {
      if (names[kept] === names[lost]) votes[kept] += votes[lost];
      else if (names[kept] < 0 || votes[lost] > votes[kept]) {
        votes[kept] = votes[lost] - (names[kept] < 0 ? 0 : votes[kept]);
        names[kept] = names[lost];
      } else votes[kept] -= votes[lost];
    }
    const around = new Set(edges.flatMap(({ ends }) => ends.includes(kept) ? ends : []));
    edges = edges.filter((edge) => {
      if (!edge.ends.includes(lost)) return true;
      if (around.has(edge.ends.find((region) => region !== lost)!)) return false;
      edge.ends = edge.ends.map((region) => region === lost ? kept : region) as [number, number];
      return true;
    });
    for (const edge of edges) if (edge.ends.includes(kept)) judge(edge, product(...edge.ends));
  }
}

Deno.test("the kernel merges as its definition edge by edge, with equal keys and what another frame expects", () => {
  let known = 0;
  for (let seed = 0; seed < 60; seed++) {
    const drawn = randomSketch(seed, 12), random = seededRandom(2000 + seed);
    // Few values, so that keys are often equal; on other scans all of them.
    const features = seed % 2 ? drawn.features : drawn.features.map((value) => Math.round(4 * value) / 4);
    const sketch = { ...drawn, features }, probes = sketch.rows * sketch.columns;
    const inside = Uint8Array.from({ length: probes }, () => random() < 0.9 ? 1 : 0);
    const expected = Int32Array.from({ length: probes }, () => seed % 3 ? Math.floor(4 * random()) - 1 : -1);
    const products = neighbourProducts(sketch, inside);
    const plain = edgeLinkage(sketch, inside, expected);
    const { labels } = linkRegions(sketch, inside, products, expected);
    assert.deepEqual(canonicalLabels(labels), canonicalLabels(plain), `seed ${seed}`);
    if (seed % 3 === 0) {
      assert.deepEqual(linkRegions(sketch, inside).labels, labels);
      continue;
    }
    const without = canonicalLabels(linkRegions(sketch, inside).labels);
    if (without.join() !== canonicalLabels(labels).join()) known++;
  }
  assert.ok(known > 10, `expectations changed only ${known} of the scans`);
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
