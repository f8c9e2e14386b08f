/** What follows from how converted files are made: clusters, reading by threads, indices, refusals. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { defaultParameters } from "../../../library/cluster/presets.ts";
import { compressions } from "../../../library/conversion/compression.ts";
import { convertScan } from "../../../library/conversion/convert.ts";
import { compressionFor, targetExtensions, targetOf } from "../../../library/conversion/targets.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { openFile, openScan } from "../../../library/formats/open.ts";
import { bytesOf } from "../../../library/scan/dtype.ts";
import { BadParameter, FileUnavailable, OutOfResources } from "../../../library/scan/errors.ts";
import { isSeries, type Scan } from "../../../library/scan/scan.ts";
import { anyScan, assertReadsSame, convertedShapes } from "../../support/converted.ts";
import { fileNames, withFolder } from "../../support/folders.ts";
import { writeHdf5 } from "../../support/hdf5_files.ts";
import { readAll } from "../../support/reading.ts";
import { grainScan } from "../../support/scans.ts";

Deno.test("clusters of a converted scan are those of the scan, byte for byte", () =>
  withFolder(async (folder) => {
    const scan = grainScan({ rows: 9, columns: 11, patternRows: 24, patternColumns: 24 });
    const parameters = { ...defaultParameters, blur: 1, threshold: 0.9 };
    const wanted = await clusterScan(scan, parameters);
    for (const extension of targetExtensions) {
      const path = join(folder, `a${extension}`);
      await convertScan(scan, path);
      const read = await openScan(path), found = await clusterScan(read, parameters);
      assert.deepEqual(found.labels, wanted.labels, extension);
      assert.deepEqual(bytesOf(found.similarity), bytesOf(wanted.similarity), extension);
      read.close();
    }
  }));

Deno.test("chunks that divide rows are read by threads, from the place that the file names", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.h5");
    for (const compression of ["bitshuffle-lz4", "none"] as const) {
      await convertScan(anyScan(convertedShapes["chunks that divide rows"], "u16"), path, {
        compression,
        force: true,
      });
      const read = await openScan(path);
      assert.equal(read.stored?.[0].kind, "chunked");
      read.close();
    }
  }));

Deno.test("series of scans with one column are read as they were, from every file that names its axes", () =>
  withFolder(async (folder) => {
    const frames = 3, rows = 6, npy = join(folder, "series.npy"), scanShape = { rows, columns: 1 };
    const data = Uint16Array.from({ length: frames * rows * 20 }, (_, i) => i * 31 % 4096);
    await Deno.writeFile(npy, encodeNpy("u16", [frames, rows, 1, 4, 5], data));
    for (const extension of targetExtensions) {
      const path = join(folder, `a${extension}`), series = await openFile(npy, { scanShape });
      await convertScan(series, path);
      series.close();
      // Files of numpy name no axis: they say what to do.
      const named = extension !== ".npy", read = await openFile(path, named ? {} : { scanShape });
      assert.ok(isSeries(read), extension);
      assert.deepEqual([read.frames, read.shape.rows, read.shape.columns], [frames, rows, 1], extension);
      assert.deepEqual(read.warnings.filter((text) => text.includes("one element")), [], extension);
      for (let frame = 0; frame < frames; frame++) {
        const expected = data.slice(frame * rows * 20, (frame + 1) * rows * 20);
        assert.deepEqual(await readAll(read.frame(frame)), expected, extension);
      }
      read.close();
    }
    const plain = await openFile(join(folder, "a.npy"));
    assert.ok(!isSeries(plain) && plain.warnings.some((text) => text.includes("--scan-shape 6x1")));
    plain.close();
  }));

Deno.test("an index of several levels names every chunk", () =>
  withFolder(async (folder) => {
    // 5000 chunks of one pattern each: 79 leaves, 2 nodes, 1 root.
    const shape = { rows: 5000, columns: 1, patternRows: 2, patternColumns: 3 };
    const path = join(folder, "a.h5"), scan = anyScan(shape, "u16");
    await convertScan(scan, path);
    await assertReadsSame(path, scan);
  }));

Deno.test("a scan is never written over the files that it is read from, nor over what is no Zarr store", () =>
  withFolder(async (folder) => {
    const npy = join(folder, "a.npy"), hidden = join(folder, "data.zarr", "b.npy");
    await Deno.mkdir(join(folder, "data.zarr"));
    for (const path of [npy, hidden]) {
      await Deno.writeFile(path, encodeNpy("u16", [2, 3, 4, 5], new Uint16Array(120)));
    }
    const scan = await openScan(npy), inside = await openScan(hidden);
    await assert.rejects(convertScan(scan, npy, { force: true }), BadParameter);
    await assert.rejects(convertScan(inside, join(folder, "data.zarr"), { force: true }), BadParameter);
    await assert.rejects(convertScan(scan, join(folder, "data.zarr"), { force: true }), FileUnavailable);
    await Deno.mkdir(join(folder, "c.h5"));
    await assert.rejects(convertScan(scan, join(folder, "c.h5"), { force: true }), FileUnavailable);
    await assert.rejects(convertScan(scan, join(folder, "missing", "c.h5")), FileUnavailable);
    await assert.rejects(convertScan(scan, join(folder, "c.tif")), BadParameter);
    await assert.rejects(convertScan(scan, join(folder, "d.npy"), { compression: "gzip" }), BadParameter);
    scan.close();
    inside.close();
    assert.deepEqual(await fileNames(folder), ["a.npy", "c.h5", "data.zarr"]);
  }));

Deno.test("every way to pack is one of some format, and each format has its own", () => {
  const targets = targetExtensions.map((extension) => targetOf(`a${extension}`));
  assert.deepEqual([...new Set(targets.flatMap(({ compressions }) => [...compressions]))], [...compressions]);
  for (const target of targets) assert.equal(compressionFor(target, undefined), target.compressions[0]);
});

Deno.test("rows that do not fit the memory are refused before anything is written", () =>
  withFolder(async (folder) => {
    const shape = { rows: 2, columns: 4096, patternRows: 256, patternColumns: 256 };
    const scan: Scan = {
      ...anyScan(convertedShapes["one pixel"], "u16"),
      ...{ shape, readRows: () => assert.fail("a row was read") },
    };
    await assert.rejects(convertScan(scan, join(folder, "a.h5")), OutOfResources);
    assert.deepEqual(await fileNames(folder), []);
  }));

Deno.test("sizes that were changed in py4DSTEM go before ours, and the rest of ours stays", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.h5");
    const bundle = (file: Parameters<Parameters<typeof writeHdf5>[1]>[0], size: number) => {
      file.create_group("top").create_attribute("emd_group_type", "root");
      const metadata = file.create_group("top/metadatabundle");
      const py4dstem = metadata.create_group("calibration");
      py4dstem.create_dataset({ name: "Q_pixel_size", data: size, shape: [], dtype: "<d" });
      py4dstem.create_dataset({ name: "Q_pixel_units", data: "A^-1" });
      const own = metadata.create_group("scan_calibration");
      own.create_dataset({ name: "Q_pixel_size", data: 0.5, shape: [], dtype: "<d" });
      own.create_dataset({ name: "Q_pixel_size_row", data: 0.25, shape: [], dtype: "<d" });
      own.create_dataset({ name: "Q_pixel_units", data: "nm^-1" });
      own.create_dataset({ name: "beam_energy_keV", data: 80, shape: [], dtype: "<d" });
      const cube = file.create_group("top/cube");
      cube.create_attribute("emd_group_type", "array");
      cube.create_dataset({ name: "data", data: new Uint16Array(16), shape: [2, 2, 2, 2] });
    };
    for (const [size, wanted] of [[0.05, [0.25, 0.5, "nm^-1"]], [0.04, [0.04, 0.04, "A^-1"]]] as const) {
      await writeHdf5(path, (file) => bundle(file, size));
      const scan = await openScan(path), { qPixelSize, beamEnergy } = scan.calibration;
      assert.deepEqual([qPixelSize?.row, qPixelSize?.column, qPixelSize?.unit], wanted);
      assert.equal(beamEnergy, 80);
      scan.close();
    }
  }));
