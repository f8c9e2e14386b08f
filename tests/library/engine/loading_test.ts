/** Threads read the patterns of files by themselves: same bytes as from memory, and failures keep their reasons. */

import assert from "node:assert/strict";
import { averagePatterns } from "../../../library/passes/averages/averages.ts";
import type { ClusterParameters } from "../../../library/cluster/parameters.ts";
import { defaultParameters } from "../../../library/cluster/presets.ts";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { withEngine } from "../../../library/engine/with_engine.ts";
import type { RunOptions } from "../../../library/engine/options.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { openScan } from "../../../library/formats/open.ts";
import { createPixelArray, type DType } from "../../../library/scan/dtype.ts";
import {
  CorruptFile,
  CrystalliteError,
  FileUnavailable,
  restoreError,
} from "../../../library/scan/errors.ts";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";
import type { Scan } from "../../../library/scan/scan.ts";
import { collectAverages } from "../../support/averages.ts";
import { withFolder } from "../../support/folders.ts";
import { seededRandom } from "../../support/random.ts";
import { readAll } from "../../support/reading.ts";
import { grainScan } from "../../support/scans.ts";

const shape = { rows: 15, columns: 11, patternRows: 14, patternColumns: 17 };
const sizes = [shape.rows, shape.columns, shape.patternRows, shape.patternColumns];
const parameters: ClusterParameters = {
  ...defaultParameters,
  badPixels: { kind: "file" },
  threshold: 0.85,
  minimumSize: 2,
};

async function cluster(scan: Scan, options: RunOptions) {
  const clustering = await clusterScan(scan, parameters, options);
  const { labels, similarity, clusters } = clustering;
  return { labels, similarity, clusters, averages: await collectAverages(scan, clustering, options) };
}

async function writeScan(folder: string, scan: Scan): Promise<string> {
  const path = `${folder}/scan.npy`;
  await Deno.writeFile(path, encodeNpy(scan.dtype, sizes, await readAll(scan)));
  return path;
}

for (const dtype of ["u8", "u16", "f32", "i32"] as DType[]) {
  Deno.test(`threads read a file as it lies in memory, whatever their number and the bands (${dtype})`, () =>
    withFolder(async (folder) => {
      const scan = grainScan(shape, dtype);
      const pixels = shape.patternRows * shape.patternColumns;
      const hot = new Uint8Array(pixels);
      hot[20] = hot[100] = 1;
      const spotted: Scan = { ...scan, badPixels: hot };
      const expected = await cluster(spotted, { workers: 1 });
      const file = await openScan(await writeScan(folder, scan));
      assert.ok(file.stored);
      for (const workers of [1, 2, 3, 8]) {
        for (const bandHeight of [1, 7, 15]) {
          const found = await cluster({ ...file, badPixels: hot }, { workers, bandHeight });
          assert.deepEqual(found, expected, `${workers} workers, bands of ${bandHeight}`);
        }
      }
      file.close();
    }));
}

for (const dtype of ["u8", "u16", "f32"] as DType[]) {
  Deno.test(`strips of a scan too wide for one give what whole rows give (${dtype})`, () =>
    withFolder(async (folder) => {
      const wide = { rows: 5, columns: 39, patternRows: dtype === "u8" ? 512 : 256, patternColumns: 256 };
      const pixels = wide.patternRows * wide.patternColumns;
      const data = createPixelArray(dtype, wide.rows * wide.columns * pixels);
      const random = seededRandom(5);
      // Now and then a count beyond 15 bits, for which sums must be wider.
      for (let i = 0; i < data.length; i += 7) {
        data[i] = dtype === "u16" && random() < 1e-4 ? 65535 : random() * 40;
      }
      const memory = scanFromArray(data, wide);
      const path = `${folder}/wide.npy`;
      await Deno.writeFile(path, encodeNpy(dtype, Object.values(wide), data));
      const file = await openScan(path);
      const loose = { ...parameters, threshold: 0.5 };
      const similarity = async (scan: Scan, options: RunOptions) =>
        (await clusterScan(scan, loose, options)).similarity;
      const expected = await similarity(memory, { workers: 1 });
      for (const [workers, bandHeight] of [[1, 1], [2, 2], [3, 5]]) {
        assert.deepEqual(await similarity(file, { workers, bandHeight }), expected, `${workers}`);
      }
      file.close();
    }));
}

Deno.test("a file that has become shorter or has gone since it was opened fails the run with that reason", () =>
  withFolder(async (folder) => {
    const path = await writeScan(folder, grainScan(shape));
    const scan = await openScan(path);
    for (const workers of [1, 3]) {
      await Deno.truncate(path, 60000);
      await assert.rejects(cluster(scan, { workers }), (error: CorruptFile) => {
        assert.ok(error instanceof CorruptFile);
        assert.equal(error.details.file, path);
        assert.ok(error.details.offset! > 0);
        return true;
      });
      await Deno.rename(path, `${path}.away`);
      await assert.rejects(cluster(scan, { workers }), (error) => error instanceof FileUnavailable);
      await Deno.rename(`${path}.away`, path);
    }
    scan.close();
  }));

Deno.test("a pattern that is not finite is named by its probe position, whichever thread met it", () =>
  withFolder(async (folder) => {
    const scan = grainScan(shape, "f32");
    const data = await readAll(scan) as Float32Array;
    data[(9 * shape.columns + 4) * shape.patternRows * shape.patternColumns + 5] = NaN;
    const path = `${folder}/scan.npy`;
    await Deno.writeFile(path, encodeNpy("f32", sizes, data));
    const file = await openScan(path);
    for (const workers of [1, 2]) {
      await assert.rejects(
        clusterScan(file, parameters, { workers }),
        /row 9, column 4/,
      );
    }
    file.close();
  }));

Deno.test("after a failed run the engine computes the next one", () =>
  withFolder(async (folder) => {
    const path = await writeScan(folder, grainScan(shape));
    const expected = await cluster(grainScan(shape), { workers: 1 });
    await withEngine({ workers: 2 }, async (engine) => {
      const scan = await openScan(path);
      const before = engine.available;
      await Deno.rename(path, `${path}.away`);
      await assert.rejects(cluster(scan, { engine }), FileUnavailable);
      assert.equal(engine.available, before);
      await Deno.rename(`${path}.away`, path);
      assert.deepEqual(await cluster(scan, { engine }), expected);
      const clustering = await clusterScan(scan, parameters, { engine });
      let count = 0;
      for await (const batch of averagePatterns(scan, clustering, { engine })) count += batch.count;
      assert.equal(count, clustering.clusters.length);
      scan.close();
    });
  }));

Deno.test("errors cross from a thread with kind, sentence and data", () => {
  const error = new CorruptFile("it is broken", { file: "a.h5", offset: 3, remedy: "mend it" });
  const restored = restoreError(structuredClone(error.toJSON()));
  assert.ok(restored instanceof CorruptFile && restored instanceof CrystalliteError);
  assert.deepEqual(restored.toJSON(), error.toJSON());
});
