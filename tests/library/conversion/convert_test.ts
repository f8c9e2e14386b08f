/** What is converted reads back equal: numbers, axes, calibration, bad pixels, from every format and in every number type. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { compressions } from "../../../library/conversion/compression.ts";
import { convertScan } from "../../../library/conversion/convert.ts";
import { compressionFor, targetExtensions, targetOf } from "../../../library/conversion/targets.ts";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { defaultParameters } from "../../../library/cluster/presets.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { openFile, openScan, openScans } from "../../../library/formats/open.ts";
import type { Calibration } from "../../../library/scan/calibration.ts";
import { bytesOf, createPixelArray, type DType } from "../../../library/scan/dtype.ts";
import {
  Aborted,
  BadParameter,
  CorruptFile,
  FileUnavailable,
  OutOfResources,
} from "../../../library/scan/errors.ts";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";
import { isSeries, type Scan } from "../../../library/scan/scan.ts";
import type { ScanShape } from "../../../library/scan/shape.ts";
import { fileNames, withFolder } from "../../support/folders.ts";
import { writeHdf5 } from "../../support/hdf5_files.ts";
import { seededRandom } from "../../support/random.ts";
import { readAll } from "../../support/reading.ts";
import { grainScan } from "../../support/scans.ts";

const dtypes: readonly DType[] = ["u8", "u16", "u32", "i16", "i32", "f32", "f64"];
const calibration: Calibration = {
  pixelSize: { row: 2, column: 3, unit: "nm" },
  qPixelSize: { row: 0.25, column: 0.5, unit: "nm^-1" },
  beamEnergy: 200,
  convergenceAngle: 1.5,
  cameraLength: 0.125,
  scanRotation: -12.5,
};

/** A scan of numbers of the whole range of their type: mostly small, the rest anything, NaN and infinity among floats. */
function anyScan(shape: ScanShape, dtype: DType, options: Parameters<typeof scanFromArray>[2] = {}): Scan {
  const random = seededRandom(dtype.length + shape.columns);
  const data = createPixelArray(
    dtype,
    shape.rows * shape.columns * shape.patternRows * shape.patternColumns,
  );
  const bytes = bytesOf(data);
  for (let i = 0; i < data.length; i++) data[i] = random() < 0.2 ? 1 + Math.floor(3 * random()) : 0;
  for (let i = Math.floor(bytes.length / 2); i < bytes.length; i++) bytes[i] = Math.floor(256 * random());
  return scanFromArray(data, shape, options);
}

async function assertSame(path: string, scan: Scan): Promise<void> {
  const read = await openScan(path);
  try {
    assert.deepEqual(read.shape, scan.shape);
    assert.equal(read.dtype, scan.dtype);
    const written = bytesOf(await readAll(read)), wanted = bytesOf(await readAll(scan));
    assert.equal(written.length, wanted.length);
    // Comparing element by element through assert takes seconds for megabytes.
    assert.equal(written.findIndex((byte, index) => byte !== wanted[index]), -1);
  } finally {
    read.close();
  }
}

const shapes: Readonly<Record<string, ScanShape>> = {
  "one chunk a row": { rows: 5, columns: 3, patternRows: 4, patternColumns: 6 },
  "chunks that divide rows": { rows: 2, columns: 6, patternRows: 256, patternColumns: 200 },
  "chunks that do not": { rows: 2, columns: 67, patternRows: 160, patternColumns: 140 },
  "one pixel": { rows: 1, columns: 1, patternRows: 1, patternColumns: 1 },
};

for (const extension of targetExtensions) {
  for (const compression of targetOf(`a${extension}`).compressions) {
    Deno.test(`${extension}, ${compression}: every number type comes back bit for bit`, () =>
      withFolder(async (folder) => {
        for (const [name, shape] of Object.entries(shapes)) {
          for (const dtype of name === "one chunk a row" ? dtypes : ["u16"] as const) {
            const path = join(folder, `${name} ${dtype}${extension}`), scan = anyScan(shape, dtype);
            const { bytes, packedBytes, chunk } = await convertScan(scan, path, { compression, workers: 2 });
            assert.equal(bytes, bytesOf(await readAll(scan)).length);
            assert(packedBytes > 0 && chunk.length === 4);
            await assertSame(path, scan);
          }
        }
      }));
  }

  Deno.test(`${extension}: threads, bands and memory change no byte of the chunks`, () =>
    withFolder(async (folder) => {
      const scan = anyScan(shapes["chunks that do not"], "u16"), sizes: number[] = [];
      for (const [workers, bandHeight] of [[1, undefined], [2, 1], [3, 2], [2, 3]] as const) {
        const path = join(folder, `${workers} ${bandHeight}${extension}`);
        sizes.push((await convertScan(scan, path, { workers, bandHeight })).packedBytes);
        await assertSame(path, scan);
      }
      assert(new Set(sizes).size === 1, String(sizes));
    }));

  Deno.test(`${extension}: calibration and bad pixels come back, where they have a place`, () =>
    withFolder(async (folder) => {
      const shape = shapes["one chunk a row"], badPixels = new Uint8Array(24);
      badPixels[3] = badPixels[23] = 1;
      const path = join(folder, `a${extension}`);
      const scan = anyScan(shape, "u16", { calibration, badPixels, name: "a/b" });
      const { warnings } = await convertScan(scan, path);
      const read = await openScan(path);
      if (extension === ".npy") {
        assert.deepEqual(warnings, [
          "npy holds numbers only: the calibration and the bad pixels that the file names are left out",
        ]);
        assert.deepEqual(read.calibration, {});
      } else {
        assert.deepEqual(warnings, []);
        assert.deepEqual(read.warnings, []);
        assert.deepEqual(read.calibration, calibration);
        assert.deepEqual(read.badPixels, badPixels);
      }
      read.close();
      const plain = join(folder, `plain${extension}`);
      await convertScan(anyScan(shape, "u16"), plain);
      const bare = await openScan(plain);
      assert.deepEqual([bare.calibration, bare.badPixels, bare.warnings], [{}, undefined, []]);
      bare.close();
    }));

  Deno.test(`${extension}: a series is an array of five axes, its parts and regions are scans`, () =>
    withFolder(async (folder) => {
      const input = join(folder, "input.npy"), data = new Uint16Array(3 * 4 * 5 * 6 * 8);
      data.forEach((_, i) => data[i] = i % 1000);
      await Deno.writeFile(input, encodeNpy("u16", [3, 4, 5, 6, 8], data));
      const series = await openScans(input, {
        region: { firstRow: 1, lastRow: 4, firstColumn: 2, lastColumn: 5 },
        qBin: 2,
      });
      assert(isSeries(series) && series.frames === 3);
      const path = join(folder, `a${extension}`);
      await convertScan(series, path);
      const read = await openFile(path);
      assert(isSeries(read) && read.frames === 3);
      assert.deepEqual(read.shape, { rows: 3, columns: 3, patternRows: 3, patternColumns: 4 });
      for (let frame = 0; frame < 3; frame++) {
        assert.deepEqual(await readAll(read.frame(frame)), await readAll(series.frame(frame)));
      }
      read.close();
      series.close();
    }));

  Deno.test(`${extension}: nothing is left of a conversion that was cancelled or has failed, and an older file stays`, () =>
    withFolder(async (folder) => {
      const scan = anyScan(shapes["one chunk a row"], "u16"), path = join(folder, `a${extension}`);
      const broken: Scan = {
        ...scan,
        readRows: (first, count, into) => {
          if (first > 1) throw new CorruptFile("a row is damaged");
          scan.readRows(first, count, into);
        },
      };
      await assert.rejects(convertScan(broken, path, { bandHeight: 1, workers: 2 }), CorruptFile);
      assert.deepEqual(await fileNames(folder), []);
      const other = anyScan(shapes["one pixel"], "u8");
      await convertScan(other, path);
      await assert.rejects(convertScan(scan, path), FileUnavailable);
      await assert.rejects(convertScan(broken, path, { bandHeight: 1, force: true }), CorruptFile);
      const stop = new AbortController(), stages = new Set<string>();
      await assert.rejects(
        convertScan(scan, path, {
          ...{ force: true, bandHeight: 1, signal: stop.signal },
          onProgress({ stage, done, total }) {
            stages.add(stage);
            assert.equal(total, 5);
            if (done === 2) stop.abort();
          },
        }),
        Aborted,
      );
      assert.deepEqual([...stages], ["convert"]);
      await assertSame(path, other);
      assert.deepEqual(await fileNames(folder), [`a${extension}`]);
      await convertScan(scan, path, { force: true });
      await assertSame(path, scan);
      assert.deepEqual(await fileNames(folder), [`a${extension}`]);
    }));
}

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
      await convertScan(anyScan(shapes["chunks that divide rows"], "u16"), path, {
        compression,
        force: true,
      });
      const read = await openScan(path);
      assert.equal(read.stored?.[0].kind, "chunked");
      read.close();
    }
  }));

Deno.test("an index of several levels names every chunk", () =>
  withFolder(async (folder) => {
    // 5000 chunks of one pattern each: 79 leaves, 2 nodes, 1 root.
    const shape = { rows: 5000, columns: 1, patternRows: 2, patternColumns: 3 };
    const path = join(folder, "a.h5"), scan = anyScan(shape, "u16");
    await convertScan(scan, path);
    await assertSame(path, scan);
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
      ...anyScan(shapes["one pixel"], "u16"),
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
