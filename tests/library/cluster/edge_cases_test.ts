/** Degenerate scans and parameters behave as the specification says; nothing but the layout's NaN leaves the program. */

import assert from "node:assert/strict";
import { averagePatterns } from "../../../library/passes/averages/averages.ts";
import type { ClusterParameters } from "../../../library/cluster/parameters.ts";
import { autoPreset, defaultParameters } from "../../../library/cluster/presets.ts";
import { defaultPrefilter } from "../../../library/passes/prefilter/parameters.ts";
import type { Metric } from "../../../library/passes/features/features.ts";
import { divideBadPixels } from "../../../library/passes/detector/bad_pixels_and_beam.ts";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { virtualImage } from "../../../library/passes/virtual_image.ts";
import { Aborted, BadParameter, CorruptFile, OutOfResources } from "../../../library/scan/errors.ts";
import type { PixelArray } from "../../../library/scan/dtype.ts";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";
import type { ScanShape } from "../../../library/scan/shape.ts";
import { grainScan } from "../../support/scans.ts";
import * as oracle from "../../support/oracles.ts";

const plain = { ...defaultParameters, badPixels: { kind: "none" }, minimumSize: 1 } as const;
const single = { workers: 1 };

async function run(
  data: PixelArray,
  shape: ScanShape,
  change: Partial<ClusterParameters> & { threshold: number },
) {
  const scan = scanFromArray(data, shape);
  const clustering = await clusterScan(scan, { ...plain, ...change }, single);
  const { rows, columns } = shape;
  clustering.similarity.forEach((value, i) => {
    const probe = i >> 3, row = Math.floor(probe / columns), column = probe % columns;
    const [down, right] = [[-1, -1], [-1, 0], [-1, 1], [0, -1], [0, 1], [1, -1], [1, 0], [1, 1]][i & 7];
    const outside = row + down < 0 || row + down >= rows || column + right < 0 || column + right >= columns;
    assert.equal(Number.isNaN(value), outside);
    assert.ok(outside || value >= -1 && value <= 1);
  });
  assert.ok(clustering.meanSimilarity.every(Number.isFinite));
  for await (const { patterns } of averagePatterns(scan, clustering, single)) {
    assert.ok(patterns.every(Number.isFinite));
  }
  return clustering;
}

const small = { rows: 3, columns: 4, patternRows: 5, patternColumns: 6 };
const size = 12 * 30;

for (const metric of ["cosine", "centered", "pearson"] as Metric[]) {
  for (const Type of [Uint8Array, Uint16Array, Float32Array]) {
    Deno.test(`zero patterns are similar to nothing (${metric}, ${Type.name})`, async () => {
      const { similarity, clusters } = await run(new Type(size), small, { metric, threshold: 0.001 });
      assert.ok(similarity.every((value) => Number.isNaN(value) || value === 0));
      assert.equal(clusters.length, 12);
    });

    Deno.test(`constant patterns have no norm once centred (${metric}, ${Type.name})`, async () => {
      const { similarity } = await run(new Type(size).fill(37), small, { metric, threshold: 0.5, blur: 1 });
      const expected = metric === "cosine" ? 1 : 0;
      assert.ok(similarity.every((value) => Number.isNaN(value) || value === expected));
    });
  }
}

Deno.test("constant patterns of numbers that binary fractions can't hold count as constant too", async () => {
  for (const metric of ["centered", "pearson"] as Metric[]) {
    const { similarity } = await run(new Float32Array(size).fill(0.1), small, {
      metric,
      threshold: 0.5,
      blur: 1.3,
    });
    assert.ok(similarity.every((value) => Number.isNaN(value) || value === 0));
  }
});

Deno.test("identical patterns have similarity exactly 1 and form one cluster at threshold 1", async () => {
  for (const metric of ["cosine", "centered", "pearson"] as Metric[]) {
    for (const Type of [Uint8Array, Uint16Array, Float32Array]) {
      const data = new Type(size).map((_, i) => (i % 30) ** 2 % 97);
      const { similarity, clusters } = await run(data, small, { metric, threshold: 1, blur: 0.7 });
      assert.ok(similarity.every((value) => Number.isNaN(value) || value === 1), metric);
      assert.deepEqual(clusters.map(({ size }) => size), [12]);
    }
  }
});

Deno.test("opposite patterns have similarity -1 and only threshold -1 joins them", async () => {
  const shape = { ...small, rows: 1, columns: 2 };
  const data = Float32Array.from({ length: 60 }, (_, i) => (i < 30 ? 1 : -1) * ((i % 30) - 14.5));
  assert.equal((await run(data, shape, { threshold: -0.99 })).clusters.length, 2);
  assert.equal((await run(data, shape, { threshold: -1 })).clusters.length, 1);
});

for (const [rows, columns] of [[1, 9], [9, 1], [1, 1], [2, 1], [1, 2], [2, 2]]) {
  Deno.test(`a scan of ${rows} x ${columns} probes works, with and without prefilter`, async () => {
    const shape = { rows, columns, patternRows: 7, patternColumns: 6 };
    const scan = grainScan(shape);
    const data = new Uint16Array(rows * columns * 42);
    scan.readRows(0, rows, data);
    const prefilter = { ...defaultPrefilter, edge: 1, radius: 3, range: [0, 0.5] as const };
    for (const change of [{}, { prefilter, average: "filtered" as const }]) {
      const { clusters, labels } = await run(data, shape, { threshold: -1, ...change });
      assert.equal(clusters.length, 1);
      assert.ok(labels.every((label) => label === 0));
    }
    const { clusters } = await run(data, shape, { threshold: 1 });
    assert.equal(clusters.length, rows * columns);
  });
}

Deno.test("a scan without a single count is told of, a dim one is not", async () => {
  const said = async (data: Uint16Array) => {
    const shape = { rows: 6, columns: 6, patternRows: 16, patternColumns: 16 };
    return (await clusterScan(scanFromArray(data, shape), autoPreset, single)).warnings.join(" ");
  };
  const dark = new Uint16Array(36 * 256);
  assert.match(await said(dark), /not a single count: is this the right file/);
  assert.doesNotMatch(await said(dark.map((_, index) => index % 256 === 136 ? 2 : 0)), /a single count/);
});

Deno.test("an empty real-space mask gives no clusters, says so, and averages nothing", async () => {
  const scan = grainScan(small);
  const parameters = { ...plain, threshold: 0.5, mask: { kind: "number", above: 2 } } as const;
  const clustering = await clusterScan(scan, parameters, single);
  assert.equal(clustering.clusters.length, 0);
  assert.ok(clustering.labels.every((label) => label === -1));
  assert.match(clustering.warnings.join(), /mask is empty/);
  for await (const _ of averagePatterns(scan, clustering, single)) assert.fail("nothing to average");
});

Deno.test("one-pixel detectors and detectors smaller than the blur work", async () => {
  const one = { rows: 3, columns: 3, patternRows: 1, patternColumns: 1 };
  const { similarity } = await run(Uint16Array.of(1, 2, 3, 0, 5, 6, 7, 8, 9), one, {
    threshold: 0.5,
    blur: 3,
  });
  assert.ok(similarity.every((value, i) => Number.isNaN(value) || (value === 1) === !touches(i, 3)));
  // A probe of zero counts is similar to nothing.
  function touches(i: number, zero: number): boolean {
    const probe = i >> 3,
      [down, right] = [[-1, -1], [-1, 0], [-1, 1], [0, -1], [0, 1], [1, -1], [1, 0], [1, 1]][i & 7];
    return probe === zero || probe + 3 * down + right === zero;
  }
});

for (const largest of [255, 32767, 32768, 65535]) {
  Deno.test(`16-bit counts up to ${largest} are compared exactly`, async () => {
    const shape = { rows: 2, columns: 3, patternRows: 9, patternColumns: 11 };
    const data = new Uint16Array(6 * 99).map((_, i) =>
      (i * 7919) % 5 === 0 ? largest : (i * 31) % (largest + 1)
    );
    const { similarity } = await run(data, shape, { threshold: 0.5 });
    const pattern = (probe: number) => data.subarray(99 * probe, 99 * (probe + 1));
    const cosine = (a: Uint16Array, b: Uint16Array) =>
      oracle.innerProduct(a, b) / Math.sqrt(oracle.innerProduct(a, a)) / Math.sqrt(oracle.innerProduct(b, b));
    assert.equal(similarity[8 * 0 + 4], Math.fround(cosine(pattern(0), pattern(1))));
    assert.equal(similarity[8 * 0 + 6], Math.fround(cosine(pattern(0), pattern(3))));
    assert.equal(similarity[8 * 1 + 5], Math.fround(cosine(pattern(1), pattern(3))));
    assert.equal(similarity[8 * 1 + 7], Math.fround(cosine(pattern(1), pattern(5))));
  });
}

for (const value of [NaN, Infinity, -Infinity, 1e300]) {
  Deno.test(`a scan that holds ${value} is refused with the probe position`, async () => {
    const data = new Float64Array(size);
    data[7 * 30 + 3] = value;
    const scan = scanFromArray(data, small, { name: "broken.npy" });
    await assert.rejects(clusterScan(scan, { ...plain, threshold: 0.5 }, single), (error: CorruptFile) => {
      assert.ok(error instanceof CorruptFile);
      assert.match(error.message, /row 1, column 3/);
      assert.equal(error.details.file, "broken.npy");
      assert.match(error.details.remedy!, /`badPixels: pixels`/);
      return true;
    });
  });
}

Deno.test("a detector pixel that is NaN everywhere is harmless once it is named as bad", async () => {
  const data = new Float32Array(size).map((_, i) => i % 30 === 8 ? NaN : (i * 31) % 17);
  const bad = new Uint8Array(30);
  bad[8] = 1;
  const badPixels = { kind: "pixels", bad, source: "bad.npy" } as const;
  const clustering = await run(data, small, { threshold: 0.5, badPixels });
  assert.deepEqual(clustering.badPixels.filled, [8]);
});

Deno.test("values too bright for float32 squares are refused", async () => {
  const scan = scanFromArray(new Float32Array(size).fill(1e25), small);
  await assert.rejects(clusterScan(scan, { ...plain, threshold: 0.5 }, single), CorruptFile);
});

Deno.test("a virtual image whose sums are beyond float32 is refused with the probe position", async () => {
  const data = new Float32Array(size).fill(1, 0, size - 30).fill(3e38, size - 30);
  const detector = {
    detector: { kind: "none" },
    center: { kind: "index" },
    badPixels: { kind: "none" },
  } as const;
  await assert.rejects(virtualImage(scanFromArray(data, small), detector, single), (error: CorruptFile) => {
    assert.ok(error instanceof CorruptFile);
    assert.match(error.message, /row 2, column 3/);
    return true;
  });
});

Deno.test("a large beam stop is masked without exhausting the stack", () => {
  const shape = { rows: 1, columns: 1, patternRows: 600, patternColumns: 600 };
  const bad = new Uint8Array(360000).fill(1, 0, 300000);
  assert.equal(divideBadPixels(bad, shape).masked.length, 300000);
});

Deno.test("parameters out of range are refused before any work", async () => {
  const scan = grainScan(small);
  const wrong: Partial<ClusterParameters>[] = [
    { threshold: 1.1 },
    { threshold: NaN },
    { blur: -1 },
    { blur: 1e9 },
    { minimumSize: 0 },
    { minimumSize: 2.5 },
    { average: "filtered" },
    { detectorMask: { kind: "annulus", inner: 5, outer: 2 } },
    { detectorMask: { kind: "outside", radius: 1000 } },
    { detectorMask: { kind: "disk", radius: Infinity } },
    { detectorMask: { kind: "annulus", inner: 2, outer: Infinity } },
    { missingNeighbour: NaN },
    { missingNeighbour: -2 },
    { detectorMask: { kind: "pixels", keep: new Uint8Array(7), source: "mask.npy" } },
    { detectorMask: { kind: "pixels", keep: new Uint8Array(30), source: "mask.npy" } },
    { mask: { kind: "pixels", keep: new Uint8Array(5), source: "mask.npy" } },
    { badPixels: { kind: "pixels", bad: new Uint8Array(5), source: "bad.npy" } },
    { badPixels: { kind: "pixels", bad: new Uint8Array(30).fill(1), source: "bad.npy" } },
    { center: { kind: "at", row: 99, column: 0 } },
    { center: { kind: "at", row: NaN, column: 0 } },
    { prefilter: { ...defaultPrefilter, range: [0.9, 0.8] } },
    { prefilter: { ...defaultPrefilter, radius: 0 } },
    { prefilter: { ...defaultPrefilter, edge: 12 } },
  ];
  for (const change of wrong) {
    await assert.rejects(clusterScan(scan, { ...plain, threshold: 0.5, ...change }, single), BadParameter);
  }
  for (const options of [{ workers: 0 }, { workers: 1.5 }, { memory: 1000 }]) {
    await assert.rejects(clusterScan(scan, { ...plain, threshold: 0.5 }, options), BadParameter);
  }
});

Deno.test("a scan whose rows do not fit the memory limit is refused with the memory it needs", async () => {
  const shape = { rows: 2, columns: 1000, patternRows: 256, patternColumns: 256 };
  const scan = { ...grainScan(small), shape };
  const parameters = { ...plain, threshold: 0.5, blur: 3 };
  await assert.rejects(
    clusterScan(scan, parameters, { ...single, memory: 300 * 2 ** 20 }),
    (error: OutOfResources) => {
      assert.ok(error instanceof OutOfResources);
      assert.match(error.details.remedy!, /`memory` to \d+M/);
      return true;
    },
  );
});

Deno.test("an aborted signal stops a run, with one worker and with two", async () => {
  for (const workers of [1, 2]) {
    const controller = new AbortController();
    const run = clusterScan(grainScan({ ...small, rows: 40 }), { ...plain, threshold: 0.5 }, {
      workers,
      bandHeight: 1,
      signal: controller.signal,
      onProgress: ({ done }) => done === 5 && controller.abort(),
    });
    await assert.rejects(run, Aborted);
  }
  await assert.rejects(
    clusterScan(grainScan(small), { ...plain, threshold: 0.5 }, { signal: AbortSignal.abort() }),
    Aborted,
  );
});
