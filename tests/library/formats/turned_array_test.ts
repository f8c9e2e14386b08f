/** HDF5 arrays whose detector axes come first: MATLAB's, and those whose units or names say so. */

import assert from "node:assert/strict";
import { openFile, openScan } from "../../../library/formats/open.ts";
import { isSeries, readPattern } from "../../../library/scan/scan.ts";
import { withFolder } from "../../support/folders.ts";
import { writeHdf5 } from "../../support/hdf5_files.ts";
import { readAll } from "../../support/reading.ts";

const [rows, columns, qRows, qColumns] = [3, 4, 5, 6];
/** (row, column, qy, qx). */
const expected = Uint16Array.from({ length: rows * columns * qRows * qColumns }, (_, i) => i * 7919 % 65521);

/** The same numbers with the axes in another order, given by their numbers. */
function inOrder(order: readonly number[]): { data: Uint16Array; shape: number[] } {
  const lengths = [rows, columns, qRows, qColumns], shape = order.map((axis) => lengths[axis]);
  const data = new Uint16Array(expected.length), index = [0, 0, 0, 0];
  for (let at = 0; at < data.length; at++) {
    let left = at;
    for (let place = 3; place >= 0; place--) {
      index[order[place]] = left % shape[place];
      left = Math.floor(left / shape[place]);
    }
    data[at] = expected[index.reduce((sum, value, axis) => sum * lengths[axis] + value, 0)];
  }
  return { data, shape };
}

const layouts = {
  "in one piece": {},
  "in chunks": { chunks: [4, 2, 3, 2], compression: 4 },
  "in chunks of patterns": { chunks: [5, 5, 1, 1] },
};

for (const [name, layout] of Object.entries(layouts)) {
  Deno.test(`an array of MATLAB ${name} is read as MATLAB has it`, () =>
    withFolder(async (folder) => {
      const path = await writeHdf5(`${folder}/a.mat`, (file) => {
        const dataset = file.create_dataset({ name: "data", ...inOrder([3, 2, 1, 0]), ...layout });
        dataset.create_attribute("MATLAB_class", "uint16");
      });
      const scan = await openScan(path);
      assert.deepEqual(scan.shape, { rows, columns, patternRows: qRows, patternColumns: qColumns });
      assert.match(scan.warnings.join(), /as MATLAB has it, \(row, column, qy, qx\)/);
      for (const bandHeight of [3, 1]) assert.deepEqual(await readAll(scan, bandHeight), expected);
      const pixels = qRows * qColumns;
      assert.deepEqual(await readPattern(scan, 2, 1), expected.slice(9 * pixels, 10 * pixels));
      scan.close();
      // Who says the scan shape has patterns whole in the file.
      const asStored = await openScan(path, { scanShape: { rows: qColumns, columns: qRows } });
      assert.equal(asStored.shape.patternRows, columns);
      asStored.close();
    }));

  Deno.test(`an EMD array ${name} whose units say that the detector comes first is turned, with its sizes`, () =>
    withFolder(async (folder) => {
      const orders = {
        "kx ky x y": [3, 2, 1, 0],
        "ky kx y x": [2, 3, 0, 1],
      };
      const steps = { x: [2, "nm"], y: [3, "nm"], kx: [0.25, "1/nm"], ky: [0.5, "1/nm"] } as const;
      for (const [axes, order] of Object.entries(orders)) {
        const path = await writeHdf5(`${folder}/${axes}.emd`, (file) => {
          const group = file.create_group("a");
          group.create_attribute("emd_group_type", 1);
          group.create_dataset({ name: "data", ...inOrder(order), ...layout });
          axes.split(" ").forEach((axis, index) => {
            const [step, unit] = steps[axis as keyof typeof steps];
            const values = group.create_dataset({ name: `dim${index + 1}`, data: Float64Array.of(0, step) });
            values.create_attribute("name", axis);
            values.create_attribute("units", unit);
          });
        });
        const scan = await openScan(path);
        assert.deepEqual(scan.shape, { rows, columns, patternRows: qRows, patternColumns: qColumns }, axes);
        assert.deepEqual(await readAll(scan, 2), expected, axes);
        const said = axes === "kx ky x y" ? /\(qx, qy, column, row\)/ : /\(qy, qx, row, column\)/;
        assert.match(scan.warnings.join(), said);
        assert.deepEqual(scan.calibration.pixelSize, { row: 3, column: 2, unit: "nm" });
        assert.deepEqual(scan.calibration.qPixelSize, { row: 0.5, column: 0.25, unit: "nm^-1" });
        scan.close();
      }
    }));
}

/** Steps of the axes of a signal that was transposed, as HyperSpy writes them. */
const transposed = [["ky", 0.5, "1/nm"], ["kx", 0.25, "1/nm"], ["y", 3, "nm"], ["x", 2, "nm"]] as const;

Deno.test("a transposed signal of HyperSpy is turned, in HDF5 and in Zarr", () =>
  withFolder(async (folder) => {
    const { data, shape } = inOrder([2, 3, 0, 1]);
    const hspy = await writeHdf5(`${folder}/a.hspy`, (file) => {
      file.create_attribute("file_format", "HyperSpy");
      const signal = file.create_group("Experiments").create_group("a");
      signal.create_dataset({ name: "data", data, shape, chunks: [4, 2, 3, 2], compression: 4 });
      transposed.forEach(([name, scale, units], axis) => {
        const group = signal.create_group(`axis-${axis}`);
        for (const [key, value] of Object.entries({ name, units, scale, navigate: Number(axis < 2) })) {
          group.create_attribute(key, value);
        }
      });
    });
    const zspy = `${folder}/a.zspy`, experiment = `${zspy}/Experiments/a`;
    await Deno.mkdir(`${experiment}/data`, { recursive: true });
    const write = (path: string, json: unknown) => Deno.writeTextFile(path, JSON.stringify(json));
    await write(`${zspy}/.zgroup`, { zarr_format: 2 });
    await write(`${zspy}/.zattrs`, { file_format: "ZSpy" });
    for (const group of ["Experiments", "Experiments/a"]) {
      await write(`${zspy}/${group}/.zgroup`, { zarr_format: 2 });
    }
    for (const [axis, [name, scale, units]] of transposed.entries()) {
      await Deno.mkdir(`${experiment}/axis-${axis}`);
      await write(`${experiment}/axis-${axis}/.zgroup`, { zarr_format: 2 });
      await write(`${experiment}/axis-${axis}/.zattrs`, { name, scale, units, navigate: axis < 2 });
    }
    const chunks = [2, shape[1], shape[2], shape[3]], perChunk = data.length / shape[0] * 2;
    await write(`${experiment}/data/.zarray`, {
      ...{
        zarr_format: 2,
        shape,
        chunks,
        dtype: "<u2",
        compressor: null,
        fill_value: 0,
        order: "C",
        filters: null,
      },
    });
    for (let first = 0; first < shape[0]; first += 2) {
      const chunk = new Uint16Array(perChunk);
      chunk.set(data.subarray(first / 2 * perChunk, (first / 2 + 1) * perChunk));
      await Deno.writeFile(`${experiment}/data/${first / 2}.0.0.0`, new Uint8Array(chunk.buffer));
    }
    for (const path of [hspy, zspy]) {
      const scan = await openScan(path);
      assert.deepEqual(scan.shape, { rows, columns, patternRows: qRows, patternColumns: qColumns }, path);
      for (const bandHeight of [3, 1]) assert.deepEqual(await readAll(scan, bandHeight), expected, path);
      assert.match(scan.warnings.join(), /\(qy, qx, row, column\)/);
      assert.deepEqual(scan.calibration.pixelSize, { row: 3, column: 2, unit: "nm" });
      assert.deepEqual(scan.calibration.qPixelSize, { row: 0.5, column: 0.25, unit: "nm^-1" });
      scan.close();
      // Who says the scan shape has patterns whole in the file.
      const asStored = await openScan(path, { scanShape: { rows: qRows, columns: qColumns } });
      assert.equal(asStored.shape.patternRows, rows);
      asStored.close();
    }
  }));

Deno.test("turning packed chunks says what unpacking one takes", () =>
  withFolder(async (folder) => {
    const bytes: number[] = [];
    for (const compression of [undefined, 4]) {
      const path = await writeHdf5(`${folder}/${compression}.mat`, (file) => {
        const layout = { chunks: [6, 5, 4, 3], ...(compression && { compression }) };
        file.create_dataset({ name: "data", ...inOrder([3, 2, 1, 0]), ...layout })
          .create_attribute("MATLAB_class", "uint16");
      });
      const scan = await openScan(path);
      bytes.push(scan.preparation!.bytes);
      scan.close();
    }
    // Unpacked, a chunk is itself; packed, itself and what it was unpacked from, twice.
    assert.equal(bytes[1] - bytes[0], 2 * expected.byteLength);
  }));

Deno.test("a series of MATLAB has its frames first there", () =>
  withFolder(async (folder) => {
    const one = inOrder([3, 2, 1, 0]);
    const path = await writeHdf5(`${folder}/a.mat`, (file) => {
      // The frame is the fastest axis in HDF5.
      const data = Uint16Array.from({ length: 2 * one.data.length }, (_, i) =>
        i % 2 === 0 ? one.data[i / 2] : 65535 - one.data[(i - 1) / 2]);
      file.create_dataset({ name: "data", data, shape: [...one.shape, 2] }).create_attribute(
        "MATLAB_class",
        "uint16",
      );
    });
    const series = await openFile(path);
    assert.ok(isSeries(series) && series.frames === 2);
    assert.deepEqual(series.shape, { rows, columns, patternRows: qRows, patternColumns: qColumns });
    assert.deepEqual(await readAll(series.frame(0)), expected);
    assert.deepEqual(
      await readAll(series.frame(1)),
      expected.map((value) =>
        65535 - value
      ),
    );
    series.close();
  }));
