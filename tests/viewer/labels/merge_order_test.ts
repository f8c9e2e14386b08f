/** The forest in the order of the dendrogram gives what cutting and naming it give. */

import assert from "node:assert/strict";
import { nameClusters } from "../../../library/cluster/cluster_names.ts";
import { buildForest, ForestCutter } from "../../../library/cluster/forest.ts";
import { MergeOrder } from "../../../viewer/labels/merge_order.ts";
import {
  plotAxis,
  sizeHistogram,
  thresholdAxis,
  thresholdCurves,
  usualAxis,
} from "../../../viewer/labels/threshold_curves.ts";
import { randomField } from "../../support/forests.ts";

Deno.test("labels, seeds, sizes and names are those of the library, on 300 random fields at every similarity", () => {
  for (let seed = 0; seed < 300; seed++) {
    const field = randomField(seed), forest = buildForest(field);
    const cutter = new ForestCutter(forest, field);
    const order = new MergeOrder(forest, field.mask, field.meanSimilarity);
    for (const threshold of [-Infinity, ...field.values, Infinity]) {
      for (const minimumSize of [0, 1, 2, 5]) {
        const growth = cutter.cut(threshold, minimumSize);
        const names = nameClusters(forest, growth);
        const { labels, seeds, sizes, names: ours } = order.cut(threshold, minimumSize);
        assert.deepEqual({ labels, seeds, sizes }, growth, `seed ${seed}, ${threshold}, ${minimumSize}`);
        assert.deepEqual(ours, names, `seed ${seed}, ${threshold}, ${minimumSize}`);
      }
    }
  }
});

Deno.test("painted names are the names of the labels, and the largest size of each is kept", () => {
  for (let seed = 0; seed < 60; seed++) {
    const field = randomField(seed), forest = buildForest(field), size = field.mask.length;
    const order = new MergeOrder(forest, field.mask, field.meanSimilarity);
    const painted = new Int32Array(size), largest = new Int32Array(size), expected = new Int32Array(size);
    for (const threshold of field.values) {
      order.paint(threshold, 2, painted, largest);
      const { labels, names, sizes } = order.cut(threshold, 2);
      assert.deepEqual(painted, labels.map((label) => label < 0 ? -1 : names[label]));
      names.forEach((name, id) => expected[name] = Math.max(expected[name], sizes[id]));
    }
    assert.deepEqual(largest, expected);
  }
});

Deno.test("curves count what cuts give, at every threshold of the axis", () => {
  for (let seed = 0; seed < 60; seed++) {
    const field = randomField(seed, { levels: 5000 }), forest = buildForest(field);
    const order = new MergeOrder(forest, field.mask, field.meanSimilarity), axis = thresholdAxis(order);
    for (const minimumSize of [1, 2, 4]) {
      const curves = thresholdCurves(order, axis, minimumSize);
      axis.forEach((threshold, step) => {
        const { sizes } = order.cut(threshold, minimumSize);
        assert.equal(curves.clusters[step], sizes.length);
        const covered = order.probes > 0 ? sizes.reduce((sum, size) => sum + size, 0) / order.probes : 0;
        assert.equal(curves.covered[step], Math.fround(covered));
      });
    }
  }
});

Deno.test("the axis covers 0.72 to 0.996, and goes on for as long as sizeable clusters form or join", () => {
  /** A row of grains of 10 probes. */
  const axisOf = (within: number, across: number) => {
    const columns = 40;
    const probes: number[] = [], similarity: number[] = [];
    for (const joins of [false, true]) {
      for (let probe = 0; probe + 1 < columns; probe++) {
        if ((probe % 10 === 9) !== joins) continue;
        probes.push(probe, probe + 1);
        similarity.push(joins ? across : within);
      }
    }
    const forest = {
      ...{ rows: 1, columns },
      probes: Uint32Array.from(probes),
      similarity: Float32Array.from(similarity),
    };
    const mask = new Uint8Array(columns).fill(1);
    return thresholdAxis(new MergeOrder(forest, mask, new Float32Array(columns)));
  };
  const ends = (axis: Float64Array) =>
    [axis[0], axis[axis.length - 1]].map((value) => Number(value.toFixed(6)));
  assert.deepEqual(ends(axisOf(0.95, 0.8)), [0.72, 0.996]);
  assert.deepEqual(ends(axisOf(0.9999, 0.5)), [0.5, 0.9999]);
  assert.deepEqual(ends(axisOf(1, -0.5)), [0, 0.999999]);
  const axis = axisOf(0.95, 0.8);
  assert.equal(axis.length, 151);
  const gaps = axis.slice(1).map((threshold, step) => (1 - threshold) / (1 - axis[step]));
  gaps.forEach((gap) => assert.ok(Math.abs(gap - gaps[0]) < 1e-9));
});

Deno.test("a plot has most of its thresholds where clusters form and join, rising, between the ends of the even axis", () => {
  // All of a hundred merges of a row lie within 0.97 and 0.98.
  const columns = 101, probes = Array.from({ length: columns - 1 }, (_, probe) => probe);
  const forest = {
    ...{ rows: 1, columns },
    probes: Uint32Array.from(probes.flatMap((probe) => [probe, probe + 1])),
    similarity: Float32Array.from(probes, (probe) => 0.98 - probe / 10_000),
  };
  const order = new MergeOrder(forest, new Uint8Array(columns).fill(1), new Float32Array(columns));
  const even = thresholdAxis(order), axis = plotAxis(order, even);
  assert.equal(axis.length, even.length);
  assert.deepEqual([axis[0], axis.at(-1)], [even[0], even.at(-1)]);
  axis.slice(1).forEach((threshold, step) => assert.ok(threshold > axis[step], `${step}: ${threshold}`));
  const within = (thresholds: Float64Array) =>
    thresholds.filter((threshold) => threshold > 0.9695 && threshold < 0.9805).length;
  assert.ok(within(axis) > 0.6 * axis.length, String(within(axis)));
  assert.ok(within(even) < 0.15 * even.length, String(within(even)));
});

Deno.test("an empty mask has an axis and empty curves", () => {
  const forest = { rows: 2, columns: 2, probes: new Uint32Array(0), similarity: new Float32Array(0) };
  const order = new MergeOrder(forest, new Uint8Array(4), new Float32Array(4));
  const axis = thresholdAxis(order), curves = thresholdCurves(order, axis, 1);
  assert.equal(axis.length, 151);
  assert.deepEqual(plotAxis(order, axis), axis);
  assert.ok(curves.clusters.every((count) => count === 0) && curves.covered.every((share) => share === 0));
  assert.equal(curves.stable, null);
});

Deno.test("the stable range is the longest in which two clusters or more stay the same within one (case 7)", () => {
  // Two halves of a row hold until 0.8; below that everything is one.
  const columns = 20;
  const probes = Array.from({ length: columns - 1 }, (_, probe) => probe).sort((a, b) =>
    Number(a === 9) - Number(b === 9)
  );
  const forest = {
    ...{ rows: 1, columns },
    probes: Uint32Array.from(probes.flatMap((probe) => [probe, probe + 1])),
    similarity: Float32Array.from(probes, (probe) => probe === 9 ? 0.8 : 0.99),
  };
  const order = new MergeOrder(forest, new Uint8Array(columns).fill(1), new Float32Array(columns));
  const { stable } = thresholdCurves(order, thresholdAxis(order), 2);
  assert.ok(stable && stable.low > 0.8 && stable.low < 0.81 && stable.high < 0.99 && stable.high > 0.985);
  assert.ok(stable.threshold > stable.low && stable.threshold < stable.high);
});

Deno.test("no range is stable where clusters cover less than 80 % of the mask (case 7)", () => {
  // Two chains of a row hold together all along the axis; what lies beside them never joins.
  const stableOf = (columns: number) => {
    const probes = Array.from({ length: 9 }, (_, probe) => probe).filter((probe) => probe !== 4);
    const forest = {
      ...{ rows: 1, columns },
      probes: Uint32Array.from(probes.flatMap((probe) => [probe, probe + 1])),
      similarity: new Float32Array(probes.length).fill(0.99),
    };
    const order = new MergeOrder(forest, new Uint8Array(columns).fill(1), new Float32Array(columns));
    return thresholdCurves(order, usualAxis(), 2).stable;
  };
  assert.ok(stableOf(12), "83 %");
  assert.equal(stableOf(13), null, "77 %");
});

Deno.test("sizes are counted on half-octaves that begin at powers of two", () => {
  assert.deepEqual(Array.from(sizeHistogram([1, 2, 3, 4, 5, 6, 8, 8])), [1, 0, 1, 1, 2, 1, 2]);
  assert.deepEqual(Array.from(sizeHistogram([])), []);
  for (const power of [10, 20, 24]) {
    assert.equal(sizeHistogram([2 ** power]).length, 2 * power + 1);
    assert.equal(sizeHistogram([2 ** power - 1]).length, 2 * power);
  }
});
