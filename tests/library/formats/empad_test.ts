/** EMPAD: raw frames whose last two rows are no image, and XML files of old and new versions beside them. */

import assert from "node:assert/strict";
import { openFile, openScan } from "../../../library/formats/open.ts";
import { empadColumns, empadRows, newXml, oldXml, writeRaw } from "../../support/empad_files.ts";
import { withFolder } from "../../support/folders.ts";
import { seededRandom } from "../../support/random.ts";
import { isRefused, readAll } from "../../support/reading.ts";
import { sharedPath, sharedTest } from "../../support/shared.ts";
import { describeStored, readStored } from "../../support/stored.ts";

const rows = empadRows, columns = empadColumns;

Deno.test("EMPAD: the image rows are read, and shape and calibration come from the XML file", () =>
  withFolder(async (folder) => {
    const raw = `${folder}/scan_x3_y2.raw`, data = await writeRaw(raw);
    await Deno.writeTextFile(`${folder}/acquisition.xml`, oldXml("scan_x3_y2.raw"));
    await Deno.writeTextFile(`${folder}/another.xml`, oldXml("other.raw"));
    for (const path of [raw, `${folder}/acquisition.xml`]) {
      const scan = await openScan(path);
      assert.deepEqual(scan.shape, { rows, columns, patternRows: 128, patternColumns: 128 });
      assert.deepEqual(scan.source.path, raw);
      assert.deepEqual(scan.source.notes, { description: "acquisition.xml", qPixelAngleMrad: 0.5 });
      assert.deepEqual(scan.calibration, {
        pixelSize: { row: 4e-8 / 2 * 1e9, column: 3e-8 / 3 * 1e9, unit: "nm" },
        qPixelSize: { row: 1.5e-10 * 1e9, column: 1.5e-10 * 1e9, unit: "nm^-1" },
        beamEnergy: 300,
        cameraLength: 0.7225,
      });
      assert.deepEqual([scan.dtype, describeStored(scan)], ["f32", "frames"]);
      assert.deepEqual(scan.warnings, [
        "the file gives two sizes of a detector pixel: 0.15 nm^-1, which was taken, and 0.5 mrad, which is " +
        '0.25397 nm^-1; --q-pixel-size "0.5 mrad" takes the other',
      ]);
      for (const bandHeight of [1, 2]) assert.deepEqual(await readAll(scan, bandHeight), data);
      for (const step of [6, 4]) assert.deepEqual(readStored(scan, step), new Uint8Array(data.buffer));
      scan.close();
    }
  }));

Deno.test("EMPAD: an angle that agrees is not said twice, and one without a size is the size", () =>
  withFolder(async (folder) => {
    await writeRaw(`${folder}/scan_x3_y2.raw`);
    const both = oldXml("scan_x3_y2.raw").replace("1.5e-10", "2.54e-10");
    const angle = both.replace(/<calibrated_pixelsize>.*<\/calibrated_pixelsize>/, "");
    const sizes = [];
    for (const text of [both, angle]) {
      await Deno.writeTextFile(`${folder}/acquisition.xml`, text);
      const scan = await openScan(`${folder}/acquisition.xml`);
      assert.deepEqual(scan.warnings, []);
      sizes.push(scan.calibration.qPixelSize!.unit, scan.calibration.qPixelSize!.row);
      scan.close();
    }
    assert.deepEqual(sizes, ["nm^-1", 0.254, "mrad", 0.5]);
  }));

Deno.test("EMPAD: newer files say the shape by the raw file's name", () =>
  withFolder(async (folder) => {
    await writeRaw(`${folder}/mine.raw`);
    // Both were renamed alike; the name within is the one that the software gave.
    await Deno.writeTextFile(`${folder}/mine.xml`, newXml("scan_x3_y2.raw"));
    for (const name of ["mine.raw", "mine.xml"]) {
      const scan = await openScan(`${folder}/${name}`);
      assert.deepEqual([scan.shape.rows, scan.shape.columns], [2, 3]);
      assert.deepEqual(scan.calibration, {
        pixelSize: { row: 6e-8 / 0.5 / 3 * 1e9, column: 6e-8 / 0.5 / 3 * 1e9, unit: "nm" },
        beamEnergy: 200,
        cameraLength: 0.369,
      });
      scan.close();
    }
    await Deno.rename(`${folder}/mine.raw`, `${folder}/scan_x3_y2.raw`);
    await Deno.remove(`${folder}/mine.xml`);
    const bare = await openScan(`${folder}/scan_x3_y2.raw`);
    assert.deepEqual([bare.shape.columns, bare.calibration], [3, {}]);
    bare.close();
  }));

Deno.test("EMPAD: files that do not hold what is said of them are refused", () =>
  withFolder(async (folder) => {
    const raw = `${folder}/a.raw`, xml = `${folder}/a.xml`;
    await writeRaw(raw, 5);
    await assert.rejects(openScan(raw), { kind: "UnsupportedFormat" });
    await Deno.writeTextFile(xml, oldXml("a.raw"));
    const filled = await openScan(raw);
    assert.deepEqual([filled.shape.rows, filled.shape.columns], [2, 3]);
    assert.match(filled.warnings.at(-1)!, /^5 of 6 patterns are there, 1 with 66560 bytes are missing/);
    filled.close();
    const part = await openScan(raw, { scanShape: { rows: 1, columns: 5 } });
    assert.equal(part.shape.columns, 5);
    part.close();
    await Deno.truncate(raw, 5 * 66560 - 1);
    const cut = await openScan(raw, { scanShape: { rows: 1, columns: 4 } });
    assert.match(cut.warnings.at(-1)!, /^66559 bytes after the last whole frame/);
    cut.close();
    await writeRaw(raw, 7);
    await assert.rejects(openScan(raw), { kind: "ShapeUnknown", message: /a\.xml says 2 x 3/ });
    await Deno.truncate(raw, 100);
    await assert.rejects(openScan(raw), { kind: "CorruptFile" });
    await Deno.remove(raw);
    await assert.rejects(openScan(xml), { kind: "FileUnavailable", message: /a\.raw/ });
    await Deno.writeTextFile(xml, oldXml("../a.raw"));
    await writeRaw(`${folder}/b.raw`);
    await assert.rejects(openScan(xml), { kind: "FileUnavailable" });
    await Deno.writeTextFile(xml, oldXml("secret.txt"));
    await Deno.writeTextFile(`${folder}/secret.txt`, "x");
    await assert.rejects(openScan(xml), { kind: "CorruptFile" });
    // Raw files of other detectors have no name of EMPAD's and nothing that describes them.
    await assert.rejects(openScan(`${folder}/b.raw`), { kind: "UnsupportedFormat" });
  }));

Deno.test("EMPAD: a damaged XML file is read or refused with an error of ours", () =>
  withFolder(async (folder) => {
    const random = seededRandom(3), xml = new TextEncoder().encode(oldXml("a.raw"));
    await writeRaw(`${folder}/a.raw`);
    let refused = 0;
    for (let trial = 0; trial < 300; trial++) {
      const damaged = xml.slice(0, trial % 3 === 0 ? Math.floor(random() * xml.length) : xml.length);
      for (let flip = 0; flip <= trial % 4; flip++) {
        damaged[Math.floor(random() * damaged.length)] = '0123456789<>/x"\0'[trial % 16].charCodeAt(0);
      }
      await Deno.writeFile(`${folder}/a.xml`, damaged);
      const path = `${folder}/${trial % 2 ? "a.raw" : "a.xml"}`;
      if (await isRefused(async () => (await openFile(path)).close())) refused++;
    }
    assert.ok(refused > 20 && refused < 280, `${refused} refused`);
  }));

sharedTest("EMPAD: the files of a real acquisition say shape and calibration", async () => {
  const scan = await openScan(sharedPath("data/formats/empad/map4x4.xml")!);
  const { pixelSize, qPixelSize, beamEnergy, cameraLength } = scan.calibration;
  assert.ok(Math.abs(pixelSize!.row - 4.5663426505682195e3 / 4) < 1e-9);
  assert.ok(Math.abs(qPixelSize!.row - 0.1826537060227288) < 1e-12);
  assert.deepEqual([beamEnergy, cameraLength], [300, 0.7225]);
  scan.close();
});
