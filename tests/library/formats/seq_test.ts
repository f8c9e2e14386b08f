/** Norpix `.seq`: frames with time stamps, of which the header says size, depth and stride. */

import assert from "node:assert/strict";
import { openFile, openScan } from "../../../library/formats/open.ts";
import { bytesOf } from "../../../library/scan/dtype.ts";
import { withFolder } from "../../support/folders.ts";
import { seededRandom } from "../../support/random.ts";
import { isRefused, readAll, readThrough } from "../../support/reading.ts";
import { type SeqRecipe, seqSizes, sequence } from "../../support/seq_files.ts";
import { readStored } from "../../support/stored.ts";

const { columns, rows, frames } = seqSizes, pixels = rows * columns;
const scanShape = { rows: 2, columns: 3 };

Deno.test("seq: versions, depths and strides are read alike by threads and on this thread", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.seq`, counts = Array.from({ length: frames * pixels }, (_, i) => i);
    for (const version of [3, 5, 6]) {
      for (const depth of [8, 16, 32]) {
        for (const stride of [pixels * depth / 8 + 8, 4096]) {
          await Deno.writeFile(path, sequence({ version, depth, stride }));
          const scan = await openScan(path, { scanShape });
          assert.deepEqual(scan.shape, { ...scanShape, patternRows: rows, patternColumns: columns });
          assert.deepEqual([scan.dtype, scan.warnings], [`u${depth}`, []]);
          assert.deepEqual([scan.source.format, scan.source.notes], ["SEQ", { framesPerSecond: 400 }]);
          const expected = counts.map((value) => depth === 8 ? value % 256 : value);
          for (const bandHeight of [1, 2]) {
            assert.deepEqual(Array.from(await readAll(scan, bandHeight)), expected);
          }
          const working = depth === 8 ? Uint8Array : depth === 16 ? Uint16Array : Float32Array;
          for (const step of [6, 4]) {
            assert.deepEqual(readStored(scan, step), bytesOf(working.from(expected)));
          }
          scan.close();
        }
      }
    }
  }));

Deno.test("seq: cut files are read as far as the user says; other pixels and impossible sizes are refused", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.seq`, whole = sequence();
    await Deno.writeFile(path, whole);
    await assert.rejects(openFile(path), { kind: "ShapeUnknown" });
    await Deno.writeFile(path, whole.subarray(0, whole.length - 1));
    await assert.rejects(openFile(path), {
      kind: "ShapeUnknown",
      message: /holds 5 patterns .*6 were announced/,
    });
    const cut = await openScan(path, { scanShape: { rows: 1, columns: 5 } });
    assert.match(cut.warnings[0], /^5 of 6 patterns are there, 1 with \d+ bytes are missing/);
    cut.close();
    const filled = await openScan(path, { scanShape });
    assert.match(filled.warnings[0], /^5 of 6 patterns are there.*are zero/);
    assert.equal(filled.source.notes?.missingPatterns, 1);
    const pixels = await readAll(filled), pattern = pixels.length / 6;
    assert.ok(pixels.subarray(5 * pattern).every((value) => value === 0));
    assert.ok(pixels.subarray(4 * pattern, 5 * pattern).some((value) => value !== 0));
    filled.close();
    for (const length of [4, 500, 1100, 8192, 8200]) {
      await Deno.writeFile(path, whole.subarray(0, length));
      await assert.rejects(openFile(path, { scanShape }), { kind: "CorruptFile" });
    }
    const silent = async (recipe: SeqRecipe) => {
      await Deno.writeFile(path, sequence(recipe));
      return await openScan(path, { scanShape });
    };
    const all = await silent({ allocated: 0 });
    assert.deepEqual(all.warnings, []);
    all.close();
    const fewer = silent({ allocated: 5 });
    await assert.rejects(fewer, { kind: "BadParameter" });
    await assert.rejects(silent({ depth: 24 }), { kind: "UnsupportedFormat" });
    await assert.rejects(silent({ stride: 20 }), { kind: "CorruptFile" });
    await assert.rejects(silent({ columns: 0 }), { kind: "CorruptFile" });
    await assert.rejects(silent({ columns: 2 ** 32 - 1, rows: 2 ** 32 - 1 }), { kind: "CorruptFile" });
    await assert.rejects(silent({ stride: 0 }), { kind: "CorruptFile" });
  }));

Deno.test("seq: references of the camera that are not applied are named", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.seq`;
    await Deno.writeFile(path, sequence());
    await Deno.writeFile(`${folder}/a.seq.dark.mrc`, new Uint8Array(1));
    await Deno.writeFile(`${folder}/a.gain.mrc`, new Uint8Array(1));
    const scan = await openScan(path, { scanShape });
    assert.deepEqual(scan.warnings.map((text) => text.split(" ")[0]), ["a.seq.dark.mrc", "a.gain.mrc"]);
    scan.close();
  }));

Deno.test("seq: a damaged header is read or refused with an error of ours, and takes no memory", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.seq`, random = seededRandom(12), before = Deno.memoryUsage().rss;
    let refused = 0;
    for (let trial = 0; trial < 300; trial++) {
      const file = sequence();
      for (let flip = 0; flip <= trial % 3; flip++) {
        file[[28, 548, 552, 556, 572, 580][Math.floor(random() * 6)] + Math.floor(random() * 4)] = random() *
          256;
      }
      await Deno.writeFile(path, file);
      if (await isRefused(() => readThrough(openScan(path, { scanShape })))) refused++;
    }
    assert.ok(refused > 50 && refused < 295, `${refused} refused`);
    assert.ok(Deno.memoryUsage().rss - before < 2 ** 27);
  }));
