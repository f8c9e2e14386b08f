/** What the page keeps: order of the list, axis of the threshold, words of the address, undo and redo. */

import assert from "node:assert/strict";
import type { Cluster } from "../../../library/cluster/cluster.ts";
import { addEdit, emptyEditLog } from "../../../library/cluster/editing/log.ts";
import type { OpenedItem } from "../../../viewer/protocol/items.ts";
import { applyPageWords, pageWords } from "../../../viewer/page/opening/address.ts";
import { sortClusters } from "../../../viewer/page/looking/cluster_order.ts";
import {
  canRedo,
  canUndo,
  changeCount,
  correct,
  goToStep,
  redo,
  startHistory,
  stepNames,
  stepPlace,
  undo,
} from "../../../viewer/page/editing/history.ts";
import { clearSelection, select } from "../../../viewer/page/looking/selection.ts";
import { clustersView } from "../../../viewer/page/views/clusters.ts";
import { lookAt } from "../../../viewer/page/views/real_views.ts";
import { virtualView } from "../../../viewer/page/views/virtual_image.ts";
import * as state from "../../../viewer/page/state.ts";
import { moveThreshold, placeOf, thresholdAt } from "../../../viewer/page/looking/thresholds.ts";

function cluster(id: number, size: number, meanSimilarity: number, row: number, column: number): Cluster {
  const bounds = { firstRow: row, lastRow: row, firstColumn: column, lastColumn: column };
  return { id, size, meanSimilarity, seed: { row, column }, centroid: { row, column }, bounds };
}

Deno.test("clusters are sorted by size, similarity and position, both ways, equal ones by id", () => {
  const clusters = [cluster(0, 5, 0.9, 3, 1), cluster(1, 9, 0.8, 0, 7), cluster(2, 5, 0.95, 0, 2)];
  assert.deepEqual(sortClusters(clusters, { by: "size", rising: false }), [1, 0, 2]);
  assert.deepEqual(sortClusters(clusters, { by: "size", rising: true }), [0, 2, 1]);
  assert.deepEqual(sortClusters(clusters, { by: "similarity", rising: false }), [2, 0, 1]);
  assert.deepEqual(sortClusters(clusters, { by: "position", rising: false }), [2, 1, 0]);
  assert.deepEqual(sortClusters(clusters, { by: "position", rising: true }), [0, 1, 2]);
});

Deno.test("places on the axis of thresholds are even in log(1 - T), and lead back", () => {
  const range = [0.72, 0.996] as const;
  assert.equal(placeOf(0.72, range), 0);
  assert.equal(placeOf(0.996, range), 1);
  const middle = 1 - Math.sqrt(0.28 * 0.004);
  assert.ok(Math.abs(placeOf(middle, range) - 0.5) < 1e-12);
  for (const place of [0, 0.1, 0.5, 1]) {
    assert.ok(Math.abs(placeOf(thresholdAt(place, range), range) - place) < 1e-12);
  }
});

Deno.test("a threshold has three decimals and stays on the axis", () => {
  state.map.value = null;
  moveThreshold(0.94449);
  assert.equal(state.threshold.value, 0.944);
  assert.equal(state.source.value, "threshold");
  moveThreshold(2);
  assert.equal(state.threshold.value, 0.996);
  moveThreshold(NaN);
  assert.equal(state.threshold.value, 0.996);
});

const shape = { rows: 20, columns: 30, patternRows: 8, patternColumns: 8 };

Deno.test("the words of the address lead back to the same view", () => {
  state.item.value = { shape } as OpenedItem;
  state.source.value = "threshold";
  state.threshold.value = 0.94;
  state.minimumSize.value = 12;
  lookAt(virtualView);
  state.probe.value = { row: 3, column: 29 };
  select(5, 599);
  state.outlines.value = true;
  state.patternScale.value = "linear";
  state.patternColours.value = "cividis";
  state.tab.value = "export";
  state.detectorKind.value = "annulus";
  state.detector.value = { row: 3.5, column: 4, inner: 1, outer: 3.25 };
  const words = pageWords();
  state.threshold.value = 0.5;
  state.minimumSize.value = 1;
  lookAt(clustersView);
  state.probe.value = { row: 0, column: 0 };
  clearSelection();
  state.outlines.value = false;
  state.detectorKind.value = "none";
  applyPageWords(words);
  assert.deepEqual(pageWords(), words);
  assert.ok(!JSON.stringify(words).includes("token"));
});

Deno.test("words of an address that make no sense change nothing", () => {
  state.item.value = { shape } as OpenedItem;
  clearSelection();
  const before = pageWords();
  applyPageWords({
    T: "nonsense",
    min: "-3",
    view: "strain",
    probe: "20,0",
    selected: "600.1e9.x",
    detector: "disk:1,2",
    source: "other",
    scale: "cubic",
    outlines: before.outlines,
  });
  assert.deepEqual(pageWords(), before);
});

Deno.test({
  name: "undo and redo walk through corrections and masks in their order",
  // What was done is said for some seconds, longer than the test takes.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: walkThroughHistory,
});

function walkThroughHistory() {
  startHistory();
  const first = addEdit(emptyEditLog, { kind: "exclude", cluster: [0, 0] });
  const mask = { runs: [10, 590] };
  correct({ log: first }, "one");
  correct({ mask }, "two");
  assert.deepEqual([state.log.value, state.drawnMask.value], [first, mask]);
  undo();
  assert.deepEqual([state.log.value, state.drawnMask.value], [first, null]);
  undo();
  assert.deepEqual([state.log.value, canUndo.value, canRedo.value], [emptyEditLog, false, true]);
  undo();
  redo();
  redo();
  assert.deepEqual([state.log.value, state.drawnMask.value, canRedo.value], [first, mask, false]);
  assert.deepEqual([...stepNames.value], ["As it came", "Exclude the cluster at (0, 0)", "Change the mask"]);
  const changes = changeCount.value;
  goToStep(0);
  assert.deepEqual([state.log.value, state.drawnMask.value, stepPlace.value], [emptyEditLog, null, 0]);
  assert.equal(stepNames.value.length, 3, "what was undone stays in sight");
  goToStep(2);
  assert.deepEqual([state.log.value, state.drawnMask.value, canRedo.value], [first, mask, false]);
  assert.equal(changeCount.value, changes + 2, "each is a change that is kept");
  goToStep(7);
  assert.equal(stepPlace.value, 2);
  undo();
  correct({ log: emptyEditLog }, "three");
  assert.equal(canRedo.value, false, "what was undone is gone after another correction");
  startHistory();
}
