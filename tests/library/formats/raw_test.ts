/** Raw numbers are read as the user says, recorded so that they are read again, and never by guessing. */

import assert from "node:assert/strict";
import { readsInParallel } from "../../../library/engine/loaded_scan.ts";
import { openFile, openScan, type OpenScanOptions } from "../../../library/formats/open.ts";
import { recordedOpenOptions } from "../../../library/results/scan_of_result.ts";
import type { StoredResult } from "../../../library/results/read.ts";
import { bytesOf } from "../../../library/scan/dtype.ts";
import type { CrystalliteError } from "../../../library/scan/errors.ts";
import { isSeries } from "../../../library/scan/scan.ts";
import { npy } from "../../support/byte_files.ts";
import { withFolder } from "../../support/folders.ts";
import { readAll } from "../../support/reading.ts";
import { describeStored, readStored } from "../../support/stored.ts";

const values = Uint16Array.from({ length: 12 * 5 * 7 }, (_, i) => i * 97 % 65536);

/** The values as big-endian numbers, after `offset` bytes, with `header` and `footer` bytes about each frame. */
function encode(offset: number, header: number, footer: number): Uint8Array {
  const record = header + 70 + footer, file = new Uint8Array(offset + 12 * record).fill(0xee);
  const view = new DataView(file.buffer);
  values.forEach((value, i) => {
    view.setUint16(offset + Math.floor(i / 35) * record + header + i % 35 * 2, value);
  });
  return file;
}

const big = { dtype: "u16", byteOrder: "big" } as const;

Deno.test("raw numbers are read by threads and on this thread, with headers, footers and an offset", () =>
  withFolder(async (folder) => {
    const path = `${folder}/scan.bin`, scanShape = { rows: 3, columns: 4 };
    const cases: [number, number, number][] = [[0, 0, 0], [11, 0, 0], [0, 6, 0], [3, 9, 4]];
    for (const [offset, frameHeader, frameFooter] of cases) {
      await Deno.writeFile(path, encode(offset, frameHeader, frameFooter));
      const bytes = { ...big, offset, frameHeader, frameFooter };
      const ways: OpenScanOptions[] = [
        { ...bytes, shape: [5, 7], scanShape },
        { ...bytes, shape: [12, 5, 7], scanShape },
        { ...bytes, shape: [3, 4, 5, 7] },
        { ...bytes, shape: [2, 6, 5, 7], scanShape },
      ];
      for (const options of ways) {
        const scan = await openScan(path, options);
        assert.deepEqual(scan.shape, { ...scanShape, patternRows: 5, patternColumns: 7 });
        assert.deepEqual([scan.dtype, scan.source.format, scan.warnings], ["u16", "raw", []]);
        for (const bandHeight of [1, 3]) assert.deepEqual(await readAll(scan, bandHeight), values);
        assert.ok(readsInParallel(scan));
        assert.deepEqual(readStored(scan, 5), bytesOf(values));
        scan.close();
      }
    }
  }));

Deno.test("raw numbers of a series, and plain ones that are read where they lie", () =>
  withFolder(async (folder) => {
    const path = `${folder}/scan.dat`;
    await Deno.writeFile(path, bytesOf(values));
    const series = await openFile(path, { dtype: "u16", shape: [2, 2, 3, 5, 7] });
    assert.ok(isSeries(series) && series.frames === 2);
    assert.deepEqual(await readAll(series.frame(1)), values.slice(6 * 35));
    series.close();
    const plain = await openScan(path, { dtype: "u16", shape: [4, 3, 5, 7] });
    assert.equal(describeStored(plain), "contiguous");
    plain.close();
    const signed = await openScan(path, { dtype: "i8", shape: [4, 3, 10, 7] });
    assert.deepEqual(await readAll(signed), Int16Array.from(new Int8Array(values.buffer)));
    signed.close();
    const first = await openScan(path, { dtype: "u16", shape: [2, 3, 5, 7] });
    assert.deepEqual(first.warnings, [
      `420 bytes after the last frame that belongs to the scan of ${path} were ignored`,
    ]);
    first.close();
  }));

Deno.test("how raw numbers were read is recorded, and read again from the record", () =>
  withFolder(async (folder) => {
    const path = `${folder}/scan.bin`;
    await Deno.writeFile(path, encode(3, 9, 4));
    const options = { ...big, shape: [3, 4, 5, 7], offset: 3, frameHeader: 9, frameFooter: 4 };
    const scan = await openScan(path, {
      ...options,
      region: { firstRow: 1, lastRow: 3, firstColumn: 0, lastColumn: 4 },
    });
    const { selection } = scan.source;
    assert.deepEqual(selection, {
      ...{ dtype: "uint16", shape: "3x4x5x7", offset: 3, frameHeader: 9, frameFooter: 4, byteOrder: "big" },
      region: "1:3,0:4",
    });
    const recorded = { path, format: "raw", selection } as unknown as StoredResult["run"]["input"];
    const again = await openScan(path, recordedOpenOptions(recorded, folder));
    assert.deepEqual(await readAll(again), await readAll(scan));
    scan.close();
    again.close();
  }));

Deno.test("what is not said, does not fit or makes no sense is refused, and files of known formats are what they are", () =>
  withFolder(async (folder) => {
    const path = `${folder}/scan.bin`, known = `${folder}/scan.npy`;
    await Deno.writeFile(path, encode(0, 0, 0));
    await Deno.writeFile(known, npy("<u2", [3, 4, 5, 7], values));
    const cases: [OpenScanOptions, kind: string, parameter: string | undefined][] = [
      [{}, "UnsupportedFormat", undefined],
      [{ dtype: "u16" }, "BadParameter", "shape"],
      [{ shape: [5, 7] }, "BadParameter", "dtype"],
      [{ offset: 4 }, "BadParameter", "dtype"],
      [{ dtype: "u16", shape: [5, 7] }, "ShapeUnknown", "scanShape"],
      [{ dtype: "u16", shape: [12, 5, 7] }, "ShapeUnknown", "scanShape"],
      [{ dtype: "u16", shape: [5, 7], scanShape: { rows: 3, columns: 5 } }, "BadParameter", "scanShape"],
      [{ dtype: "u16", shape: [3, 5, 5, 7] }, "BadParameter", "shape"],
      [{ dtype: "f64", shape: [3, 4, 5, 7] }, "BadParameter", "shape"],
      [{ dtype: "u16", shape: [3, 4, 5, 7], offset: 1 }, "BadParameter", "shape"],
      [{ dtype: "u16", shape: [2 ** 40, 2 ** 40] }, "BadParameter", "shape"],
      [{ dtype: "u16", shape: [5, 0] }, "BadParameter", "shape"],
      [{ dtype: "u16", shape: [5] }, "BadParameter", "shape"],
      [{ dtype: "u16", shape: [1, 1, 3, 4, 5, 7] }, "BadParameter", "shape"],
      [{ dtype: "u16", shape: [5, 7], offset: -2 }, "BadParameter", "offset"],
      [{ dtype: "u16", shape: [5, 7], frameHeader: 1.5 }, "BadParameter", "frameHeader"],
      [{ dtype: "c64" as "u32", shape: [5, 7] }, "BadParameter", "dtype"],
      [{ dtype: "u16", shape: [5, 7], byteOrder: "middle" as "big" }, "BadParameter", "byteOrder"],
      [{ dtype: "u16", shape: [3, 4, 5, 7], dataset: "x" }, "BadParameter", "dataset"],
    ];
    for (const [options, kind, parameter] of cases) {
      await assert.rejects(openScan(path, options), (error: CrystalliteError) => {
        assert.deepEqual([error.kind, error.details.parameter], [kind, parameter], error.message);
        assert.ok(error.details.remedy);
        return true;
      });
    }
    await assert.rejects(openScan(known, { dtype: "u16", shape: [5, 7] }), {
      kind: "BadParameter",
      message: /`dtype` is for raw numbers, but .*scan\.npy is of a format of its own/,
    });
    await assert.rejects(openScan(folder, { dtype: "u16", shape: [5, 7] }), {
      kind: "BadParameter",
      message: /holds no frames of 70 bytes/,
    });
    const none = { dtype: undefined, shape: undefined, offset: undefined };
    (await openScan(known, none)).close();
  }));
