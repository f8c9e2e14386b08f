/** What is found in a store of Zarr: groups, series, signals of HyperSpy, images of OME; and what a store is. */

import assert from "node:assert/strict";
import { lookAt } from "../../../library/formats/file_context.ts";
import { formatOf } from "../../../library/formats/known_formats.ts";
import { openFile, openScan } from "../../../library/formats/open.ts";
import { chunkGetter } from "../../../library/formats/zarr/chunk_reader.ts";
import { filesOfFolder, filesOfZip } from "../../../library/formats/zarr/files.ts";
import { readJson } from "../../../library/formats/zarr/json.ts";
import { parseArray } from "../../../library/formats/zarr/metadata.ts";
import type { CrystalliteError } from "../../../library/scan/errors.ts";
import { isSeries } from "../../../library/scan/scan.ts";
import { withFolder } from "../../support/folders.ts";
import { readAll } from "../../support/reading.ts";
import { sharedPath, sharedTest } from "../../support/shared.ts";
import {
  arrayFiles,
  type StoreFiles,
  text,
  writeStore,
  writeZipStore,
  zspyFiles,
} from "../../support/zarr_stores.ts";
import { data, plain } from "../../support/plain_zarr.ts";

Deno.test("Zarr: arrays in groups, series, stacks, and names for them", () =>
  withFolder(async (folder) => {
    const groups: StoreFiles = new Map([["zarr.json", text({ zarr_format: 3, node_type: "group" })]]);
    const small = { version: 3, lengths: [35, 6, 8], chunks: [4, 6, 8], data } as const;
    const files = new Map([
      ...groups,
      ...await arrayFiles("one", plain),
      ["two/zarr.json", text({ zarr_format: 3, node_type: "group" })] as const,
      ...await arrayFiles("two/data", small),
    ]);
    const path = await writeStore(`${folder}/a.zarr`, files);
    const only = await openScan(path);
    assert.equal(only.source.dataset, "/one");
    only.close();
    for (const dataset of ["two/data", "/two"]) {
      const scan = await openScan(path, { dataset, scanShape: { rows: 5, columns: 7 } });
      assert.deepEqual(await readAll(scan, 1), data);
      scan.close();
    }
    await assert.rejects(openScan(path, { dataset: "/three" }), { kind: "BadParameter" });
    await assert.rejects(openScan(path, { dataset: "two" }), { kind: "ShapeUnknown" });
    await assert.rejects(
      openScan(path, { scanShape: { rows: 5, columns: 7 } }),
      (error: CrystalliteError) => (assert.deepEqual(error.details.datasets, ["/one", "/two/data"]), true),
    );
    const five = { ...plain, lengths: [5, 1, 7, 6, 8], chunks: [2, 1, 7, 6, 8] };
    const series = await openFile(await writeStore(`${folder}/b.zarr`, await arrayFiles("", five)));
    assert.ok(isSeries(series) && series.frames === 5);
    assert.deepEqual(await readAll(series.frame(3)), data.slice(3 * 336, 4 * 336));
    series.close();
  }));

const zspy = (navigate?: boolean[]) => zspyFiles(plain, navigate);

Deno.test("zspy: axes and microscope are read as from .hspy; other signals are refused", () =>
  withFolder(async (folder) => {
    const files = await zspy();
    for (
      const path of [
        await writeStore(`${folder}/a.zspy`, files),
        await writeZipStore(`${folder}/b.zspy`, files),
      ]
    ) {
      const scan = await openScan(path);
      assert.deepEqual(scan.calibration, {
        pixelSize: { row: 2, column: 3, unit: "nm" },
        qPixelSize: { row: 0.1, column: 0.1, unit: "A^-1" },
        beamEnergy: 200,
        convergenceAngle: 1.5,
        cameraLength: 0.15,
      });
      assert.deepEqual([scan.source.format, scan.source.dataset], [
        "HyperSpy zspy",
        "/Experiments/__unnamed__/data",
      ]);
      assert.deepEqual(await readAll(scan, 2), data);
      scan.close();
    }
    const spectra = await writeStore(`${folder}/c.zspy`, await zspy([true, true, true, false]));
    await assert.rejects(openScan(spectra), {
      kind: "UnsupportedFormat",
      message: /no stack of diffraction/,
    });
  }));

Deno.test("OME-Zarr: the first of several scales, with the steps of its axes", () =>
  withFolder(async (folder) => {
    const attributes = {
      ome: {
        multiscales: [{
          axes: [{ name: "y", unit: "nm" }, { name: "x", unit: "nm" }, { unit: "1/nm" }, { unit: "1/nm" }],
          datasets: [
            { path: "0", coordinateTransformations: [{ type: "scale", scale: [2, 2, 0.1, 0.1] }] },
            { path: "1", coordinateTransformations: [{ type: "scale", scale: [4, 4, 0.1, 0.1] }] },
          ],
          coordinateTransformations: [{ type: "scale", scale: [2, 2, 1, 1] }],
        }],
      },
    };
    const scan = await openScan(
      await writeStore(
        `${folder}/a.zarr`,
        new Map([
          ["zarr.json", text({ zarr_format: 3, node_type: "group", attributes })],
          ...await arrayFiles("0", plain),
          ...await arrayFiles("1", plain),
        ]),
      ),
    );
    assert.deepEqual([scan.source.format, scan.source.dataset], ["OME-Zarr 3", "/0"]);
    assert.deepEqual(scan.calibration.pixelSize, { row: 4, column: 4, unit: "nm" });
    assert.deepEqual(scan.calibration.qPixelSize, { row: 0.1, column: 0.1, unit: "nm^-1" });
    scan.close();
  }));

for (const name of ["ZipStore", "DirectoryStore"]) {
  sharedTest(`zspy/signal1d_10x10-${name}.zspy holds the numbers of the manifest`, async () => {
    const path = sharedPath(`data/formats/zspy/signal1d_10x10-${name}.zspy`)!;
    const { inside } = lookAt(path);
    const files = inside ? filesOfFolder(path, inside) : filesOfZip(path);
    const at = "Experiments/__unnamed__/data";
    const said = (await readJson(files, `${at}/.zarray`))!;
    const array = parseArray(path, `/${at}`, said), get = await chunkGetter(files, array);
    assert.deepEqual([array.numbers, array.lengths, array.chunks], ["i64", [10, 10], [5, 5]]);
    const whole = new Float64Array(100);
    for (const [row, column] of [[0, 0], [0, 1], [1, 0], [1, 1]]) {
      (await get([row, column])).data.forEach((value, i) => {
        whole[(row * 5 + Math.floor(i / 5)) * 10 + column * 5 + i % 5] = value;
      });
    }
    assert.deepEqual(whole, Float64Array.from({ length: 100 }, (_, index) => index));
    files.close();
  });
}

Deno.test("archives of numpy stay what they are, and other folders are no stores", () =>
  withFolder(async (folder) => {
    const files = await arrayFiles("inner", plain);
    assert.match(formatOf(lookAt(await writeZipStore(`${folder}/a.npz`, files)))!.name, /npz/);
    assert.equal(formatOf(lookAt(await writeStore(`${folder}/other`, files))), undefined);
  }));

Deno.test("nothing outside the folder is opened, and nothing that is not admitted", () =>
  withFolder(async (folder) => {
    const path = await writeStore(`${folder}/a.zarr`, await arrayFiles("", plain));
    await assert.rejects(openScan(path, { dataset: "../a.zarr" }), { kind: "BadParameter" });
    await assert.rejects(
      openScan(path, {}, (name) => {
        if (name.includes("/c/")) throw new Error("not this");
      }),
      { message: "not this" },
    );
  }));
