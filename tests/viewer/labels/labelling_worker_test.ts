/** The labelling worker and its client, in a real worker. */

import assert from "node:assert/strict";
import { buildForest, cutForest } from "../../../library/cluster/forest.ts";
import { summariseClusters } from "../../../library/cluster/summary.ts";
import { labelledScan, sentForest } from "../../../viewer/labels/label_view.ts";
import { LabellingClient } from "../../../viewer/labels/labelling_client.ts";
import { transferable } from "../../../viewer/labels/labelling_service.ts";
import { methodLook } from "../../../viewer/labels/method_look.ts";
import type { Parts } from "../../../viewer/protocol/parts.ts";
import type { LabelView } from "../../../viewer/protocol/label_views.ts";
import type { ForestHeader, MapHeader } from "../../../viewer/protocol/maps.ts";
import { BadParameter } from "../../../library/scan/errors.ts";
import { randomField } from "../../support/forests.ts";
import { clustersOf, figuresOf } from "../../../viewer/labels/cluster_figures.ts";
import { labelsOf } from "../../support/label_view.ts";

const field = randomField(7, { largest: 30, levels: 400 }), { rows, columns, meanSimilarity, mask } = field;
const forest = buildForest(field), facts = { threshold: 0.2, minimumSize: 2 };
const growth = cutForest(forest, { ...facts, meanSimilarity, mask });
const clusters = summariseClusters(growth, columns, meanSimilarity);
const look = methodLook({ rows, columns }, growth, forest);
const map: Parts<MapHeader> = {
  header: { revision: 1, hasForest: true },
  arrays: {
    figures: figuresOf(clusters),
    ...look,
    labels: Int32Array.from(growth.labels),
    mean: Float32Array.from(meanSimilarity),
    mask: Uint8Array.from(mask),
  },
};
const sent: Parts<ForestHeader> = {
  header: { revision: 1 },
  arrays: { probes: Uint32Array.from(forest.probes), similarity: Float32Array.from(forest.similarity) },
};
const scan = { ...labelledScan(map, { rows, columns }, facts), forest };

function newWorker(): Worker {
  return new Worker(new URL("../../../viewer/labels/labelling_worker.ts", import.meta.url), {
    type: "module",
  });
}

async function withClient(use: (client: LabellingClient) => Promise<void>): Promise<void> {
  const client = new LabellingClient(newWorker());
  try {
    await use(client);
  } finally {
    client.close();
  }
}

Deno.test("the worker answers with the labels of the library", () =>
  withClient(async (client) => {
    await client.call("open", map, { rows, columns }, facts);
    // What the method gave is there at once, and is the same when the forest has come.
    const method = await client.latest("view", { source: "method" }, "full");
    assert.deepEqual(method?.labels, map.arrays.labels);
    await assert.rejects(client.latest("view", { source: "threshold", threshold: 0.1 }, "full"));
    await client.call("setForest", sent);
    assert.deepEqual(await client.latest("view", { source: "method" }, "full"), method);
    for (const threshold of [0.1, 0.4]) {
      const view: LabelView = { source: "threshold", threshold };
      const shown = await client.latest("view", view, "full");
      const own = labelsOf(scan, view);
      assert.deepEqual(shown?.labels, own.labels);
      assert.deepEqual(clustersOf(shown?.figures), own.clusters);
    }
    // What was sent is still there.
    assert.equal(map.arrays.labels.length, rows * columns);
    assert.equal((await client.call("curves", { source: "threshold" })).thresholds.length, 151);
  }));

Deno.test("what was given away once can be asked for again", () =>
  withClient(async (client) => {
    await client.call("open", map, { rows, columns }, facts);
    await client.call("setForest", sent);
    const ask = async () => [
      await client.call("curves", { source: "threshold" }),
      await client.call("sizes", { source: "threshold" }),
      await client.latest("view", { source: "method" }, "full"),
      await client.latest("view", { source: "threshold" }, "full"),
    ];
    assert.deepEqual(await ask(), await ask());
  }));

Deno.test("of views that wait only the newest is made, the others are null", () =>
  withClient(async (client) => {
    await client.call("open", map, { rows, columns }, facts);
    await client.call("setForest", sent);
    const thresholds = Array.from({ length: 20 }, (_, step) => step / 20);
    const shown = await Promise.all(
      thresholds.map((threshold) => client.latest("view", { source: "threshold", threshold }, "drag")),
    );
    assert.deepEqual(
      shown.map((map) => map !== null),
      thresholds.map((_, step) => step === 0 || step === 19),
    );
    const last: LabelView = { source: "threshold", threshold: thresholds[19] };
    assert.deepEqual(shown[19]?.labels, labelsOf(scan, last).labels);
  }));

Deno.test("what waits for a look at a run whose result has come gets nothing, which is no error", () =>
  withClient(async (client) => {
    await client.call("grow", { rows, columns });
    const view = { threshold: 0.1, minimumSize: 1 };
    const [first, waiting] = [client.latest("growingView", view), client.latest("growingView", view)];
    await client.call("open", map, { rows, columns }, facts);
    assert.equal((await first)?.rows, 0);
    assert.equal(await waiting, null);
  }));

Deno.test("errors of the library cross as they are, and the worker goes on", () =>
  withClient(async (client) => {
    await assert.rejects(client.call("curves", { source: "threshold" }), /no clustering has been opened/);
    await client.call("open", map, { rows, columns }, facts);
    await client.call("setForest", sent);
    const runs = { runs: [1] };
    await assert.rejects(
      client.latest("view", { source: "threshold", mask: runs }, "full"),
      (error) => error instanceof BadParameter && error.details.expected !== undefined,
    );
    assert.ok(await client.latest("view", { source: "method" }, "full"));
  }));

Deno.test("after the worker has ended every call fails", async () => {
  const client = new LabellingClient(newWorker());
  const waiting = client.call("grow", { rows, columns });
  client.close();
  await assert.rejects(waiting, /was ended/);
  await assert.rejects(client.call("growingThreshold"), /was ended/);
});

Deno.test("answers give their memory away instead of copying it, each piece once", () => {
  const labels = new Int32Array(4);
  assert.deepEqual(transferable({ labels, part: labels.subarray(1), count: 3 }), [labels.buffer]);
  assert.deepEqual(transferable(labels), [labels.buffer]);
  assert.deepEqual([transferable(undefined), transferable(3), transferable(null)], [[], [], []]);
});

Deno.test("a map that does not fit the scan or the mask is refused", () => {
  const other = { rows: rows + 1, columns };
  assert.throws(() => labelledScan(map, other, facts), /does not fit a scan of/);
  const bare = { ...scan, mask: new Uint8Array(rows * columns) };
  assert.deepEqual(sentForest(sent, scan), forest);
  assert.throws(() => sentForest(sent, bare), /does not fit the mask/);
  const torn = { ...map, arrays: { ...map.arrays, figures: new Float64Array(11) } };
  assert.throws(() => labelledScan(torn, { rows, columns }, facts), /figures are not those of clusters/);
  const few = { ...map, arrays: { ...map.arrays, names: look.names.subarray(1) } };
  assert.throws(() => labelledScan(few, { rows, columns }, facts), /names and colours do not fit/);
});
