/** The steps by which regions are found, one by one. */

import assert from "node:assert/strict";
import { absorbSmall, innerProbes } from "../../../library/cluster/regions/absorb.ts";
import { neighboursOf } from "../../../library/cluster/regions/grid.ts";
import { otsuSplit } from "../../../library/cluster/regions/background.ts";
import { commonFeatures, withoutCommon } from "../../../library/passes/sketch/centre.ts";
import { innerProduct } from "../../../library/passes/sketch/sketch.ts";
import { collectFlanks, flankDistances } from "../../../library/cluster/regions/flanks.ts";
import { joinFragments } from "../../../library/cluster/regions/fragments.ts";
import { linkRegions } from "../../../library/cluster/regions/linkage.ts";
import { findRegions } from "../../../library/cluster/regions/regions.ts";
import { localPairs, mergeAcrossBorders } from "../../../library/cluster/regions/remerge.ts";
import { marginCap } from "../../../library/cluster/regions/border_judge.ts";
import { probeMargins, reassignBorders } from "../../../library/cluster/regions/reassign.ts";
import { meanCosine, regionMeans, touchingPairs } from "../../../library/cluster/regions/region_means.ts";
import { canonicalLabels } from "../../support/golden.ts";
import { seededRandom } from "../../support/random.ts";
import { drawnSketch, randomSketch, stripes } from "../../support/sketches.ts";

const auto = { background: "auto" } as const;

Deno.test("what is common is bit for bit the median of every pixel, found by sorting, of even and odd numbers", () => {
  for (let seed = 0; seed < 30; seed++) {
    const sketch = randomSketch(seed, 30),
      { length, features, rows, columns } = sketch,
      random = seededRandom(seed);
    const basis = Float32Array.from({ length: 17 * length }, () => random() - 0.5);
    const inside = Uint8Array.from({ length: rows * columns }, () => random() < 0.8 ? 1 : 0);
    const probes = Array.from(inside.keys()).filter((probe) => inside[probe] === 1);
    const expected = new Float64Array(length);
    for (let pixel = 0; pixel < basis.length && probes.length > 0; pixel += length) {
      const sorted = Float32Array.from(
        probes,
        (probe) => innerProduct(basis, pixel, features, probe * length, length),
      ).sort();
      const median = (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
      for (let i = 0; i < length; i++) expected[i] += median * basis[pixel + i];
    }
    assert.deepEqual(commonFeatures(sketch, basis, inside), expected, `seed ${seed}`);
  }
});

Deno.test("what all patterns have in common is found as the median of the pixels, and vacuum has nothing left then", () => {
  const map = Array.from(
    { length: 24 },
    () => "a".repeat(6) + "v".repeat(4) + "b".repeat(6) + "c".repeat(6) + "v".repeat(4),
  );
  const { sketch, labels } = drawnSketch({ map: map.join(" "), empty: "v", noise: 0.02, length: 8 });
  // Eight pixels, of which a grain lights up two: the basis is a rotation of them.
  const { length } = sketch;
  const angle = 0.6, basis = new Float32Array(length * length);
  for (let i = 0; i < length; i += 2) {
    basis.set([Math.cos(angle), Math.sin(angle)], i * length + i);
    basis.set([-Math.sin(angle), Math.cos(angle)], (i + 1) * length + i);
  }
  const tail = [0.3, -0.2, 0.5, 0.1, 0.4, 0, -0.3, 0.2];
  const features = sketch.features.map((value, i) => {
    const probe = Math.floor(i / length), feature = i % length, letter = labels[probe];
    const pattern = (pixel: number) => tail[pixel] + (letter < 3 && pixel >> 1 === letter ? 1 : 0);
    const noise = letter === 3 ? value : 0;
    return noise + tail.reduce((sum, _, pixel) => sum + basis[pixel * length + feature] * pattern(pixel), 0);
  });
  const shared = { ...sketch, features };
  const common = commonFeatures(shared, basis);
  const expected = tail.map((_, feature) =>
    tail.reduce((sum, value, pixel) => sum + basis[pixel * length + feature] * value, 0)
  );
  expected.forEach((value, feature) => assert.ok(Math.abs(common[feature] - value) < 0.01));
  const found = findRegions(withoutCommon(shared, common), auto);
  assert.equal(found.background.present, true);
  assert.deepEqual(
    canonicalLabels(found.labels),
    canonicalLabels(labels.map((label) => label === 3 ? -1 : label)),
  );
  assert.deepEqual(
    Array.from(commonFeatures(shared, basis, new Uint8Array(labels.length))),
    Array(8).fill(0),
  );
  assert.throws(() => commonFeatures(shared, basis.subarray(1)), RangeError);
});

Deno.test("the split of the histogram has the largest variance between its classes", () => {
  const random = seededRandom(8);
  for (let trial = 0; trial < 100; trial++) {
    const values = Float64Array.from(
      { length: 1 + Math.floor(random() * 30) },
      () => Math.floor(random() * 9),
    ).sort();
    const between = (count: number) => {
      const mean = (part: Float64Array) => part.reduce((sum, value) => sum + value, 0) / part.length;
      const apart = mean(values.subarray(0, count)) - mean(values.subarray(count));
      return apart ** 2 * count * (values.length - count);
    };
    const split = otsuSplit(values);
    if (values[0] === values[values.length - 1]) assert.equal(split, 0);
    else {
      assert.ok(values[split] > values[split - 1]);
      for (let count = 1; count < values.length; count++) {
        assert.ok(between(count) <= between(split) * (1 + 1e-12));
      }
    }
  }
});

Deno.test("small regions and thin rims go to their neighbours, the background stays", () => {
  const { sketch, labels } = drawnSketch({ map: stripes(9, { a: 6, b: 1, c: 6 }) });
  const partition = { rows: 9, columns: 13, labels: Int32Array.from(labels), count: 3, background: -1 };
  const absorbed = absorbSmall(sketch, partition, 5);
  assert.deepEqual(new Set(absorbed.labels), new Set([0, 2]));
  const kept = absorbSmall(sketch, { ...partition, background: 1 }, 5);
  assert.deepEqual(Array.from(kept.labels), labels);
});

Deno.test("a bent crystal cut in two is put together again, two crystals are not", () => {
  const rows = 12, columns = 24, length = 4;
  const drifting = (bend: number, step: number) => {
    const features = new Float32Array(rows * columns * length);
    for (let probe = 0; probe < rows * columns; probe++) {
      const column = probe % columns, angle = bend * column + (column < 12 ? 0 : step);
      features.set([Math.cos(angle), Math.sin(angle), 0, 0], probe * length);
    }
    return { rows, columns, length, features, noise: new Float32Array(rows * columns), degreesOfFreedom: 4 };
  };
  const labels = new Int32Array(rows * columns).map((_, probe) => probe % columns < 12 ? 0 : 1);
  const halves = { rows, columns, labels, count: 2, background: -1 };
  const bent = drifting(0.09, 0);
  const means = regionMeans(bent, halves);
  assert.ok(meanCosine(means, length, 0, 1) < 0.7);
  assert.ok(localPairs(bent, halves)[0].cosine > 0.9);
  assert.ok(mergeAcrossBorders(bent, halves).labels.every((label) => label === 0));
  assert.deepEqual(mergeAcrossBorders(drifting(0, 1.2), halves).labels, labels);
});

Deno.test("flanks hold the probes at the right distances, on 40 random maps", () => {
  for (let seed = 0; seed < 40; seed++) {
    const random = seededRandom(seed);
    const rows = 1 + Math.floor(random() * 24), columns = 1 + Math.floor(random() * 24), count = 4;
    const centres = Array.from({ length: count }, () => [random() * rows, random() * columns]);
    const labels = new Int32Array(rows * columns).map((_, probe) => {
      if (random() < 0.02) return -1;
      const away = centres.map(([y, x]) => Math.hypot(y - Math.floor(probe / columns), x - probe % columns));
      return away.indexOf(Math.min(...away));
    });
    const sketch = {
      rows,
      columns,
      length: 1,
      features: new Float32Array(rows * columns).map(() => random()),
      noise: new Float32Array(rows * columns).fill(1),
      degreesOfFreedom: 1,
    };
    const partition = { rows, columns, labels, count, background: -1 };
    const distance = (probe: number, region: number) =>
      labels.reduce((least, label, other) => {
        if (label !== region) return least;
        const down = Math.floor(other / columns) - Math.floor(probe / columns);
        return Math.min(least, Math.hypot(down, other % columns - probe % columns));
      }, Infinity);
    for (const [key, flank] of collectFlanks(sketch, partition, touchingPairs(partition))) {
      const region = Math.floor(key / count), other = key % count;
      flankDistances.forEach(([first, last], layer) => {
        const members = Array.from(labels.keys()).filter((probe) => {
          if (labels[probe] !== region) return false;
          const away = distance(probe, other);
          const others = [0, 1, 2, 3].filter((label) => label !== region).map((label) =>
            distance(probe, label)
          );
          return away >= first && away <= last && (layer === 0 || away === Math.min(...others));
        });
        assert.equal(flank[layer].probes, members.length, `seed ${seed}`);
        const sum = members.reduce((total, probe) => total + sketch.features[probe], 0);
        assert.ok(Math.abs(flank[layer].sum[0] - sum) < 1e-9);
      });
    }
  }
});

Deno.test("a mixed probe goes to the grain that it holds more of, even where the other is brighter", () => {
  const rows = 9, columns = 11, length = 2;
  for (const part of [0.35, 0.65]) {
    const features = new Float32Array(rows * columns * length);
    const labels = new Int32Array(rows * columns);
    for (let probe = 0; probe < rows * columns; probe++) {
      const column = probe % columns, first = column < 5 ? 1 : column > 5 ? 0 : part;
      features.set([first, 3 * (1 - first)], probe * length);
      labels[probe] = column < 6 ? 0 : 1;
    }
    const sketch = {
      rows,
      columns,
      length,
      features,
      noise: new Float32Array(99).fill(0.01),
      degreesOfFreedom: 2,
    };
    const partition = { rows, columns, labels, count: 2, background: -1 };
    const found = reassignBorders(sketch, partition);
    const wrong = found.labels.filter((label, i) => i % columns === 5 && label !== (part > 0.5 ? 0 : 1));
    assert.equal(wrong.length, 0, `part ${part}`);
    const margins = probeMargins(sketch, found);
    assert.ok(margins[4 * columns + 5] < margins[4 * columns + (part > 0.5 ? 6 : 4)]);
    assert.equal(margins[4 * columns], marginCap);
  }
});

Deno.test("touching pairs are counted with their borders", () => {
  const { labels } = drawnSketch({ map: "aab aab ccb" });
  const partition = { rows: 3, columns: 3, labels: Int32Array.from(labels), count: 3, background: -1 };
  assert.deepEqual(touchingPairs(partition), [
    { first: 0, second: 1, borderLength: 5 },
    { first: 0, second: 2, borderLength: 4 },
    { first: 1, second: 2, borderLength: 2 },
  ]);
});

Deno.test("beside the background, a region with no signal above its noise has a margin of 0, which is a number", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const drawn = drawnSketch({ map: stripes(6, { a: 4, v: 4 }), empty: "av", noise: 0.2, seed, length: 6 });
    // The noise is said to be a little larger than it is, so that what is left of a mean is mostly less than nothing.
    const sketch = { ...drawn.sketch, noise: drawn.sketch.noise.map((noise) => 4 * noise) };
    const partition = { rows: 6, columns: 8, labels: Int32Array.from(drawn.labels), count: 2, background: 1 };
    const margins = probeMargins(sketch, partition);
    assert.ok(margins.every(Number.isFinite), `seed ${seed}`);
    for (let row = 0; row < 6; row++) assert.equal(margins[row * 8 + 3], 0);
  }
});

Deno.test("inner probes have no neighbour in another region, at every place of scans of every shape", () => {
  const found = new Int32Array(8), random = seededRandom(5);
  for (const [rows, columns] of [[1, 1], [1, 6], [6, 1], [2, 2], [2, 7], [9, 8], [30, 21]]) {
    for (let round = 0; round < 10; round++) {
      const labels = Int32Array.from({ length: rows * columns }, () => random() < 0.1 ? -1 : 0);
      for (let probe = 0; probe < labels.length; probe++) if (random() < 0.06) labels[probe] = 1;
      const expected = Array.from(labels, (region, probe) => {
        const around = Array.from(
          found.subarray(0, neighboursOf(probe, rows, columns, found)),
          (other) => labels[other],
        );
        return region >= 0 && around.every((other) => other === region || other < 0) ? 1 : 0;
      });
      assert.deepEqual(Array.from(innerProbes(labels, rows, columns)), expected);
    }
  }
});

Deno.test("a crystal without a pattern is one region, not the fragments that chance makes of it", () => {
  const map = `${stripes(20, { a: 10, v: 24, b: 10 })} ${stripes(10, { a: 10, c: 24, b: 10 })}`;
  const { sketch, labels } = drawnSketch({ map, empty: "v", noise: 0.8, length: 16 });
  const { rows, columns } = sketch, inside = new Uint8Array(rows * columns).fill(1);
  const linked = linkRegions(sketch, inside);
  const within = (found: ArrayLike<number>) =>
    new Set(labels.flatMap((label, probe) => label === 3 ? [found[probe]] : []));
  assert.ok(within(linked.labels).size > 3);
  const partition = {
    rows,
    columns,
    labels: linked.labels,
    count: linked.count + 1,
    background: linked.count,
  };
  const joined = joinFragments(sketch, partition);
  assert.ok(within(joined.labels).size < within(linked.labels).size);
  // Without a background it may all be noise.
  assert.equal(joinFragments(sketch, { ...partition, background: -1 }).labels, linked.labels);
  // Crystals that differ stay apart, and so does what touches along one side only.
  const clear = drawnSketch({ map, noise: 0.1 });
  const apart = { ...partition, labels: Int32Array.from(clear.labels), count: 5, background: 4 };
  assert.deepEqual(joinFragments(clear.sketch, apart).labels, apart.labels);
  const same = drawnSketch({ map, empty: "abcv", noise: 0.8 });
  assert.deepEqual(joinFragments(same.sketch, apart).labels, apart.labels);
});
