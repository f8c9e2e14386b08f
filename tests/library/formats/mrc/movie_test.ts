/** Direct Electron's movies: what the info file says, and frames that were not recorded row by row. */

import assert from "node:assert/strict";
import { openFile, openScan } from "../../../../library/formats/open.ts";
import { bytesOf } from "../../../../library/scan/dtype.ts";
import { CrystalliteError } from "../../../../library/scan/errors.ts";
import { isSeries, type Series } from "../../../../library/scan/scan.ts";
import { withFolder } from "../../../support/folders.ts";
import { mrcFile, type MrcRecipe } from "../../../support/mrc_files.ts";
import { seededRandom } from "../../../support/random.ts";
import { isRefused, readAll } from "../../../support/reading.ts";
import { readStored } from "../../../support/stored.ts";

/** Columns and rows of a frame; larger than the order of the largest test scan, in bytes. */
const side = 8, pixels = side * side;

type Values = Readonly<Record<string, string | number>>;

/** A movie of `frames` frames whose numbers are all the frame's own number from 1, with an info file. */
async function writeMovie(
  folder: string,
  frames: number,
  values: Values,
  { name = "20260101_00001", info = name, ...recipe }: Partial<MrcRecipe> & { name?: string; info?: string } =
    {},
): Promise<string> {
  const path = `${folder}/${name}_movie.mrc`;
  const data = Uint16Array.from({ length: frames * pixels }, (_, i) => Math.floor(i / pixels) + 1);
  await Deno.writeFile(path, mrcFile({ columns: side, rows: side, frames, numbers: "u16", ...recipe }, data));
  const lines = Object.entries({
    "Image Size X (pixels)": side,
    "Image Size Y (pixels)": side,
    "Scan - Enable": "Enable",
    "Scan - Type": "Raster",
    ...values,
  });
  const text = lines.map(([key, value]) => `${key.padEnd(60)} = ${value}`).join("\r\n");
  await Deno.writeTextFile(`${folder}/${info}_info.txt`, text);
  return path;
}

/** The number of the frame, from 1, on each position, 0 where there is none; both ways of reading must agree. */
async function framesOf(opened: Awaited<ReturnType<typeof openFile>>): Promise<number[][]> {
  const scans = isSeries(opened)
    ? Array.from({ length: opened.frames }, (_, index) => (opened as Series).frame(index))
    : [opened];
  const found = [];
  for (const scan of scans) {
    const all = await readAll(scan, 1);
    for (const step of [1, 7, 100]) assert.deepEqual(readStored(scan, step), bytesOf(all));
    found.push(Array.from({ length: all.length / pixels }, (_, i) => all[i * pixels]));
    for (let i = 0; i < all.length; i++) assert.equal(all[i], all[i - i % pixels]);
  }
  opened.close();
  return found;
}

Deno.test("a movie's info file says scan shape and calibration; what is -1 is unknown", () =>
  withFolder(async (folder) => {
    const shape = { "Scan - Size X": 3, "Scan - Size Y": 2 };
    const path = await writeMovie(folder, 6, {
      ...shape,
      "Specimen Pixel Size X (nanometers)": 0.5,
      "Specimen Pixel Size Y (nanometers)": 0.25,
      "Diffraction Pixel Size X": 0.1,
      "Diffraction Pixel Size Y": 0.2,
      "Instrument Accelerating Voltage (V)": 200000,
      "Instrument Project Camera Length (centimeters)": 25,
      "Frames Per Second": 1000,
    }, { cell: [-80, -80] });
    const scan = await openScan(path);
    assert.deepEqual(scan.shape, { rows: 2, columns: 3, patternRows: side, patternColumns: side });
    assert.deepEqual(scan.calibration, {
      pixelSize: { row: 0.25, column: 0.5, unit: "nm" },
      qPixelSize: { row: 0.2, column: 0.1, unit: "nm^-1" },
      beamEnergy: 200,
      cameraLength: 0.25,
    });
    assert.deepEqual(scan.source.notes, { description: "20260101_00001_info.txt", framesPerSecond: 1000 });
    assert.deepEqual(scan.warnings, []);
    assert.deepEqual(await framesOf(scan), [[1, 2, 3, 4, 5, 6]]);
    const unknown = Object.fromEntries(
      [
        "Specimen Pixel Size X (nanometers)",
        "Diffraction Pixel Size X",
        "Instrument Accelerating Voltage (V)",
      ]
        .map((key) => [key, -1]),
    );
    const bare = await openScan(await writeMovie(folder, 6, { ...shape, ...unknown }));
    assert.deepEqual(bare.calibration, {});
    bare.close();
  }));

Deno.test("the info file is found for movies with a suffix, of whose names the longest goes first", () =>
  withFolder(async (folder) => {
    const shape = { "Scan - Size X": 3, "Scan - Size Y": 2 },
      other = { "Scan - Size X": 2, "Scan - Size Y": 3 };
    const path = await writeMovie(folder, 6, shape, { name: "20260101_00001_a_b", info: "20260101_00001" });
    const scan = await openScan(path);
    assert.equal(scan.shape.columns, 3);
    scan.close();
    await writeMovie(folder, 6, other, { name: "20260101_00001_a_b" });
    const near = await openScan(path);
    assert.equal(near.shape.columns, 2);
    near.close();
    // A date alone is the name of no movie.
    const lone = await writeMovie(folder, 6, shape, { name: "20260102_00001_a", info: "20260102" });
    await assert.rejects(openFile(lone), { kind: "ShapeUnknown" });
  }));

Deno.test("repeats and frames at each position make a series", () =>
  withFolder(async (folder) => {
    const shape = { "Scan - Size X": 3, "Scan - Size Y": 2 };
    const open = async (frames: number, values: Values) =>
      await framesOf(await openFile(await writeMovie(folder, frames, { ...shape, ...values })));
    assert.deepEqual(await open(12, { "Scan - Repeats": 2 }), [[1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12]]);
    assert.deepEqual(await open(12, { "Scan - Camera Frames Per Point": 2 }), [
      [1, 3, 5, 7, 9, 11],
      [2, 4, 6, 8, 10, 12],
    ]);
    assert.deepEqual(await open(24, { "Scan - Camera Frames Per Point": 2, "Scan - Repeats": 2 }), [
      [1, 3, 5, 7, 9, 11],
      [2, 4, 6, 8, 10, 12],
      [13, 15, 17, 19, 21, 23],
      [14, 16, 18, 20, 22, 24],
    ]);
    const region = { "Scan - ROI Enable": "Enable", "Scan - ROI Size X": 2, "Scan - ROI Size Y": 1 };
    assert.deepEqual(await open(2, region), [[1, 2]]);
    const tooMany: readonly Values[] = [{ "Scan - Repeats": 3 }, { "Scan - Camera Frames Per Point": 3 }];
    for (const values of tooMany) {
      await assert.rejects(open(12, values), { kind: "CorruptFile" });
    }
    await assert.rejects(open(18, { "Scan - Camera Frames Per Point": 2 }), {
      kind: "ShapeUnknown",
      message: /20260101_00001_info\.txt says 2 x 2 x 3/,
    });
    await assert.rejects(open(6, { "Scan - Enable": "Disable" }), { kind: "ShapeUnknown" });
  }));

Deno.test("frames of other orders lie where the coordinates say; positions without one are zero", () =>
  withFolder(async (folder) => {
    const values = { "Scan - Size X": 3, "Scan - Size Y": 2, "Scan - Type": "Random" };
    const coordinates = `${folder}/20260101_00001_scan_coordinates.csv`;
    const path = await writeMovie(folder, 6, values);
    const open = async (text: string, options = {}) => {
      await Deno.writeTextFile(coordinates, text);
      return await openFile(path, options);
    };
    assert.deepEqual(await framesOf(await open("2,1\n0,0\n1,1\n1,0\n0,1\n2,0\n")), [[2, 4, 6, 5, 3, 1]]);
    const twice = await open("2,1\r\n0,0\r\n0,0\r\n1,0\r\n0,1\r\n 2 , 0");
    assert.deepEqual(twice.warnings, ["6 of 12 probe positions were not recorded; their patterns are zero"]);
    assert.deepEqual(await framesOf(twice), [[2, 4, 6, 5, 0, 1], [3, 0, 0, 0, 0, 0]]);
    const wide = await open("2,1\n0,0\n1,1\n1,0\n0,1\n2,0\n", { scanShape: { rows: 1, columns: 6 } });
    assert.deepEqual([wide.shape.rows, wide.shape.columns], [1, 6]);
    wide.close();

    const bad = [
      "",
      "0,0\n",
      "0,0\n1,0\n2,0\n0,1\n1,1\n2,1\n0,0\n",
      ...["3,0", "0,2", "-1,0", "0.5,0", "a,b", "0", "0,0,0"]
        .map((line) => `0,0\n1,0\n${line}\n0,1\n1,1\n2,1\n`),
    ];
    for (const text of bad) {
      await assert.rejects(open(text), (error: CrystalliteError) => {
        assert.equal(error.kind, "CorruptFile", text);
        assert.ok(error.details.remedy);
        return true;
      });
    }
    await assert.rejects(open("0,0\n".repeat(300)), { kind: "CorruptFile" });
    await Deno.remove(coordinates);
    await assert.rejects(openFile(path), {
      kind: "FileUnavailable",
      message: /Random.*scan_coordinates\.csv/,
    });
    const told = await openFile(path, { scanShape: { rows: 2, columns: 3 } });
    assert.match(told.warnings[0], /read row by row as told/);
    assert.deepEqual(await framesOf(told), [[1, 2, 3, 4, 5, 6]]);
  }));

Deno.test("movies that were cut or do not belong to their info file are refused, or read as the user says", () =>
  withFolder(async (folder) => {
    const shape = { "Scan - Size X": 3, "Scan - Size Y": 2 }, scanShape = { rows: 1, columns: 4 };
    for (const values of [shape, { ...shape, "Scan - Camera Frames Per Point": 2 }]) {
      const path = await writeMovie(folder, 6, values);
      await Deno.truncate(path, 1024 + 4 * 2 * pixels);
      // Where header and info file disagree, what was planned is not known.
      if (values === shape) {
        const filled = await openFile(path);
        assert.match(filled.warnings[0], /^4 of 6 patterns are there.*are zero/);
        assert.deepEqual(await framesOf(filled), [[1, 2, 3, 4, 0, 0]]);
      } else {
        await assert.rejects(openFile(path), { kind: "CorruptFile", message: /ends too early/ });
      }
      const part = await openFile(path, { scanShape });
      assert.match(part.warnings[0], /^4 of 6 patterns are there.*were read$/);
      assert.deepEqual(await framesOf(part), [[1, 2, 3, 4]]);
    }
    const repeated = await writeMovie(folder, 12, { ...shape, "Scan - Camera Frames Per Point": 2 });
    await Deno.truncate(repeated, 1024 + 7 * 2 * pixels);
    assert.deepEqual(await framesOf(await openFile(repeated)), [[1, 3, 5, 7, 0, 0], [2, 4, 6, 0, 0, 0]]);
    const random = { ...shape, "Scan - Type": "XY File" };
    const path = await writeMovie(folder, 6, random);
    await Deno.writeTextFile(
      `${folder}/20260101_00001_scan_coordinates.csv`,
      "2,1\n0,0\n1,1\n1,0\n0,1\n2,0\n",
    );
    await Deno.truncate(path, 1024 + 4 * 2 * pixels);
    for (const options of [{}, { scanShape: { rows: 2, columns: 3 } }]) {
      const part = await openFile(path, options);
      assert.match(part.warnings.join("\n"), /^4 of 6 patterns are there/m);
      assert.deepEqual(await framesOf(part), [[2, 4, 0, 0, 3, 1]]);
    }

    const other = await openFile(await writeMovie(folder, 6, { ...shape, "Image Size X (pixels)": 16 }));
    assert.match(other.warnings[0], /says images of 8 x 16, but the frames of the movie are 8 x 8/);
    other.close();
  }));

Deno.test("hostile info files and coordinates are refused and take no memory", () =>
  withFolder(async (folder) => {
    const before = Deno.memoryUsage().rss,
      huge = 2 ** 31,
      coordinates = `${folder}/20260101_00001_scan_coordinates.csv`;
    const open = async (values: Values) => (await openFile(await writeMovie(folder, 6, values))).close();
    await Deno.writeTextFile(coordinates, "0,0\n".repeat(6));
    const cases: readonly Values[] = [
      { "Scan - Size X": huge, "Scan - Size Y": huge, "Scan - Type": "Random" },
      { "Scan - Size X": 9999, "Scan - Size Y": 9999, "Scan - Type": "Random" },
      // Six visits of one position would make six scans of all.
      { "Scan - Size X": 30, "Scan - Size Y": 10, "Scan - Type": "Random" },
      { "Scan - Size X": huge, "Scan - Size Y": huge },
      {
        "Scan - Size X": 3,
        "Scan - Size Y": 2,
        "Scan - Repeats": huge,
        "Scan - Camera Frames Per Point": huge,
      },
      { "Scan - Size X": "NaN", "Scan - Size Y": 2 },
      { "Scan - Size X": 2.5, "Scan - Size Y": -2 },
    ];
    for (const values of cases) {
      await assert.rejects(
        open(values),
        (error: Error) => error instanceof CrystalliteError,
        JSON.stringify(values),
      );
    }
    const random = seededRandom(4);
    let refused = 0;
    const info = `${folder}/20260101_00001_info.txt`;
    const path = await writeMovie(folder, 6, {
      "Scan - Size X": 3,
      "Scan - Size Y": 2,
      "Scan - Type": "Random",
    });
    const texts = [[info, await Deno.readTextFile(info)], [coordinates, "2,1\n0,0\n1,1\n1,0\n0,1\n2,0\n"]];
    for (let trial = 0; trial < 300; trial++) {
      for (const [index, [file, text]] of texts.entries()) {
        const bytes = new TextEncoder().encode(text);
        for (let flip = 0; flip < (trial % 2 === index ? 1 + trial % 5 : 0); flip++) {
          bytes[Math.floor(random() * bytes.length)] = "0123456789,=\n-x\0"[trial % 16].charCodeAt(0);
        }
        await Deno.writeFile(file, bytes);
      }
      if (await isRefused(async () => await framesOf(await openFile(path)))) refused++;
    }
    assert.ok(refused > 50 && refused < 290, `${refused} refused`);
    assert.ok(Deno.memoryUsage().rss - before < 2 ** 27);
  }));
