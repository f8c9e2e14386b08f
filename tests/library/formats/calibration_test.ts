/** Calibrations as programs write them: units in many spellings, pairs that differ, axes that stand the other way round. */

import assert from "node:assert/strict";
import { axisCalibration, pixelSizeOf } from "../../../library/formats/axis_steps.ts";
import { openScan } from "../../../library/formats/open.ts";
import type { Calibration } from "../../../library/scan/calibration.ts";
import { withFolder } from "../../support/folders.ts";
import { writeHdf5 } from "../../support/hdf5_files.ts";

type File = Parameters<Parameters<typeof writeHdf5>[1]>[0];

const shape = [2, 3, 4, 5], data = new Uint8Array(120);

/** A HyperSpy file whose four axes have these units. */
function hyperspy(units: readonly string[]): (file: File) => void {
  return (file) => {
    file.create_attribute("file_format", "HyperSpy");
    const experiment = file.create_group("Experiments").create_group("__unnamed__");
    experiment.create_dataset({ name: "data", data, shape });
    units.forEach((unit, index) => {
      const axis = experiment.create_group(`axis-${index}`);
      axis.create_attribute("units", unit);
      axis.create_attribute("scale", index < 2 ? 5.1 : 0.05);
      axis.create_attribute("navigate", index < 2 ? 1 : 0);
    });
  };
}

async function read(build: (file: File) => void): Promise<[Calibration, readonly string[]]> {
  let found: [Calibration, readonly string[]] | undefined;
  await withFolder(async (folder) => {
    const scan = await openScan(await writeHdf5(`${folder}/a.h5`, build));
    found = [scan.calibration, scan.warnings];
    scan.close();
  });
  return found!;
}

const pixels = (step: number, unit: string) => ({ row: step, column: step, unit });

Deno.test("units are understood as HyperSpy files have them", async () => {
  const cases: readonly (readonly [scan: string, detector: string, Calibration])[] = [
    ["nm", "k_A^-1", { pixelSize: pixels(5.1, "nm"), qPixelSize: pixels(0.05, "A^-1") }],
    ["nm", "q_A^-1", { pixelSize: pixels(5.1, "nm"), qPixelSize: pixels(0.05 / (2 * Math.PI), "A^-1") }],
    ["nanometers", "1/angstroms", { pixelSize: pixels(5.1, "nm"), qPixelSize: pixels(0.05, "A^-1") }],
    ["Angstroms", "µrad", { pixelSize: pixels(5.1, "A"), qPixelSize: pixels(0.05 * 1e-3, "mrad") }],
    ["µm", "$\\mathrm{nm}^{-1}$", { pixelSize: pixels(5.1, "um"), qPixelSize: pixels(0.05, "nm^-1") }],
    ["<undefined>", "pixels", {}],
  ];
  for (const [scan, detector, wanted] of cases) {
    const [calibration, warnings] = await read(hyperspy([scan, scan, detector, detector]));
    assert.deepEqual([calibration, warnings], [wanted, []], `${scan} ${detector}`);
  }
});

Deno.test("what is not understood is said, once", async () => {
  const [calibration, warnings] = await read(hyperspy(["furlong", "furlong", "1/nm", "1/nm"]));
  assert.deepEqual(calibration, { qPixelSize: pixels(0.05, "nm^-1") });
  assert.deepEqual(warnings, ["the file says 5.1 'furlong', which was not understood"]);
  const [none, told] = await read(hyperspy(["1/nm", "1/nm", "nm^-1", "nm^-1"]));
  assert.deepEqual(none, { qPixelSize: pixels(0.05, "nm^-1") });
  assert.deepEqual(told, [
    "the file says that the step of the scan is 5.1 nm^-1, which is no length, so it was left out",
  ]);
  const [, long] = await read(hyperspy(["nm", "nm", "x".repeat(500), "1/nm"]));
  assert.ok(long.length === 1 && long[0].length < 120, long[0]);
});

Deno.test("units that differ within a pair are converted, or said not to go together", () => {
  const warnings: string[] = [];
  const size = pixelSizeOf({ step: 5.1, unit: "nm" }, { step: -0.0051, unit: "µm" }, warnings)!;
  assert.ok(size.row === 5.1 && Math.abs(size.column - 5.1) < 1e-12 && size.unit === "nm");
  assert.deepEqual(warnings, []);
  const reciprocal = pixelSizeOf({ step: 1, unit: "1/A" }, { step: 10, unit: "nm^-1" })!;
  assert.ok(reciprocal.row === 1 && Math.abs(reciprocal.column - 1) < 1e-12);
  assert.equal(pixelSizeOf({ step: 1, unit: "nm" }, { step: 1, unit: "mrad" }, warnings), undefined);
  assert.deepEqual(warnings, [
    "the file says 1 'nm' along rows and 1 'mrad' along columns, which do not go together",
  ]);
  for (const step of [undefined, 0, NaN, Infinity]) {
    assert.equal(pixelSizeOf({ step, unit: "nm" }, { step: 1, unit: "nm" }), undefined);
  }
  const unknown = { step: undefined, unit: undefined };
  assert.deepEqual(axisCalibration([unknown, unknown, unknown, unknown]), {});
});

Deno.test("py4DSTEM's calibrations are found where its versions put them", async () => {
  const text = (value: string) => ({ data: value, shape: [], dtype: "S" });
  const old = (file: File) => {
    const top = file.create_group("4DSTEM_experiment");
    const group = top.create_group("data").create_group("datacubes").create_group("datacube_0");
    group.create_attribute("emd_group_type", 1);
    group.create_dataset({ name: "data", data, shape });
    const bundle = top.create_group("metadata").create_group("calibration");
    bundle.create_dataset({ name: "R_pixel_size", data: 1.5, shape: [], dtype: "<d" });
    bundle.create_dataset({ name: "Q_pixel_size", data: 0.02, shape: [], dtype: "<d" });
    bundle.create_dataset({ name: "R_pixel_size_units", ...text("nm") });
    bundle.create_dataset({ name: "Q_pixel_size_units", ...text("A^-1") });
  };
  const beside = (file: File) => {
    const group = file.create_group("4DSTEM").create_group("datacube");
    group.create_attribute("emd_group_type", 1);
    group.create_dataset({ name: "data", data, shape });
    const bundle = group.create_group("calibration");
    bundle.create_dataset({ name: "R_pixel_size", data: 1.5, shape: [], dtype: "<d" });
    bundle.create_dataset({ name: "Q_pixel_size", data: 0.02, shape: [], dtype: "<d" });
    bundle.create_dataset({ name: "R_pixel_units", ...text("nm") });
    bundle.create_dataset({ name: "Q_pixel_units", ...text("A^-1") });
  };
  for (const build of [old, beside]) {
    assert.deepEqual(await read(build), [
      { pixelSize: pixels(1.5, "nm"), qPixelSize: pixels(0.02, "A^-1") },
      [],
    ]);
  }
});

Deno.test("axes that stand the other way round are turned, unless the scan shape is given", () =>
  withFolder(async (folder) => {
    const path = await writeHdf5(`${folder}/a.emd`, (file) => {
      const group = file.create_group("signals").create_group("scan");
      group.create_attribute("emd_group_type", 1);
      group.create_dataset({ name: "data", data, shape });
      ["[1_/_n_m]", "[1_/_n_m]", "[n_m]", "[n_m]"].forEach((unit, index) => {
        group.create_dataset({ name: `dim${index + 1}`, data: Float64Array.of(0, 0.05) })
          .create_attribute("units", unit);
      });
    });
    const turned = await openScan(path);
    assert.deepEqual([turned.shape.rows, turned.shape.patternRows], [shape[2], shape[0]]);
    assert.deepEqual(turned.calibration.pixelSize, { row: 0.05, column: 0.05, unit: "nm" });
    turned.close();
    const scan = await openScan(path, { scanShape: { rows: 2, columns: 3 } });
    assert.deepEqual(scan.calibration, {});
    assert.equal(scan.warnings.length, 2);
    scan.close();
  }));

Deno.test("axes that stand the other way round are known by units of some, or by names", () =>
  withFolder(async (folder) => {
    type Axis = readonly [name: string, unit: string];
    const cases: readonly (readonly [swapped: boolean, axes: readonly Axis[]])[] = [
      [true, [["kx", ""], ["ky", ""], ["x", ""], ["y", ""]]],
      [true, [["Q_y", "pixels"], ["Q_x", "pixels"], ["R_y", "pixels"], ["R_x", "pixels"]]],
      [true, [["", "1/nm"], ["", "1/nm"], ["", "pixels"], ["", "pixels"]]],
      [true, [["", "mrad"], ["", "mrad"], ["", "µm"], ["", "nm"]]],
      [true, [["", "1/nm"], ["", ""], ["", "µm"], ["", ""]]],
      [true, [["", ""], ["", "1/nm"], ["", ""], ["", "µm"]]],
      [false, [["", "1/nm"], ["", ""], ["", ""], ["", ""]]],
      [false, [["", "1/nm"], ["", "nm"], ["", "nm"], ["", ""]]],
      [false, [["y", ""], ["x", ""], ["ky", ""], ["kx", ""]]],
      [false, [["y", "nm"], ["x", "nm"], ["y", "1/nm"], ["x", "1/nm"]]],
      [false, [["", "deg"], ["", "deg"], ["", "1/nm"], ["", "1/nm"]]],
      [false, [["x", "pixels"], ["y", "pixels"], ["x", "pixels"], ["y", "pixels"]]],
    ];
    for (const [index, [swapped, axes]] of cases.entries()) {
      const emd = await writeHdf5(`${folder}/${index}.emd`, (file) => {
        const group = file.create_group("a");
        group.create_attribute("emd_group_type", 1);
        group.create_dataset({ name: "data", data, shape });
        axes.forEach(([name, unit], axis) => {
          group.create_dataset({ name: `dim${axis + 1}`, data: Float64Array.of(0, 1) });
          const dimension = file.get(`a/dim${axis + 1}`)!;
          assert.ok("create_attribute" in dimension);
          dimension.create_attribute("name", name);
          dimension.create_attribute("units", unit);
        });
      });
      const hspy = await writeHdf5(`${folder}/${index}.hspy`, (file) => {
        file.create_attribute("file_format", "HyperSpy");
        const experiment = file.create_group("Experiments").create_group("a");
        experiment.create_dataset({ name: "data", data, shape });
        axes.forEach(([name, unit], axis) => {
          const group = experiment.create_group(`axis-${axis}`);
          group.create_attribute("name", name);
          group.create_attribute("units", unit);
          group.create_attribute("scale", 1);
        });
      });
      for (const path of [emd, hspy]) {
        const scan = await openScan(path);
        assert.equal(scan.source.notes?.layout !== undefined, swapped, `${path} ${axes}`);
        assert.equal(
          scan.shape.rows * scan.shape.columns,
          swapped ? shape[2] * shape[3] : shape[0] * shape[1],
        );
        scan.close();
      }
    }
  }));
