/** MRC stacks: number types, signs, byte orders, extended headers, and files that are not what they say. */

import assert from "node:assert/strict";
import { openFile, openScan, type OpenScanOptions } from "../../../../library/formats/open.ts";
import { bytesOf } from "../../../../library/scan/dtype.ts";
import type { CrystalliteError } from "../../../../library/scan/errors.ts";
import { dtypeOfNumbers } from "../../../../library/scan/stored_number.ts";
import { withFolder } from "../../../support/folders.ts";
import { mrcFile, type MrcRecipe, veloxRecord } from "../../../support/mrc_files.ts";
import { seededRandom } from "../../../support/random.ts";
import { isRefused, readAll, readThrough } from "../../../support/reading.ts";
import { sharedPath, sharedTest } from "../../../support/shared.ts";
import { describeStored, readStored } from "../../../support/stored.ts";

const scanShape = { rows: 2, columns: 3 };
const sizes = { columns: 5, rows: 4, frames: 6 };

function counts(modulus: number, offset = 0): number[] {
  return Array.from({ length: 120 }, (_, i) => (i * 37) % modulus + offset);
}

/** Opens what a recipe makes, for `scanShape`. */
async function open(
  folder: string,
  recipe: Partial<MrcRecipe>,
  data: ArrayLike<number> = counts(256),
  options: OpenScanOptions = {},
) {
  const path = `${folder}/stack.mrc`;
  await Deno.writeFile(path, mrcFile({ ...sizes, numbers: "u16", ...recipe }, data));
  return await openScan(path, { scanShape, ...options });
}

Deno.test("MRC: every number type and byte order is read alike by threads and on this thread", () =>
  withFolder(async (folder) => {
    for (const numbers of ["u8", "i8", "i16", "u16", "f32"] as const) {
      for (const bigEndian of [false, true]) {
        for (const extended of [0, 768, 1001]) {
          for (const stamped of [true, false]) {
            const data = counts(256, numbers[0] === "i" ? -128 : 0), imodFlags = numbers === "i8" ? 1 : 0;
            const recipe = {
              numbers,
              bigEndian,
              imodFlags,
              stamped,
              extended: new Uint8Array(extended).fill(7),
            };
            const scan = await open(folder, recipe, data), what = JSON.stringify(recipe);
            assert.deepEqual(scan.shape, { ...scanShape, patternRows: 4, patternColumns: 5 }, what);
            assert.equal(scan.dtype, dtypeOfNumbers(numbers), what);
            assert.deepEqual(scan.warnings, [], what);
            assert.deepEqual(Array.from(await readAll(scan)), data, what);
            assert.deepEqual(Array.from(await readAll(scan, 1)), data, what);
            const working = numbers === "u8"
              ? Uint8Array.from(data)
              : numbers === "u16"
              ? Uint16Array.from(data)
              : Float32Array.from(data);
            for (const step of [6, 4]) assert.deepEqual(readStored(scan, step), bytesOf(working), what);
            scan.close();
          }
        }
      }
    }
    const plain = await open(folder, {});
    assert.equal(describeStored(plain), "contiguous");
    plain.close();
  }));

Deno.test("MRC: bytes have a sign where the header says so, and a warning where it does not", () =>
  withFolder(async (folder) => {
    const cases: readonly (readonly [Partial<MrcRecipe>, dtype: string, warned: boolean])[] = [
      [{}, "u8", true],
      [{ imodFlags: 0 }, "u8", false],
      [{ imodFlags: 1 }, "i16", false],
      [{ least: -3, most: 20 }, "i16", false],
      [{ least: 0, most: 200 }, "u8", false],
      [{ least: 0, most: 100 }, "u8", true],
      [{ least: -3, most: 200 }, "u8", true],
      [{ least: -3, most: 200, imodFlags: 1 }, "i16", false],
      [{ least: NaN, most: 5 }, "u8", true],
    ];
    for (const [recipe, dtype, warned] of cases) {
      const scan = await open(folder, { numbers: "u8", ...recipe });
      const what = JSON.stringify(recipe);
      assert.equal(scan.dtype, dtype, what);
      assert.equal(scan.warnings.some((text) => /whether its bytes have a sign/.test(text)), warned, what);
      scan.close();
    }
  }));

Deno.test("MRC: the user may say whether bytes have a sign, and nothing else of the numbers", () =>
  withFolder(async (folder) => {
    for (const [said, dtype] of [["i8", "i16"], ["u8", "u8"]] as const) {
      for (const imodFlags of [undefined, 0, 1]) {
        const scan = await open(folder, { numbers: "u8", imodFlags }, undefined, { dtype: said });
        assert.deepEqual([scan.dtype, scan.warnings.length, scan.source.selection?.dtype], [
          dtype,
          0,
          said === "i8" ? "int8" : "uint8",
        ]);
        scan.close();
      }
    }
    const wrong: readonly (readonly [MrcRecipe["numbers"], OpenScanOptions])[] = [
      ["u16", { dtype: "u8" }],
      ["u8", { dtype: "u16" }],
      ["u8", { dtype: "i8", offset: 3 }],
    ];
    for (const [numbers, options] of wrong) {
      await assert.rejects(open(folder, { numbers }, undefined, options), { kind: "BadParameter" });
    }
  }));

Deno.test("MRC: Velox's record gives calibration, of those fields only that were written", () =>
  withFolder(async (folder) => {
    for (const bigEndian of [false, true]) {
      const velox = { extended: veloxRecord(), extendedKind: "FEI2", bigEndian };
      const scan = await open(folder, velox);
      assert.deepEqual(scan.calibration, { beamEnergy: 200, convergenceAngle: 1.5, cameraLength: 0.25 });
      assert.equal(scan.source.notes!.application, "Velox 3.7");
      assert.ok(Math.abs(scan.source.notes!.framePixelRowNm as number - 3) < 1e-12);
      assert.match(scan.warnings[0], /length \(3(\.0\d*)? x 2 nm\).*not used/);
      scan.close();
    }
    const cases: readonly (readonly [Partial<MrcRecipe>, calibration: object])[] = [
      [{ extended: veloxRecord([0xffffffff, 1]) }, { beamEnergy: 200, cameraLength: 0.25 }],
      [{ extended: veloxRecord([0, 16]) }, { convergenceAngle: 1.5 }],
      [{ extendedKind: "SERI" }, {}],
      [{ extended: veloxRecord().subarray(0, 300) }, {}],
      [{ extended: new Uint8Array(888) }, {}],
      [{ extended: new Uint8Array(888).fill(255) }, {}],
    ];
    for (const [recipe, calibration] of cases) {
      const scan = await open(folder, { extended: veloxRecord(), extendedKind: "FEI1", ...recipe });
      assert.deepEqual(scan.calibration, calibration);
      assert.deepEqual(Array.from(await readAll(scan)), counts(256));
      scan.close();
    }
  }));

Deno.test("MRC: lengths of the cell are said and not used, unless they stand for nothing", () =>
  withFolder(async (folder) => {
    for (const cell of [[0, 0], [5, 4], [-50, -40], [NaN, 4], [Infinity, 4]] as const) {
      const scan = await open(folder, { cell });
      assert.deepEqual([scan.calibration, scan.warnings, scan.source.notes], [{}, [], {}], String(cell));
      scan.close();
    }
    const scan = await open(folder, { cell: [100, 40] });
    assert.deepEqual(scan.source.notes, { framePixelRowNm: 1, framePixelColumnNm: 2 });
    assert.match(scan.warnings[0], /1 x 2 nm/);
    scan.close();
  }));

Deno.test("MRC: stacks want a scan shape; images and other number types are refused", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.mrc`;
    const write = (recipe: Partial<MrcRecipe>) =>
      Deno.writeFile(path, mrcFile({ ...sizes, numbers: "u16", ...recipe }, counts(256)));
    await write({});
    await assert.rejects(openFile(path), { kind: "ShapeUnknown" });
    await assert.rejects(openFile(path, { scanShape: { rows: 2, columns: 2 } }), { kind: "BadParameter" });
    await assert.rejects(openFile(path, { dataset: "x" }), { kind: "BadParameter" });
    await write({ frames: 1 });
    await assert.rejects(openFile(path), { kind: "UnsupportedFormat", message: /one image/ });
    for (const mode of [3, 4, 16, 101]) {
      await write({ mode });
      await assert.rejects(openFile(path, { scanShape }), { kind: "UnsupportedFormat" });
    }
  }));

Deno.test("MRC: cut files are refused, unless the user says the shape of what is there", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.mrc`, whole = mrcFile({ ...sizes, numbers: "u16" }, counts(256));
    for (const length of [300, 1023, 1024, 1063]) {
      await Deno.writeFile(path, whole.subarray(0, length));
      await assert.rejects(openFile(path), { kind: "CorruptFile" }, String(length));
    }
    await Deno.writeFile(path, whole.subarray(0, whole.length - 1));
    await assert.rejects(openFile(path), { kind: "ShapeUnknown", message: /6 were announced/ });
    const cut = await openScan(path, { scanShape: { rows: 1, columns: 5 } });
    assert.deepEqual(cut.warnings, [
      "5 of 6 patterns are there, 1 with 40 bytes are missing: the recording stopped early, or the file was not " +
      "copied whole; those that are there were read",
      `39 bytes after the last whole frame of ${path} were ignored`,
    ]);
    assert.deepEqual(Array.from(await readAll(cut)), counts(256).slice(0, 100));
    cut.close();
    const filled = await openScan(path, { scanShape });
    assert.match(filled.warnings[0], /^5 of 6 patterns are there.*are zero/);
    assert.deepEqual(Array.from(await readAll(filled)), [
      ...counts(256).slice(0, 100),
      ...new Array(20).fill(0),
    ]);
    filled.close();
    await assert.rejects(openFile(path, { scanShape: { rows: 7, columns: 1 } }), { kind: "BadParameter" });
    await Deno.writeFile(path, whole.subarray(0, 1030));
    await assert.rejects(openFile(path, { scanShape }), { kind: "CorruptFile" });
    await Deno.writeFile(path, new TextEncoder().encode("version https://git-lfs.github.com/spec/v1\n"));
    await assert.rejects(openFile(path), { kind: "UnsupportedFormat" });
  }));

Deno.test("MRC: hostile headers are refused and take no memory", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.mrc`, before = Deno.memoryUsage().rss;
    const huge = 2 ** 31 - 1;
    const cases: readonly Partial<MrcRecipe>[] = [
      ...[{ columns: 0 }, { rows: -4 }, { frames: 0 }, { frames: huge }, { mode: 5 }, { mode: -1 }],
      ...[{ columns: huge, rows: huge, frames: huge }, { columns: 2 ** 15, rows: 2 ** 15, frames: 2 }],
      ...[{ extendedBytes: -1024 }, { extendedBytes: huge }],
    ];
    for (const recipe of cases) {
      await Deno.writeFile(path, mrcFile({ ...sizes, numbers: "u16", ...recipe }, counts(256)));
      await assert.rejects(openFile(path), (error: CrystalliteError) => {
        assert.ok(["CorruptFile", "OutOfResources"].includes(error.kind), JSON.stringify(recipe));
        assert.ok(error.details.remedy && error.details.file);
        return true;
      });
    }
    const random = seededRandom(9);
    let refused = 0;
    for (let trial = 0; trial < 400; trial++) {
      const extended = veloxRecord();
      const file = mrcFile({ ...sizes, numbers: "u16", extended, extendedKind: "FEI2" }, counts(256));
      for (let flip = 0; flip <= trial % 4; flip++) file[Math.floor(random() * 220)] = random() * 256;
      await Deno.writeFile(path, trial % 5 ? file : file.subarray(0, Math.floor(random() * file.length)));
      if (await isRefused(() => readThrough(openScan(path, { scanShape })))) refused++;
    }
    assert.ok(refused > 40 && refused < 360, `${refused} refused`);
    assert.ok(Deno.memoryUsage().rss - before < 2 ** 27);
  }));

sharedTest("MRC: the header that Velox wrote for a real image", async () => {
  const path = sharedPath("data/formats/mrc/HAADFscan.mrc")!;
  const scan = await openScan(path, { scanShape: { rows: 1, columns: 1 } });
  assert.deepEqual(scan.calibration, {
    beamEnergy: 300,
    convergenceAngle: 14.327324427576587,
    cameraLength: 0.0911,
  });
  assert.ok(Math.abs(scan.source.notes!.framePixelColumnNm as number - 5.6791313) < 1e-6);
  assert.equal(scan.source.notes!.application, "Velox 3.7.0.872-b0a7ba");
  assert.deepEqual(readStored(scan), bytesOf(await readAll(scan)));
  scan.close();
});

Deno.test("MRC: frames of three or four columns, big-endian, are not taken for DigitalMicrograph's", () =>
  withFolder(async (folder) => {
    for (const columns of [3, 4]) {
      for (const numbers of ["u8", "i16", "u16"] as const) {
        for (const stamped of [true, false]) {
          const data = Array.from({ length: 6 * 4 * columns }, (_, i) => i % 100);
          const scan = await open(folder, { columns, numbers, bigEndian: true, stamped, imodFlags: 0 }, data);
          assert.match(scan.source.format, /^MRC/);
          assert.deepEqual(Array.from(await readAll(scan)), data, `${columns} ${numbers} ${stamped}`);
          scan.close();
        }
      }
    }
  }));
