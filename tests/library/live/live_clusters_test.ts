/** Clusters of rows as they come: in the end those of the whole scan, whatever the steps in which they came. */

import assert from "node:assert/strict";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import type { ClusterParameters } from "../../../library/cluster/parameters.ts";
import { autoPreset, defaultParameters } from "../../../library/cluster/presets.ts";
import { withEngine } from "../../../library/engine/with_engine.ts";
import { LiveClusters } from "../../../library/live/live_clusters.ts";
import { simulateScan } from "../../../library/simulation/scan.ts";

const size = { rows: 33, columns: 20, patternRows: 32, patternColumns: 32 };
const scan = simulateScan({ ...size, grains: 9, seed: 4 });

/** Numbers by the first probe of each cluster. */
function byFirstProbe(labels: Int32Array): number[] {
  const numbers = new Map<number, number>();
  return Array.from(labels, (label) => {
    if (label < 0) return -1;
    if (!numbers.has(label)) numbers.set(label, numbers.size);
    return numbers.get(label)!;
  });
}

/** The rows taken so many at a time, on one engine. */
async function grow(parameters: ClusterParameters, step: number, announced = size.rows) {
  return await withEngine({ workers: 1, memory: 2 ** 29 }, async (engine) => {
    const live = new LiveClusters(engine, parameters, announced, size.columns);
    for (let rows = step; rows < size.rows + step; rows += step) {
      await live.take(scan, Math.min(rows, size.rows), {});
      live.labels();
    }
    const { labels, clusters, threshold } = live.labels();
    return { labels, clusters, threshold, forward: live.similarities(0, size.rows), live };
  });
}

const known = { badPixels: { kind: "none" }, center: { kind: "index" }, mask: { kind: "none" } } as const;

for (const [name, blur, threshold] of [["unblurred", 0, 0.98], ["blurred", 1.5, 0.99]] as const) {
  Deno.test(`${name} rows give the clusters of the whole scan, one by one, in sevens or at once`, async () => {
    const parameters = { ...defaultParameters, ...known, blur, threshold, minimumSize: 3 };
    const whole = await clusterScan(scan, parameters, { workers: 1 });
    const expected = byFirstProbe(whole.labels);
    assert.ok(whole.clusters.length > 2);
    for (const [step, announced] of [[1, 33], [7, 33], [33, 33], [4, 2]]) {
      const { labels, clusters } = await grow(parameters, step, announced);
      assert.deepEqual(byFirstProbe(labels), expected, `${step} rows at a time`);
      assert.equal(clusters, whole.clusters.length);
      // They are numbered as they came.
      assert.deepEqual(Array.from(labels), expected);
    }
  });
}

Deno.test("similarities are those that a run tells of", async () => {
  const parameters = { ...defaultParameters, ...known, blur: 1.5, threshold: 0.94 };
  const told = new Float32Array(4 * size.rows * size.columns);
  await clusterScan(scan, parameters, {
    workers: 1,
    onSimilarity: (first, _rows, forward) => told.set(forward, 4 * first * size.columns),
  });
  const { forward } = await grow(parameters, 5);
  assert.deepEqual(forward, told);
});

Deno.test("without a threshold one is chosen from the rows so far, and rows are compared again for what is found later", async () => {
  const { threshold, clusters, live } = await grow(autoPreset, 3);
  assert.ok(threshold > 0.3 && threshold < 1, String(threshold));
  assert.ok(clusters > 1);
  assert.equal(live.rows, size.rows);
  // A recording that began anew has nothing of before.
  live.restart();
  assert.equal(live.rows, 0);
  assert.equal(live.labels().labels.length, 0);
});
