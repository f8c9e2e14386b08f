import assert from "node:assert/strict";
import { encodeNpy, NpyWriter } from "../../../library/formats/npy_writer.ts";
import { openFile, openScan } from "../../../library/formats/open.ts";
import {
  bytesPerElement,
  createPixelArray,
  type DType,
  type PixelArray,
} from "../../../library/scan/dtype.ts";
import { isSeries } from "../../../library/scan/scan.ts";
import { npy, rawNpy } from "../../support/byte_files.ts";
import { withFolder } from "../../support/folders.ts";
import { decodeNpy } from "../../support/numpy.ts";
import { readAll } from "../../support/reading.ts";

const descriptors: readonly (readonly [DType, string])[] = [
  ["u8", "u1"],
  ["u16", "u2"],
  ["u32", "u4"],
  ["i16", "i2"],
  ["i32", "i4"],
  ["f32", "f4"],
  ["f64", "f8"],
];

function ramp(dtype: DType, length: number): PixelArray {
  const pixels = createPixelArray(dtype, length);
  const scale = dtype[0] === "f" ? 0.25 : 1, sign = dtype[0] === "u" ? 0 : 40;
  for (let i = 0; i < length; i++) pixels[i] = ((i * 37) % 251 - sign) * scale;
  return pixels;
}

function reversedBytes(pixels: PixelArray): Uint8Array {
  const size = pixels.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(pixels.slice().buffer);
  for (let i = 0; i < bytes.length; i += size) bytes.subarray(i, i + size).reverse();
  return bytes;
}

for (const [dtype, code] of descriptors) {
  for (const order of bytesPerElement(dtype) === 1 ? ["|", "<", ">"] : ["<", ">", "="]) {
    Deno.test(`npy of type ${order}${code} reads back in bands of 1, 2, 3 rows and whole`, () =>
      withFolder(async (folder) => {
        const expected = ramp(dtype, 3 * 2 * 4 * 5);
        const data = order === ">" ? reversedBytes(expected) : expected;
        Deno.writeFileSync(`${folder}/a.npy`, npy(order + code, [3, 2, 4, 5], data));
        const scan = await openScan(`${folder}/a.npy`);
        assert.equal(scan.dtype, dtype);
        assert.deepEqual(scan.warnings, []);
        for (const bandHeight of [1, 2, 3]) {
          assert.deepEqual(await readAll(scan, bandHeight), expected);
          assert.deepEqual(await readAll(scan, bandHeight, true), expected);
        }
        scan.close();
      }));
  }
}

Deno.test("npy versions 2 and 3, double quotes, Python 2 longs and headers of any length are read", () =>
  withFolder(async (folder) => {
    const data = ramp("u16", 1 * 2 * 3 * 4);
    const bytes = new Uint8Array(data.buffer);
    const headers = [
      `{'descr': '<u2', 'fortran_order': False, 'shape': (1, 2, 3, 4), }`,
      `{"shape": (1L, 2L, 3L, 4L), "fortran_order": False, "descr": "<u2"}\n`,
      `{'descr':'<u2','fortran_order':False,'shape':(1,2,3,4)}` + " ".repeat(777) + "\n",
    ];
    for (const header of headers) {
      for (const version of [1, 2, 3]) {
        Deno.writeFileSync(`${folder}/a.npy`, rawNpy(header, bytes, version));
        const scan = await openScan(`${folder}/a.npy`);
        assert.deepEqual(await readAll(scan), data);
        scan.close();
      }
    }
  }));

Deno.test("a 3D stack becomes a scan by its scan shape, and a 4D one can be rearranged", () =>
  withFolder(async (folder) => {
    const data = ramp("f32", 6 * 2 * 3);
    for (const shape of [[6, 2, 3], [1, 6, 2, 3]]) {
      Deno.writeFileSync(`${folder}/a.npy`, encodeNpy("f32", shape, data));
      const scan = await openScan(`${folder}/a.npy`, { scanShape: { rows: 3, columns: 2 } });
      assert.deepEqual(scan.shape, { rows: 3, columns: 2, patternRows: 2, patternColumns: 3 });
      assert.deepEqual(await readAll(scan, 1), data);
      scan.close();
    }
  }));

Deno.test("bytes after the array are named in a warning", () =>
  withFolder(async (folder) => {
    const data = ramp("u8", 16);
    const file = npy("|u1", [2, 2, 2, 2], data);
    Deno.writeFileSync(`${folder}/a.npy`, Uint8Array.from([...file, 1, 2, 3]));
    const scan = await openScan(`${folder}/a.npy`);
    assert.match(scan.warnings[0], /^3 bytes/);
    assert.deepEqual(await readAll(scan), data);
    scan.close();
  }));

Deno.test("a closed scan refuses to read, closing twice is harmless, rows outside are refused", () =>
  withFolder(async (folder) => {
    Deno.writeFileSync(`${folder}/a.npy`, encodeNpy("u8", [2, 2, 2, 2], ramp("u8", 16)));
    const scan = await openScan(`${folder}/a.npy`);
    assert.throws(() => scan.readRows(1, 2, new Uint8Array(16)), RangeError);
    assert.throws(() => scan.readRows(0, 1, new Uint8Array(16)), RangeError);
    scan.readRows(2, 0, new Uint8Array(0));
    scan.close();
    scan.close();
    assert.throws(() => scan.readRows(0, 1, new Uint8Array(8)), /closed/);
  }));

Deno.test("frames of a series are scans of their own that share its file", () =>
  withFolder(async (folder) => {
    const data = ramp("i16", 2 * 3 * 2 * 2 * 2);
    Deno.writeFileSync(`${folder}/a.npy`, encodeNpy("i16", [2, 3, 2, 2, 2], data));
    const series = await openFile(`${folder}/a.npy`);
    assert.ok(isSeries(series));
    const [first, second] = [series.frame(0), series.frame(1)];
    first.close();
    assert.deepEqual(await readAll(second, 2), data.subarray(24));
    series.close();
    await assert.rejects(readAll(second), /closed/);
    const scan = await openScan(`${folder}/a.npy`, { frame: 1 });
    assert.deepEqual(await readAll(scan), data.subarray(24));
    scan.close();
    await assert.rejects(readAll(scan), /closed/);
  }));

Deno.test("what is written as npy is what numpy writes, with data at a multiple of 64 bytes", () => {
  for (const [dtype, code] of descriptors) {
    for (const shape of [[], [3], [2, 3], [1, 2, 3, 4], [0, 7]]) {
      const data = ramp(dtype, shape.reduce((a, b) => a * b, 1));
      const file = encodeNpy(dtype, shape, data);
      assert.equal((file.length - data.byteLength) % 64, 0);
      const header = new TextDecoder("latin1").decode(file.subarray(10, file.length - data.byteLength));
      const tuple = shape.length === 1 ? "(3,)" : `(${shape.join(", ")})`;
      const order = dtype === "u8" ? "|" : "<";
      assert.equal(
        header.trimEnd(),
        `{'descr': '${order}${code}', 'fortran_order': False, 'shape': ${tuple}, }`,
      );
      assert.ok(header.endsWith("\n"));
    }
  }
  assert.throws(() => encodeNpy("u8", [2, 2], new Uint8Array(3)), RangeError);
});

Deno.test("a npy file written in pieces equals one written at once, and is never too long or too short", () =>
  withFolder((folder) => {
    const path = `${folder}/a.npy`;
    const data = ramp("f32", 4 * 3);
    const writer = NpyWriter.create(path, "f32", [4, 3]);
    writer.write(data.subarray(0, 3));
    const shared = new Float32Array(new SharedArrayBuffer(36));
    shared.set(data.subarray(3));
    writer.write(shared);
    assert.throws(() => writer.write(new Float32Array(1)), RangeError);
    writer.close();
    writer.close();
    assert.deepEqual(Deno.readFileSync(path), encodeNpy("f32", [4, 3], data));
    assert.deepEqual(decodeNpy(Deno.readFileSync(path)).data, data);

    const anyOrder = NpyWriter.create(path, "f32", [4, 3]);
    anyOrder.write(data.subarray(6, 9), 6);
    anyOrder.write(data.subarray(9));
    assert.throws(() => anyOrder.write(data.subarray(0, 3), 10), RangeError);
    assert.throws(() => anyOrder.write(data.subarray(0, 3), -3), RangeError);
    anyOrder.write(data.subarray(0, 6), 0);
    anyOrder.close();
    assert.deepEqual(Deno.readFileSync(path), encodeNpy("f32", [4, 3], data));

    const short = NpyWriter.create(path, "u8", [2]);
    short.write(new Uint8Array(1));
    assert.throws(() => short.close(), /lacks its last 1 bytes/);
    assert.throws(() => NpyWriter.create(`${folder}/none/a.npy`, "u8", [2]), { kind: "FileUnavailable" });
  }));
