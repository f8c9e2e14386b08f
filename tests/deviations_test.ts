/** One test for each row of docs/inside/deviations.md: what crystallite does where paper and published code leave it open. */

import assert from "node:assert/strict";
import { averagePatterns } from "../library/passes/averages/averages.ts";
import { filterScan } from "../library/passes/prefilter/filter_scan.ts";
import { growClusters, seedOrder } from "../library/cluster/growth.ts";
import type { ClusterParameters } from "../library/cluster/parameters.ts";
import { defaultParameters, paperPreset, py4dstemPreset } from "../library/cluster/presets.ts";
import { defaultPrefilter } from "../library/passes/prefilter/parameters.ts";
import { halfFootprint, patternWeights } from "../library/passes/prefilter/footprint.ts";
import { clusterScan } from "../library/cluster/pipeline.ts";
import { allDirections, meanSimilarity } from "../library/scan/neighbours.ts";
import { scanFromArray } from "../library/scan/scan_from_array.ts";
import type { Scan } from "../library/scan/scan.ts";
import { tableRows } from "../tasks/documentation/markdown.ts";
import * as oracle from "./support/oracles.ts";
import { gaussianTaps } from "../library/passes/features/gaussian.ts";
import { seededRandom } from "./support/random.ts";
import { grainScan } from "./support/scans.ts";

const single = { workers: 1 };
const plain = { ...defaultParameters, badPixels: { kind: "none" }, minimumSize: 1, threshold: 0.5 } as const;
const shape = { rows: 4, columns: 5, patternRows: 9, patternColumns: 10 };
const pixels = 90;

function patternsOf(scan: Scan): Uint16Array[] {
  const { rows, columns, patternRows, patternColumns } = scan.shape;
  const size = patternRows * patternColumns, data = new Uint16Array(rows * columns * size);
  scan.readRows(0, rows, data);
  return Array.from(
    { length: rows * columns },
    (_, probe) => data.subarray(probe * size, (probe + 1) * size),
  );
}

function cosine(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return oracle.innerProduct(x, y) / Math.sqrt(oracle.innerProduct(x, x) * oracle.innerProduct(y, y));
}

async function similarityOf(scan: Scan, change: Partial<ClusterParameters>): Promise<Float32Array> {
  return (await clusterScan(scan, { ...plain, ...change }, single)).similarity;
}

/** Similarity of probe (1, 1) with its right neighbour. */
const right = 8 * 6 + 4;

Deno.test("D1: cosine compares patterns as they are, centered and pearson subtract the means that they name", async () => {
  const scan = grainScan(shape), [a, b] = [patternsOf(scan)[6], patternsOf(scan)[7]];
  const detectorMask = { kind: "outside", radius: 2 } as const;
  const keep = Array.from(
    { length: pixels },
    (_, i) => Math.hypot(Math.floor(i / 10) - 4, i % 10 - 4.5) > 2 ? 1 : 0,
  );
  const taps = gaussianTaps(1).weights;
  for (const metric of ["cosine", "centered", "pearson"] as const) {
    const prepared = [a, b].map((pattern) => oracle.features(pattern, 9, 10, metric, taps, keep));
    const found = (await similarityOf(scan, { metric, blur: 1, detectorMask }))[right];
    assert.ok(Math.abs(found - cosine(prepared[0], prepared[1])) < 1e-6, metric);
  }
});

Deno.test("D2: a pattern without counts, or constant once centred, has similarity 0", async () => {
  const empty = patternsOf(grainScan(shape)).flatMap((pattern, probe) =>
    Array.from(probe === 7 ? pattern.map(() => 0) : pattern)
  );
  assert.equal((await similarityOf(scanFromArray(Uint16Array.from(empty), shape), {}))[right], 0);
  const flat = patternsOf(grainScan(shape)).flatMap((pattern, probe) =>
    Array.from(probe === 7 ? pattern.map(() => 9) : pattern)
  );
  for (const metric of ["centered", "pearson"] as const) {
    assert.equal((await similarityOf(scanFromArray(Uint16Array.from(flat), shape), { metric }))[right], 0);
  }
});

Deno.test("D3: neighbours outside the scan are left out of the mean; the py4DSTEM preset counts them as -1", () => {
  const similarity = allDirections(new Float32Array(3 * 3 * 4).fill(0.8), 3, 3);
  const ours = meanSimilarity(similarity, defaultParameters.missingNeighbour);
  const theirs = meanSimilarity(similarity, py4dstemPreset.missingNeighbour);
  assert.ok(ours.every((value) => Math.abs(value - 0.8) < 1e-6));
  assert.ok(Math.abs(theirs[0] - (3 * 0.8 - 5) / 8) < 1e-6);
  assert.ok(Math.abs(theirs[4] - 0.8) < 1e-6);
});

Deno.test("D4: only the py4DSTEM preset keeps border probes from being added", () => {
  const similarity = allDirections(new Float32Array(6 * 6 * 4).fill(1), 6, 6);
  const grow = (borderWidth: number) =>
    growClusters({
      ...{ rows: 6, columns: 6, similarity, meanSimilarity: meanSimilarity(similarity, null) },
      ...{ mask: new Uint8Array(36).fill(1), threshold: 0.5, borderWidth, minimumSize: 1 },
    }).sizes.length;
  assert.equal(grow(defaultParameters.borderWidth), 1);
  assert.equal(grow(py4dstemPreset.borderWidth), 32);
});

Deno.test("D5: seeds come by falling mean similarity, ties by the lowest index", () => {
  const order = seedOrder(Float32Array.of(0.5, 0.9, 0.5, 0.9, 0.1), Uint8Array.of(1, 1, 1, 1, 0));
  assert.deepEqual(Array.from(order), [1, 3, 0, 2]);
});

Deno.test("D6: a threshold of 0.9 joins neighbours whose stored similarity is float32 0.9", () => {
  const similarity = allDirections(new Float32Array(8).fill(0.9), 1, 2);
  assert.ok(similarity[4] < 0.9, "float32 0.9 lies below float64 0.9");
  const { sizes } = growClusters({
    ...{ rows: 1, columns: 2, similarity, meanSimilarity: meanSimilarity(similarity, null) },
    ...{ mask: Uint8Array.of(1, 1), threshold: 0.9, borderWidth: 0, minimumSize: 1 },
  });
  assert.deepEqual(Array.from(sizes), [2]);
});

Deno.test("D7: clusters below 4 probes are dropped by default, none by the py4DSTEM preset", () => {
  assert.equal(defaultParameters.minimumSize, 4);
  assert.equal(paperPreset.minimumSize, 4);
  assert.equal(py4dstemPreset.minimumSize, 1);
});

Deno.test("D8: probes at or below the triangle threshold neither seed a cluster nor join one", async () => {
  const scan = grainScan({ ...shape, rows: 12, columns: 12 });
  const { mask, meanSimilarity, maskThreshold, labels } = await clusterScan(
    scan,
    { ...plain, threshold: -1, mask: { kind: "triangle" } },
    single,
  );
  assert.ok(mask.includes(0) && mask.includes(1));
  mask.forEach((inside, probe) => {
    assert.equal(inside === 1, meanSimilarity[probe] > maskThreshold!);
    assert.equal(labels[probe] >= 0, inside === 1);
  });
});

Deno.test("D9: blur is off by default and 3 in the paper preset; it reflects at the edge and comes before the mask", async () => {
  assert.deepEqual([defaultParameters.blur, paperPreset.blur, py4dstemPreset.blur], [0, 3, 0]);
  assert.equal(gaussianTaps(3).radius, 12);
  // A bright column outside the mask leaks into it only if the blur comes first.
  const data = Float32Array.from(
    { length: 2 * pixels },
    (_, i) => i % 10 === 9 ? 1000 * (1 + i % 90) : i < pixels ? i % 7 : i % 5,
  );
  const keep = Uint8Array.from({ length: pixels }, (_, i) => i % 10 < 9 ? 1 : 0);
  const scan = scanFromArray(data, { ...shape, rows: 1, columns: 2 });
  const detectorMask = { kind: "pixels", keep, source: "mask" } as const;
  const taps = gaussianTaps(1).weights;
  const prepared = [0, 1].map((probe) =>
    oracle.features(data.subarray(probe * pixels, (probe + 1) * pixels), 9, 10, "cosine", taps, keep)
  );
  const found = (await similarityOf(scan, { blur: 1, detectorMask }))[4];
  assert.ok(Math.abs(found - cosine(prepared[0], prepared[1])) < 1e-6);
});

Deno.test("D10: the prefilter's weight grows with the square of the distance from the centre", () => {
  const weights = patternWeights({ rows: 1, columns: 1, patternRows: 5, patternColumns: 7 }, 0);
  assert.equal(weights[2 * 7 + 3], 0);
  assert.equal(weights[2 * 7 + 5], Math.fround(4 / 35));
  assert.equal(weights[0], Math.fround((4 + 9) / 35));
});

Deno.test("D11: pixels within the prefilter's edge have no weight; the edge is 12 by default", () => {
  assert.equal(defaultPrefilter.edge, 12);
  const weights = patternWeights({ rows: 1, columns: 1, patternRows: 8, patternColumns: 8 }, 2);
  weights.forEach((weight, i) => {
    const [row, column] = [Math.floor(i / 8), i % 8];
    assert.equal(weight > 0, row >= 2 && row < 6 && column >= 2 && column < 6);
  });
});

Deno.test("D12: radius 4 has 69 positions as a circle and 81 as a square", () => {
  const positions = (footprint: "circle" | "square") =>
    2 * halfFootprint({ ...defaultPrefilter, footprint }).length - 1;
  assert.deepEqual([positions("circle"), positions("square")], [69, 81]);
});

async function filtered(scan: Scan, change: Partial<typeof defaultPrefilter>): Promise<Float32Array> {
  const prefilter = { ...defaultPrefilter, edge: 0, blur: 0, radius: 1, ...change };
  const rows: number[] = [];
  for await (const { patterns } of filterScan(scan, { badPixels: { kind: "none" }, prefilter }, single)) {
    rows.push(...patterns);
  }
  return Float32Array.from(rows);
}

Deno.test("D13: the prefilter keeps the intensity: equal patterns stay as they are, isolated ones too", async () => {
  const one = patternsOf(grainScan(shape))[0];
  const equal = scanFromArray(Uint16Array.from({ length: 20 * pixels }, (_, i) => one[i % pixels]), shape);
  (await filtered(equal, {})).forEach((value, i) =>
    assert.ok(Math.abs(value - one[i % pixels]) < 1e-4 * (1 + value))
  );
  const random = seededRandom(1);
  const noise = Uint16Array.from({ length: 20 * pixels }, () => random() * 100);
  const isolated = await filtered(scanFromArray(noise, shape), { range: [0.98, 0.99] });
  isolated.forEach((value, i) => assert.ok(Math.abs(value - noise[i]) < 1e-4 * (1 + value)));
});

Deno.test("D14: scan row 0 and column 0 are neighbours like any other", async () => {
  const scan = grainScan({ ...shape, rows: 3, columns: 3 });
  const patterns = patternsOf(scan);
  // With everything at full weight the middle probe is the mean of all nine, itself counted twice.
  const middle = (await filtered(scan, { range: [-1, -0.999] })).subarray(4 * pixels, 5 * pixels);
  middle.forEach((value, i) => {
    const sum = patterns.reduce((total, pattern) => total + pattern[i], patterns[4][i]);
    assert.ok(Math.abs(value - sum / 10) < 1e-4 * (1 + value));
  });
});

Deno.test("D15: weights up to 0.001 are dropped", async () => {
  const scan = grainScan(shape);
  const run = (range: [number, number]) =>
    clusterScan(
      scan,
      { ...plain, prefilter: { ...defaultPrefilter, edge: 0, blur: 0, radius: 1, range } },
      single,
    );
  const { values } = (await run([-1, 1])).prefilterWeights!;
  assert.ok(values.every((weight) => weight === 0 || weight > 0.001));
  // A probe's own correlation is 1, so a range that ends at 1 and begins just below it leaves only the probes themselves.
  const alone = (await run([0.9999999, 1])).prefilterWeights!;
  alone.values.forEach((weight, i) => assert.ok(i % alone.offsets.length === 0 || weight === 0));
});

Deno.test("D16: averages of filtered data equal the averages of the filtered scan", async () => {
  const scan = grainScan({ ...shape, rows: 8, columns: 9 });
  const prefilter = { ...defaultPrefilter, edge: 0, blur: 1, radius: 2, range: [0.3, 0.9] as const };
  const parameters = { ...plain, prefilter, average: "filtered", threshold: 0.99 } as const;
  const clustering = await clusterScan(scan, parameters, single);
  const patterns = await filtered(scan, prefilter);
  assert.ok(clustering.clusters.length > 1);
  for await (const batch of averagePatterns(scan, clustering, single)) {
    for (let slot = 0; slot < batch.count; slot++) {
      const members = Array.from(clustering.labels.keys()).filter((probe) =>
        clustering.labels[probe] === batch.first + slot
      );
      for (let i = 0; i < pixels; i++) {
        const mean = members.reduce((sum, probe) => sum + patterns[probe * pixels + i], 0) / members.length;
        assert.ok(Math.abs(batch.patterns[slot * pixels + i] - mean) < 1e-5 * (1 + mean));
      }
    }
  }
});

Deno.test("D17: a pixel that holds the detector's marker value is found and filled, without a rule for that value", async () => {
  const marked = patternsOf(grainScan({ ...shape, rows: 20, columns: 20 })).flatMap((pattern) => {
    const values = Array.from(pattern);
    values[33] = 65535;
    return values;
  });
  const scan = scanFromArray(Uint16Array.from(marked), { ...shape, rows: 20, columns: 20 });
  const { badPixels } = await clusterScan(scan, { ...plain, badPixels: { kind: "auto" } }, single);
  assert.deepEqual(badPixels.filled, [33]);
});

Deno.test("D18: q masks are centred on the index centre unless told otherwise", async () => {
  const scan = grainScan(shape);
  assert.deepEqual((await clusterScan(scan, plain, single)).center, { row: 4, column: 4.5 });
  const center = { kind: "at", row: 2, column: 7 } as const;
  assert.deepEqual((await clusterScan(scan, { ...plain, center }, single)).center, { row: 2, column: 7 });
});

Deno.test("every row of docs/inside/deviations.md has its test, and every test its row", () => {
  const page = Deno.readTextFileSync(new URL("../docs/inside/deviations.md", import.meta.url));
  const ids = tableRows(page).map(([id]) => id).filter((id) => /^D\d+$/.test(id));
  const tests = Deno.readTextFileSync(new URL(import.meta.url)).matchAll(/Deno\.test\("(D\d+):/g);
  assert.deepEqual(ids, Array.from(tests, ([, id]) => id));
});
