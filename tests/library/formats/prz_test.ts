/** Panta Rhei's archives: metadata as JSON, the order of axes, and older ones whose metadata are not read. */

import assert from "node:assert/strict";
import { openFile, openScan } from "../../../library/formats/open.ts";
import { readNpyHeader } from "../../../library/formats/npy_header.ts";
import { przCalibration, readPrzMetadata } from "../../../library/formats/prz_metadata.ts";
import { readZipDirectory } from "../../../library/formats/zip.ts";
import { openMember } from "../../../library/formats/zip_member.ts";
import { FileSource, readBytes } from "../../../library/scan/byte_source.ts";
import { isSeries } from "../../../library/scan/scan.ts";
import { type BadInput, fileOf, testRefusals } from "../../support/bad_input.ts";
import { npy, numpyText, rawNpy, zip } from "../../support/byte_files.ts";
import { withFolder } from "../../support/folders.ts";
import { readAll, sumOf } from "../../support/reading.ts";
import { sharedPath, sharedTest } from "../../support/shared.ts";

const data = Uint16Array.from({ length: 2 * 3 * 4 * 5 }, (_, index) => index * 7);

function archive(shape: readonly number[], json: Uint8Array | undefined, deflated = false): Uint8Array {
  return zip([
    { name: "data_model.npy", data: numpyText("{}"), deflated },
    ...(json ? [{ name: "meta_data_json.npy", data: json, deflated }] : []),
    { name: "data.npy", data: npy("<u2", shape, data), deflated },
  ]);
}

const step = (value: number, factor: number, unit: string) => ({
  name: "Length",
  value,
  unit,
  pixel_factor: factor,
});
const metadata = {
  type: "4D",
  "content.types": ["CameraX", "CameraY", "ScanX", "ScanY"],
  "device.calib": [step(1e7, 2, "1/m"), step(2e7, 2, "1/m"), step(3e-11, 4, "m"), step(3e-11, 8, "m")],
  "electron_gun.voltage": 200000,
  "projector.camera_length": 0.02,
  comment: "Ångström 𝒬",
};

Deno.test("Panta Rhei: shape, patterns, and what the metadata say about axes and microscope", () =>
  withFolder(async (folder) => {
    for (const [deflated, order] of [[false, "<"], [true, ">"]] as const) {
      const bytes = archive([2, 3, 4, 5], numpyText(JSON.stringify([metadata]), order), deflated);
      for (const name of ["a.prz", "renamed"]) {
        const scan = await openScan(fileOf(bytes, name)(folder));
        assert.deepEqual(scan.shape, { rows: 2, columns: 3, patternRows: 4, patternColumns: 5 });
        assert.deepEqual([scan.source.format, scan.source.dataset, scan.warnings], [
          "Panta Rhei",
          "data",
          [],
        ]);
        assert.deepEqual(scan.calibration, {
          pixelSize: { row: 3e-11 * 8 * 1e9, column: 3e-11 * 4 * 1e9, unit: "nm" },
          qPixelSize: { row: 4e7 * 1e-9, column: 2e7 * 1e-9, unit: "nm^-1" },
          beamEnergy: 200,
          cameraLength: 0.02,
        });
        assert.deepEqual(await readAll(scan, 1), data);
        scan.close();
      }
    }
  }));

Deno.test("Panta Rhei: a stack needs a scan shape, an index before the scan makes a series", () =>
  withFolder(async (folder) => {
    const types = (...types: string[]) => numpyText(JSON.stringify({ ...metadata, "content.types": types }));
    const stack = fileOf(archive([6, 4, 5], types("CameraX", "CameraY", "Index")), "a.prz")(folder);
    await assert.rejects(openFile(stack), { kind: "ShapeUnknown" });
    const scan = await openScan(stack, { scanShape: { rows: 3, columns: 2 } });
    assert.deepEqual([scan.calibration.pixelSize, scan.calibration.qPixelSize?.row], [undefined, 4e7 * 1e-9]);
    scan.close();
    const all = types("CameraX", "CameraY", "ScanX", "ScanY", "Index");
    const series = await openFile(fileOf(archive([2, 1, 3, 4, 5], all), "b.prz")(folder));
    assert.ok(isSeries(series) && series.frames === 2);
    assert.deepEqual(await readAll(series.frame(1)), data.slice(60));
    series.close();
  }));

Deno.test("Panta Rhei: metadata that are no JSON are not read, which is said", () =>
  withFolder(async (folder) => {
    const scan = await openScan(fileOf(archive([2, 3, 4, 5], undefined), "a.prz")(folder));
    assert.deepEqual(scan.calibration, {});
    assert.match(scan.warnings[0], /pickle/);
    assert.deepEqual(await readAll(scan), data);
    scan.close();
  }));

const prz = (json: string | Uint8Array, shape = [2, 3, 4, 5]) =>
  fileOf(archive(shape, typeof json === "string" ? numpyText(json) : json), "a.prz");
const bad: readonly BadInput[] = [
  ...[["ScanX", "ScanY", "CameraX", "CameraY"], ["CameraX", "CameraY", "ScanY", "ScanX"]].map((
    types,
  ): BadInput => ({
    name: `a Panta Rhei file of ${types}`,
    kind: "UnsupportedFormat",
    says: new RegExp(types.toReversed().join(",")),
    make: prz(JSON.stringify({ ...metadata, "content.types": types })),
  })),
  {
    name: "a Panta Rhei file with metadata that are no JSON",
    kind: "CorruptFile",
    says: /metadata.*are damaged/,
    make: prz("[{"),
  },
  {
    name: "a Panta Rhei file with metadata that are no fields",
    kind: "CorruptFile",
    says: /no fields/,
    make: prz("[3]"),
  },
  {
    name: "a Panta Rhei file with letters that are none",
    kind: "CorruptFile",
    says: /a letter/,
    make: prz(rawNpy("{'descr': '<U1', 'fortran_order': False, 'shape': (), }", new Uint8Array(4).fill(255))),
  },
  {
    name: "a Panta Rhei file with metadata that end early",
    kind: "CorruptFile",
    says: /too early/,
    make: prz(rawNpy("{'descr': '<U9', 'fortran_order': False, 'shape': (), }", new Uint8Array(4))),
  },
  {
    name: "a Panta Rhei file with metadata of numbers",
    kind: "CorruptFile",
    says: /type <u2/,
    make: prz(npy("<u2", [1], new Uint16Array(1))),
  },
  {
    name: "a Panta Rhei image",
    kind: "UnsupportedFormat",
    says: /2 axes/,
    make: prz(JSON.stringify(metadata), [6, 20]),
  },
];

testRefusals(bad);

sharedTest("Panta Rhei: the images of the manifest are no scans, but read", async () => {
  for (
    const [name, calibrated] of [["panta_rhei_sample", true], ["panta_rhei_sample_legacy", false]] as const
  ) {
    const path = sharedPath(`data/formats/prz/${name}.prz`)!;
    await assert.rejects(openFile(path), { kind: "UnsupportedFormat", message: /2 axes/ });
    const file = FileSource.open(path), members = readZipDirectory(file);
    const array = await openMember(file, members.find(({ name }) => name === "data.npy")!);
    const { shape, dataOffset, descriptor } = readNpyHeader(array);
    const pixels = new Uint16Array(readBytes(array, dataOffset, 512).buffer);
    assert.deepEqual([shape, descriptor, sumOf(pixels)], [[16, 16], "<u2", 9854583]);
    assert.deepEqual([0, 136, 255, 170].map((at) => pixels[at]), [36193, 38627, 39084, 40571]);
    const metadata = await readPrzMetadata(file, members);
    assert.equal(metadata !== undefined, calibrated);
    if (metadata) {
      // An image has two axes, which are those of the pattern here: its pixels are said, and not taken for those of one.
      const warnings: string[] = [];
      assert.deepEqual(przCalibration(metadata, 2, warnings), { beamEnergy: 200, cameraLength: 0.02 });
      const [, size] = /a detector pixel is ([\d.]+) nm/.exec(warnings[0]) ?? [];
      assert.ok(warnings.length === 1 && Math.abs(Number(size) - 7.795828292907633) < 1e-12, warnings[0]);
    }
    array.close();
    file.close();
  }
});
