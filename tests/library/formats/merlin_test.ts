/** Merlin: every kind of pixel, the ways in which a scan's shape is said, and files that stopped early or lie. */

import assert from "node:assert/strict";
import { defaultParameters } from "../../../library/cluster/presets.ts";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { readsInParallel } from "../../../library/engine/loaded_scan.ts";
import { openFile, openScan } from "../../../library/formats/open.ts";
import { bytesOf, createPixelArray, type DType, type PixelArray } from "../../../library/scan/dtype.ts";
import type { CrystalliteError } from "../../../library/scan/errors.ts";
import { readPattern } from "../../../library/scan/scan.ts";
import { withFolder } from "../../support/folders.ts";
import { merlinFrames, type MerlinRecipe, merlinText } from "../../support/merlin_files.ts";
import { seededRandom } from "../../support/random.ts";
import { isRefused, readAll, readThrough } from "../../support/reading.ts";
import { sharedPath, sharedTest } from "../../support/shared.ts";
import { describeStored, readStored } from "../../support/stored.ts";

const small = { rows: 3, columns: 5 };

function randomCounts(dtype: DType, count: number, depth: number): PixelArray {
  const random = seededRandom(depth + count);
  const counts = createPixelArray(dtype, count);
  for (let i = 0; i < count; i++) counts[i] = random() * 2 ** depth;
  return counts;
}

/** Writes a scan and its text, and opens it. */
async function write(
  folder: string,
  pixels: ArrayLike<number>,
  recipe: MerlinRecipe,
  text?: string,
): Promise<string> {
  await Deno.writeFile(`${folder}/a.mib`, merlinFrames(pixels, recipe));
  if (text !== undefined) await Deno.writeTextFile(`${folder}/a.hdr`, text);
  return `${folder}/a.mib`;
}

const kinds: readonly (readonly [dtype: DType, recipe: MerlinRecipe])[] = [
  ["u8", { ...small, kind: "U08", depth: 6 }],
  ["u16", { ...small, kind: "U16", depth: 12 }],
  ["u32", { ...small, kind: "U32", depth: 24 }],
  ["u16", { ...small, kind: "U16", depth: 12, chips: 4 }],
  ["u8", { rows: 3, columns: 64, kind: "R64", depth: 1 }],
  ["u8", { rows: 3, columns: 128, kind: "R64", depth: 6 }],
  ["u16", { rows: 3, columns: 64, kind: "R64", depth: 12 }],
  ["u32", { rows: 3, columns: 64, kind: "R64", depth: 24 }],
  ["u32", { rows: 3, columns: 256, kind: "R64", depth: 24, doubled: true }],
  ["u32", { rows: 512, columns: 512, kind: "R64", depth: 24, chips: 4, doubled: true }],
  ["u8", { rows: 512, columns: 512, kind: "R64", depth: 1, chips: 4 }],
  ["u16", { rows: 512, columns: 512, kind: "R64", depth: 12, chips: 4 }],
];

for (const [dtype, recipe] of kinds) {
  const { kind, depth, chips = 1, rows, columns, doubled } = recipe;
  Deno.test(`Merlin ${kind} of ${depth} bits and ${chips} chips${doubled ? ", counted twice," : ""} is read alike by threads and on this thread`, () =>
    withFolder(async (folder) => {
      const large = rows === 512, frames = large ? 2 : 6;
      const pixels = randomCounts(dtype, frames * rows * columns, depth!);
      const path = await write(folder, pixels, recipe);
      const scan = await openScan(path, { scanShape: { rows: 2, columns: frames / 2 } });
      assert.equal(scan.dtype, dtype);
      assert.deepEqual([scan.shape.patternRows, scan.shape.patternColumns], [rows, columns]);
      for (const bandHeight of [1, 2]) assert.deepEqual(await readAll(scan, bandHeight, true), pixels);
      assert.deepEqual(
        await readPattern(scan, 1, 0),
        pixels.slice(pixels.length / 2, pixels.length / 2 + rows * columns),
      );
      assert.ok(readsInParallel(scan) && describeStored(scan) === "frames");
      const computed = dtype === "u32" ? Float32Array.from(pixels) : pixels;
      for (const step of [frames, 1]) assert.deepEqual(readStored(scan, step), bytesOf(computed));
      scan.close();
    }));
}

Deno.test("RAW frames are clustered alike by any number of threads", () =>
  withFolder(async (folder) => {
    for (const [dtype, depth] of [["u8", 1], ["u32", 24]] as const) {
      const recipe = { rows: 4, columns: 64, kind: "R64", depth } as const;
      const pixels = randomCounts(dtype, 30 * 4 * 64, depth === 1 ? 1 : 10);
      const scan = await openScan(await write(folder, pixels, recipe), {
        scanShape: { rows: 6, columns: 5 },
      });
      const parameters = { ...defaultParameters, threshold: 0.5, minimumSize: 1, blur: 1 };
      const runs = [];
      for (const [workers, bandHeight] of [[1, 6], [3, 1]]) {
        const { labels, similarity } = await clusterScan(scan, parameters, { workers, bandHeight });
        runs.push({ labels, similarity });
      }
      assert.deepEqual(runs[0], runs[1]);
      scan.close();
    }
  }));

/** Opens 12 frames with a text, as rows x columns; what it says of them. */
async function shapeOf(folder: string, text: string, frames = 12, recipe: Partial<MerlinRecipe> = {}) {
  const pixels = new Uint16Array(frames * 15).map((_, i) => Math.floor(i / 15));
  const path = await write(folder, pixels, { ...small, ...recipe }, text);
  const scan = await openScan(path);
  const { shape: { rows, columns }, warnings } = scan, all = await readAll(scan);
  // Positions that no frame was recorded for are zero.
  const expected = new Uint16Array(all.length);
  expected.set(pixels);
  assert.deepEqual(all, expected);
  scan.close();
  return { shape: [rows, columns], warnings };
}

/** Frames after which the next one takes longer, by 20 µs in 102 ms, as the beam flies back. */
const flyingBack = (columns: number, jitter = 10) => (frame: number) =>
  102_000_000 * frame + 20_820 * Math.floor(frame / columns) + jitter * (frame * 7 % 3);

Deno.test("Merlin: the scan's shape comes from ScanX and ScanY, frames per trigger, or times", () =>
  withFolder(async (folder) => {
    const size = { ScanX: "4", ScanY: "3" };
    assert.deepEqual(await shapeOf(folder, merlinText(12, 1, size)), { shape: [3, 4], warnings: [] });
    assert.deepEqual(await shapeOf(folder, merlinText(12, 6)), { shape: [2, 6], warnings: [] });
    for (const columns of [3, 4, 6]) {
      const found = await shapeOf(folder, merlinText(12, 1), 12, { time: flyingBack(columns) });
      assert.deepEqual(found.shape, [12 / columns, columns]);
      assert.match(
        found.warnings.join(),
        new RegExp(`${12 / columns}x${columns} was found by the times of frames`),
      );
    }
    const local = await shapeOf(folder, merlinText(12, 1), 12, { fine: false, time: flyingBack(4, 0) });
    assert.deepEqual(local.shape, [3, 4]);
  }));

Deno.test("Merlin: what does not say the shape for certain is asked for", () =>
  withFolder(async (folder) => {
    const jumps = (frame: number) => 1e6 * frame + (frame > 3 ? 5e5 : 0), random = seededRandom(8);
    const noise = Array.from({ length: 13 }, (_, frame) => 1e6 * frame + Math.floor(1e4 * random()));
    // Times between twelve frames: one that is hardly longer, and one that comes within a line.
    const gaps = (...between: number[]) => (frame: number) =>
      between.slice(0, frame).reduce((sum, gap) => sum + gap, 0);
    const hardly = gaps(100, 101, 102, 101, 100, 103, 101, 100, 102, 101, 100);
    const within = gaps(100, 101, 100, 101, 100, 150, 101, 100, 150, 101, 100);
    const unknown: [string, Partial<MerlinRecipe>?][] = [
      [merlinText(0, 1), { time: flyingBack(4) }],
      [merlinText(0, 4)],
      [merlinText(12, 12)],
      [merlinText(12, 5)],
      [merlinText(12, 1)],
      [merlinText(12, 1), { time: flyingBack(5) }],
      [merlinText(12, 1), { time: flyingBack(2) }],
      [merlinText(12, 1), { time: jumps }],
      [merlinText(12, 1), { time: hardly }],
      [merlinText(12, 1), { time: within }],
      [merlinText(12, 1), { time: (frame) => noise[frame] }],
      [merlinText(12, 1), { time: (frame) => 1e7 - 1e5 * frame }],
      [merlinText(8, 4)],
      [merlinText(8, 2, { ScanX: "4", ScanY: "2" })],
      ["ENVI\nsamples = 4"],
    ];
    for (const [text, recipe] of unknown) {
      await assert.rejects(shapeOf(folder, text, 12, recipe), (error: CrystalliteError) => {
        assert.deepEqual([error.kind, error.details.patterns], ["ShapeUnknown", 12], text);
        return true;
      });
    }
    const given = await openScan(`${folder}/a.mib`, { scanShape: { rows: 6, columns: 2 } });
    assert.deepEqual([given.shape.rows, given.shape.columns], [6, 2]);
    given.close();
  }));

Deno.test("Merlin: a scan that stopped early keeps its shape, and lost frames are said", () =>
  withFolder(async (folder) => {
    for (const text of [merlinText(20, 4), merlinText(20, 1, { ScanX: "4", ScanY: "5" })]) {
      for (const frames of [10, 3]) {
        const { shape, warnings } = await shapeOf(folder, text, frames);
        assert.deepEqual(shape, [5, 4]);
        assert.match(
          warnings.join(),
          new RegExp(`^${frames} of 20 patterns are there, ${20 - frames} with ${(20 - frames) * 414} bytes`),
        );
      }
    }
    // With another number of frames for each line than positions, where one ends is unknown.
    const odd = merlinText(25, 5, { ScanX: "4", ScanY: "5" });
    await assert.rejects(shapeOf(folder, odd, 10), { kind: "CorruptFile" });

    const frames = merlinFrames(new Uint16Array(12 * 15), small), path = `${folder}/a.mib`;
    const lost = new Uint8Array([...frames.subarray(0, 5 * 414), ...frames.subarray(6 * 414), 1, 2, 3]);
    await Deno.writeFile(path, lost);
    const scan = await openScan(path, { scanShape: { rows: 1, columns: 11 } });
    assert.match(
      scan.warnings[0],
      /numbered 1 to 12, but there are 11: positions after a lost frame are shifted/,
    );
    assert.match(scan.warnings[2], /^3 bytes after the last whole frame/);
    scan.close();
  }));

Deno.test("Merlin: headers say exposure and depth, the text beside them the rest", () =>
  withFolder(async (folder) => {
    const text = merlinText(12, 4, { "Software Version": "\x1b[2J", "Gain": "x".repeat(9999) });
    const path = await write(folder, new Uint16Array(12 * 15), small, text);
    for (const name of [path, `${folder}/a.hdr`]) {
      const scan = await openScan(name);
      assert.equal(scan.source.path, path);
      assert.deepEqual(scan.source.notes, {
        description: "a.hdr",
        acquired: "2021-05-07T16:51:10.000000000Z",
        exposureMs: 100,
        counterDepth: 12,
        pixelKind: "U16",
        chipLayout: "1x1",
        activeCounters: "Counter 0",
        thresholdKeV: 40,
        sensorBias: "120 V",
      });
      assert.deepEqual(scan.calibration, {});
      scan.close();
    }
    await Deno.remove(path);
    await assert.rejects(openFile(`${folder}/a.hdr`), { kind: "FileUnavailable", message: /frames of/ });
    await Deno.writeFile(path, new Uint8Array(500));
    await assert.rejects(openFile(`${folder}/a.hdr`), { kind: "CorruptFile" });
  }));

Deno.test("Merlin: headers that lie are refused before memory is taken", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.mib`, scanShape = { rows: 3, columns: 4 };
    const raw = merlinFrames(new Uint8Array(12 * 192), { rows: 3, columns: 64, kind: "R64", depth: 6 });
    const plain = merlinFrames(new Uint16Array(12 * 15), small);
    const put = (file: Uint8Array, text: string, at: number) => {
      const changed = file.slice();
      changed.set(new TextEncoder().encode(text), at);
      return changed;
    };
    const cases: [Uint8Array, kind: string][] = [
      [put(plain, "9", 11), "CorruptFile"],
      [put(plain, "00004", 11), "CorruptFile"],
      [put(plain, "99999", 11), "CorruptFile"],
      [put(plain, "0000", 20), "CorruptFile"],
      [put(plain, "9999,9999", 20), "CorruptFile"],
      [put(plain, "00-5", 25), "CorruptFile"],
      [put(plain, "U64", 30), "CorruptFile"],
      [put(plain, "U32", 30), "CorruptFile"],
      [put(plain, "XY", 1), "UnsupportedFormat"],
      [put(plain, "XY", 11 * 414), "CorruptFile"],
      [put(plain, "U08", 11 * 414 + 30), "CorruptFile"],
      [put(raw, "0063", 20), "UnsupportedFormat"],
      [put(raw, "04", 17), "UnsupportedFormat"],
      [put(raw, "02", 17), "UnsupportedFormat"],
      [
        merlinFrames(new Uint8Array(192), { rows: 3, columns: 64, kind: "R64", depth: 6, fine: false }),
        "UnsupportedFormat",
      ],
      [plain.slice(0, 413), "CorruptFile"],
      [plain.slice(0, 20), "CorruptFile"],
    ];
    const before = Deno.memoryUsage().rss;
    for (const [index, [bytes, kind]] of cases.entries()) {
      await Deno.writeFile(path, bytes);
      await assert.rejects(openFile(path, { scanShape }), (error: CrystalliteError) => {
        assert.equal(error.kind, kind, `case ${index}: ${error.message}`);
        assert.ok(error.details.remedy && error.details.file);
        return true;
      });
    }
    assert.ok(Deno.memoryUsage().rss - before < 2 ** 27);
  }));

Deno.test("Merlin: any damage to headers and text is read or refused with an error of ours", () =>
  withFolder(async (folder) => {
    const random = seededRandom(5), path = `${folder}/a.mib`;
    const frames = merlinFrames(new Uint16Array(12 * 15), { ...small, time: flyingBack(4) });
    const text = new TextEncoder().encode(merlinText(12, 1));
    let refused = 0;
    for (let trial = 0; trial < 600; trial++) {
      const damaged = [frames, text].map((bytes, which) => {
        const cut = bytes.slice(0, trial % 5 === 0 ? Math.floor(random() * bytes.length) : bytes.length);
        for (let flip = 0; flip <= trial % 4; flip++) {
          const within = which === 0 && random() < 0.8 ? 60 : cut.length;
          if (cut.length > 0) {
            cut[Math.floor(random() * within)] = ",0129-: U\t\n\0ÿ"[trial % 13].charCodeAt(0);
          }
        }
        return cut;
      });
      await Deno.writeFile(path, damaged[0]);
      await Deno.writeFile(`${folder}/a.hdr`, damaged[1]);
      const opened = trial % 3 === 0 ? `${folder}/a.hdr` : path;
      if (await isRefused(() => readThrough(openScan(opened)))) refused++;
    }
    assert.ok(refused > 60 && refused < 540, `${refused} refused`);
  }));

sharedTest("Merlin: RAW frames have the pixels of their processed twins", async () => {
  const read = async (name: string) => {
    const path = sharedPath(`data/formats/merlin/Single_1_Frame_CounterDepth_1_Rows_256${name}.mib`)!;
    const scan = await openScan(path, { scanShape: { rows: 1, columns: 1 } }), pixels = await readAll(scan);
    scan.close();
    return pixels;
  };
  const [processed, raw] = [await read(""), await read("RAW")];
  assert.equal(Array.from(raw).filter((bit, pixel) => bit === 1 && processed[pixel] === 1).length, 2388);
});

sharedTest(
  "Merlin: the hot pixel of recordings of a part of the detector is where its name says",
  async () => {
    for (const rows of [64, 128]) {
      const name = `00${rows === 64 ? 3 : 2}_merlin_test_roi_sig256x${rows}_nav4x2_hot_pixel_52x_39y.mib`;
      const scan = await openScan(sharedPath(`data/formats/merlin/${name}`)!), all = await readAll(scan);
      for (let frame = 0; frame < 8; frame++) {
        const pattern = Array.from(all.subarray(frame * rows * 256, (frame + 1) * rows * 256));
        assert.equal(pattern.indexOf(Math.max(...pattern)), 39 * 256 + 52);
      }
      scan.close();
    }
  },
);

Deno.test("Merlin: the files of a split recording are one scan, whichever is opened", () =>
  withFolder(async (folder) => {
    const pixels = randomCounts("u16", 12 * 15, 12),
      part = (from: number, to: number, first = from + 1) =>
        merlinFrames(pixels.subarray(from * 15, to * 15), { ...small, first });
    for (const names of [["a.mib", "a1.mib", "a2.mib"], ["a_9.mib", "a_10.mib", "a_11.mib"]]) {
      const inner = `${folder}/${names[0]} split`;
      await Deno.mkdir(inner);
      await Deno.writeFile(`${inner}/${names[0]}`, part(0, 5));
      await Deno.writeFile(`${inner}/${names[1]}`, part(5, 10));
      await Deno.writeFile(`${inner}/${names[2]}`, part(10, 12));
      await Deno.writeFile(`${inner}/another3.mib`, part(0, 3));
      await Deno.writeTextFile(`${inner}/a.hdr`, merlinText(12, 4));
      for (const name of [...names, "a.hdr"]) {
        const scan = await openScan(`${inner}/${name}`);
        assert.deepEqual([scan.shape.rows, scan.shape.columns, scan.warnings], [3, 4, []]);
        assert.equal(scan.source.notes?.frameFiles, 3);
        for (const rows of [1, 3]) assert.deepEqual(await readAll(scan, rows), pixels);
        assert.deepEqual(readStored(scan, 7), bytesOf(pixels));
        scan.close();
      }
      // A scan that stopped in its second file keeps its shape; what is missing is zero.
      await Deno.remove(`${inner}/${names[2]}`);
      const stopped = await openScan(`${inner}/a.hdr`);
      assert.deepEqual([stopped.shape.rows, stopped.shape.columns], [3, 4]);
      const there = Number(/^(\d+) of 12 patterns/.exec(stopped.warnings[0])?.[1]);
      assert.deepEqual(await readAll(stopped), pixels.map((value, index) => index < 15 * there ? value : 0));
      stopped.close();
    }
  }));

Deno.test("Merlin: files that are recordings of their own are not joined, and gaps are refused or said", () =>
  withFolder(async (folder) => {
    const pixels = randomCounts("u16", 4 * 15, 12),
      frames = (first: number) => merlinFrames(pixels, { ...small, first });
    await Deno.writeFile(`${folder}/a.mib`, frames(1));
    await Deno.writeFile(`${folder}/a2.mib`, frames(5));
    await Deno.writeTextFile(`${folder}/a.hdr`, merlinText(4, 2));
    await Deno.writeTextFile(`${folder}/a2.hdr`, merlinText(4, 2));
    await Deno.writeFile(`${folder}/a3.mib`, frames(20));
    for (const name of ["a.mib", "a.hdr", "a2.mib", "a2.hdr"]) {
      const scan = await openScan(`${folder}/${name}`);
      assert.deepEqual(await readAll(scan), pixels);
      scan.close();
    }
    for (const name of ["a.mib", "a2.hdr"]) await Deno.remove(`${folder}/${name}`);
    await assert.rejects(openScan(`${folder}/a.hdr`), {
      kind: "CorruptFile",
      message: /do not follow each other/,
    });
    await Deno.remove(`${folder}/a3.mib`);
    const only = await openScan(`${folder}/a.hdr`);
    assert.deepEqual(await readAll(only), pixels);
    only.close();
    await Deno.remove(`${folder}/a2.mib`);
    await assert.rejects(openScan(`${folder}/a.hdr`), { kind: "FileUnavailable" });
  }));
