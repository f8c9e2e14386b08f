/** Results depend on scan and parameters alone: not on band height, workers, place in the scan or orientation. */

import assert from "node:assert/strict";
import type { Clustering } from "../../../library/cluster/clustering.ts";
import { type FilteredRows, filterScan } from "../../../library/passes/prefilter/filter_scan.ts";
import type { ClusterParameters } from "../../../library/cluster/parameters.ts";
import { defaultParameters } from "../../../library/cluster/presets.ts";
import { defaultPrefilter } from "../../../library/passes/prefilter/parameters.ts";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { virtualImage } from "../../../library/passes/virtual_image.ts";
import type { RunOptions } from "../../../library/engine/options.ts";
import { createPixelArray, type DType } from "../../../library/scan/dtype.ts";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";
import type { Scan } from "../../../library/scan/scan.ts";
import { collectAverages } from "../../support/averages.ts";
import { canonicalLabels } from "../../support/golden.ts";
import { grainScan } from "../../support/scans.ts";

const shape = { rows: 15, columns: 11, patternRows: 14, patternColumns: 17 };
const ways: RunOptions[] = [1, 2, 3].flatMap((workers) =>
  [1, 7, shape.rows].map((bandHeight) => ({ workers, bandHeight }))
);
const prefilter = { ...defaultPrefilter, blur: 1, radius: 2, edge: 1, range: [0.2, 0.9] as const };
const settings: Record<string, Partial<ClusterParameters>> = {
  "as recorded": {},
  "with a q mask": { detectorMask: { kind: "outside", radius: 3 } },
  "blurred, Pearson": { blur: 1.2, metric: "pearson", detectorMask: { kind: "annulus", inner: 1, outer: 6 } },
  "centered, border rule": { metric: "centered", borderWidth: 2, missingNeighbour: -1 },
  "prefiltered, filtered averages": { prefilter, average: "filtered", blur: 0.8 },
  "prefiltered as it is": { prefilter },
  "regions, all automatic": {
    method: "regions",
    blur: "auto",
    detectorMask: { kind: "auto" },
    mask: { kind: "auto" },
    threshold: { kind: "auto" },
  },
  "regions of prefiltered patterns": { method: "regions", prefilter, blur: 2 },
  "growth, all automatic": {
    blur: "auto",
    detectorMask: { kind: "auto" },
    mask: { kind: "auto" },
    threshold: { kind: "auto" },
  },
  "quantile of the similarities": { threshold: { kind: "quantile", quantile: 0.3 } },
  "dark-field mask": {
    mask: { kind: "virtual" },
    threshold: 0.985,
    prefilter: { ...prefilter, radius: 1 },
    average: "filtered",
  },
};

async function everything(scan: Scan, parameters: ClusterParameters, options: RunOptions) {
  const clustering = await clusterScan(scan, parameters, options);
  const averages = await collectAverages(scan, clustering, options);
  // Everything but what must differ: how long it took.
  const { timings: _, ...found } = clustering;
  return { ...found, averages };
}

for (const [name, change] of Object.entries(settings)) {
  for (const dtype of ["u8", "u16", "f32"] as DType[]) {
    Deno.test(`band height and workers never change a bit (${name}, ${dtype})`, async () => {
      const scan = grainScan(shape, dtype);
      const parameters = { ...defaultParameters, threshold: 0.85, minimumSize: 2, ...change };
      const first = await everything(scan, parameters, ways[0]);
      assert.ok(first.clusters.length > 1, "a test that can't tell anything");
      for (const way of ways.slice(1)) {
        assert.deepEqual(await everything(scan, parameters, way), first, JSON.stringify(way));
      }
    });
  }
}

Deno.test("band height and workers never change a filtered scan or a virtual image", async () => {
  const scan = grainScan(shape);
  const run = async (options: RunOptions) => {
    const filtered: FilteredRows[] = [];
    for await (const rows of filterScan(scan, { badPixels: { kind: "auto" }, prefilter }, options)) {
      filtered.push(rows);
    }
    const rows = filtered.map(({ firstRow, rows }) => [firstRow, rows]);
    assert.deepEqual(
      rows.map(([first]) => first),
      rows.map((_, i) => rows.slice(0, i).reduce((sum, [, n]) => sum + n, 0)),
    );
    const image = await virtualImage(scan, {
      detector: { kind: "annulus", inner: 3, outer: 8 },
      center: { kind: "auto" },
      badPixels: { kind: "auto" },
    }, options);
    return { filtered: filtered.flatMap(({ patterns }) => Array.from(patterns)), image };
  };
  const first = await run(ways[0]);
  assert.equal(first.filtered.length, 15 * 11 * 14 * 17);
  for (const way of ways.slice(1)) assert.deepEqual(await run(way), first, JSON.stringify(way));
});

/** The scan with probe positions rearranged: `from(row, column)` is where a probe of the new scan was. */
function rearranged(
  scan: Scan,
  rows: number,
  columns: number,
  from: (row: number, column: number) => number,
): Scan {
  const pixels = scan.shape.patternRows * scan.shape.patternColumns;
  const source = createPixelArray(scan.dtype, scan.shape.rows * scan.shape.columns * pixels);
  scan.readRows(0, scan.shape.rows, source);
  const data = createPixelArray(scan.dtype, source.length);
  for (let probe = 0; probe < rows * columns; probe++) {
    const at = from(Math.floor(probe / columns), probe % columns);
    data.set(source.subarray(at * pixels, (at + 1) * pixels), probe * pixels);
  }
  return scanFromArray(data, { ...scan.shape, rows, columns });
}

Deno.test("a scan turned by 90 degrees or mirrored gives the same similarities and regions", async () => {
  const { rows, columns } = shape;
  const scan = grainScan(shape);
  const parameters = { ...defaultParameters, badPixels: { kind: "none" }, threshold: 0.85, blur: 1 } as const;
  const original = await clusterScan(scan, parameters, { workers: 1 });
  const turns: Record<string, [number, number, (row: number, column: number) => number]> = {
    turned: [columns, rows, (row, column) => column * columns + (columns - 1 - row)],
    mirrored: [rows, columns, (row, column) => row * columns + (columns - 1 - column)],
    transposed: [columns, rows, (row, column) => column * columns + row],
  };
  for (const [name, [newRows, newColumns, from]] of Object.entries(turns)) {
    const turned = await clusterScan(rearranged(scan, newRows, newColumns, from), parameters, { workers: 1 });
    const back = new Int32Array(rows * columns), mean = new Float32Array(rows * columns);
    for (let probe = 0; probe < rows * columns; probe++) {
      const at = from(Math.floor(probe / newColumns), probe % newColumns);
      back[at] = turned.labels[probe];
      mean[at] = turned.meanSimilarity[probe];
    }
    assert.deepEqual(canonicalLabels(back), canonicalLabels(original.labels), name);
    mean.forEach((value, probe) => assert.ok(Math.abs(value - original.meanSimilarity[probe]) < 1e-6, name));
  }
});

Deno.test("u8, u16, u32, i16, i32, f32 and f64 copies of the same counts give the same regions", async () => {
  const parameters = { ...defaultParameters, threshold: 0.85 };
  const results: Clustering[] = [];
  for (const dtype of ["u8", "u16", "u32", "i16", "i32", "f32", "f64"] as DType[]) {
    results.push(await clusterScan(grainScan(shape, dtype), parameters, { workers: 1 }));
  }
  for (const { labels, similarity } of results) {
    assert.deepEqual(labels, results[0].labels);
    similarity.forEach((value, i) => assert.ok(!(Math.abs(value - results[0].similarity[i]) > 1e-6)));
  }
});
