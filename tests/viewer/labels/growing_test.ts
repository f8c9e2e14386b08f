/** A running clustering on the page: rows as they come give the clusters of what is there. */

import assert from "node:assert/strict";
import { chooseThreshold } from "../../../library/cluster/automatic_threshold.ts";
import { buildForest, cutForest } from "../../../library/cluster/forest.ts";
import { GrowingLabelling, type GrowingMap } from "../../../viewer/labels/growing_labelling.ts";
import { type RandomField, randomField } from "../../support/forests.ts";
import { seededRandom } from "../../support/random.ts";

function forwardOf({ similarity, mask }: RandomField): Float32Array {
  return Float32Array.from({ length: 4 * mask.length }, (_, at) => similarity[8 * (at >> 2) + 4 + at % 4]);
}

/** Labels numbered by the first probe of each cluster. */
function renumber(labels: Int32Array): number[] {
  const numbers = new Map<number, number>();
  return Array.from(labels, (label) => {
    if (label < 0) return -1;
    if (!numbers.has(label)) numbers.set(label, numbers.size);
    return numbers.get(label)!;
  });
}

/** What growth gives of the first rows alone. */
function expected(field: RandomField, rows: number, threshold: number, minimumSize: number): number[] {
  const size = rows * field.columns;
  const similarity = field.similarity.slice(0, 8 * size);
  // The last of the rows has no neighbours below.
  for (let probe = size - field.columns; probe < size; probe++) {
    similarity.fill(NaN, 8 * probe + 5, 8 * probe + 8);
  }
  const part = {
    rows,
    columns: field.columns,
    similarity,
    mask: field.mask.slice(0, size),
    meanSimilarity: field.meanSimilarity.slice(0, size),
  };
  const { labels } = cutForest(buildForest(part), { ...part, threshold, minimumSize });
  return [...renumber(labels), ...new Array<number>(field.mask.length - size).fill(-1)];
}

function demandSeparate({ labels, colours }: GrowingMap, rows: number, columns: number): void {
  for (let probe = 0; probe < rows * columns; probe++) {
    const row = Math.floor(probe / columns), column = probe % columns, label = labels[probe];
    for (const [down, right] of [[0, 1], [1, -1], [1, 0], [1, 1]]) {
      const y = row + down, x = column + right, other = labels[y * columns + x];
      if (label < 0 || y >= rows || x < 0 || x >= columns || other < 0 || other === label) continue;
      assert.notEqual(colours[label], colours[other]);
    }
  }
}

Deno.test("after every piece of rows the clusters are those of the rows so far, at thresholds that may change", () => {
  for (let seed = 0; seed < 150; seed++) {
    const field = randomField(seed, { largest: 20 }),
      { rows, columns, mask } = field,
      forward = forwardOf(field);
    const random = seededRandom(seed), growing = new GrowingLabelling({ rows, columns }, mask);
    let threshold = field.values[Math.floor(random() * field.values.length)] ?? 0;
    while (growing.done < rows) {
      const count = 1 + Math.floor(random() * Math.min(4, rows - growing.done)), first = growing.done;
      growing.addRows(first, count, forward.subarray(4 * first * columns, 4 * (first + count) * columns));
      if (random() < 0.2) threshold = field.values[Math.floor(random() * field.values.length)] ?? 0;
      const minimumSize = 1 + Math.floor(random() * 3), map = growing.view({ threshold, minimumSize });
      assert.deepEqual(
        Array.from(map.labels),
        expected(field, growing.done, threshold, minimumSize),
        `seed ${seed}, ${growing.done} rows`,
      );
      demandSeparate(map, rows, columns);
      map.names.forEach((name, id) => assert.equal(map.labels[name], id));
      map.sizes.forEach((size, id) => assert.equal(size, map.labels.filter((label) => label === id).length));
      assert.equal(map.largest, Math.max(0, ...map.sizes));
      const inside = Array.from(mask.subarray(0, growing.done * columns).keys()).filter((probe) =>
        mask[probe]
      );
      assert.equal(map.inMask, inside.length);
      assert.equal(map.leftOut, inside.filter((probe) => map.labels[probe] < 0).length);
    }
  }
});

Deno.test("a cluster that grows keeps its name and, unless it comes to touch it, its colour", () => {
  let kept = 0, changed = 0;
  for (let seed = 0; seed < 100; seed++) {
    const field = randomField(seed, { largest: 40, levels: 40 }), { rows, columns } = field;
    const forward = forwardOf(field), growing = new GrowingLabelling({ rows, columns });
    let before: GrowingMap | undefined;
    for (let row = 0; row < rows; row++) {
      growing.addRows(row, 1, forward.subarray(4 * row * columns, 4 * (row + 1) * columns));
      const map = growing.view({ threshold: 0.4, minimumSize: 2 });
      before?.names.forEach((name, id) => {
        const now = map.labels[name];
        // The larger part names the whole.
        if (map.names[now] !== name) assert.ok(map.sizes[now] >= 2 * before!.sizes[id]);
        else if (map.colours[now] === before!.colours[id]) kept++;
        else changed++;
      });
      before = map;
    }
  }
  assert.ok(kept > 1000 && changed < 0.02 * kept, `${kept} kept, ${changed} changed`);
});

Deno.test("mean similarities are those of the neighbours so far, and the threshold that of the rows so far", () => {
  const field = randomField(8, { largest: 25, levels: 300 }),
    { rows, columns } = field,
    forward = forwardOf(field);
  const growing = new GrowingLabelling({ rows, columns }), part = Math.ceil(rows / 2);
  growing.addRows(0, part, forward.subarray(0, 4 * part * columns));
  assert.ok(growing.meanSimilarity().subarray(part * columns).every(Number.isNaN));
  growing.addRows(part, rows - part, forward.subarray(4 * part * columns));
  growing.meanSimilarity().forEach((mean, probe) => {
    assert.ok(Math.abs(mean - field.meanSimilarity[probe]) < 1e-6);
  });
  const mask = new Uint8Array(rows * columns).fill(1);
  assert.equal(growing.automatic(), chooseThreshold(buildForest({ ...field, mask }), mask).threshold);
});

Deno.test("rows that come twice are passed over, and rows that are missing refused", () => {
  const field = randomField(8, { largest: 25 }), { rows, columns } = field, forward = forwardOf(field);
  const growing = new GrowingLabelling({ rows, columns }), row = 4 * columns;
  growing.addRows(0, 2, forward.subarray(0, 2 * row));
  const view = { threshold: 0, minimumSize: 1 }, before = growing.view(view);
  growing.addRows(0, 2, new Float32Array(2 * row));
  assert.deepEqual(growing.view(view), before);
  growing.addRows(1, 2, forward.subarray(row, 3 * row));
  assert.equal(growing.done, 3);
  assert.throws(() => growing.addRows(4, 1, forward.subarray(0, row)), /do not follow row 2/);
  assert.throws(() => growing.addRows(3, 1, forward.subarray(0, row - 1)), RangeError);
});
