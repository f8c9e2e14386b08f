import assert from "node:assert/strict";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { openScan } from "../../../library/formats/open.ts";
import { binnedDType, binPatterns } from "../../../library/scan/binning.ts";
import { createPixelArray, type DType, type PixelArray } from "../../../library/scan/dtype.ts";
import { parseRegion } from "../../../library/parameters/region.ts";
import { formatRegion, selectRegion } from "../../../library/scan/region.ts";
import { checkRows, type Scan } from "../../../library/scan/scan.ts";
import { withFolder } from "../../support/folders.ts";
import { readAll } from "../../support/reading.ts";

/** A scan in memory that remembers which rows were read. */
function memoryScan(
  dtype: DType,
  lengths: readonly number[],
  pixels: PixelArray,
): Scan & { read: number[]; closed: number } {
  const [rows, columns, patternRows, patternColumns] = lengths;
  const shape = { rows, columns, patternRows, patternColumns };
  return {
    shape,
    dtype,
    calibration: { qPixelSize: { row: 0.1, column: 0.2, unit: "A^-1" }, beamEnergy: 200 },
    source: { format: "memory", path: "memory" },
    warnings: ["a warning"],
    read: [],
    closed: 0,
    readRows(first, count, into) {
      checkRows(shape, first, count, into);
      for (let row = first; row < first + count; row++) this.read.push(row);
      const rowPixels = pixels.length / rows;
      into.set(pixels.subarray(first * rowPixels, (first + count) * rowPixels));
    },
    close() {
      this.closed++;
    },
  };
}

function counts(dtype: DType, length: number): PixelArray {
  const pixels = createPixelArray(dtype, length);
  for (let i = 0; i < length; i++) pixels[i] = (i * 31) % 200;
  return pixels;
}

Deno.test("a region holds the patterns of its probe positions, and reads no other rows", async () => {
  const pixels = counts("u16", 6 * 5 * 2 * 3);
  for (const text of ["0:6,0:5", "2:4,0:5", "0:6,1:3", "3:6,4:5", "5:6,0:1"]) {
    const scan = memoryScan("u16", [6, 5, 2, 3], pixels);
    const region = parseRegion(text);
    assert.equal(formatRegion(region), text);
    const part = selectRegion(scan, region);
    const expected: number[] = [];
    for (let row = region.firstRow; row < region.lastRow; row++) {
      for (let column = region.firstColumn; column < region.lastColumn; column++) {
        expected.push(...pixels.subarray((row * 5 + column) * 6, (row * 5 + column + 1) * 6));
      }
    }
    for (const bandHeight of [1, 2, 6]) assert.deepEqual([...await readAll(part, bandHeight)], expected);
    assert.ok(scan.read.every((row) => row >= region.firstRow && row < region.lastRow));
    assert.deepEqual(part.warnings, scan.warnings);
    part.close();
    assert.equal(scan.closed, 1);
  }
});

Deno.test("regions that are none, or not inside the scan, are refused", () => {
  for (const text of ["", "1:2", "2:2,0:1", "0:1,3:2", "-1:2,0:1", "0:1.5,0:1", "a:b,c:d", "0:1,0:1,0:1"]) {
    assert.throws(() => parseRegion(text), { kind: "BadParameter" }, text);
  }
  const scan = memoryScan("u8", [2, 3, 1, 1], new Uint8Array(6));
  for (const text of ["0:3,0:1", "0:1,0:4", "2:3,0:1"]) {
    assert.throws(() => selectRegion(scan, parseRegion(text)), { kind: "BadParameter" }, text);
  }
});

Deno.test("binning sums neighbouring detector pixels", async () => {
  for (const dtype of ["u8", "u16", "u32", "i16", "i32", "f32", "f64"] as const) {
    for (const factor of [1, 2, 3, 6]) {
      const pixels = counts(dtype, 3 * 2 * 6 * 12);
      const scan = memoryScan(dtype, [3, 2, 6, 12], pixels);
      const binned = binPatterns(scan, factor);
      const [rows, columns] = [6 / factor, 12 / factor];
      assert.deepEqual(binned.shape, { rows: 3, columns: 2, patternRows: rows, patternColumns: columns });
      const expected = createPixelArray(binned.dtype, 6 * rows * columns);
      pixels.forEach((value: number, index: number) => {
        const pattern = Math.floor(index / 72), row = Math.floor(index % 72 / 12), column = index % 12;
        expected[(pattern * rows + Math.floor(row / factor)) * columns + Math.floor(column / factor)] +=
          value;
      });
      for (const bandHeight of [1, 2, 3]) assert.deepEqual(await readAll(binned, bandHeight), expected);
      assert.ok(Math.abs(binned.calibration.qPixelSize!.row - 0.1 * factor) < 1e-12);
      assert.ok(Math.abs(binned.calibration.qPixelSize!.column - 0.2 * factor) < 1e-12);
      assert.equal(binned.calibration.beamEnergy, 200);
      binned.close();
      assert.equal(scan.closed, 1);
    }
  }
});

Deno.test("the number type of binned patterns holds the largest possible sum exactly", async () => {
  const expected: readonly (readonly [DType, number, DType])[] = [
    ["u8", 1, "u16"],
    ["u8", 16, "u16"],
    ["u8", 17, "u32"],
    ["u16", 2, "u32"],
    ["u16", 256, "u32"],
    ["u16", 257, "f64"],
    ["u32", 2, "f64"],
    ["i16", 2, "i32"],
    ["i16", 255, "i32"],
    ["i16", 256, "f64"],
    ["i32", 2, "f64"],
    ["f32", 4, "f32"],
    ["f64", 4, "f64"],
  ];
  for (const [dtype, factor, binned] of expected) {
    assert.equal(binnedDType(dtype, factor), binned, `${dtype} ${factor}`);
  }
  for (const [dtype, largest] of [["u8", 255], ["u16", 65535], ["u32", 4294967295]] as const) {
    const scan = memoryScan(dtype, [1, 1, 4, 4], createPixelArray(dtype, 16).fill(largest));
    assert.deepEqual([...await readAll(binPatterns(scan, 4))], [16 * largest]);
  }
});

Deno.test("a binned pixel is bad where any of its pixels is", () => {
  const scan = memoryScan("u8", [1, 1, 4, 4], new Uint8Array(16));
  const badPixels = new Uint8Array(16);
  badPixels[7] = 1;
  assert.deepEqual([...binPatterns({ ...scan, badPixels }, 2).badPixels!], [0, 1, 0, 0]);
});

Deno.test("factors that do not divide both sides are refused with those that do", () => {
  const scan = memoryScan("u8", [1, 1, 12, 18], new Uint8Array(216));
  for (const factor of [0, -2, 1.5, 4, 5, 12, NaN]) {
    assert.throws(() => binPatterns(scan, factor), {
      kind: "BadParameter",
      details: {
        parameter: "qBin",
        remedy: "give `qBin` one of 1, 2, 3, 6",
        file: "memory",
        expected: "a factor that divides both sides: 1, 2, 3, 6",
        found: String(factor),
      },
    });
  }
});

Deno.test("openScan cuts, bins and calibrates as asked, with the pixel size of before binning", () =>
  withFolder(async (folder) => {
    const pixels = counts("u8", 4 * 3 * 2 * 4);
    Deno.writeFileSync(`${folder}/a.npy`, encodeNpy("u8", [4, 3, 2, 4], pixels));
    const scan = await openScan(`${folder}/a.npy`, {
      region: { firstRow: 1, lastRow: 3, firstColumn: 2, lastColumn: 3 },
      qBin: 2,
      pixelSize: { row: 1, column: 1, unit: "nm" },
      qPixelSize: { row: 0.5, column: 0.5, unit: "mrad" },
    });
    assert.deepEqual(scan.shape, { rows: 2, columns: 1, patternRows: 1, patternColumns: 2 });
    assert.deepEqual(scan.source.selection, { region: "1:3,2:3", qBin: 2 });
    assert.deepEqual(scan.calibration, {
      pixelSize: { row: 1, column: 1, unit: "nm" },
      qPixelSize: { row: 1, column: 1, unit: "mrad" },
    });
    const sum = (first: number) => [0, 1, 4, 5].reduce((total, pixel) => total + pixels[first + pixel], 0);
    assert.deepEqual([...await readAll(scan, 1)], [40, 42, 64, 66].map(sum));
    scan.close();
  }));
