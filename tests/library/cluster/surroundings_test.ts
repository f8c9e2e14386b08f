/** What lies near probes, and sums of features, by kernels: the numbers that plain loops give, to the last bit. */

import assert from "node:assert/strict";
import { keepingNumbers, onOwnMemory } from "../../../library/engine/own_memory.ts";
import { innerProbes } from "../../../library/cluster/regions/absorb.ts";
import { featureSums } from "../../../library/cluster/regions/feature_sums.ts";
import { neighbourProducts, neighboursOf, type Partition } from "../../../library/cluster/regions/grid.ts";
import { eachSurroundings } from "../../../library/cluster/regions/surroundings.ts";
import { innerProduct, type Sketch } from "../../../library/passes/sketch/sketch.ts";
import { forwardOffsets } from "../../../library/scan/neighbours.ts";
import { seededRandom } from "../../support/random.ts";

/** A sketch with random numbers, and regions that have straight and ragged borders. */
function randomCase(seed: number): { sketch: Sketch; partition: Partition } {
  const random = seededRandom(seed), length = 6 + Math.floor(30 * random());
  const rows = 1 + Math.floor(24 * random()),
    columns = 1 + Math.floor(24 * random()),
    probes = rows * columns;
  const floats = (count: number) => Float32Array.from({ length: count }, () => random() - 0.3);
  const side = 2 + Math.floor(6 * random()), ragged = 0.3 * random();
  const labels = Int32Array.from({ length: probes }, (_, probe) => {
    if (random() < 0.05) return -1;
    if (random() < ragged) return Math.floor(12 * random());
    return Math.floor(probe / columns / side) % 3 * 4 + Math.floor(probe % columns / side) % 4;
  });
  const sketch: Sketch = {
    ...{ rows, columns, length, features: floats(probes * length), noise: floats(probes).map(Math.abs) },
    degreesOfFreedom: length,
    ...random() < 0.7 && { beam: floats(probes).map((value) => 1000 * value) },
  };
  const background = random() < 0.7 ? Math.floor(12 * random()) : -1;
  return { sketch, partition: { rows, columns, labels, count: 12, background } };
}

/** As defined: means over up to three rows and columns away, of inner probes if there are three. */
function plainSurroundings({ sketch, partition }: ReturnType<typeof randomCase>, probe: number) {
  const { length, features, noise, beam } = sketch, { rows, columns, labels, background } = partition;
  const inner = innerProbes(labels, rows, columns), around = new Int32Array(8);
  const beside = Array.from(around.subarray(0, neighboursOf(probe, rows, columns, around)));
  const regions = new Set([probe, ...beside].map((one) => labels[one]).filter((region) => region >= 0));
  const grains = [];
  let open: number | null = null;
  for (const region of Array.from(regions).sort((a, b) => a - b)) {
    let near = Array.from(labels.keys()).filter((other) =>
      labels[other] === region && other !== probe &&
      Math.abs(Math.floor(other / columns) - Math.floor(probe / columns)) <= 3 &&
      Math.abs(other % columns - probe % columns) <= 3
    );
    const within = near.filter((other) => inner[other] === 1);
    if (within.length >= 3) near = within;
    if (near.length === 0) continue;
    const electrons = near.reduce((sum, other) => sum + (beam ? beam[other] : 0), 0) / near.length;
    if (region === background) {
      open = electrons;
      continue;
    }
    const mean = new Float32Array(length);
    for (const other of near) mean.forEach((_, i) => mean[i] += features[other * length + i]);
    mean.forEach((_, i) => mean[i] /= near.length);
    const spread = near.reduce((sum, other) => sum + noise[other], 0) / near.length ** 2;
    const square = innerProduct(mean, 0, mean, 0, length) - spread;
    const product = innerProduct(mean, 0, features, probe * length, length);
    grains.push({
      region,
      mean,
      noise: spread,
      square,
      beam: electrons,
      product,
      score: 2 * product - square,
    });
  }
  return { probe, grains, open };
}

Deno.test("what lies near a probe is bit for bit what its definition says, for every probe that is asked about", () => {
  for (let seed = 0; seed < 40; seed++) {
    const made = randomCase(seed), { sketch, partition } = made, { labels, rows, columns } = partition;
    const asked = (probe: number) => labels[probe] >= 0 && (probe + seed) % 3 > 0;
    const wanted = Array.from(labels.keys()).filter(asked);
    const seen: number[] = [];
    eachSurroundings(sketch, partition, innerProbes(labels, rows, columns), asked, (found) => {
      seen.push(found.probe);
      const { probe, grains, open } = plainSurroundings(made, found.probe);
      assert.deepEqual({ ...found, grains: [...found.grains] }, { probe, grains, open }, `seed ${seed}`);
    });
    assert.deepEqual(seen, wanted, `seed ${seed}`);
  }
});

Deno.test("more probes than are looked at in one go are all seen, each once and in their order", () => {
  const side = 60,
    labels = Int32Array.from({ length: side * side }, (_, probe) => (probe * 7 + (probe >> 3)) % 9);
  const random = seededRandom(5), features = Float32Array.from({ length: 6 * labels.length }, random);
  const noise = new Float32Array(labels.length).fill(0.1);
  const sketch = { rows: side, columns: side, length: 6, features, noise, degreesOfFreedom: 6 };
  const partition = { rows: side, columns: side, labels, count: 9, background: -1 };
  const seen: number[] = [];
  eachSurroundings(sketch, partition, innerProbes(labels, side, side), () => true, ({ probe, grains }) => {
    seen.push(probe);
    assert.ok(grains.some(({ region }) => region === labels[probe]));
  });
  assert.deepEqual(seen, Array.from(labels.keys()));
});

Deno.test("sums and products of features are bit for bit those of plain loops, whatever lay in the memory before", () => {
  for (let seed = 0; seed < 30; seed++) {
    const { sketch, partition: { labels, rows, columns, count } } = randomCase(seed),
      random = seededRandom(seed);
    const { length, features } = sketch;
    const inside = Uint8Array.from(labels, () => random() < 0.8 ? 1 : 0);
    const probes = Int32Array.from({ length: 50 }, () => Math.floor(labels.length * random()));
    const groups = probes.map(() => Math.floor(5 * random()) - 1);
    const plainSums = (names: Int32Array, list: ArrayLike<number>, groupCount: number) => {
      const sums = new Float64Array(groupCount * length);
      names.forEach((name, entry) => {
        for (let i = 0; name >= 0 && i < length; i++) {
          sums[name * length + i] += features[list[entry] * length + i];
        }
      });
      return sums;
    };
    const check = () => {
      const all = Int32Array.from(labels.keys());
      assert.deepEqual(
        featureSums(sketch, labels, null, count),
        plainSums(labels, all, count),
        `seed ${seed}`,
      );
      assert.deepEqual(featureSums(sketch, groups, probes, 4), plainSums(groups, probes, 4), `seed ${seed}`);
      const products = neighbourProducts(sketch, inside);
      assert.equal(products.length, 4 * labels.length);
      products.forEach((product, edge) => {
        const probe = edge >> 2, [down, right] = forwardOffsets[edge & 3];
        const row = Math.floor(probe / columns) + down, column = probe % columns + right;
        const other = row * columns + column, there = row < rows && column >= 0 && column < columns;
        const taken = there && inside[probe] === 1 && inside[other] === 1;
        assert.equal(
          product,
          taken ? innerProduct(features, probe * length, features, other * length, length) : NaN,
          `seed ${seed}, edge ${edge}`,
        );
      });
    };
    check();
    keepingNumbers(() => {
      check();
      onOwnMemory(features.byteLength, (_, memory) => new Uint8Array(memory).fill(255));
      check();
    });
    // Numbers that were changed since are not taken for those that lay there.
    features.forEach((value, i) => features[i] = -2 * value);
    check();
  }
});
