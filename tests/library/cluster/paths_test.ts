/** The fast path decides as the exact one: mask, labels and their order, on simulated scans of many kinds. */

import assert from "node:assert/strict";
import type { ClusterParameters } from "../../../library/cluster/parameters.ts";
import { defaultParameters } from "../../../library/cluster/presets.ts";
import { defaultPrefilter } from "../../../library/passes/prefilter/parameters.ts";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { simulateScan } from "../../../library/simulation/scan.ts";
import { seededRandom } from "../../support/random.ts";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";

const scans = 200;

/** Random parameters of a scan and of its clustering. */
function randomCase(seed: number) {
  const random = seededRandom(seed);
  const pick = <Item>(...items: readonly Item[]) => items[Math.floor(random() * items.length)];
  const side = pick(64, 72, 80, 96);
  const simulated = simulateScan({
    rows: 6 + Math.floor(random() * 5),
    columns: 6 + Math.floor(random() * 5),
    patternRows: side,
    patternColumns: pick(side, side, 66),
    grains: 2 + Math.floor(random() * 4),
    dose: pick(500, 5000, 50000),
    layout: pick("film", "film", "particles"),
    seed,
  });
  const parameters: ClusterParameters & { readonly blur: number } = {
    ...defaultParameters,
    badPixels: { kind: pick("none", "auto") },
    blur: pick(2, 2.5, 3, 4),
    metric: pick("cosine", "cosine", "centered", "pearson"),
    mask: pick({ kind: "none" }, { kind: "triangle" }, { kind: "number", above: 0.97 }),
    minimumSize: pick(1, 2, 4),
    threshold: pick(0.9, 0.97, 0.99, 0.998),
    missingNeighbour: pick(null, null, -1),
  };
  const prefilter = random() < 0.3
    ? { ...defaultPrefilter, blur: parameters.blur, radius: 2, edge: pick(0, 6) }
    : null;
  const { rows, columns, patternRows, patternColumns } = simulated.shape;
  const data = new Uint16Array(rows * columns * patternRows * patternColumns);
  simulated.readRows(0, rows, data);
  const scan = scanFromArray(random() < 0.2 ? Float32Array.from(data) : data, simulated.shape);
  return { scan, parameters: { ...parameters, prefilter } };
}

Deno.test(`fast and exact path give the same mask, labels and clusters on ${scans} random scans`, async () => {
  let fast = 0, prefiltered = 0;
  for (let seed = 1; seed <= scans; seed++) {
    const { scan, parameters } = randomCase(seed);
    const way = { workers: 1 + seed % 2, bandHeight: 1 + seed % 4 };
    const found = await clusterScan(scan, parameters, way);
    const exact = await clusterScan(scan, { ...parameters, exact: true }, way);
    assert.equal(exact.comparison.kind, "exact");
    assert.deepEqual(found.mask, exact.mask, `mask of scan ${seed}`);
    assert.deepEqual(found.labels, exact.labels, `labels of scan ${seed}`);
    assert.deepEqual(
      found.clusters.map(({ id, seed, size }) => ({ id, seed, size })),
      exact.clusters.map(({ id, seed, size }) => ({ id, seed, size })),
      `clusters of scan ${seed}`,
    );
    if (found.comparison.kind === "exact") continue;
    fast++;
    if (parameters.prefilter) prefiltered++;
    for (let i = 0; i < found.similarity.length; i++) {
      const error = Math.abs(found.similarity[i] - exact.similarity[i]);
      assert.ok(!(error > 1e-5), `scan ${seed}: similarity off by ${error}`);
    }
  }
  // Few electrons or small sides are left to the exact path; if all were, this would prove nothing.
  assert.ok(fast >= scans / 4 && prefiltered >= 5);
});

/** Random parameters with a mask of the detector that samples and strips can follow. */
function maskedCase(seed: number) {
  const random = seededRandom(1000 + seed);
  const pick = <Item>(...items: readonly Item[]) => items[Math.floor(random() * items.length)];
  const simulated = simulateScan({
    rows: 5 + Math.floor(random() * 4),
    columns: 5 + Math.floor(random() * 4),
    patternRows: 96,
    patternColumns: pick(96, 101),
    grains: 2 + Math.floor(random() * 4),
    dose: pick(2000, 20000),
    layout: pick("film", "particles"),
    seed,
  });
  const { rows, columns, patternRows, patternColumns } = simulated.shape;
  const data = new Uint16Array(rows * columns * patternRows * patternColumns);
  simulated.readRows(0, rows, data);
  const keep = new Uint8Array(patternRows * patternColumns).fill(1);
  const top = Math.floor(80 * random()), left = Math.floor(80 * random());
  for (let row = top; row < top + 5; row++) {
    keep.fill(0, row * patternColumns + left, row * patternColumns + left + 7);
  }
  const parameters: ClusterParameters = {
    ...defaultParameters,
    badPixels: { kind: "none" },
    blur: pick(2.5, 3, 4),
    metric: pick("cosine", "cosine", "centered"),
    detectorMask: pick(
      { kind: "outside", radius: pick(4, 6.5) },
      { kind: "disk", radius: pick(14, 40) },
      { kind: "annulus", inner: 5, outer: 60 },
      { kind: "pixels", keep, source: "a file" },
    ),
    mask: pick({ kind: "none" }, { kind: "triangle" }, { kind: "number", above: 0.9 }),
    minimumSize: pick(1, 2, 4),
    threshold: pick(0.8, 0.9, 0.97, 0.99),
  };
  return { scan: scanFromArray(data, simulated.shape), parameters };
}

Deno.test("fast and exact path give the same with detector masks, whatever the workers and bands", async () => {
  const scans = 24, fast = new Map<string, number>();
  for (let seed = 1; seed <= scans; seed++) {
    const { scan, parameters } = maskedCase(seed);
    const found = await clusterScan(scan, parameters, { workers: 1 + seed % 2, bandHeight: 1 + seed % 4 });
    const exact = await clusterScan(scan, { ...parameters, exact: true }, { workers: 1 });
    assert.deepEqual(found.mask, exact.mask, `mask of scan ${seed}`);
    assert.deepEqual(found.labels, exact.labels, `labels of scan ${seed}`);
    if (found.comparison.kind === "exact") continue;
    const { kind } = parameters.detectorMask;
    fast.set(kind, (fast.get(kind) ?? 0) + 1);
    found.similarity.forEach((value, i) =>
      assert.ok(
        !(Math.abs(value - exact.similarity[i]) > 1e-5),
        `scan ${seed}: ${value} instead of ${exact.similarity[i]}`,
      )
    );
    if (seed % 8 > 0) continue;
    const again = await clusterScan(scan, parameters, { workers: 1 + (seed / 8) % 3, bandHeight: 3 });
    assert.deepEqual(again.similarity, found.similarity, `scan ${seed}`);
  }
  for (const kind of ["outside", "disk", "pixels"]) {
    assert.ok(fast.get(kind)! >= 2, `${kind}: ${fast.get(kind)}`);
  }
});
