/** DigitalMicrograph files of both versions and byte orders: orders of axes, number types, calibration, images. */

import assert from "node:assert/strict";
import { openFile, openScan } from "../../../library/formats/open.ts";
import type { OpenScanOptions } from "../../../library/formats/open.ts";
import { bytesOf, createPixelArray, type DType, type PixelArray } from "../../../library/scan/dtype.ts";
import { isSeries, type Scan } from "../../../library/scan/scan.ts";
import {
  dmFile,
  type DmImageRecipe,
  type DmKind,
  dmKinds,
  type DmNumber,
  imageFileTags,
  number,
  numbers,
  text,
} from "../../support/dm_files.ts";
import { withFolder } from "../../support/folders.ts";
import { readAll } from "../../support/reading.ts";
import { describeStored, readStored } from "../../support/stored.ts";

/** Scan rows and columns, qy, qx. */
const lengths = [3, 4, 5, 6] as const, [rows, columns, patternRows, patternColumns] = lengths;
const counts = Uint16Array.from({ length: 360 }, (_, index) => (index * 7919) % 65521);
const fastestFirst = [6, 5, 4, 3];
const newAxes = [[0.1, "1/nm"], [0.2, "1/nm"], [2, "nm"], [1, "nm"]] as const;

const swapped: DmImageRecipe = {
  dimensions: fastestFirst,
  dataType: 10,
  data: numbers("u16", counts),
  axes: newAxes,
  swapped: true,
  format: "Diffraction image",
  microscope: {
    Voltage: number("f64", 200000),
    "STEM Camera Length": number("f64", 550),
    "Indicated Magnification": number("f64", 225000),
    Name: text("µ-scope"),
  },
};

async function open(
  folder: string,
  kind: DmKind,
  images: readonly DmImageRecipe[],
  options: OpenScanOptions = {},
): Promise<Scan> {
  const path = `${folder}/scan.dm${kind.version}`;
  await Deno.writeFile(path, dmFile(kind, imageFileTags(...images)));
  return await openScan(path, options);
}

function naming({ version, littleEndian }: DmKind): string {
  return `DM${version}, ${littleEndian ? "little" : "big"}-endian`;
}

for (const kind of dmKinds) {
  Deno.test(`${naming(kind)}: a scan of whole patterns, its calibration and what else it says`, () =>
    withFolder(async (folder) => {
      const scan = await open(folder, kind, [swapped]);
      assert.deepEqual(scan.shape, { rows, columns, patternRows, patternColumns });
      assert.deepEqual(scan.calibration, {
        pixelSize: { row: 1, column: 2, unit: "nm" },
        qPixelSize: { row: Math.fround(0.2), column: Math.fround(0.1), unit: "nm^-1" },
        beamEnergy: 200,
      });
      assert.equal(scan.source.format, `Gatan DM${kind.version}`);
      assert.equal(scan.source.dataset, "ImageList/1");
      assert.deepEqual(scan.source.notes, {
        contents: "Diffraction image",
        microscope: "µ-scope",
        cameraLengthAsStored: 550,
        magnification: 225000,
      });
      assert.deepEqual(scan.warnings, []);
      // What is as in memory is read by threads as it lies.
      assert.equal(describeStored(scan), kind.littleEndian ? "contiguous" : "frames");
      for (const bandHeight of [1, 2, 3]) assert.deepEqual(await readAll(scan, bandHeight), counts);
      for (const step of [12, 5]) assert.deepEqual(readStored(scan, step), bytesOf(counts));
      scan.close();
    }));

  for (
    const [type, code, dtype] of [
      ["u8", 6, "u8"],
      ["i8", 9, "i16"],
      ["u16", 10, "u16"],
      ["i16", 1, "i16"],
      ["u32", 11, "u32"],
      ["i32", 7, "i32"],
      ["f32", 2, "f32"],
      ["f64", 12, "f64"],
    ] as [DmNumber, number, DType][]
  ) {
    Deno.test(`${naming(kind)}: numbers of ${type}`, () =>
      withFolder(async (folder) => {
        const data: PixelArray | Int8Array = type === "i8"
          ? new Int8Array(360)
          : createPixelArray(dtype, 360);
        for (let i = 0; i < 360; i++) data[i] = type[0] === "u" ? i * 7919 : (i - 180) * 7919.5;
        const scan = await open(folder, kind, [{ ...swapped, dataType: code, data: numbers(type, data) }]);
        const expected = createPixelArray(dtype, 360);
        expected.set(data);
        assert.equal(scan.dtype, dtype);
        assert.deepEqual(await readAll(scan, 2), expected);
        scan.close();
      }));
  }
}

const [, , dm4] = dmKinds;

Deno.test("DM: five axes are a series, three a stack that needs a scan shape", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.dm4`;
    const series = { ...swapped, dimensions: [6, 5, 2, 3, 2], axes: [...newAxes, [5, "s"]] as const };
    await Deno.writeFile(path, dmFile(dm4, imageFileTags(series)));
    const opened = await openFile(path);
    assert.ok(isSeries(opened));
    assert.deepEqual([opened.frames, opened.shape.rows, opened.shape.columns], [2, 3, 2]);
    assert.deepEqual(opened.calibration.pixelSize, { row: 1, column: 2, unit: "nm" });
    assert.deepEqual(await readAll(opened.frame(1)), counts.subarray(180));
    opened.close();
    const stack = { ...swapped, dimensions: [6, 5, 12], axes: newAxes.slice(0, 2), swapped: undefined };
    for (const format of [undefined, "Image", "Diffraction image"]) {
      const recipe = { ...stack, format };
      const scan = await open(folder, dm4, [recipe], { scanShape: { rows: 3, columns: 4 } });
      assert.deepEqual(await readAll(scan), counts);
      assert.deepEqual(Object.keys(scan.calibration), ["qPixelSize", "beamEnergy"]);
      scan.close();
      await assert.rejects(open(folder, dm4, [recipe]), { kind: "ShapeUnknown" });
    }
  }));

Deno.test("DM: units say the order where nothing else does, and contradictions are told", () =>
  withFolder(async (folder) => {
    const unsaid = await open(folder, dm4, [{ ...swapped, swapped: undefined }]);
    assert.match(
      unsaid.warnings[0],
      /order of axes was taken from the units of its axes \(1\/nm, 1\/nm, nm, nm\)/,
    );
    assert.deepEqual(await readAll(unsaid), counts);
    unsaid.close();
    const axes = [...newAxes].reverse();
    const contradicted = await open(folder, dm4, [{ ...swapped, axes }]);
    assert.match(contradicted.warnings[0], /contradict the order of axes/);
    assert.deepEqual(contradicted.calibration, { beamEnergy: 200 });
    contradicted.close();
  }));

Deno.test("DM: axes without units, or in units of something else, calibrate nothing", () =>
  withFolder(async (folder) => {
    for (const unit of ["", "pixels", "s"]) {
      const axes = fastestFirst.map(() => [0.5, unit] as const);
      const scan = await open(folder, dm4, [{ ...swapped, axes, microscope: { Voltage: number("f64", 0) } }]);
      assert.deepEqual(scan.calibration, {});
      scan.close();
    }
    const angles = [[0.1, "mrad"], [0.1, "mrad"], [NaN, "nm"], [1, "nm"]] as const;
    const scan = await open(folder, dm4, [{ ...swapped, axes: angles }]);
    assert.deepEqual(Object.keys(scan.calibration), ["qPixelSize", "beamEnergy"]);
    assert.equal(scan.calibration.qPixelSize?.unit, "mrad");
    scan.close();
  }));

Deno.test("DM: the scan is found among other images, or named", () =>
  withFolder(async (folder) => {
    const picture: DmImageRecipe = { dimensions: [6, 60], dataType: 10, data: numbers("u16", counts) };
    const scan = await open(folder, dm4, [picture, swapped]);
    assert.equal(scan.source.dataset, "ImageList/2");
    scan.close();
    await assert.rejects(open(folder, dm4, [swapped, swapped]), {
      kind: "BadParameter",
      message: /holds 2 images that could be the scan/,
    });
    for (const dataset of ["ImageList/2", "/ImageList/2/"]) {
      const second = await open(folder, dm4, [swapped, swapped], { dataset });
      assert.equal(second.source.dataset, "ImageList/2");
      second.close();
    }
    for (const dataset of ["ImageList/0", "ImageList/4", "data"]) {
      await assert.rejects(open(folder, dm4, [swapped], { dataset }), {
        kind: "BadParameter",
        message: /has no image/,
      });
    }
    await assert.rejects(open(folder, dm4, [picture, picture]), {
      kind: "UnsupportedFormat",
      message: /one image of 60 x 6 pixels/,
    });
    const stack = { ...swapped, dimensions: [6, 5, 12], axes: [] };
    const named = await open(folder, dm4, [picture, stack], { scanShape: { rows: 3, columns: 4 } });
    assert.equal(named.source.dataset, "ImageList/2");
    named.close();
  }));
