/** What the page shows is what the server would answer, and colours tell clusters apart that touch. */

import assert from "node:assert/strict";
import { applyEdits } from "../../../library/cluster/editing/edits.ts";
import { addEdit, type Edit, type EditLog, emptyEditLog } from "../../../library/cluster/editing/log.ts";
import { buildForest, cutForest } from "../../../library/cluster/forest.ts";
import { summariseClusters } from "../../../library/cluster/summary.ts";
import { encodeMask } from "../../../viewer/labels/drawn_mask.ts";
import type { LabelledScan } from "../../../viewer/labels/label_view.ts";
import { type LabelledMap, Labelling } from "../../../viewer/labels/labelling.ts";
import type { LabelView } from "../../../viewer/protocol/label_views.ts";
import { BadParameter } from "../../../library/scan/errors.ts";
import { type FieldSettings, type RandomField, randomField } from "../../support/forests.ts";
import { labelsOf } from "../../support/label_view.ts";
import { seededRandom } from "../../support/random.ts";

/** A random field clustered at one of its similarities, and its forward half. */
function clustered(seed: number, settings?: FieldSettings) {
  const field = randomField(seed, settings), { rows, columns, meanSimilarity, mask, similarity } = field;
  const forest = buildForest(field), random = seededRandom(seed);
  const threshold = pick(field.values, random) ?? 0.5, minimumSize = 1 + Math.floor(random() * 3);
  const growth = cutForest(forest, { threshold, minimumSize, meanSimilarity, mask });
  const scan: LabelledScan = {
    ...{ rows, columns, meanSimilarity, mask, forest, threshold, minimumSize },
    labels: growth.labels,
    clusters: summariseClusters(growth, columns, meanSimilarity),
  };
  const forward = Float32Array.from(
    { length: 4 * mask.length },
    (_, place) => similarity[8 * (place >> 2) + 4 + place % 4],
  );
  const labelling = new Labelling(scan);
  labelling.setForward(forward);
  return { field, scan: { ...scan, similarity }, labelling, random, forward };
}

function pick<Item>(items: ArrayLike<Item>, random: () => number): Item | undefined {
  return items[Math.floor(random() * items.length)];
}

/** Threshold, minimum size and mask at random. */
function randomView(field: RandomField, random: () => number): LabelView {
  const drawn = encodeMask(field.mask.map(() => random() < 0.8 ? 1 : 0));
  return {
    source: random() < 0.75 ? "threshold" : "method",
    threshold: pick(field.values, random) ?? 0,
    ...random() < 0.7 && { minimumSize: Math.floor(random() * 4) },
    ...random() < 0.3 && { mask: drawn },
  };
}

/** An edit of clusters that are on the map. */
function randomEdit(map: LabelledMap, columns: number, random: () => number): Edit | undefined {
  const at = (probe: number): [number, number] => [Math.floor(probe / columns), probe % columns];
  const cluster = () => at(pick(map.seeds, random) ?? 0);
  if (map.sizes.length === 0) return undefined;
  switch (Math.floor(random() * 4)) {
    case 0:
      return { kind: "merge", clusters: [cluster(), cluster()] };
    case 1:
      return { kind: "split", cluster: cluster(), minimumSize: 1 };
    case 2:
      return { kind: "exclude", cluster: cluster() };
    default: {
      const probes = [0, 1].map(() => at(Math.floor(random() * map.labels.length)));
      return { kind: "assign", probes, cluster: random() < 0.5 ? cluster() : "new" };
    }
  }
}

function demandEqual(map: LabelledMap, scan: LabelledScan, view: LabelView, what: string): void {
  const expected = labelsOf(scan, view);
  assert.deepEqual(map.labels, expected.labels, what);
  assert.deepEqual(Array.from(map.seeds), Array.from(expected.seeds), what);
  assert.deepEqual(Array.from(map.sizes), Array.from(expected.sizes), what);
  assert.deepEqual(map.clusters, expected.clusters, what);
}

/** No two clusters that touch have one colour. */
function demandSeparate({ labels, colours }: LabelledMap, rows: number, columns: number, what: string): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const label = labels[row * columns + column];
      for (const [down, right] of [[0, 1], [1, -1], [1, 0], [1, 1]]) {
        const y = row + down, x = column + right;
        if (label < 0 || y >= rows || x < 0 || x >= columns) continue;
        const other = labels[y * columns + x];
        if (other >= 0 && other !== label) {
          assert.notEqual(colours[label], colours[other], `${what}: (${row}, ${column})`);
        }
      }
    }
  }
}

Deno.test("views of 400 random fields, with edits and drawn masks, are what the library gives", () => {
  let edits = 0, masks = 0;
  for (let seed = 0; seed < 400; seed++) {
    const { field, scan, labelling, random } = clustered(seed);
    for (let step = 0; step < 4; step++) {
      const view = randomView(field, random), what = `seed ${seed}, step ${step}`;
      if (view.mask) masks++;
      demandEqual(labelling.view(view), scan, view, what);
      let log: EditLog = emptyEditLog;
      for (let edit = 0; edit < 4; edit++) {
        const next = randomEdit(labelling.view({ ...view, edits: log }), field.columns, random);
        const attempt = next && labelling.tryEdit({ ...view, edits: log }, next);
        if (!attempt?.done) continue;
        log = attempt.log;
        edits++;
        const edited = { ...view, edits: log }, map = labelling.view(edited);
        demandEqual(map, scan, edited, what);
        demandSeparate(map, field.rows, field.columns, what);
        assert.equal(map.refused, undefined);
      }
    }
  }
  assert.ok(edits > 2000 && masks > 300, `${edits} edits, ${masks} masks`);
});

Deno.test("clusters that touch differ in colour at every similarity of 150 random fields", () => {
  for (let seed = 0; seed < 150; seed++) {
    const { field, labelling } = clustered(seed, { largest: 30 });
    for (const threshold of field.values) {
      for (const minimumSize of [1, 3]) {
        const map = labelling.view({ source: "threshold", threshold, minimumSize }, "drag");
        demandSeparate(map, field.rows, field.columns, `seed ${seed}, ${threshold}`);
      }
    }
  }
});

Deno.test("a drag gives the same map without the figures", () => {
  const { labelling, field } = clustered(3);
  for (const threshold of field.values) {
    const view = { source: "threshold", threshold } as const;
    const full = labelling.view(view), drag = labelling.view(view, "drag");
    assert.deepEqual({ ...drag, clusters: full.clusters }, full);
    assert.deepEqual(drag.clusters, []);
  }
});

Deno.test("what is answered may be given away: the next answer has it again", () => {
  const { labelling } = clustered(4);
  for (const source of ["method", "threshold"] as const) {
    const first = structuredClone(labelling.view({ source }));
    const given = labelling.view({ source });
    structuredClone(given, { transfer: [given.labels.buffer, given.colours.buffer, given.seeds.buffer] });
    assert.deepEqual(labelling.view({ source }), first);
  }
  const view = { source: "threshold" } as const, curves = structuredClone(labelling.curves(view));
  const given = labelling.curves(view);
  structuredClone(given, {
    transfer: [given.thresholds.buffer, given.clusters.buffer, given.covered.buffer],
  });
  assert.deepEqual(labelling.curves(view), curves);
});

Deno.test("counts are those of the mask", () => {
  for (let seed = 0; seed < 50; seed++) {
    const { labelling, field, random } = clustered(seed);
    const map = labelling.view({ source: "threshold", threshold: pick(field.values, random) ?? 0 });
    const inside = Array.from(field.mask.keys()).filter((probe) => field.mask[probe] === 1);
    assert.equal(map.inMask, inside.length);
    assert.equal(map.leftOut, inside.filter((probe) => map.labels[probe] < 0).length);
    assert.equal(map.largest, Math.max(0, ...map.sizes));
  }
});

Deno.test("labels grown at a threshold have the colours of that cut, so that nothing changes when it is dragged", () => {
  for (let seed = 0; seed < 40; seed++) {
    const { labelling } = clustered(seed);
    assert.deepEqual(labelling.view({ source: "method" }), labelling.view({ source: "threshold" }));
  }
});

Deno.test("a merge has the colour of its larger part; undone, everything is as before", () => {
  let merges = 0;
  for (let seed = 0; seed < 200; seed++) {
    const { labelling, random, field } = clustered(seed, { largest: 20 });
    const view = { source: "threshold", minimumSize: 2 } as const, before = labelling.view(view);
    const [one, other] = [pick(before.clusters, random), pick(before.clusters, random)];
    if (!one || !other || one.id === other.id || one.size === other.size) continue;
    const at = ({ seed }: typeof one): [number, number] => [seed.row, seed.column];
    const edits = addEdit(emptyEditLog, { kind: "merge", clusters: [at(one), at(other)] });
    const after = labelling.view({ ...view, edits });
    const merged = after.labels[at(one)[0] * field.columns + at(one)[1]];
    const larger = one.size > other.size ? one.id : other.id;
    const around = new Set(Array.from(after.colours).filter((_, id) => id !== merged));
    if (!around.has(before.colours[larger])) assert.equal(after.colours[merged], before.colours[larger]);
    // All others keep theirs.
    before.names.forEach((name, id) => {
      if (id === one.id || id === other.id) return;
      const now = after.names.indexOf(name);
      assert.equal(after.colours[now], before.colours[id]);
    });
    assert.deepEqual(labelling.view({ ...view, edits: { ...edits, cursor: 0 } }), before);
    merges++;
  }
  assert.ok(merges > 50);
});

Deno.test("an edit that cannot be done at a threshold is said, and those before it hold", () => {
  const { labelling, scan, field } = clustered(11, { largest: 14 });
  const view = { source: "threshold", threshold: field.values[8], minimumSize: 1 } as const;
  const { clusters } = labelling.view(view);
  const at = ({ seed }: typeof clusters[number]): [number, number] => [seed.row, seed.column];
  const small = clusters.find(({ size }) => size === 1)!, others = clusters.filter(({ size }) => size > 2);
  let edits = addEdit(emptyEditLog, { kind: "exclude", cluster: at(others[0]) });
  edits = addEdit(edits, { kind: "exclude", cluster: at(small) });
  edits = addEdit(edits, { kind: "exclude", cluster: at(others[1]) });
  const larger = { ...view, minimumSize: 2, edits };
  assert.throws(() => labelsOf(scan, larger), BadParameter);
  const map = labelling.view(larger);
  assert.equal(map.refused?.operation, 2);
  assert.match(map.refused!.message, /no cluster is at/);
  assert.deepEqual(map.labels, labelsOf(scan, { ...larger, edits: { ...edits, cursor: 1 } }).labels);
});

Deno.test("attempts say why an edit cannot be done, and how weak the link of a split is", () => {
  // Two groups of three probes in a row, 0.7 similar where they meet.
  const similarity = new Float32Array(8 * 6).fill(NaN), links = [0.95, 0.9, 0.7, 0.92, 0.97];
  links.forEach((link, probe) => similarity[8 * probe + 4] = similarity[8 * probe + 11] = link);
  const field = { rows: 1, columns: 6, similarity, mask: new Uint8Array(6).fill(1) };
  const scan: LabelledScan = {
    ...field,
    forest: buildForest(field),
    meanSimilarity: Float32Array.of(0.95, 0.92, 0.8, 0.81, 0.94, 0.97),
    labels: new Int32Array(6),
    clusters: [],
    threshold: 0.6,
    minimumSize: 2,
  };
  const labelling = new Labelling(scan), view = { source: "threshold" } as const;
  const split = labelling.tryEdit(view, { kind: "split", cluster: [0, 5] });
  assert.ok(split.done);
  assert.equal(split.link, Math.fround(0.7));
  assert.equal(labelling.view({ ...view, edits: split.log }).sizes.length, 2);
  const again = labelling.tryEdit({ ...view, edits: split.log }, { kind: "split", cluster: [0, 5] });
  assert.deepEqual(again, { done: false, reason: "This cluster has no weak link to split at." });
  const outside = labelling.tryEdit(view, { kind: "exclude", cluster: [3, 3] });
  assert.ok(!outside.done && /\(3, 3\) is not in the scan/.test(outside.reason));
});

Deno.test("a split falls where a grain falls in two, not where a few probes of its border hang on (case 14)", () => {
  // Two halves of ten probes, 0.8 similar where they meet; the last three probes of the row hang on by 0.75.
  const count = 23, similarity = new Float32Array(8 * count).fill(NaN);
  for (let probe = 0; probe + 1 < count; probe++) {
    const link = probe === 9 ? 0.8 : probe === 19 ? 0.75 : 0.98;
    similarity[8 * probe + 4] = similarity[8 * (probe + 1) + 3] = link;
  }
  const field = { rows: 1, columns: count, similarity, mask: new Uint8Array(count).fill(1) };
  const labelling = new Labelling({
    ...field,
    forest: buildForest(field),
    meanSimilarity: new Float32Array(count).fill(0.9),
    labels: new Int32Array(count),
    clusters: [],
    threshold: 0.6,
    minimumSize: 2,
  });
  const view = { source: "threshold" } as const;
  const split = labelling.tryEdit(view, { kind: "split", cluster: [0, 0] });
  assert.ok(split.done);
  assert.equal(split.link, Math.fround(0.8));
  assert.deepEqual(Array.from(labelling.view({ ...view, edits: split.log }).sizes), [10, 13]);
  // Whoever wants the few probes asks again: then nothing says more than their link.
  const again = labelling.tryEdit({ ...view, edits: split.log }, { kind: "split", cluster: [0, 15] });
  assert.ok(again.done);
  assert.deepEqual(Array.from(labelling.view({ ...view, edits: again.log }).sizes), [10, 10, 3]);
});

Deno.test("drawn masks and splits wait for the similarities, and say so", () => {
  const { scan: { similarity: _, ...scan } } = clustered(5);
  const labelling = new Labelling(scan), mask = encodeMask(scan.mask);
  assert.throws(() => labelling.view({ source: "threshold", mask }), /not loaded yet/);
  const [{ seed }] = scan.clusters;
  const attempt = labelling.tryEdit({ source: "method" }, {
    kind: "split",
    cluster: [seed.row, seed.column],
    minimumSize: 1,
  });
  assert.ok(scan.clusters[0].size < 2 || !attempt.done && /not loaded yet/.test(attempt.reason));
});

Deno.test("without a forest there are the labels of the method, with edits, and no other threshold", () => {
  const { scan: { forest: _, similarity: __, ...scan } } = clustered(6, { largest: 14 });
  const labelling = new Labelling(scan);
  const map = labelling.view({ source: "method" });
  assert.deepEqual(map.labels, scan.labels);
  assert.deepEqual(Array.from(map.names), Array.from(map.seeds));
  demandSeparate(map, scan.rows, scan.columns, "method");
  const [{ seed }] = scan.clusters;
  const edits = addEdit(emptyEditLog, { kind: "exclude", cluster: [seed.row, seed.column] });
  const base = { ...scan, similarity: new Float32Array(0) };
  assert.deepEqual(labelling.view({ source: "method", edits }).labels, applyEdits(base, edits).labels);
  assert.throws(() => labelling.view({ source: "threshold", threshold: 0.5 }), BadParameter);
});
