/** Readers that need time in between give the same bytes as those that read at once, and their failures arrive. */

import assert from "node:assert/strict";
import { averagePatterns } from "../../../library/passes/averages/averages.ts";
import type { ClusterParameters } from "../../../library/cluster/parameters.ts";
import { defaultParameters } from "../../../library/cluster/presets.ts";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { withEngine } from "../../../library/engine/with_engine.ts";
import type { RunOptions } from "../../../library/engine/options.ts";
import type { Pass } from "../../../library/engine/pass.ts";
import { runPasses } from "../../../library/engine/run_passes.ts";
import { defaultPrefilter } from "../../../library/passes/prefilter/parameters.ts";
import { binPatterns } from "../../../library/scan/binning.ts";
import { createPixelArray, type DType, type PixelArray } from "../../../library/scan/dtype.ts";
import { CorruptFile } from "../../../library/scan/errors.ts";
import { arrangePatterns } from "../../../library/scan/pattern_reader.ts";
import { selectRegion } from "../../../library/scan/region.ts";
import { readPattern, type Scan } from "../../../library/scan/scan.ts";
import { pixelCount } from "../../../library/scan/shape.ts";
import { collectAverages } from "../../support/averages.ts";
import { readAll } from "../../support/reading.ts";
import { grainScan } from "../../support/scans.ts";

const shape = { rows: 9, columns: 7, patternRows: 16, patternColumns: 12 };
const parameters: ClusterParameters = { ...defaultParameters, threshold: 0.85, minimumSize: 2, blur: 1 };

/**
 * The scan, read with pauses; buffers hold rubbish until the promise is kept.
 *
 * @param fail called in each reading, with the patterns' end, for failures
 */
function slow(scan: Scan, fail = (_end: number) => {}): Scan {
  const pixels = pixelCount(scan.shape),
    all = createPixelArray(scan.dtype, shape.rows * shape.columns * pixels);
  scan.readRows(0, scan.shape.rows, all);
  const { dtype: numbers, calibration, source } = scan;
  return arrangePatterns({ shape: scan.shape, numbers, calibration, source }, {
    async readPatterns(first: number, count: number, into: PixelArray) {
      into.fill(77);
      await new Promise((resolve) => setTimeout(resolve, first % 3));
      fail(first + count);
      into.set(all.subarray(first * pixels, (first + count) * pixels));
    },
    close() {},
  }) as Scan;
}

async function results(scan: Scan, options: RunOptions) {
  const change = { prefilter: { ...defaultPrefilter, edge: 2 }, average: "filtered" as const };
  const plain = await clusterScan(scan, parameters, options);
  const filtered = await clusterScan(scan, { ...parameters, ...change }, options);
  return [plain, filtered].map(({ labels, similarity }) => ({ labels, similarity }))
    .concat(await collectAverages(scan, plain, options) as never);
}

for (const dtype of ["u8", "u16", "f32", "i32"] as DType[]) {
  Deno.test(`patterns that come late are computed as if they had been there (${dtype})`, async () => {
    const scan = grainScan(shape, dtype), late = slow(scan);
    const region = { firstRow: 1, lastRow: 8, firstColumn: 1, lastColumn: 6 };
    const ways: ((scan: Scan) => Scan)[] = [
      (scan) => scan,
      (scan) => selectRegion(scan, region),
      (scan) => binPatterns(selectRegion(scan, region), 2),
    ];
    for (const way of ways) {
      const expected = await results(way(scan), { workers: 1 });
      for (const [workers, bandHeight] of [[1, 2], [2, 1], [3, 4]]) {
        assert.deepEqual(await results(way(late), { workers, bandHeight }), expected, `${workers} workers`);
      }
    }
  });
}

Deno.test("calls that overlap do not disturb each other, binned and cut included", async () => {
  const scan = grainScan(shape);
  const part = binPatterns(
    selectRegion(slow(scan), { firstRow: 0, lastRow: 9, firstColumn: 2, lastColumn: 5 }),
    4,
  );
  const expected = await readAll(part, 1), pixels = pixelCount(part.shape), row = 3 * pixels;
  const found = await Promise.all(Array.from({ length: 9 }, async (_, first) => {
    const into = createPixelArray(part.dtype, row);
    await part.readRows(first, 1, into);
    return into;
  }));
  found.forEach((into, first) => assert.deepEqual(into, expected.slice(first * row, (first + 1) * row)));
  assert.deepEqual(await readPattern(part, 4, 2), expected.slice((4 * 3 + 2) * pixels, (4 * 3 + 3) * pixels));
});

Deno.test("a reader that fails late fails the run, and the engine computes the next one", () =>
  withEngine({ workers: 2 }, async (engine) => {
    const scan = grainScan(shape);
    const broken = slow(scan, (end) => {
      if (end > 5 * shape.columns) throw new CorruptFile("late", { file: "late" });
    });
    const clustering = await clusterScan(scan, parameters, { engine });
    for (const bandHeight of [1, 3, 9]) {
      await assert.rejects(clusterScan(broken, parameters, { engine, bandHeight }), { message: "late" });
      await assert.rejects(async () => {
        for await (const _ of averagePatterns(broken, clustering, { engine, bandHeight }));
      }, { message: "late" });
    }
    assert.deepEqual((await clusterScan(slow(scan), parameters, { engine })).labels, clustering.labels);
  }));

Deno.test("computing that fails while a reader still waits ends in that failure, when the reader is done", () =>
  withEngine({ workers: 2 }, async (engine) => {
    let reading = 0, most = 0;
    const scan = slow(grainScan(shape));
    const counted: Scan = {
      ...scan,
      async readRows(first, count, into) {
        most = Math.max(most, ++reading);
        await new Promise((resolve) => setTimeout(resolve, 30));
        await scan.readRows(first, count, into);
        reading--;
      },
    };
    const failing: Pass<void> = {
      name: "failing",
      reserve() {},
      // deno-lint-ignore require-yield
      async *block() {
        await Promise.resolve();
        throw new RangeError("computing");
      },
      finish() {},
    };
    const fill = { table: new Int32Array(), count: 0 };
    await assert.rejects(runPasses(engine, counted, { fill }, [failing], { bandHeight: 3 }), {
      message: "computing",
    });
    assert.deepEqual([reading, most], [0, 1]);
  }));
