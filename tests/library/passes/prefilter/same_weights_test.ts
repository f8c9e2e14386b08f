/** Weights from nodes are the same bits on every path and in every order, and are left to all pixels where they err too much. */

import assert from "node:assert/strict";
import type { ClusterParameters } from "../../../../library/cluster/parameters.ts";
import { clusterScan } from "../../../../library/cluster/pipeline.ts";
import { defaultParameters } from "../../../../library/cluster/presets.ts";
import type { Progress } from "../../../../library/engine/options.ts";
import { withEngine } from "../../../../library/engine/with_engine.ts";
import { runPasses } from "../../../../library/engine/run_passes.ts";
import { defaultPrefilter } from "../../../../library/passes/prefilter/parameters.ts";
import { controlBlocks, settleNodes } from "../../../../library/passes/prefilter/settle_nodes.ts";
import { PrefilterWeightsPass } from "../../../../library/passes/prefilter/weights_pass.ts";
import { scanFromArray } from "../../../../library/scan/scan_from_array.ts";
import { probeCount } from "../../../../library/scan/shape.ts";
import { simulateScan } from "../../../../library/simulation/scan.ts";

const prefilter = { ...defaultPrefilter, radius: 2, edge: 6 };
const parameters: ClusterParameters = {
  ...defaultParameters,
  ...{ badPixels: { kind: "none" }, blur: 3, threshold: 0.98, minimumSize: 1, prefilter },
};
const noFill = { table: new Int32Array(0), count: 0 };

function scanOf(dose: number, rows = 11, columns = 9) {
  const simulated = simulateScan({ rows, columns, grains: 3, dose, seed: 4 });
  const data = new Uint16Array(rows * columns * 64 * 64);
  simulated.readRows(0, rows, data);
  return { data, shape: simulated.shape };
}

Deno.test("weights at nodes are the same bits on the fast and the exact path, with any workers and bands", async () => {
  const { data, shape } = scanOf(2000), scan = scanFromArray(data, shape);
  const first = await clusterScan(scan, parameters, { workers: 1, bandHeight: 1 });
  assert.equal(first.comparison.kind, "fast");
  const error = first.comparison.correlationError!;
  assert.ok(error > 0 && error <= 5e-6, `control saw ${error}`);
  const weights = first.prefilterWeights!.values;
  assert.ok(weights.some((weight) => weight > 0 && weight < 1), "some weights lie within the range");
  for (const [workers, bandHeight] of [[2, 1], [1, 3], [2, 4], [3, 11]]) {
    const again = await clusterScan(scan, parameters, { workers, bandHeight });
    assert.deepEqual(again.prefilterWeights!.values, weights, `${workers} workers, bands of ${bandHeight}`);
    assert.deepEqual(again.similarity, first.similarity, `${workers} workers, bands of ${bandHeight}`);
  }
  const exact = await clusterScan(scan, { ...parameters, exact: true }, { workers: 2, bandHeight: 2 });
  assert.equal(exact.comparison.kind, "exact");
  assert.equal(exact.comparison.correlationError, error);
  assert.deepEqual(exact.prefilterWeights!.values, weights);
  assert.deepEqual(exact.labels, first.labels);
  first.similarity.forEach((value, i) => assert.ok(!(Math.abs(value - exact.similarity[i]) > 1e-5)));
});

Deno.test("a scan turned by half a turn has the same weights, bit for bit", async () => {
  const { data, shape } = scanOf(2000), probes = probeCount(shape), pixels = 64 * 64;
  const turned = new Uint16Array(data.length);
  for (let probe = 0; probe < probes; probe++) {
    turned.set(data.subarray(probe * pixels, (probe + 1) * pixels), (probes - 1 - probe) * pixels);
  }
  const weightsOf = (patterns: Uint16Array) =>
    withEngine({ workers: 1 }, async (engine) => {
      const scan = scanFromArray(patterns, shape);
      const [weights] = await runPasses(engine, scan, { fill: noFill }, [
        new PrefilterWeightsPass(scan, prefilter, []),
      ], {});
      return weights;
    });
  const { offsets, values } = await weightsOf(data), other = await weightsOf(turned);
  let compared = 0;
  for (let row = 0; row < shape.rows; row++) {
    for (let column = 0; column < shape.columns; column++) {
      offsets.forEach(([down, right], k) => {
        const otherRow = row + down, otherColumn = column + right;
        if (otherRow >= shape.rows || otherColumn < 0 || otherColumn >= shape.columns) return;
        const probe = row * shape.columns + column;
        const mirrored = probes - 1 - (otherRow * shape.columns + otherColumn);
        assert.equal(other.values[mirrored * offsets.length + k], values[probe * offsets.length + k]);
        if (values[probe * offsets.length + k] > 0) compared++;
      });
    }
  }
  assert.ok(compared > probes);
});

Deno.test("where nodes err by more than 5e-6, weights come from all pixels on either path, and the record says so", async () => {
  const { data, shape } = scanOf(12), scan = scanFromArray(data, shape);
  // A dozen electrons spread over all frequencies, and a range that lets their correlations count.
  const few = { ...prefilter, range: [0.02, 0.3] as const };
  await withEngine({ workers: 1 }, async (engine) => {
    const { nodes, observedError } = await settleNodes(engine, scan, noFill, few, [], {});
    assert.equal(nodes, null);
    assert.ok(observedError! > 5e-6);
    const [weights] = await runPasses(engine, scan, { fill: noFill }, [
      new PrefilterWeightsPass(scan, few, [], null),
    ], {});
    for (const exact of [false, true]) {
      const found = await clusterScan(scan, { ...parameters, prefilter: few, exact }, { engine });
      assert.equal(found.comparison.correlationError, observedError);
      assert.deepEqual(found.prefilterWeights!.values, weights.values);
    }
  });
});

Deno.test("the check of nodes comes to its end, where there are nodes and where there are none to check", async () => {
  const { data, shape } = scanOf(12), scan = scanFromArray(data, shape);
  await withEngine({ workers: 1 }, async (engine) => {
    for (const blur of [prefilter.blur, 1]) {
      const reports: Progress[] = [];
      const { observedError } = await settleNodes(engine, scan, noFill, { ...prefilter, blur }, [], {
        onProgress: (progress) => void reports.push(progress),
      });
      assert.equal(observedError === undefined, blur === 1);
      const { stage, done, total } = reports.at(-1)!;
      assert.deepEqual([stage, done], ["prefilter check", total]);
    }
  });
});

Deno.test("blocks of the control lie inside the scan and all over it; none has a probe twice", () => {
  for (const [rows, columns] of [[512, 300], [5, 40], [3, 3], [2, 7], [1, 1], [1, 50]]) {
    const blocks = controlBlocks({ rows, columns });
    assert.ok(blocks.length >= 1 && blocks.length <= 16);
    for (const block of blocks) {
      assert.equal(block.length, Math.min(3, rows) * Math.min(3, columns));
      assert.equal(new Set(block).size, block.length);
      assert.ok(block.every((probe) => probe >= 0 && probe < rows * columns));
    }
  }
  assert.equal(controlBlocks({ rows: 512, columns: 300 }).length, 16);
});
