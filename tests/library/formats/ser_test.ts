/** TIA series: offset tables of both widths, elements with tags between them, axes, and series that were stopped. */

import assert from "node:assert/strict";
import { openFile, openScan } from "../../../library/formats/open.ts";
import { isSeries } from "../../../library/scan/scan.ts";
import { type BadInput, fileOf, testRefusals } from "../../support/bad_input.ts";
import { withFolder } from "../../support/folders.ts";
import { cut, type Fields, ser, type SerRecipe } from "../../support/frame_files.ts";
import { readAll } from "../../support/reading.ts";
import { sharedPath, sharedTest } from "../../support/shared.ts";
import { describeStored, readStored } from "../../support/stored.ts";

const counts = Int32Array.from({ length: 6 * 4 * 5 }, (_, index) => index * 131 - 700);
const recipe: SerRecipe = { patterns: cut(counts, 6), rows: 4, columns: 5, type: 6, dimensions: [3, 2] };
const sound = ser(recipe);
/** Places in the file: the table of offsets, and the first element. */
const table = 34 + 2 * (28 + 8 + 4 + 6), first = table + 6 * 2 * 8, distance = 50 + 80 + 8;

Deno.test("TIA series: the first axis is the fast one, and steps become nm and nm^-1", () =>
  withFolder(async (folder) => {
    for (const version of [0x210, 0x220] as const) {
      const scan = await openScan(fileOf(ser({ ...recipe, version }), "a.ser")(folder));
      assert.deepEqual(scan.shape, { rows: 2, columns: 3, patternRows: 4, patternColumns: 5 });
      assert.deepEqual([scan.dtype, describeStored(scan), scan.warnings], ["i32", "frames", []]);
      assert.deepEqual(scan.calibration, {
        pixelSize: { row: 4, column: 2, unit: "nm" },
        qPixelSize: { row: 0.04, column: 0.02, unit: "nm^-1" },
      });
      for (const bandHeight of [1, 2]) assert.deepEqual(await readAll(scan, bandHeight), counts);
      const computed = new Uint8Array(Float32Array.from(counts).buffer);
      for (const step of [6, 4, 1]) assert.deepEqual(readStored(scan, step), computed);
      scan.close();
    }
  }));

Deno.test("TIA series: every number type is read", () =>
  withFolder(async (folder) => {
    const types = [
      Uint8Array,
      Uint16Array,
      Uint32Array,
      Int8Array,
      Int16Array,
      Int32Array,
      Float32Array,
      Float64Array,
    ];
    for (const [index, type] of types.entries()) {
      const numbers = type.from(counts);
      const bytes = ser({ ...recipe, patterns: cut(numbers, 6), type: index + 1 });
      const scan = await openScan(fileOf(bytes, "a.ser")(folder));
      assert.deepEqual(Array.from(await readAll(scan)), Array.from(numbers));
      scan.close();
    }
  }));

Deno.test("TIA series: one axis is a stack, three are a series, and other units are no steps", () =>
  withFolder(async (folder) => {
    const stack = fileOf(ser({ ...recipe, dimensions: [6], unit: "" }), "a.ser")(folder);
    await assert.rejects(openFile(stack), { kind: "ShapeUnknown", message: /holds 6 patterns/ });
    const scan = await openScan(stack, { scanShape: { rows: 3, columns: 2 } });
    assert.deepEqual(scan.calibration, { qPixelSize: { row: 0.04, column: 0.02, unit: "nm^-1" } });
    scan.close();
    const series = await openFile(
      fileOf(ser({ ...recipe, dimensions: [1, 2, 3], unit: "s" }), "b.ser")(folder),
    );
    assert.ok(isSeries(series) && series.frames === 3 && series.shape.rows === 2);
    assert.deepEqual(await readAll(series.frame(2)), counts.slice(80));
    assert.equal(series.calibration.pixelSize, undefined);
    series.close();
    // Elements that the axes do not count are a stack.
    await assert.rejects(openFile(fileOf(ser({ ...recipe, dimensions: [2, 2] }))(folder)), {
      kind: "ShapeUnknown",
    });
  }));

Deno.test("TIA series: images have steps of m, which are no reciprocal ones", () =>
  withFolder(async (folder) => {
    const changes: Fields = [[first + 8, "f64", 1e-9], [first + 28, "f64", 1e-9]];
    const scan = await openScan(fileOf(ser({ ...recipe, changes }))(folder));
    assert.equal(scan.calibration.qPixelSize, undefined);
    scan.close();
  }));

Deno.test("TIA series: patterns that a stopped series did not come to are zero, which is said", () =>
  withFolder(async (folder) => {
    const stopped = ser({ ...recipe, patterns: recipe.patterns.slice(0, 4), total: 6 });
    for (const bytes of [stopped, sound.subarray(0, first + 5 * distance - 1)]) {
      const path = fileOf(bytes, "a.ser")(folder), expected = counts.slice();
      expected.fill(0, 80);
      const scan = await openScan(path);
      assert.match(
        scan.warnings.join(),
        /^4 of 6 patterns are there, 2 with \d+ bytes are missing: .*are zero/,
      );
      assert.deepEqual(await readAll(scan, 1), expected);
      assert.deepEqual(readStored(scan, 5), new Uint8Array(Float32Array.from(expected).buffer));
      scan.close();
      const part = await openScan(path, { scanShape: { rows: 2, columns: 2 } });
      assert.deepEqual(await readAll(part), counts.slice(0, 80));
      assert.match(part.warnings[0], /^4 of 6 patterns/);
      part.close();
    }
  }));

const changed = (...changes: Fields) => fileOf(ser({ ...recipe, changes }), "a.ser");
const bad: readonly BadInput[] = [
  ...[33, 40, 60, table + 20, first + 20, first + 60, first + distance - 1].map((length): BadInput => ({
    name: `a TIA series cut at byte ${length}`,
    kind: "CorruptFile",
    says: /too early/,
    make: fileOf(sound.subarray(0, length), "a.ser"),
  })),
  {
    name: "a TIA series of spectra",
    kind: "UnsupportedFormat",
    says: /spectra/,
    make: changed([6, "u32", 0x4120]),
  },
  { name: "a TIA series of something", kind: "UnsupportedFormat", says: /0x7/, make: changed([6, "u32", 7]) },
  {
    name: "a TIA series without elements",
    kind: "CorruptFile",
    says: /0 elements/,
    make: changed([18, "u32", 0]),
  },
  {
    name: "a TIA series with more elements than planned",
    kind: "CorruptFile",
    says: /7 elements/,
    make: changed([18, "u32", 7]),
  },
  {
    name: "a TIA series with more elements than bytes",
    kind: "CorruptFile",
    says: /too early/,
    make: changed([14, "u32", 2 ** 32 - 1], [18, "u32", 2 ** 32 - 1]),
  },
  {
    name: "a TIA series with its table elsewhere",
    kind: "CorruptFile",
    says: /too early/,
    make: changed([26, "u32", 2 ** 31]),
  },
  {
    name: "a TIA series of many axes",
    kind: "CorruptFile",
    says: /axes/,
    make: changed([30, "u32", 2 ** 31]),
  },
  {
    name: "a TIA series with an endless name",
    kind: "CorruptFile",
    says: /name or unit/,
    make: changed([58, "u32", 2 ** 31]),
  },
  {
    name: "a TIA series with an element outside",
    kind: "CorruptFile",
    says: /one after the other/,
    make: changed([table + 8, "u32", 2 ** 31]),
  },
  {
    name: "a TIA series with elements in another order",
    kind: "CorruptFile",
    says: /one after the other/,
    make: changed([table + 16, "u32", first]),
  },
  {
    name: "a TIA series with elements over each other",
    kind: "CorruptFile",
    says: /different kinds|one after/,
    make: changed([table + 8, "u32", first + 4]),
  },
  {
    name: "a TIA series with an image of another size",
    kind: "CorruptFile",
    says: /in element 3/,
    make: changed([first + 3 * distance + 46, "u32", 3]),
  },
  ...[0, 9, 10].map((type): BadInput => ({
    name: `a TIA series of numbers of type ${type}`,
    kind: "UnsupportedFormat",
    says: new RegExp(`type ${type}`),
    make: fileOf(ser({ ...recipe, type }), "a.ser"),
  })),
  {
    name: "a --dataset of a TIA series",
    kind: "BadParameter",
    says: /no data set/,
    options: { dataset: "x" },
    make: changed(),
  },
];

testRefusals(bad);

sharedTest(
  "TIA series: the one of the manifest has patterns with a reciprocal size, and an axis without unit",
  async () => {
    const path = sharedPath("data/formats/tia/128x128x5-diffraction_preview_1.ser")!;
    const scan = await openScan(path, { scanShape: { rows: 1, columns: 5 } });
    const size = 42464134.612716675 / 1e9;
    assert.deepEqual(scan.calibration, { qPixelSize: { row: size, column: size, unit: "nm^-1" } });
    const computed = new Uint8Array(Float32Array.from(await readAll(scan)).buffer);
    assert.deepEqual(readStored(scan), computed);
    scan.close();
  },
);
