/** TIFF and BigTIFF stacks, read where they lie, and folders of single frames. */

import assert from "node:assert/strict";
import { lookAt } from "../../../library/formats/file_context.ts";
import { frameNames } from "../../../library/formats/frame_names.ts";
import { formatOf } from "../../../library/formats/known_formats.ts";
import { openFile, openScan } from "../../../library/formats/open.ts";
import { isSeries } from "../../../library/scan/scan.ts";
import { type BadInput, fileOf, testRefusals } from "../../support/bad_input.ts";
import { npy } from "../../support/byte_files.ts";
import { withFolder } from "../../support/folders.ts";
import { readAll } from "../../support/reading.ts";
import { describeStored, readStored } from "../../support/stored.ts";
import { tiff, type TiffRecipe } from "../../support/tiff_files.ts";

const rows = 5, columns = 6, scanShape = { rows: 3, columns: 4 };
const data = Uint16Array.from({ length: 12 * rows * columns }, (_, index) => index * 7919 % 65521);

/** The pages of `data` as bytes. */
function pages(bigEndian = false, count = 12): Uint8Array[] {
  return Array.from({ length: count }, (_, page) => {
    const view = new DataView(new ArrayBuffer(2 * rows * columns));
    for (let i = 0; i < rows * columns; i++) {
      view.setUint16(2 * i, data[page * rows * columns + i], !bigEndian);
    }
    return new Uint8Array(view.buffer);
  });
}

const plain: TiffRecipe = { rows, columns, bits: 16, pages: pages() };

const recipes: Readonly<Record<string, readonly [recipe: TiffRecipe, parts: string]>> = {
  "pages behind each other": [plain, "contiguous"],
  "BigTIFF, big-endian": [{ ...plain, big: true, bigEndian: true, pages: pages(true) }, "frames"],
  "big-endian, strips": [{ ...plain, bigEndian: true, pages: pages(true), stripRows: 2 }, "frames"],
  "BigTIFF, strips": [{ ...plain, big: true, stripRows: 1 }, "contiguous"],
  "pages at equal distances": [{ ...plain, gap: () => 100 }, "frames"],
  "pages at unequal distances": [{ ...plain, gap: (page) => page === 5 ? 40 : 8 }, "frames, frames"],
  "one described page of an ImageJ stack": [{
    ...plain,
    described: 1,
    description: "ImageJ=1.53t\nimages=12\nslices=12\nloop=false\n",
  }, "contiguous"],
};

for (const [name, [recipe, parts]] of Object.entries(recipes)) {
  Deno.test(`TIFF, ${name}: this thread and others read every pattern`, () =>
    withFolder(async (folder) => {
      const path = `${folder}/a.tif`;
      await Deno.writeFile(path, tiff(recipe));
      const scan = await openScan(path, { scanShape });
      assert.deepEqual(scan.shape, { ...scanShape, patternRows: rows, patternColumns: columns });
      assert.deepEqual([scan.dtype, describeStored(scan)], ["u16", parts]);
      for (const bandHeight of [1, 2, 3]) assert.deepEqual(await readAll(scan, bandHeight), data);
      for (const step of [12, 5, 1]) assert.deepEqual(readStored(scan, step), new Uint8Array(data.buffer));
      scan.close();
    }));
}

Deno.test("TIFF: the number types, and signed bytes as int16", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.tif`;
    for (
      const [bits, format, numbers, dtype] of [
        [8, 1, Uint8Array.of(0, 1, 254, 255), "u8"],
        [8, 2, Int8Array.of(0, 1, -1, -128), "i16"],
        [16, 2, Int16Array.of(0, 1, -1, -32768), "i16"],
        [32, 1, Uint32Array.of(0, 1, 2 ** 31, 2 ** 32 - 1), "u32"],
        [32, 2, Int32Array.of(0, 1, -1, -(2 ** 31)), "i32"],
        [32, 3, Float32Array.of(0, 1.5, -1e30, 3), "f32"],
        [64, 3, Float64Array.of(0, 1.5, -1e300, 3), "f64"],
      ] as const
    ) {
      const page = new Uint8Array(numbers.buffer);
      await Deno.writeFile(path, tiff({ rows: 2, columns: 2, bits, format, pages: [page, page] }));
      const scan = await openScan(path, { scanShape: { rows: 1, columns: 2 } });
      assert.equal(scan.dtype, dtype);
      assert.deepEqual(Array.from(await readAll(scan, 1)), [...numbers, ...numbers]);
      scan.close();
    }
  }));

Deno.test("TIFF: tifffile says the shape of the whole, ImageJ the size of a detector pixel", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.tif`;
    await Deno.writeFile(path, tiff({ ...plain, description: '{"shape": [3, 4, 5, 6]}' }));
    const scan = await openScan(path);
    assert.deepEqual([scan.shape.rows, scan.shape.columns, scan.calibration], [3, 4, {}]);
    scan.close();
    await Deno.writeFile(
      path,
      tiff({ ...plain, described: 1, description: '{"shape": [2, 3, 2, 5, 6], "truncated": true}' }),
    );
    const series = await openFile(path);
    assert.ok(isSeries(series) && series.frames === 2);
    assert.deepEqual(await readAll(series.frame(1)), data.slice(data.length / 2));
    series.close();
    const description = "ImageJ=1.53t\nimages=12\nunit=1/nm\n";
    await Deno.writeFile(path, tiff({ ...plain, description, resolution: [20, 10] }));
    const calibrated = await openScan(path, { scanShape });
    assert.deepEqual(calibrated.calibration, { qPixelSize: { row: 0.1, column: 0.05, unit: "nm^-1" } });
    calibrated.close();
  }));

const refused: readonly (readonly [name: string, kind: BadInput["kind"], says: RegExp, bytes: Uint8Array])[] =
  [
    ["no scan shape", "ShapeUnknown", /12 patterns/, tiff(plain)],
    ["a single page", "ShapeUnknown", /one page/, tiff({ ...plain, pages: pages().slice(0, 1) })],
    [
      "compressed pages",
      "UnsupportedFormat",
      /deflate.*uncompressed/,
      tiff({ ...plain, fields: { 259: 8 } }),
    ],
    ["tiles", "UnsupportedFormat", /tiles/, tiff({ ...plain, fields: { 322: 16 } })],
    ["colours", "UnsupportedFormat", /colours/, tiff({ ...plain, fields: { 277: 3 } })],
    ["12-bit numbers", "UnsupportedFormat", /12 bits/, tiff({ ...plain, fields: { 258: 12 } })],
    ["strips apart", "UnsupportedFormat", /apart/, tiff({ ...plain, stripRows: 2, stripGap: 6 })],
    ["no rows", "CorruptFile", /row/, tiff({ ...plain, fields: { 257: 0 } })],
    [
      "enormous pages",
      "OutOfResources",
      /1073741824/,
      tiff({ ...plain, fields: { 257: 2 ** 31, 256: 2 ** 20 } }),
    ],
    ["rows beyond its strips", "CorruptFile", /strips/, tiff({ ...plain, fields: { 257: 50 } })],
    ["strips beyond the file", "CorruptFile", /ends too early/, tiff({ ...plain, fields: { 273: 2 ** 30 } })],
    [
      "pages in a circle",
      "CorruptFile",
      /earlier/,
      tiff({ ...plain, pages: pages().slice(0, 1), next: 8 + 60 }),
    ],
    ["a directory beyond the file", "CorruptFile", /too early/, tiff({ ...plain, next: 2 ** 31 })],
    ["a directory without fields", "CorruptFile", /fields/, tiff(plain).fill(0, 728, 730)],
    [
      "pages of one place",
      "CorruptFile",
      /beside/,
      tiff({ ...plain, fields: { 273: 8, 256: 100, 257: 5, 279: 1000 } }),
    ],
    [
      "ImageJ pages that are not there",
      "CorruptFile",
      /behind each other/,
      tiff({
        ...plain,
        described: 1,
        description: "ImageJ=1.53t\nimages=1000000000\n",
      }),
    ],
  ];
testRefusals(refused.map(([name, kind, says, bytes]) => ({
  name: `TIFF, ${name}`,
  kind,
  says,
  make: fileOf(bytes, "a.tif"),
})));

Deno.test("a TIFF file that is cut anywhere is refused, or still whole", () =>
  withFolder(async (folder) => {
    const bytes = tiff({ ...plain, stripRows: 2 }), path = `${folder}/a.tif`;
    for (let length = 8; length < bytes.length; length += 37) {
      await Deno.writeFile(path, bytes.subarray(0, length));
      await assert.rejects(openScan(path, { scanShape }), { kind: "CorruptFile" }, `cut to ${length}`);
    }
  }));

Deno.test("frames in a folder come in the order of their numbers, TIFF of other places and npy alike", () =>
  withFolder(async (folder) => {
    for (const kind of ["tif", "npy"]) {
      await Deno.mkdir(`${folder}/${kind}`);
      await Deno.writeTextFile(`${folder}/${kind}/notes.txt`, "");
      for (const [index, page] of pages().entries()) {
        const bytes = kind === "npy"
          ? npy("<u2", [rows, columns], page)
          : tiff({ ...plain, pages: [page], gap: () => index });
        await Deno.writeFile(`${folder}/${kind}/frame_${index + 1}.${kind}`, bytes);
      }
      const scan = await openScan(`${folder}/${kind}`, { scanShape });
      assert.deepEqual(scan.shape, { ...scanShape, patternRows: rows, patternColumns: columns });
      assert.deepEqual([scan.dtype, scan.source.format, scan.warnings], ["u16", "frames", []]);
      for (const bandHeight of [1, 2, 3]) assert.deepEqual(await readAll(scan, bandHeight), data);
      scan.close();
      await assert.rejects(openScan(`${folder}/${kind}`), { kind: "ShapeUnknown" });
    }
  }));

Deno.test("more frames than a system opens files are read", () =>
  withFolder(async (folder) => {
    for (let index = 0; index < 150; index++) {
      await Deno.writeFile(`${folder}/f${index}.npy`, npy("|u1", [1, 2], Uint8Array.of(index, 7)));
    }
    const scan = await openScan(folder, { scanShape: { rows: 10, columns: 15 } });
    const expected = Uint8Array.from({ length: 300 }, (_, i) => i % 2 === 0 ? i / 2 : 7);
    for (const bandHeight of [10, 1]) assert.deepEqual(await readAll(scan, bandHeight), expected);
    scan.close();
  }));

Deno.test("frames that are lost, unequal or of other kinds do not go unsaid", () =>
  withFolder(async (folder) => {
    const write = (name: string, shape: number[]) =>
      Deno.writeFile(`${folder}/${name}`, npy("|u1", shape, new Uint8Array(shape[0] * shape[1])));
    for (const index of [1, 2, 4]) await write(`f${index}.npy`, [2, 2]);
    const scan = await openScan(folder, { scanShape: { rows: 1, columns: 3 } });
    assert.deepEqual(scan.warnings, [
      "the names of the frames count to 4, but there are 3: some may be lost",
    ]);
    scan.close();
    await write("f3.npy", [2, 3]);
    await assert.rejects(openFile(folder), { kind: "CorruptFile", message: /one size/ });
    await Deno.writeFile(`${folder}/f3.npy`, new Uint8Array(4));
    await assert.rejects(openFile(folder), { kind: "UnsupportedFormat", message: /f3\.npy/ });
    // Scans beside each other are no frames.
    await Deno.mkdir(`${folder}/scans`);
    for (const index of [1, 2]) {
      await Deno.writeFile(`${folder}/scans/s${index}.npy`, npy("|u1", [1, 1, 1, 1], new Uint8Array(1)));
    }
    assert.equal(formatOf(lookAt(`${folder}/scans`)), undefined);
  }));

Deno.test("raw frames in a folder are read as the user describes them", () =>
  withFolder(async (folder) => {
    const shape = [rows, columns], layout = { dtype: "u16", frameHeader: 7, frameFooter: 2 } as const;
    for (const [index, page] of pages(true).entries()) {
      const bytes = new Uint8Array(7 + page.length + 2).fill(9);
      bytes.set(page, 7);
      await Deno.writeFile(`${folder}/f${index}.bin`, bytes);
    }
    const big = { ...layout, byteOrder: "big" } as const;
    for (const [said, warnings] of [[{ scanShape, shape }, 0], [{ shape: [3, 4, ...shape] }, 0]] as const) {
      const scan = await openScan(folder, { ...big, ...said });
      assert.deepEqual([scan.dtype, scan.warnings.length, scan.shape.rows], ["u16", warnings, 3]);
      assert.deepEqual([scan.source.format, scan.source.path], ["raw", folder]);
      for (const bandHeight of [1, 3]) assert.deepEqual(await readAll(scan, bandHeight), data);
      for (const step of [12, 5]) assert.deepEqual(readStored(scan, step), new Uint8Array(data.buffer));
      scan.close();
    }
    await Deno.writeTextFile(`${folder}/notes.txt`, "");
    const scan = await openScan(folder, { ...big, scanShape, shape });
    assert.deepEqual(scan.warnings, ["files of other sizes in the folder were left out: notes.txt"]);
    scan.close();
    await assert.rejects(openScan(folder, { ...layout, shape: [9, 9] }), {
      kind: "BadParameter",
      message: /frames/,
    });
    await assert.rejects(openScan(folder, { ...big, shape: [3, 3, ...shape] }), {
      message: /asks for 9 frames/,
    });
    await assert.rejects(openScan(folder, { ...big, shape }), { kind: "ShapeUnknown" });
    await Deno.copyFile(`${folder}/f1.bin`, `${folder}/copy.bin`);
    await assert.rejects(openScan(folder, { ...big, scanShape, shape }), { kind: "BadParameter" });
    await assert.rejects(openScan(folder, { scanShape }), { kind: "FileUnavailable" });
  }));

Deno.test("names are frames if they differ in numbers only", () => {
  assert.deepEqual(frameNames(["f10.tif", "f9.tif", "f1.tif", "x.txt", ".f3.tif"]), [
    "f1.tif",
    "f9.tif",
    "f10.tif",
  ]);
  assert.deepEqual(frameNames(["x2_y1.npy", "x1_y10.npy", "x1_y9.npy"]), [
    "x1_y9.npy",
    "x1_y10.npy",
    "x2_y1.npy",
  ]);
  assert.deepEqual(frameNames(["f1.tif", "g2.tif"]), []);
  assert.deepEqual(frameNames(["f1.tif", "f2.npy"]), []);
  assert.deepEqual(frameNames(["f1.npy", "f2.npy", "labels.npy"]), []);
});
