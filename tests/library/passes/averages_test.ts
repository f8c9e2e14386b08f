/** Averages of clusters in one reading of the scan and in little memory (spec stage 7). */

import assert from "node:assert/strict";
import { averagePatterns } from "../../../library/passes/averages/averages.ts";
import type { Clustering } from "../../../library/cluster/clustering.ts";
import { defaultParameters } from "../../../library/cluster/presets.ts";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { processBytes } from "../../../library/engine/limits.ts";
import { withEngine } from "../../../library/engine/with_engine.ts";
import { handOver } from "../../../library/engine/hand_over.ts";
import { deriveScan } from "../../../library/scan/derive.ts";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";
import type { Scan } from "../../../library/scan/scan.ts";
import { pixelCount } from "../../../library/scan/shape.ts";
import { collectAverages } from "../../support/averages.ts";
import { seededRandom } from "../../support/random.ts";
import { grainScan } from "../../support/scans.ts";

const single = { ...defaultParameters, threshold: 1, minimumSize: 1, badPixels: { kind: "none" } } as const;

/** A clustering whose labels are drawn: `choose` gives the cluster of a probe, or -1. */
async function clusteringBy(
  scan: Scan,
  choose: (row: number, column: number) => number,
): Promise<Clustering> {
  const clustering = await clusterScan(scan, single, { workers: 1 });
  const { columns } = scan.shape;
  const labels = clustering.labels.map((_, probe) => choose(Math.floor(probe / columns), probe % columns));
  const count = labels.reduce((most, label) => Math.max(most, label + 1), 0);
  const clusters = Array.from({ length: count }, (_, id) => {
    const probes = Array.from(labels.keys()).filter((probe) => labels[probe] === id);
    const rows = probes.map((probe) => Math.floor(probe / columns));
    const bounds = {
      firstRow: Math.min(...rows),
      lastRow: Math.max(...rows),
      firstColumn: 0,
      lastColumn: columns - 1,
    };
    return { ...clustering.clusters[0], id, size: probes.length, bounds };
  });
  return { ...clustering, labels, clusters };
}

/** Averages by the definition. */
function plainAverages(
  data: ArrayLike<number>,
  { labels, clusters }: Clustering,
  pixels: number,
): Float32Array {
  const sums = new Float64Array(clusters.length * pixels);
  labels.forEach((label, probe) => {
    if (label < 0) return;
    for (let i = 0; i < pixels; i++) sums[label * pixels + i] += data[probe * pixels + i];
  });
  return Float32Array.from(sums, (sum, i) => sum / clusters[Math.floor(i / pixels)].size);
}

const shape = { rows: 24, columns: 10, patternRows: 96, patternColumns: 96 };
const pixels = pixelCount(shape);
/** Room for 16 MiB of arena, of which sums take at most three quarters: 170 clusters of these patterns. */
const tight = { workers: 1, memory: processBytes + 16 * 2 ** 20, bandHeight: 2 };

/** The scan, and a list of the rows that are read of it from now on. */
function watched(scan: Scan): { scan: Scan; rows: number[] } {
  const rows: number[] = [];
  const readRows: Scan["readRows"] = (first, count, into) => {
    for (let row = first; row < first + count; row++) rows.push(row);
    return scan.readRows(first, count, into);
  };
  return { scan: deriveScan(scan, { readRows, stored: undefined }), rows };
}

function noise(seed: number): Uint16Array {
  const random = seededRandom(seed);
  return Uint16Array.from({ length: shape.rows * shape.columns * pixels }, () => 65536 * random());
}

Deno.test("averages of clusters that fill the memory one after the other come from one reading of the scan", async () => {
  const data = noise(1);
  const { scan, rows } = watched(scanFromArray(data, shape));
  // 240 clusters, more than fit; ids from the last row to the first.
  const clustering = await clusteringBy(scan, (row, column) => (23 - row) * 10 + column);
  rows.length = 0;
  assert.deepEqual(await collectAverages(scan, clustering, tight), plainAverages(data, clustering, pixels));
  assert.deepEqual(rows, Array.from({ length: 24 }, (_, row) => row));
});

Deno.test("clusters that do not fit the memory together are put off to further readings of their rows", async () => {
  const data = noise(2);
  const { scan, rows } = watched(scanFromArray(data, shape));
  // 200 clusters that reach from the first rows to the last ones but two; every label at least once.
  const clustering = await clusteringBy(
    scan,
    (row, column) => row >= 22 ? -1 : (row * 10 + column) * 7 % 200,
  );
  const tall = {
    ...clustering,
    clusters: clustering.clusters.map((cluster) => ({
      ...cluster,
      bounds: { ...cluster.bounds, firstRow: 0, lastRow: 21 },
    })),
  };
  rows.length = 0;
  const averages = await collectAverages(scan, tall, tight);
  assert.deepEqual(averages, plainAverages(data, tall, pixels));
  assert.equal(rows.length, 2 * 22, "two readings, of the rows that are touched");
  assert.deepEqual(await collectAverages(scan, tall, { workers: 2 }), averages);
});

Deno.test("counts of 65535 are summed exactly over a hundred thousand patterns", async () => {
  const many = { rows: 400, columns: 250, patternRows: 3, patternColumns: 3 };
  const data = new Uint16Array(400 * 250 * 9).fill(65535);
  // The first pixel of one pattern is short by one count.
  data[0] = 65534;
  const scan = scanFromArray(data, many);
  const clustering = await clusteringBy(scan, () => 0);
  const averages = await collectAverages(scan, clustering, { workers: 2 });
  assert.deepEqual(Array.from(averages), [
    Math.fround((65535 * 1e5 - 1) / 1e5),
    ...new Array(8).fill(65535),
  ]);
});

Deno.test("a taker of averages who leaves early leaves the engine ready for others", async () => {
  const scan = grainScan({ rows: 12, columns: 9, patternRows: 8, patternColumns: 8 });
  const clustering = await clusteringBy(scan, (row) => row);
  await withEngine({ workers: 2 }, async (engine) => {
    const free = engine.available;
    for await (const _ of averagePatterns(scan, clustering, { engine, bandHeight: 1 })) break;
    assert.equal(engine.available, free);
    const averages = await collectAverages(scan, clustering, { engine });
    assert.deepEqual(averages, await collectAverages(scan, clustering, { workers: 1 }));
  });
});

Deno.test("items are handed over in order, at most as many waiting as allowed, and failures come after them", async () => {
  let made = 0;
  const items = handOver<number>(async (deliver) => {
    for (let item = 0; item < 5; item++) {
      made++;
      await deliver(item);
    }
    throw new Error("no more");
  }, 1);
  const taken: number[] = [];
  await assert.rejects(async () => {
    for await (const item of items) {
      taken.push(item);
      assert.ok(made <= taken.length + 1, `${made} made, ${taken.length} taken`);
    }
  }, /no more/);
  assert.deepEqual(taken, [0, 1, 2, 3, 4]);
});
