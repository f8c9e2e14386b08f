/** Memory that large chunks of Zarr arrays take counts in the limit of a run, before any of it is taken. */

import assert from "node:assert/strict";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { defaultParameters } from "../../../library/cluster/presets.ts";
import { openScan } from "../../../library/formats/open.ts";
import type { Scan } from "../../../library/scan/scan.ts";
import { withFolder } from "../../support/folders.ts";
import { arrayFiles, type StoreFiles, text, writeStore } from "../../support/zarr_stores.ts";

const mebibyte = 2 ** 20;

/** An array whose chunks are there, but of no use: none of them may be read. Chunks are divided along the scan only. */
async function unreadable(
  path: string,
  lengths: readonly number[],
  chunks: readonly number[],
): Promise<StoreFiles> {
  const recipe = { version: 2, data: new Uint16Array(0), compressor: "gzip", skipped: () => true } as const;
  const files = await arrayFiles(path, { ...recipe, lengths, chunks });
  for (let row = 0; row < lengths[0] / chunks[0]; row++) {
    for (let column = 0; column < lengths[1] / chunks[1]; column++) {
      files.set(`${path === "" ? "" : `${path}/`}${row}.${column}.0.0`, new Uint8Array(1));
    }
  }
  return files;
}

async function openChunks(
  folder: string,
  lengths: readonly number[],
  chunks: readonly number[],
): Promise<Scan> {
  return await openScan(
    await writeStore(`${folder}/${chunks.join("_")}.zarr`, await unreadable("", lengths, chunks)),
  );
}

Deno.test("a Zarr chunk that does not fit the limit is refused before it is read", () =>
  withFolder(async (folder) => {
    const lengths = [24, 24, 160, 160], scan = await openChunks(folder, lengths, lengths);
    assert.equal(Math.round(scan.readingBytes! / mebibyte), 113);
    const parameters = { ...defaultParameters, blur: 0, threshold: 0.9 } as const;
    await assert.rejects(clusterScan(scan, parameters, { memory: 300 * mebibyte, workers: 1 }), {
      kind: "OutOfResources",
      message: /memory limit/,
    });
    scan.close();
  }));

Deno.test("chunks that one row of a scan lies in are kept, and counted", () =>
  withFolder(async (folder) => {
    const lengths = [24, 24, 160, 160];
    const large = await openChunks(folder, lengths, [24, 12, 160, 160]);
    // Two chunks of 14 MiB that are kept, and what unpacking one takes.
    assert.equal(Math.round(large.readingBytes! / mebibyte), 84);
    large.close();
    const small = await openChunks(folder, [24, 24, 16, 16], [1, 24, 16, 16]);
    assert.equal(small.readingBytes, undefined);
    small.close();
  }));

Deno.test("a Zarr array whose detector axes come first counts its chunks in what turning takes", () =>
  withFolder(async (folder) => {
    const lengths = [64, 64, 64, 56];
    const axes = ["ky", "kx", "y", "x"].map((name, axis) => ({
      ...{ name, type: "space", unit: axis < 2 ? "1/nm" : "nm" },
    }));
    const multiscales = [{
      axes,
      datasets: [{ path: "0", coordinateTransformations: [{ type: "scale", scale: [0.1, 0.1, 2, 2] }] }],
    }];
    const image = await unreadable("0", lengths, lengths);
    const store = new Map([
      [".zgroup", text({ zarr_format: 2 })],
      [".zattrs", text({ multiscales })],
      ...image,
    ]);
    const scan = await openScan(await writeStore(`${folder}/turned.zarr`, store));
    assert.match(scan.warnings.join(), /axes of the detector come first/);
    assert.ok(scan.preparation!.bytes > 112 * mebibyte, `${scan.preparation!.bytes}`);
    scan.close();
  }));
