/** Axes of one element: arrays with a colour, a channel or a time beside the axes of a scan. */

import assert from "node:assert/strict";
import { openFile, openScan, type OpenScanOptions } from "../../../library/formats/open.ts";
import { leaveOutSingleAxes } from "../../../library/formats/single_axes.ts";
import { isSeries } from "../../../library/scan/scan.ts";
import { npy } from "../../support/byte_files.ts";
import { withFolder } from "../../support/folders.ts";
import { writeHdf5 } from "../../support/hdf5_files.ts";
import { readAll } from "../../support/reading.ts";
import { arrayFiles, writeStore } from "../../support/zarr_stores.ts";

const plain = [3, 4, 5, 6];
const values = Uint16Array.from({ length: 360 }, (_, index) => index * 7);

/** The shape with an axis of one element before each of these axes. */
function withSingles(...places: readonly number[]): number[] {
  return [...plain, 0].flatMap((length, axis) => [
    ...places.filter((place) => place === axis).map(() => 1),
    ...(length > 0 ? [length] : []),
  ]);
}

const shapes = [withSingles(0), withSingles(2), withSingles(3), withSingles(4)];

async function assertPlain(path: string, options: OpenScanOptions = {}): Promise<void> {
  const scan = await openScan(path, options);
  const { rows, columns, patternRows, patternColumns } = scan.shape;
  assert.deepEqual([rows, columns, patternRows, patternColumns], plain);
  for (const rows of [1, 2, 3]) assert.deepEqual(await readAll(scan, rows), values.slice());
  assert.ok(scan.warnings.some((warning) => /an axis of one element, which was left out/.test(warning)));
  scan.close();
}

Deno.test("axes of one element are left out, and said, wherever they stand", () =>
  withFolder(async (folder) => {
    for (const [index, shape] of shapes.entries()) {
      await Deno.writeFile(`${folder}/${index}.npy`, npy("<u2", shape, values));
      await assertPlain(`${folder}/${index}.npy`);
      for (const chunks of [null, shape.map((length) => Math.ceil(length / 2))]) {
        await assertPlain(
          await writeHdf5(`${folder}/${index}.h5`, (file) => {
            const compression = chunks ? 1 : undefined;
            file.create_dataset({ name: "a", data: values, shape, chunks, compression });
          }),
          { dataset: "a" },
        );
      }
      const chunks = shape.map((length) => Math.ceil(length / 2));
      const files = await arrayFiles("", { version: 2, lengths: shape, chunks, data: values });
      await assertPlain(await writeStore(`${folder}/${index}.zarr`, files));
    }
  }));

Deno.test("axes of one element are left out of arrays in Fortran order", () =>
  withFolder(async (folder) => {
    const shape = withSingles(4), turned = new Uint16Array(360);
    for (let index = 0; index < 360; index++) {
      const qx = index % 6, qy = Math.floor(index / 6) % 5, column = Math.floor(index / 30) % 4;
      turned[Math.floor(index / 120) + 3 * (column + 4 * (qy + 5 * qx))] = values[index];
    }
    await Deno.writeFile(`${folder}/a.npy`, npy("<u2", shape, turned, true));
    await assertPlain(`${folder}/a.npy`);
  }));

Deno.test("an fpd file has its colours left out, and the steps of the axes that stay", () =>
  withFolder(async (folder) => {
    const shape = withSingles(2);
    const path = await writeHdf5(`${folder}/a.hdf5`, (file) => {
      const group = file.create_group("fpd_expt").create_group("fpd_data");
      group.create_attribute("emd_group_type", 1);
      group.create_dataset({ name: "data", data: values, shape });
      const units = ["nm", "nm", "none", "nm^-1", "nm^-1"];
      shape.forEach((length, axis) => {
        const data = Float64Array.from({ length }, (_, index) => index * (axis + 1));
        group.create_dataset({ name: `dim${axis + 1}`, data }).create_attribute("units", units[axis]);
      });
    });
    await assertPlain(path);
    const scan = await openScan(path);
    assert.deepEqual(scan.calibration, {
      pixelSize: { row: 1, column: 2, unit: "nm" },
      qPixelSize: { row: 4, column: 5, unit: "nm^-1" },
    });
    scan.close();
    const series = await openFile(path, { scanShape: { rows: 4, columns: 1 } });
    assert.ok(isSeries(series) && series.frames === 3);
    series.close();
  }));

Deno.test("HyperSpy's axes of one element may be navigated or not", () =>
  withFolder(async (folder) => {
    const shape = withSingles(4), units = ["nm", "nm", "1/nm", "1/nm", ""];
    const path = await writeHdf5(`${folder}/a.hspy`, (file) => {
      file.create_attribute("file_format", "HyperSpy");
      const experiment = file.create_group("Experiments").create_group("__unnamed__");
      experiment.create_dataset({ name: "data", data: values, shape });
      units.forEach((unit, axis) => {
        const group = experiment.create_group(`axis-${axis}`);
        group.create_attribute("units", unit);
        group.create_attribute("scale", axis < 2 ? 2 : 0.5);
        group.create_attribute("navigate", axis < 2 ? 1 : 0);
      });
    });
    await assertPlain(path);
    const scan = await openScan(path);
    assert.deepEqual(scan.calibration.qPixelSize, { row: 0.5, column: 0.5, unit: "nm^-1" });
    scan.close();
  }));

Deno.test("a stack whose last axis has one element is one of images where the scan shape says so", () =>
  withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a.npy`, npy("<u2", [12, 5, 6, 1], values));
    await assertPlain(`${folder}/a.npy`, { scanShape: { rows: 3, columns: 4 } });
  }));

Deno.test("lines of scans and series of lines are what they are", () => {
  const kept = (lengths: number[], rows?: number, columns?: number) =>
    leaveOutSingleAxes(
      lengths,
      rows === undefined ? {} : { scanShape: { rows, columns: columns! } },
      "it",
    ).axes.map((axis) => lengths[axis]);
  for (const lengths of [[1, 9, 5, 6], [9, 1, 5, 6], [7, 1, 9, 5, 6], [7, 2, 9, 5, 6], [9, 5, 6]]) {
    assert.deepEqual(kept(lengths), lengths);
  }
  assert.deepEqual(kept([1, 1, 9, 5, 6]), [1, 9, 5, 6]);
  assert.deepEqual(kept([7, 9, 1, 5, 6]), [7, 9, 5, 6]);
  assert.deepEqual(kept([7, 9, 1, 5, 6], 9, 1), [7, 9, 1, 5, 6]);
  assert.deepEqual(kept([7, 9, 1, 5, 6], 7, 9), [7, 9, 5, 6]);
});

Deno.test("an axis of one element belongs to the scan where the first axis is called frames or time", () => {
  const kept = (lengths: number[], firstAxis?: string) =>
    leaveOutSingleAxes(lengths, {}, "it", firstAxis).axes.map((axis) => lengths[axis]);
  for (const name of ["frame", "Time", "t"]) {
    for (const lengths of [[7, 9, 1, 5, 6], [7, 1, 1, 5, 6]]) assert.deepEqual(kept(lengths, name), lengths);
    assert.deepEqual(kept([1, 9, 8, 5, 6], name), [9, 8, 5, 6]);
    assert.deepEqual(kept([7, 9, 5, 6, 1], name), [7, 9, 5, 6]);
  }
  for (const name of ["y", "", undefined]) assert.deepEqual(kept([7, 9, 1, 5, 6], name), [7, 9, 5, 6]);
});
