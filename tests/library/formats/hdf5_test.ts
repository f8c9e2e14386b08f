import assert from "node:assert/strict";
import { openFile, openScan, type OpenScanOptions } from "../../../library/formats/open.ts";
import type { PixelArray } from "../../../library/scan/dtype.ts";
import type { ShapeUnknown } from "../../../library/scan/errors.ts";
import { isSeries } from "../../../library/scan/scan.ts";
import { withFolder } from "../../support/folders.ts";
import { masterPattern, masterValue, writeHdf5, writeMaster } from "../../support/hdf5_files.ts";
import { readAll } from "../../support/reading.ts";

const shape = [7, 5, 4, 6];
const values = Uint16Array.from({ length: 7 * 5 * 4 * 6 }, (_, index) => (index * 17) % 1009);

const layouts:
  readonly (readonly [name: string, chunks: number[] | null, compression?: number, options?: number[]])[] = [
    ["contiguous", null],
    ["chunked by pattern", [1, 1, 4, 6], 1, [4]],
    ["chunked across several rows", [3, 2, 4, 6], 1, [4]],
    ["chunked across all rows and half the detector", [7, 5, 2, 3], 32008, [0, 2]],
    ["chunked with zstd", [2, 5, 4, 6], 32015, [3]],
  ];

for (const [name, chunks, compression, options] of layouts) {
  Deno.test(`HDF5, ${name}, reads the same in bands of 1, 2, 3 rows and whole, in any order`, () =>
    withFolder(async (folder) => {
      const path = await writeHdf5(`${folder}/a.h5`, (file) => {
        file.create_dataset({
          name: "a",
          data: values,
          shape,
          chunks,
          compression,
          compression_opts: options,
        });
      });
      const scan = await openScan(path);
      for (const bandHeight of [1, 2, 3, 7]) {
        assert.deepEqual(await readAll(scan, bandHeight), values);
        assert.deepEqual(await readAll(scan, bandHeight, true), values);
      }
      const row = new Uint16Array(5 * 24);
      for (const first of [6, 0, 3, 2, 5]) {
        await scan.readRows(first, 1, row);
        assert.deepEqual(row, values.subarray(first * 120, (first + 1) * 120));
      }
      scan.close();
    }));
}

Deno.test("HDF5: a 4D data set can be rearranged by a scan shape of as many positions", () =>
  withFolder(async (folder) => {
    for (const chunks of [null, [3, 2, 4, 6]]) {
      const path = await writeHdf5(`${folder}/a.h5`, (file) => {
        file.create_dataset({ name: "a", data: values, shape, chunks, compression: chunks ? 1 : undefined });
      });
      for (const [rows, columns] of [[5, 7], [1, 35], [35, 1]]) {
        const scan = await openScan(path, { scanShape: { rows, columns } });
        assert.deepEqual(await readAll(scan, 2), values.slice());
        scan.close();
      }
    }
  }));

Deno.test("HDF5: 5D data sets are series, 3D ones need a scan shape, signed and 64-bit float types are kept", () =>
  withFolder(async (folder) => {
    const path = await writeHdf5(`${folder}/a.h5`, (file) => {
      const group = file.create_group("group");
      group.create_dataset({
        name: "five",
        data: Float64Array.from(values),
        shape: [7, 1, 5, 4, 6],
        chunks: [2, 1, 2, 4, 6],
      });
      group.create_dataset({
        name: "three",
        data: Int32Array.from(values, (value) => -value),
        shape: [35, 4, 6],
      });
    });
    const series = await openFile(path);
    assert.ok(isSeries(series));
    assert.equal(series.frames, 7);
    assert.equal(series.dtype, "f64");
    for (const index of [6, 0, 3]) {
      assert.deepEqual([...await readAll(series.frame(index))], [
        ...values.subarray(index * 120, (index + 1) * 120),
      ]);
    }
    series.close();
    const scan = await openScan(path, { dataset: "group/three", scanShape: { rows: 5, columns: 7 } });
    assert.equal(scan.dtype, "i32");
    assert.deepEqual(await readAll(scan, 1), Int32Array.from(values, (value) => -value));
    scan.close();
  }));

Deno.test("a stack that does not say its scan shape says how many patterns it has", () =>
  withFolder(async (folder) => {
    const path = await writeHdf5(`${folder}/a.h5`, (file) => {
      file.create_dataset({ name: "stack", data: values, shape: [35, 4, 6] });
    });
    await assert.rejects(openScan(path), ({ details }: ShapeUnknown) => {
      assert.equal(details.remedy, "give `scanShape` ROWSxCOLUMNS with ROWS times COLUMNS = 35");
      return details.patterns === 35;
    });
  }));

Deno.test("EMD 1.0 gives data and calibration; the bundle goes before the axes, pixels are no unit", () =>
  withFolder(async (folder) => {
    const path = await writeHdf5(`${folder}/a.h5`, (file) => {
      file.create_attribute("version_major", 1, null, "<i");
      file.create_attribute("version_minor", 0, null, "<i");
      const root = file.create_group("root");
      const cube = root.create_group("cube");
      cube.create_attribute("emd_group_type", "array");
      cube.create_dataset({ name: "data", data: values, shape });
      ["nm", "nm", "pixels", "pixels"].forEach((unit, axis) => {
        const dimension = cube.create_dataset({
          name: `dim${axis}`,
          data: new Float64Array([0, axis < 2 ? 0.5 : 1]),
        });
        dimension.create_attribute("units", unit);
      });
      const bundle = root.create_group("metadatabundle").create_group("calibration");
      bundle.create_dataset({ name: "R_pixel_size", data: 2, dtype: "<d" });
      bundle.create_dataset({ name: "R_pixel_units", data: "Å" });
      root.create_dataset({ name: "data", data: new Float32Array(16), shape: [2, 2, 2, 2] });
    });
    const scan = await openScan(path);
    assert.equal(scan.source.format, "EMD 1.0");
    assert.equal(scan.source.dataset, "/root/cube/data");
    assert.deepEqual(scan.calibration, { pixelSize: { row: 2, column: 2, unit: "A" } });
    assert.deepEqual(await readAll(scan, 2), values);
    scan.close();
  }));

Deno.test("EMD of older layouts counts its axes from 1", () =>
  withFolder(async (folder) => {
    const path = await writeHdf5(`${folder}/a.h5`, (file) => {
      const cube = file.create_group("4DSTEM_experiment").create_group("data").create_group("datacubes")
        .create_group("datacube_0");
      cube.create_attribute("emd_group_type", 1, null, "<i");
      cube.create_dataset({ name: "data", data: values, shape });
      ["[n_m]", "[n_m]", "[n_m^-1]", "[n_m^-1]"].forEach((unit, axis) => {
        const step = axis < 2 ? 0.5 : 0.1;
        const dimension = cube.create_dataset({
          name: `dim${axis + 1}`,
          data: Float64Array.from({ length: shape[axis] }, (_, index) => 3 + index * step),
        });
        dimension.create_attribute("units", unit);
      });
    });
    const scan = await openScan(path);
    assert.deepEqual(scan.calibration.pixelSize, { row: 0.5, column: 0.5, unit: "nm" });
    assert.ok(Math.abs(scan.calibration.qPixelSize!.row - 0.1) < 1e-12);
    assert.equal(scan.calibration.qPixelSize!.unit, "nm^-1");
    scan.close();
  }));

Deno.test("several data cubes are listed, and --dataset takes a data set or its group", () =>
  withFolder(async (folder) => {
    const path = await writeHdf5(`${folder}/a.h5`, (file) => {
      for (const name of ["one", "two"]) {
        const cube = file.create_group(name);
        cube.create_attribute("emd_group_type", "array");
        cube.create_dataset({ name: "data", data: values, shape });
      }
    });
    await assert.rejects(openFile(path), { kind: "BadParameter", message: /2 data sets/ });
    for (const dataset of ["two", "/two/", "two/data"]) {
      const scan = await openScan(path, { dataset });
      assert.equal(scan.source.dataset, "/two/data");
      scan.close();
    }
  }));

/** The master's pixels, in the order of acquisition. */
function masterPixels(frames: number): Uint16Array {
  const pixels = masterPattern[0] * masterPattern[1];
  return Uint16Array.from(
    { length: frames * pixels },
    (_, i) => masterValue(Math.floor(i / pixels), i % pixels),
  );
}

Deno.test("a Dectris master joins its data files, with bad pixels, beam energy and the shape beside it", () =>
  withFolder(async (folder) => {
    const pixelMask = new Uint32Array(24);
    pixelMask[5] = 16;
    const path = await writeMaster(folder, {
      parts: [5, 5, 2],
      announced: 12,
      pixelMask,
      metadata: {
        NumPixelsX: 4,
        NumPixelsY: 3,
        NumPixelsPrescan: 0,
        "Pixel Size": 0.25,
        IsPixelSizeCalibrated: 1,
      },
    });
    const scan = await openScan(path);
    assert.deepEqual(scan.shape, { rows: 3, columns: 4, patternRows: 6, patternColumns: 4 });
    assert.deepEqual(scan.calibration, {
      pixelSize: { row: 0.25, column: 0.25, unit: "nm" },
      beamEnergy: 200,
    });
    assert.deepEqual([...scan.badPixels!], Array.from({ length: 24 }, (_, index) => index === 5 ? 1 : 0));
    assert.deepEqual(scan.warnings, []);
    for (const bandHeight of [1, 2, 3]) {
      assert.deepEqual(await readAll(scan, bandHeight), masterPixels(12));
      assert.deepEqual(await readAll(scan, bandHeight, true), masterPixels(12));
    }
    scan.close();
    const other = await openScan(path, { scanShape: { rows: 2, columns: 6 }, dataset: scan.source.dataset });
    assert.deepEqual(await readAll(other, 1), masterPixels(12));
    other.close();
  }));

Deno.test("a missing data file is no error as long as all announced frames are there", () =>
  withFolder(async (folder) => {
    const path = await writeMaster(folder, { parts: [4, 4, 4], missing: [2], announced: 8 });
    const scan = await openScan(path, { scanShape: { rows: 2, columns: 4 } });
    assert.deepEqual(await readAll(scan), masterPixels(8));
    assert.equal(scan.source.notes?.missingDataFiles, 1);
    scan.close();
  }));

Deno.test("a pixel mask that does not fit the patterns is left out with a warning", () =>
  withFolder(async (folder) => {
    const path = await writeMaster(folder, {
      parts: [4],
      pixelMask: new Uint32Array(12),
      maskShape: [3, 4],
    });
    const scan = await openScan(path, { scanShape: { rows: 2, columns: 2 } });
    assert.equal(scan.badPixels, undefined);
    assert.match(scan.warnings[0], /pixel_mask \(3 x 4\) is not used/);
    scan.close();
  }));

Deno.test("more frames than announced are read with a warning", () =>
  withFolder(async (folder) => {
    const path = await writeMaster(folder, { parts: [4, 4], announced: 6 });
    const scan = await openScan(path, { scanShape: { rows: 2, columns: 4 } });
    assert.match(scan.warnings[0], /announces 6 frames.* hold 8/);
    scan.close();
  }));

Deno.test("prescan frames are never dropped by a guess: the message names the shape that reads them all", () =>
  withFolder(async (folder) => {
    const path = await writeMaster(folder, {
      parts: [15],
      announced: 15,
      metadata: { NumPixelsX: 4, NumPixelsY: 3, NumPixelsPrescan: 1 },
    });
    await assert.rejects(openFile(path), { kind: "ShapeUnknown", message: /1 prescan frames.*3x5/ });
    const scan = await openScan(path, {
      scanShape: { rows: 3, columns: 5 },
      region: { firstRow: 0, lastRow: 3, firstColumn: 1, lastColumn: 5 },
    });
    assert.equal((await readAll(scan))[0], masterValue(1, 0));
    scan.close();
  }));

Deno.test("h5wasm with its plugins reads bitshuffle-LZ4 inside a worker, onto shared memory", () =>
  withFolder(async (folder) => {
    const path = await writeMaster(folder, { parts: [5, 5, 2], announced: 12 });
    const options: OpenScanOptions = { scanShape: { rows: 3, columns: 4 } };
    const worker = new Worker(new URL("../../support/read_in_worker.ts", import.meta.url), {
      type: "module",
    });
    try {
      const answer = new Promise<{ pixels?: PixelArray; failure?: string }>((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = (event) => reject(new Error(event.message));
      });
      worker.postMessage({ path, options });
      const { pixels, failure } = await answer;
      assert.equal(failure, undefined);
      assert.deepEqual(pixels, masterPixels(12));
    } finally {
      worker.terminate();
    }
  }));

Deno.test("two files are open at once, and closing one leaves the other readable", () =>
  withFolder(async (folder) => {
    const write = (name: string, data: Uint16Array) =>
      writeHdf5(`${folder}/${name}`, (file) => void file.create_dataset({ name: "a", data, shape }));
    const first = await openScan(await write("a.h5", values));
    const second = await openScan(await write("b h5 with spaces, µ.h5", values.map((value) => value + 1)));
    const before = await readAll(first, 2);
    second.close();
    second.close();
    assert.deepEqual(await readAll(first, 3), before);
    await assert.rejects(readAll(second), /closed/);
    first.close();
  }));
