/** Regions without parameters: known maps, symmetries, masks, background, degenerate scans. */

import assert from "node:assert/strict";
import { absorbSmall } from "../cluster/regions/absorb.ts";
import { otsuSplit } from "../cluster/regions/background.ts";
import { commonFeatures, withoutCommon } from "../cluster/regions/centre.ts";
import { collectFlanks, flankDistances } from "../cluster/regions/flanks.ts";
import { findRegions } from "../cluster/regions/regions.ts";
import { localPairs, mergeAcrossBorders } from "../cluster/regions/remerge.ts";
import { marginCap, probeMargins, reassignBorders } from "../cluster/regions/reassign.ts";
import { meanCosine, regionMeans, touchingPairs } from "../cluster/regions/region_means.ts";
import type { Sketch } from "../cluster/regions/sketch.ts";
import { stabilityOf } from "../cluster/regions/stability.ts";
import { canonicalLabels } from "./support/golden.ts";
import { seededRandom } from "./support/random.ts";
import { drawnSketch, randomSketch, stripes, transposed, upsideDown } from "./support/sketches.ts";

const auto = { background: "auto" } as const;

/** Every promise about the shape of a result, whatever the sketch. */
function assertSound(sketch: Sketch, mask?: Uint8Array): void {
  const { labels, sizes, margin, background, borderlinePairs, bendingPairs } = findRegions(sketch, {
    ...auto,
    mask,
  });
  const probes = sketch.rows * sketch.columns;
  assert.equal(labels.length, probes);
  assert.equal(margin.length, probes);
  const counted = new Int32Array(sizes.length);
  labels.forEach((region, probe) => {
    assert.ok(region >= -1 && region < sizes.length);
    if (region >= 0) counted[region]++;
    if (mask && mask[probe] === 0) assert.equal(region, -1);
  });
  assert.deepEqual(counted, sizes);
  const first = Array.from(sizes.keys(), (region) => labels.indexOf(region));
  for (let region = 1; region < sizes.length; region++) {
    const falls = sizes[region] < sizes[region - 1];
    assert.ok(falls || sizes[region] === sizes[region - 1] && first[region] > first[region - 1]);
  }
  assert.ok(margin.every((value) => value >= 0 && value <= marginCap));
  assert.ok(Number.isFinite(background.valley) && Number.isFinite(background.ratio));
  assert.ok(background.power.every(Number.isFinite));
  for (const pair of borderlinePairs) {
    assert.ok(
      pair.first < pair.second && pair.similarity >= 0.6 && pair.similarity <= 0.8 && pair.borderLength > 0,
    );
  }
  for (const pair of bendingPairs) assert.ok(pair.localSimilarity > pair.similarity);
}

Deno.test("two grains give two regions, the larger first, at any dose", () => {
  for (const noise of [0, 0.01, 0.3, 0.8]) {
    const { sketch, labels } = drawnSketch({ map: stripes(16, { a: 7, b: 9 }), noise });
    const found = findRegions(sketch, auto);
    assert.deepEqual(Array.from(found.sizes), [144, 112], `noise ${noise}`);
    assert.deepEqual(Array.from(found.labels), labels.map((label) => 1 - label), `noise ${noise}`);
    assert.equal(found.background.present, false);
  }
});

Deno.test("a scan of equal patterns is one region, noisy or not, and so is one without any signal", () => {
  for (const noise of [0, 0.5, 5]) {
    for (const empty of ["", "a"]) {
      const { sketch, labels } = drawnSketch({ map: stripes(10, { a: 12 }), noise, empty });
      const found = findRegions(sketch, auto);
      assert.deepEqual(Array.from(found.labels), labels, `noise ${noise}, empty ${empty}`);
      assert.ok(found.margin.every((value) => value === marginCap));
    }
  }
});

Deno.test("scans of one row, one column, one probe or two are handled, with any number of features", () => {
  for (const length of [1, 2, 3, 5, 6, 7, 33]) {
    for (const map of ["a", "ab", "a b", "aaaaaaaabbbbbbbb", "a a a a a a b b b b b b", "ab ba"]) {
      assertSound(drawnSketch({ map, length }).sketch);
    }
  }
  const line = drawnSketch({ map: "aaaaaaaabbbbbbbbb" });
  assert.deepEqual(canonicalLabels(findRegions(line.sketch, auto).labels), canonicalLabels(line.labels));
});

Deno.test("whatever the sketch, the result is sound: 200 random scans, with and without mask", () => {
  for (let seed = 0; seed < 200; seed++) {
    const sketch = randomSketch(seed, 14);
    assertSound(sketch);
    const random = seededRandom(seed);
    assertSound(
      sketch,
      Uint8Array.from({ length: sketch.rows * sketch.columns }, () => random() < 0.7 ? 1 : 0),
    );
  }
  const { sketch } = drawnSketch({ map: stripes(4, { a: 5 }) });
  assertSound(sketch, new Uint8Array(20));
});

Deno.test("exchanging rows and columns or turning the scan upside down exchanges or turns the regions", () => {
  for (let seed = 0; seed < 60; seed++) {
    const sketch = randomSketch(seed, 12), { rows, columns } = sketch;
    const labels = findRegions(sketch, auto).labels;
    const exchanged = findRegions(transposed(sketch), auto).labels;
    const back = labels.map((_, probe) => exchanged[(probe % columns) * rows + Math.floor(probe / columns)]);
    assert.deepEqual(canonicalLabels(back), canonicalLabels(labels), `seed ${seed}`);
    const turned = findRegions(upsideDown(sketch), auto).labels;
    const upright = labels.map((_, probe) =>
      turned[(rows - 1 - Math.floor(probe / columns)) * columns + probe % columns]
    );
    assert.deepEqual(canonicalLabels(upright), canonicalLabels(labels), `seed ${seed}`);
  }
});

Deno.test("regions do not depend on the unit of the features", () => {
  for (let seed = 0; seed < 30; seed++) {
    const sketch = randomSketch(seed, 12);
    const scaled = {
      ...sketch,
      features: sketch.features.map((value) => value * 64),
      noise: sketch.noise.map((value) => value * 4096),
    };
    assert.deepEqual(findRegions(scaled, auto).labels, findRegions(sketch, auto).labels, `seed ${seed}`);
  }
});

Deno.test("probes outside the mask do not count", () => {
  const { sketch } = drawnSketch({ map: stripes(12, { a: 8, b: 8 }) });
  const mask = new Uint8Array(192).map((_, probe) => probe % 16 < 11 ? 1 : 0);
  const masked = findRegions(sketch, { ...auto, mask });
  const features = sketch.features.map((value, i) => mask[Math.floor(i / sketch.length)] ? value : 1e6);
  assert.deepEqual(findRegions({ ...sketch, features }, { ...auto, mask }).labels, masked.labels);
  assert.deepEqual(Array.from(masked.sizes), [96, 36]);
});

Deno.test("a field of vacuum is the background, unless it is said that there is none", () => {
  const map = Array.from(
    { length: 20 },
    (_, row) => row < 10 ? "v".repeat(12) + "a".repeat(12) : "v".repeat(24),
  );
  const { sketch, labels } = drawnSketch({ map: map.join(" "), empty: "v", noise: 0.1 });
  const found = findRegions(sketch, auto);
  assert.equal(found.background.present, true);
  assert.equal(found.background.doubtful, false);
  assert.deepEqual(Array.from(found.labels), labels.map((label) => label === 0 ? 0 : -1));
  const whole = findRegions(sketch, { background: "none" });
  assert.equal(whole.background.present, false);
  assert.ok(!whole.labels.includes(-1));
});

Deno.test("a weak grain is no background: it has a signal of its own", () => {
  const { sketch, labels } = drawnSketch({ map: stripes(16, { a: 8, b: 8, c: 8 }), noise: 0.01 });
  const features = sketch.features.map((value, i) =>
    labels[Math.floor(i / sketch.length)] === 1 ? 0.15 * value : value
  );
  const found = findRegions({ ...sketch, features }, auto);
  assert.equal(found.background.present, false);
  assert.deepEqual(canonicalLabels(found.labels), canonicalLabels(labels));
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

Deno.test("two halves that tell the same have stability 1, halves of noise have little", () => {
  const map = stripes(24, { a: 8, b: 8, c: 8 });
  const half = (seed: number, noise: number) => {
    const { sketch } = drawnSketch({ map, noise: 0 });
    const noisy = drawnSketch({ map, noise, seed, empty: "abc" }).sketch;
    return { ...noisy, features: noisy.features.map((value, i) => value + sketch.features[i]) };
  };
  assert.equal(stabilityOf([half(2, 0.5), half(3, 0.5)], auto), 1);
  assert.ok(stabilityOf([half(2, 12), half(3, 12)], auto) < 0.5);
});

Deno.test("arrays of the wrong length are refused", () => {
  const { sketch } = drawnSketch({ map: stripes(4, { a: 4 }) });
  assert.throws(() => findRegions({ ...sketch, rows: 5 }, auto), RangeError);
  assert.throws(() => findRegions({ ...sketch, noise: new Float32Array(15) }, auto), RangeError);
  assert.throws(() => findRegions(sketch, { ...auto, mask: new Uint8Array(15) }), RangeError);
});
