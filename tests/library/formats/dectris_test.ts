/** Dectris masters: scans that were stopped early, files beside the master that stand for it, links from elsewhere. */

import assert from "node:assert/strict";
import { openScan } from "../../../library/formats/open.ts";
import { bytesOf } from "../../../library/scan/dtype.ts";
import { withFolder } from "../../support/folders.ts";
import { masterPattern, masterValue, writeHdf5, writeMaster } from "../../support/hdf5_files.ts";
import { readAll } from "../../support/reading.ts";
import { readStored } from "../../support/stored.ts";

const pixels = masterPattern[0] * masterPattern[1];
const scanOf = (rows: number, columns: number) => ({ NumPixelsX: columns, NumPixelsY: rows });

/** The recorded frames and zeros behind them. */
function expected(frames: number, positions: number): Uint16Array {
  return Uint16Array.from(
    { length: positions * pixels },
    (_, i) => i < frames * pixels ? masterValue(Math.floor(i / pixels), i % pixels) : 0,
  );
}

Deno.test("a stopped scan keeps the shape that the scan control planned, with zeros at its end, and says so", () =>
  withFolder(async (folder) => {
    const path = await writeMaster(folder, { parts: [5, 2], announced: 12, metadata: scanOf(3, 4) });
    const scan = await openScan(path);
    assert.deepEqual([scan.shape.rows, scan.shape.columns], [3, 4]);
    assert.match(
      scan.warnings[0],
      /^7 of 12 patterns are there, 5 are missing: .*patterns that are missing are zero$/,
    );
    for (const rows of [1, 2, 3]) assert.deepEqual(await readAll(scan, rows), expected(7, 12));
    for (const step of [1, 5, 12]) assert.deepEqual(readStored(scan, step), bytesOf(expected(7, 12)));
    scan.close();
  }));

Deno.test("a stopped scan can be read in the shape that is announced, or in one of the frames that are there", () =>
  withFolder(async (folder) => {
    const path = await writeMaster(folder, { parts: [6, 0], announced: 12 });
    await assert.rejects(openScan(path), { kind: "ShapeUnknown", message: /holds 6 patterns/ });
    const whole = await openScan(path, { scanShape: { rows: 2, columns: 6 } });
    assert.deepEqual(await readAll(whole), expected(6, 12));
    whole.close();
    const part = await openScan(path, { scanShape: { rows: 2, columns: 3 } });
    assert.deepEqual(await readAll(part), expected(6, 6));
    assert.match(part.warnings[0], /6 of 12 patterns are there, 6 are missing: .*were read$/);
    part.close();
    await assert.rejects(openScan(path, { scanShape: { rows: 4, columns: 4 } }), { kind: "BadParameter" });
  }));

Deno.test("a master that was stopped after the last line of the scan control is that scan", () =>
  withFolder(async (folder) => {
    const path = await writeMaster(folder, { parts: [6], announced: 9, metadata: scanOf(2, 3) });
    const scan = await openScan(path);
    assert.deepEqual(await readAll(scan), expected(6, 6));
    assert.equal(scan.warnings.length, 1);
    scan.close();
  }));

Deno.test("prescan frames of a stopped scan are not taken for positions", () =>
  withFolder(async (folder) => {
    const metadata = { ...scanOf(3, 4), NumPixelsPrescan: 1 };
    const path = await writeMaster(folder, { parts: [7], announced: 15, metadata });
    await assert.rejects(openScan(path), { kind: "ShapeUnknown", message: /3x5 reads them all/ });
    const scan = await openScan(path, { scanShape: { rows: 3, columns: 5 } });
    assert.deepEqual(await readAll(scan), expected(7, 15));
    scan.close();
  }));

Deno.test("the file of the scan control and a data file stand for the master beside them", () =>
  withFolder(async (folder) => {
    const path = await writeMaster(folder, { parts: [5, 1], announced: 6, metadata: scanOf(2, 3) });
    for (const name of ["scan.h5", "scan_data_000002.h5"]) {
      const scan = await openScan(`${folder}/${name}`);
      assert.equal(scan.source.path, path);
      assert.deepEqual(await readAll(scan), expected(6, 6));
      scan.close();
    }
    const part = await openScan(`${folder}/scan_data_000001.h5`, {
      dataset: "/entry/data/data",
      scanShape: { rows: 1, columns: 5 },
    });
    assert.deepEqual(await readAll(part), expected(5, 5));
    part.close();
    Deno.removeSync(path);
    await assert.rejects(openScan(`${folder}/scan.h5`), {
      kind: "FileUnavailable",
      message: /scan_master\.h5 is missing/,
    });
  }));

Deno.test("links with paths of another machine are looked for beside the master", () =>
  withFolder(async (folder) => {
    await writeMaster(folder, { parts: [4, 2], announced: 6 });
    for (const prefix of ["D:\\data\\today\\", "C:/data/", "/home/someone/else/", "..\\"]) {
      const path = await writeHdf5(`${folder}/scan_master.h5`, (file) => {
        const data = file.create_group("entry").create_group("data");
        for (const name of ["data_000001", "data_000002"]) {
          data.create_external_link(`${prefix}scan_${name}.h5`, "entry/data/data", name);
        }
      });
      const scan = await openScan(path, { scanShape: { rows: 2, columns: 3 } });
      assert.deepEqual(await readAll(scan), expected(6, 6), prefix);
      assert.deepEqual(readStored(scan), bytesOf(expected(6, 6)));
      scan.close();
    }
  }));

Deno.test("a data file, or the signal of a NeXus file, out of the folder is read only where the user allows it", () =>
  withFolder(async (folder) => {
    const own = `${folder}/own`;
    for (const place of [own, `${folder}/other`]) Deno.mkdirSync(place);
    await writeMaster(`${folder}/other`, { parts: [6], announced: 6 });
    const target = "../other/scan_data_000001.h5";
    const master = await writeHdf5(`${own}/a_master.h5`, (file) => {
      const data = file.create_group("entry").create_group("data");
      data.create_external_link(target, "entry/data/data", "data_000001");
    });
    const nexus = await writeHdf5(`${own}/a.nxs`, (file) => {
      const entry = file.create_group("entry"), data = entry.create_group("images");
      entry.create_attribute("NX_class", "NXentry");
      data.create_attribute("NX_class", "NXdata");
      data.create_attribute("signal", "frames");
      data.create_external_link(target, "entry/data/data", "frames");
    });
    for (const path of [master, nexus]) {
      const options = { scanShape: { rows: 2, columns: 3 } };
      await assert.rejects(openScan(path, options), {
        kind: "FileUnavailable",
        message: /not in its folder/,
      });
      const scan = await openScan(path, { ...options, followLinks: true });
      assert.deepEqual(await readAll(scan), expected(6, 6));
      assert.deepEqual(readStored(scan), bytesOf(expected(6, 6)));
      scan.close();
    }
  }));

Deno.test("the saturation of the detector is that of the file, and none where it is no number of counts", () =>
  withFolder(async (folder) => {
    for (const [saturation, expected] of [[4095, 4095], [0, undefined], [undefined, undefined]] as const) {
      const path = await writeMaster(folder, {
        parts: [6],
        announced: 6,
        metadata: scanOf(2, 3),
        saturation,
      });
      const scan = await openScan(path);
      assert.equal(scan.saturation, expected);
      assert.equal(scan.source.notes?.saturationValue, expected);
      const turned = await openScan(path, { detectorFlip: "rows" });
      assert.equal(turned.saturation, expected);
      // Sums of several pixels may be larger.
      const binned = await openScan(path, { qBin: 2 });
      assert.equal(binned.saturation, undefined);
      for (const opened of [scan, turned, binned]) opened.close();
    }
  }));
