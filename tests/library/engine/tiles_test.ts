/** Threads read chunks that hold parts of patterns: the same bytes as from memory, in bands of whole rows of chunks. */

import assert from "node:assert/strict";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { defaultParameters } from "../../../library/cluster/presets.ts";
import type { RunOptions } from "../../../library/engine/options.ts";
import { planPasses } from "../../../library/engine/pass.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { openScan } from "../../../library/formats/open.ts";
import { sampleDetector } from "../../../library/passes/detector/detector_sample.ts";
import { VirtualImagePass } from "../../../library/passes/virtual_image.ts";
import type { DType } from "../../../library/scan/dtype.ts";
import { selectRegion } from "../../../library/scan/region.ts";
import type { Scan } from "../../../library/scan/scan.ts";
import { collectAverages } from "../../support/averages.ts";
import { withFolder } from "../../support/folders.ts";
import { writeHdf5 } from "../../support/hdf5_files.ts";
import { readAll } from "../../support/reading.ts";
import { grainScan } from "../../support/scans.ts";

const shape = { rows: 15, columns: 11, patternRows: 14, patternColumns: 17 };
const sizes = [shape.rows, shape.columns, shape.patternRows, shape.patternColumns];
const parameters = {
  ...defaultParameters,
  badPixels: { kind: "file" },
  threshold: 0.85,
  minimumSize: 2,
} as const;

async function cluster(scan: Scan, options: RunOptions) {
  const clustering = await clusterScan(scan, parameters, options);
  const { labels, similarity, clusters } = clustering;
  return { labels, similarity, clusters, averages: await collectAverages(scan, clustering, options) };
}

async function writeChunks(
  folder: string,
  scan: Scan,
  chunks: readonly number[],
  packed = true,
  name = "scan",
): Promise<string> {
  const data = await readAll(scan);
  return await writeHdf5(`${folder}/${name}.h5`, (file) => {
    const packing = packed ? { compression: 1, compression_opts: [3] } : {};
    file.create_dataset({ name: "scan", data, shape: sizes, chunks: [...chunks], ...packing });
  });
}

for (const dtype of ["u16", "i32"] as DType[]) {
  Deno.test(`chunks of parts of patterns give what memory gives, whatever threads and bands (${dtype})`, () =>
    withFolder(async (folder) => {
      const scan = grainScan(shape, dtype), expected = await cluster(scan, { workers: 1 });
      const sample = await sampleDetector(scan);
      for (const chunks of [[4, 3, 5, 6], [8, 11, 14, 17], [1, 4, 7, 17]]) {
        const file = await openScan(await writeChunks(folder, scan, chunks));
        assert.equal(file.stored?.[0].kind, "tiled");
        for (const [workers, bandHeight] of [[1, undefined], [2, 7], [3, 1]]) {
          assert.deepEqual(
            await cluster(file, { workers, bandHeight }),
            expected,
            `${chunks} ${workers} ${bandHeight}`,
          );
        }
        assert.deepEqual(await sampleDetector(file, { workers: 2 }), sample);
        file.close();
      }
    }));
}

Deno.test("threads read some columns of a scan, where these lie in chunks of their scan rows or in records", () =>
  withFolder(async (folder) => {
    const scan = grainScan(shape, "u16");
    const region = { firstRow: 2, lastRow: 13, firstColumn: 3, lastColumn: 10 };
    const expected = await cluster(selectRegion(scan, region), { workers: 1 });
    await Deno.writeFile(`${folder}/scan.npy`, encodeNpy("u16", sizes, await readAll(scan) as Uint16Array));
    const files: readonly (readonly [path: string, kind: string | undefined])[] = [
      [await writeChunks(folder, scan, [1, 4, 7, 17]), "tiled"],
      [await writeChunks(folder, scan, [4, 4, 7, 17], true, "shared"), "tiled"],
      [await writeChunks(folder, scan, [6, 11, 14, 6], true, "whole"), "tiled"],
      [`${folder}/scan.npy`, "frames"],
    ];
    for (const [path, kind] of files) {
      const part = selectRegion(await openScan(path), region);
      assert.equal(part.stored?.[0].kind, kind);
      for (const [workers, bandHeight] of [[1, undefined], [2, 3]]) {
        assert.deepEqual(
          await cluster(part, { workers, bandHeight }),
          expected,
          `${path} ${workers} ${bandHeight}`,
        );
      }
      if (!path.includes("shared")) {
        part.close();
        continue;
      }
      // Some columns and rows of these once more: what is not known to threads is read on this one.
      const corner = { firstRow: 3, lastRow: 9, firstColumn: 2, lastColumn: 6 };
      const inside = { firstRow: 5, lastRow: 11, firstColumn: 5, lastColumn: 9 };
      const twice = selectRegion(part, corner), once = selectRegion(scan, inside);
      assert.deepEqual(await cluster(twice, { workers: 2 }), await cluster(once, { workers: 1 }));
      const rows = selectRegion(part, { ...corner, firstColumn: 0, lastColumn: 7 });
      assert.ok(rows.stored);
      assert.deepEqual(
        await cluster(rows, { workers: 2 }),
        await cluster(selectRegion(scan, { ...inside, firstColumn: 3, lastColumn: 10 }), { workers: 1 }),
      );
      part.close();
    }
  }));

Deno.test("chunks of several scan rows that are not packed are read to the end", () =>
  withFolder(async (folder) => {
    const scan = grainScan(shape, "u16"), expected = await cluster(scan, { workers: 1 });
    const file = await openScan(await writeChunks(folder, scan, [3, 11, 14, 17], false));
    assert.equal(file.stored?.[0].kind, "chunked");
    assert.deepEqual(await cluster(file, { workers: 2 }), expected);
    file.close();
  }));

Deno.test("bands are whole rows of chunks, or equal parts of one where the memory is short", () =>
  withFolder(async (folder) => {
    const file = await openScan(await writeChunks(folder, grainScan(shape, "u16"), [8, 3, 5, 6]));
    const passes = [new VirtualImagePass(file, null)], threads = 2;
    const whole = planPasses(file, passes, { threads, available: 2 ** 28 });
    assert.equal(whole.band, 15);
    const bands = new Set<number>();
    for (let available = whole.bytes; available > 0; available -= 1024) {
      try {
        const plan = planPasses(file, passes, { threads, available });
        assert.ok(plan.bytes <= available);
        bands.add(plan.band);
      } catch {
        break;
      }
    }
    assert.deepEqual([...bands], [15, 8, 4, 2, 1]);
    file.close();
  }));

Deno.test("a damaged chunk is an error that names the file and the chunk, whichever thread finds it", () =>
  withFolder(async (folder) => {
    const path = await writeChunks(folder, grainScan(shape, "u16"), [4, 3, 5, 6]);
    const scan = await openScan(path), part = scan.stored![0];
    assert.ok(part.kind === "tiled");
    const bytes = await Deno.readFile(path), chunk = part.offsets.length - 1;
    for (const change of [(at: number) => bytes[at] ^= 0xff, (at: number) => bytes[at + 2] = 7]) {
      change(part.offsets[chunk]);
      await Deno.writeFile(path, bytes);
      for (const workers of [1, 2]) {
        await assert.rejects(
          cluster(scan, { workers }),
          (error: Error & { details?: { file?: string; offset?: number } }) => {
            assert.equal(error.name, "CorruptFile");
            assert.deepEqual([error.details?.file, error.details?.offset], [path, part.offsets[chunk]]);
            return true;
          },
        );
      }
    }
    scan.close();
  }));
