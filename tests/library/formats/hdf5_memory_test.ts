/** Memory that large chunks of HDF5 files take counts in the limit of a run, before any of it is taken. */

import assert from "node:assert/strict";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { defaultParameters } from "../../../library/cluster/presets.ts";
import { convertScan } from "../../../library/conversion/convert.ts";
import { openScan } from "../../../library/formats/open.ts";
import { deriveScan } from "../../../library/scan/derive.ts";
import { virtualImage } from "../../../library/passes/virtual_image.ts";
import { withFolder } from "../../support/folders.ts";
import { writeHdf5 } from "../../support/hdf5_files.ts";

const shape = [24, 24, 160, 160], mebibyte = 2 ** 20;

/** A scan of zeros in one chunk of 28 MiB. */
async function writeChunk(path: string): Promise<string> {
  return await writeHdf5(path, (file) =>
    void file.create_dataset({
      name: "data",
      data: new Uint16Array(shape.reduce((a, b) => a * b)),
      shape,
      chunks: shape,
      compression: 1,
    }));
}

Deno.test("a chunk that does not fit the limit is refused before it is read", () =>
  withFolder(async (folder) => {
    const scan = await openScan(await writeChunk(`${folder}/a.h5`));
    assert.ok(
      scan.readingBytes! > 80 * mebibyte && scan.readingBytes! < 100 * mebibyte,
      `${scan.readingBytes}`,
    );
    let read = 0;
    const counted = deriveScan(scan, {
      readRows(first, count, into) {
        read++;
        return scan.readRows(first, count, into);
      },
    });
    const refused = { kind: "OutOfResources", message: /memory limit/ };
    for (const badPixels of [{ kind: "auto" }, { kind: "none" }] as const) {
      const run = { memory: 300 * mebibyte, workers: 1 }, parameters = { ...defaultParameters, badPixels };
      await assert.rejects(clusterScan(counted, { ...parameters, blur: 0, threshold: 0.9 }, run), refused);
      const detector = {
        detector: { kind: "annulus", inner: 8, outer: 30 },
        center: { kind: "index" },
      } as const;
      await assert.rejects(virtualImage(counted, { ...detector, badPixels }, run), refused);
    }
    await assert.rejects(
      convertScan(counted, `${folder}/b.npy`, { memory: 300 * mebibyte, workers: 1 }),
      { kind: "OutOfResources", message: /single rows of this scan do not fit/ },
    );
    assert.equal(read, 0);
    const { labels } = await clusterScan(counted, {
      ...{ ...defaultParameters, badPixels: { kind: "none" }, blur: 0, threshold: 0.9 },
    }, { memory: 512 * mebibyte, workers: 1 });
    assert.equal(labels.length, 24 * 24);
    assert.ok(read > 0);
    scan.close();
  }));
