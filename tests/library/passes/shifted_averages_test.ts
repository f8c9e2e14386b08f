/** Averages about a common origin: against plain loops, and what must not matter. */

import assert from "node:assert/strict";
import type { AveragedClusters } from "../../../library/passes/averages/average_sweep.ts";
import { averagePatterns } from "../../../library/passes/averages/averages.ts";
import { processBytes } from "../../../library/engine/limits.ts";
import type { RunOptions } from "../../../library/engine/options.ts";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";
import type { Scan } from "../../../library/scan/scan.ts";
import { seededRandom } from "../../support/random.ts";

const shape = { rows: 7, columns: 6, patternRows: 23, patternColumns: 29 }, pixels = 23 * 29, probes = 42;

/** Three clusters and some probes in none; shifts of some pixels, one far outside; some pixels masked. */
function drawn(seed: number): AveragedClusters & { readonly shifts: Float32Array } {
  const random = seededRandom(seed), sizes = [0, 0, 0];
  const labels = Int32Array.from({ length: probes }, () => {
    const label = Math.floor(4 * random()) - 1;
    if (label >= 0) sizes[label]++;
    return label;
  });
  const shifts = Float32Array.from({ length: 2 * probes }, () => 8 * (random() - 0.5));
  shifts.set([40, -35], 0);
  shifts.set([2, -3], 2);
  const bounds = { firstRow: 0, lastRow: 6 };
  const masked = Array.from({ length: pixels }, (_, pixel) => pixel).filter((pixel) =>
    Math.floor(pixel / 29) === 11 || pixel % 29 === 3
  );
  return {
    ...{ labels, shifts, badPixels: { source: "test", filled: [], masked } },
    clusters: sizes.map((size, id) => ({ id, size, bounds })),
    parameters: { average: "raw", prefilter: null },
  };
}

/** The definition: sums of bilinear values of seen pixels over the sums of their weights. */
function plain(data: ArrayLike<number>, { labels, clusters, shifts, badPixels }: ReturnType<typeof drawn>) {
  const masked = new Set(badPixels.masked), averages = new Float64Array(clusters.length * pixels);
  for (const { id, size } of clusters) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      let sum = 0, seen = 0;
      labels.forEach((label, probe) => {
        if (label !== id) return;
        const row = Math.floor(pixel / 29) + shifts[2 * probe], column = pixel % 29 + shifts[2 * probe + 1];
        for (const y of [Math.floor(row), Math.floor(row) + 1]) {
          for (const x of [Math.floor(column), Math.floor(column) + 1]) {
            if (y < 0 || x < 0 || y >= 23 || x >= 29 || masked.has(y * 29 + x)) continue;
            const weight = (1 - Math.abs(row - y)) * (1 - Math.abs(column - x));
            sum += weight * data[probe * pixels + y * 29 + x];
            seen += weight;
          }
        }
      });
      averages[id * pixels + pixel] = seen >= 0.05 * size ? sum / seen : NaN;
    }
  }
  return averages;
}

async function collect(scan: Scan, clustering: AveragedClusters, options: RunOptions): Promise<Float32Array> {
  const averages = new Float32Array(clustering.clusters.length * pixels);
  for await (const { first, patterns } of averagePatterns(scan, clustering, options)) {
    averages.set(patterns, first * pixels);
  }
  return averages;
}

Deno.test("moved averages are those of plain loops, of every type of numbers, edges and masked pixels included", async () => {
  const random = seededRandom(5), clustering = drawn(6);
  for (
    const data of [
      Uint8Array.from({ length: probes * pixels }, () => 200 * random()),
      Uint16Array.from({ length: probes * pixels }, () => 30000 * random()),
      Float32Array.from({ length: probes * pixels }, () => 500 * random() - 100),
    ]
  ) {
    const expected = plain(data, clustering), scale = Math.max(...expected.filter((value) => value > 0));
    const found = await collect(scanFromArray(data, shape), clustering, { workers: 2 });
    let unseen = 0;
    found.forEach((value, index) => {
      assert.equal(Number.isNaN(value), Number.isNaN(expected[index]), `pixel ${index}`);
      if (Number.isNaN(value)) unseen++;
      else assert.ok(Math.abs(value - expected[index]) < 2e-6 * scale, `${value}, ${expected[index]}`);
    });
    assert.ok(unseen < 100, `${unseen}`);
  }
});

Deno.test("moved averages are equal byte for byte whatever workers, bands and memory", async () => {
  const random = seededRandom(7), clustering = drawn(8);
  const data = Float32Array.from({ length: probes * pixels }, () => 1000 * random());
  const scan = scanFromArray(data, shape), expected = await collect(scan, clustering, { workers: 1 });
  for (
    const run of [{ workers: 3, bandHeight: 1 }, { workers: 2, bandHeight: 3 }, {
      workers: 5,
    }, { workers: 1, bandHeight: 1, memory: processBytes + 16 * 2 ** 20 }]
  ) {
    const found = await collect(scan, clustering, run);
    assert.deepEqual(new Uint8Array(found.buffer), new Uint8Array(expected.buffer));
  }
});

Deno.test("patterns that are not moved have the averages that they had", async () => {
  const random = seededRandom(9), { shifts: _, ...still } = drawn(10);
  const data = Uint16Array.from({ length: probes * pixels }, () => 1000 * random());
  still.badPixels.masked.forEach((pixel) => {
    for (let probe = 0; probe < probes; probe++) data[probe * pixels + pixel] = 0;
  });
  const scan = scanFromArray(data, shape), shifts = new Float32Array(2 * probes);
  const before = await collect(scan, still, { workers: 2 });
  const moved = await collect(scan, { ...still, shifts }, { workers: 2 });
  const masked = new Set(still.badPixels.masked);
  moved.forEach((value, index) => {
    if (masked.has(index % pixels)) assert.ok(Number.isNaN(value));
    else assert.equal(value, before[index]);
  });
});

Deno.test("shifts that do not fit are refused", async () => {
  const scan = scanFromArray(new Uint8Array(probes * pixels), shape), clustering = drawn(1);
  const wrong = [
    { ...clustering, shifts: new Float32Array(3) },
    { ...clustering, shifts: clustering.shifts.map(() => NaN) },
    {
      ...clustering,
      parameters: { average: "filtered", prefilter: null },
      prefilterWeights: {} as never,
    } as const,
  ];
  for (const clusters of wrong) {
    await assert.rejects(collect(scan, clusters, { workers: 1 }), {
      kind: "BadParameter",
      message: "patterns cannot be moved like this",
    });
  }
});
