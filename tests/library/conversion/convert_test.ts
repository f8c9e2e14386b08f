/** What is converted reads back equal: numbers, axes, calibration, bad pixels, from every format and in every number type. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { canPack } from "../../../library/conversion/compression.ts";
import { convertScan } from "../../../library/conversion/convert.ts";
import { targetExtensions, targetOf } from "../../../library/conversion/targets.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { openFile, openScan, openScans } from "../../../library/formats/open.ts";
import type { Calibration } from "../../../library/scan/calibration.ts";
import { bytesOf, type DType } from "../../../library/scan/dtype.ts";
import { Aborted, CorruptFile, FileUnavailable } from "../../../library/scan/errors.ts";
import { isSeries, type Scan } from "../../../library/scan/scan.ts";
import { anyScan, assertReadsSame, convertedShapes } from "../../support/converted.ts";
import { npy } from "../../support/byte_files.ts";
import { fileNames, withFolder } from "../../support/folders.ts";
import { readAll } from "../../support/reading.ts";

const dtypes: readonly DType[] = ["u8", "u16", "u32", "i16", "i32", "f32", "f64"];
const calibration: Calibration = {
  pixelSize: { row: 2, column: 3, unit: "nm" },
  qPixelSize: { row: 0.25, column: 0.5, unit: "nm^-1" },
  beamEnergy: 200,
  convergenceAngle: 1.5,
  cameraLength: 0.125,
  scanRotation: -12.5,
};

for (const extension of targetExtensions) {
  for (const compression of targetOf(`a${extension}`).compressions) {
    Deno.test({
      name: `${extension}, ${compression}: every number type comes back bit for bit`,
      // Older runtimes have no Zstandard.
      ignore: !canPack(compression),
      fn: () =>
        withFolder(async (folder) => {
          for (const [name, shape] of Object.entries(convertedShapes)) {
            for (const dtype of name === "one chunk a row" ? dtypes : ["u16"] as const) {
              const path = join(folder, `${name} ${dtype}${extension}`), scan = anyScan(shape, dtype);
              const { bytes, packedBytes, chunk } = await convertScan(scan, path, {
                compression,
                workers: 2,
              });
              assert.equal(bytes, bytesOf(await readAll(scan)).length);
              assert(packedBytes > 0 && chunk.length === 4);
              await assertReadsSame(path, scan);
            }
          }
        }),
    });
  }

  Deno.test(`${extension}: threads, bands and memory change no byte of the chunks`, () =>
    withFolder(async (folder) => {
      const scan = anyScan(convertedShapes["chunks that do not"], "u16"), sizes: number[] = [];
      for (const [workers, bandHeight] of [[1, undefined], [2, 1], [3, 2], [2, 3]] as const) {
        const path = join(folder, `${workers} ${bandHeight}${extension}`);
        sizes.push((await convertScan(scan, path, { workers, bandHeight })).packedBytes);
        await assertReadsSame(path, scan);
      }
      assert(new Set(sizes).size === 1, String(sizes));
    }));

  Deno.test(`${extension}: calibration and bad pixels come back, where they have a place`, () =>
    withFolder(async (folder) => {
      const shape = convertedShapes["one chunk a row"], badPixels = new Uint8Array(24);
      badPixels[3] = badPixels[23] = 1;
      const path = join(folder, `a${extension}`);
      const scan = { ...anyScan(shape, "u16", { calibration, badPixels, name: "a/b" }), saturation: 4095 };
      const { warnings } = await convertScan(scan, path);
      const read = await openScan(path);
      if (extension === ".npy") {
        assert.deepEqual(warnings, [
          "npy holds numbers only: the calibration, the bad pixels that the file names and the saturation of 4095 counts " +
          "are left out",
        ]);
        assert.deepEqual(read.calibration, {});
      } else {
        assert.deepEqual(warnings, []);
        assert.deepEqual(read.warnings, []);
        assert.deepEqual(read.calibration, calibration);
        assert.deepEqual(read.badPixels, badPixels);
        assert.equal(read.saturation, 4095);
      }
      read.close();
      const plain = join(folder, `plain${extension}`);
      await convertScan(anyScan(shape, "u16"), plain);
      const bare = await openScan(plain);
      assert.deepEqual(
        [bare.calibration, bare.badPixels, bare.saturation, bare.warnings],
        [{}, undefined, undefined, []],
      );
      bare.close();
    }));

  if (extension !== ".npy") {
    Deno.test(`${extension}: a mask of half a million bad pixels and odd sizes come back as they were`, () =>
      withFolder(async (folder) => {
        const path = join(folder, `a${extension}`), side = 1024;
        const badPixels = Uint8Array.from({ length: side * side }, (_, pixel) => pixel % 2);
        const odd: Calibration = {
          ...{
            beamEnergy: 199.9999,
            convergenceAngle: 1.1 * 1.1,
            cameraLength: 0.0131,
            scanRotation: -1 / 3,
          },
          pixelSize: { row: 0.1 + 0.2, column: 1 / 3, unit: "A" },
          qPixelSize: { row: Math.PI / 1000, column: Math.E / 1000, unit: "mrad" },
        };
        const shape = { rows: 1, columns: 1, patternRows: side, patternColumns: side };
        await convertScan(anyScan(shape, "u8", { calibration: odd, badPixels }), path);
        const read = await openScan(path);
        assert.deepEqual(read.calibration, odd);
        assert.ok(read.badPixels?.every((bad, pixel) => bad === badPixels[pixel]));
        read.close();
      }));
  }

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
      const scan = anyScan(convertedShapes["one chunk a row"], "u16"), path = join(folder, `a${extension}`);
      const broken: Scan = {
        ...scan,
        readRows: (first, count, into) => {
          if (first > 1) throw new CorruptFile("a row is damaged");
          scan.readRows(first, count, into);
        },
      };
      await assert.rejects(convertScan(broken, path, { bandHeight: 1, workers: 2 }), CorruptFile);
      assert.deepEqual(await fileNames(folder), []);
      const other = anyScan(convertedShapes["one pixel"], "u8");
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
      await assertReadsSame(path, other);
      assert.deepEqual(await fileNames(folder), [`a${extension}`]);
      await convertScan(scan, path, { force: true });
      await assertReadsSame(path, scan);
      assert.deepEqual(await fileNames(folder), [`a${extension}`]);
    }));
}

Deno.test("whole numbers beyond what floats hold are said to be written as infinity, others are not", () =>
  withFolder(async (folder) => {
    const data = BigInt64Array.from({ length: 120 }, (_, i) => BigInt(i - 5));
    for (const beyond of [0, 1, 2]) {
      for (let i = 0; i < beyond; i++) data[7 * i] = -(2n ** 60n);
      const input = join(folder, `${beyond}.npy`);
      await Deno.writeFile(input, npy("<i8", [2, 3, 4, 5], data));
      const scan = await openScan(input);
      const { warnings } = await convertScan(scan, join(folder, `${beyond}.h5`), { bandHeight: 1 });
      scan.close();
      assert.deepEqual(warnings.map((warning) => Number(/^\d+/.exec(warning))), beyond > 0 ? [beyond] : []);
      for (const warning of warnings) assert.match(warning, /beyond 2\^53, .* written as infinity$/);
    }
  }));
