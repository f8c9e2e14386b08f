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
