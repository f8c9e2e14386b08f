/** Raw records are read as their declaration says, by threads and on this thread, in pieces of any size. */

import assert from "node:assert/strict";
import { withEngine } from "../../../library/engine/with_engine.ts";
import { readsInParallel } from "../../../library/engine/loaded_scan.ts";
import type { FrameRecords } from "../../../library/formats/frames/records.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { openScan } from "../../../library/formats/open.ts";
import { defaultParameters } from "../../../library/cluster/presets.ts";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { bytesOf, createPixelArray, type DType } from "../../../library/scan/dtype.ts";
import { numbersOfWords, type PackedWords } from "../../../library/scan/frames.ts";
import { storedNumbers } from "../../../library/scan/stored_number.ts";
import { selectRegion } from "../../../library/scan/region.ts";
import { isSeries, readPattern, type Scan } from "../../../library/scan/scan.ts";
import { collectAverages } from "../../support/averages.ts";
import { npy } from "../../support/byte_files.ts";
import { withFolder } from "../../support/folders.ts";
import { plainPack } from "../../support/packed_words.ts";
import { seededRandom } from "../../support/random.ts";
import { readAll } from "../../support/reading.ts";
import { grainScan } from "../../support/scans.ts";
import { describeStored, readStored } from "../../support/stored.ts";
import { encodeRecords, openRecords, patternsOf, randomNumbers, working } from "../../support/raw_records.ts";

for (const numbers of storedNumbers) {
  Deno.test(`records of ${numbers} are read alike by threads and on this thread: crops, flips, headers, byte orders`, () =>
    withFolder(async (folder) => {
      const random = seededRandom(storedNumbers.indexOf(numbers) + 1), some = () => random() < 0.5;
      for (let trial = 0; trial < 40; trial++) {
        const rows = 3 + Math.floor(6 * random()), columns = 3 + Math.floor(20 * random());
        const records: Omit<FrameRecords, "files"> = {
          rows,
          columns,
          numbers,
          bigEndian: some(),
          header: some() ? Math.floor(40 * random()) : 0,
          footer: some() ? Math.floor((trial % 8 === 0 ? 4000 : 20) * random()) : 0,
          ...(some() && { keptRows: [Math.floor(2 * random()), rows - Math.floor(random() * 1.5)] }),
          ...(some() && { keptColumns: [Math.floor(2 * random()), columns] }),
          flipRows: some(),
          flipColumns: some(),
          transposed: some(),
          scan: { rows: 3, columns: 5 },
        };
        const start = Math.floor(20 * random()), data = randomNumbers(15 * rows * columns, numbers, random);
        const path = `${folder}/${trial}.raw`, second = `${folder}/${trial}-2.raw`;
        await Deno.writeFile(path, encodeRecords(data.subarray(0, 7 * rows * columns), records, start));
        await Deno.writeFile(second, encodeRecords(data.subarray(7 * rows * columns), records, 0));
        const files = [{ path, start }, { path: second }];
        const scan = await openRecords(path, { ...records, files }) as Scan;
        const expected = patternsOf(data, records), what = JSON.stringify(records);
        for (const bandHeight of [1, 2, 3]) {
          assert.deepEqual(await readAll(scan, bandHeight, trial % 2 === 0), expected, what);
        }
        assert.ok(readsInParallel(scan));
        for (const step of [15, 4, 1]) {
          assert.deepEqual(readStored(scan, step), bytesOf(working(expected)), what);
        }
        const pixels = expected.length / 15;
        assert.deepEqual(await readPattern(scan, 1, 3), expected.slice(8 * pixels, 9 * pixels));
        const part = selectRegion(scan, { firstRow: 1, lastRow: 3, firstColumn: 0, lastColumn: 5 });
        assert.deepEqual(readStored(part), bytesOf(working(expected.slice(5 * pixels))));
        scan.close();
        assert.throws(() => scan.readRows(0, 1, createPixelArray(scan.dtype, 5 * pixels)), /closed/);
      }
    }));
}

Deno.test("records that lie as in memory are read as they lie; all others are converted", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.raw`;
    await Deno.writeFile(path, new Uint8Array(8 * 15 * 35));
    const cases: [Partial<FrameRecords>, string][] = [
      [{}, "contiguous"],
      [{ numbers: "f32" }, "contiguous"],
      [{ numbers: "u8", bigEndian: true }, "contiguous"],
      [{ bigEndian: true }, "frames"],
      [{ header: 2 }, "frames"],
      [{ keptRows: [0, 4] }, "frames"],
      [{ flipRows: true }, "frames"],
      [{ transposed: true }, "frames"],
      [{ numbers: "i16" }, "frames"],
    ];
    for (const [records, kind] of cases) {
      const file = { path, count: 15 };
      const scan = await openRecords(path, {
        ...records,
        files: [file],
        scan: { rows: 3, columns: 5 },
      }) as Scan;
      assert.equal(describeStored(scan), kind, JSON.stringify(records));
      scan.close();
    }
  }));

const shape = { rows: 15, columns: 11, patternRows: 14, patternColumns: 17 };
const parameters = { ...defaultParameters, threshold: 0.85, minimumSize: 2 };

for (const dtype of ["u8", "u16", "i16", "u32", "i32", "f32", "f64"] as DType[]) {
  Deno.test(`a run on raw records gives what one on memory gives, for any workers and bands (${dtype})`, () =>
    withFolder(async (folder) => {
      const memory = grainScan(shape, dtype), data = await readAll(memory);
      const layout = { rows: 14, columns: 17, numbers: dtype, bigEndian: true, header: 384, flipRows: true };
      // The file has the last row first, which the flip puts right.
      const flipped = patternsOf(data, layout), path = `${folder}/a.raw`;
      await Deno.writeFile(path, encodeRecords(flipped, layout, 100));
      const raw = await openRecords(path, { ...layout, files: [{ path, start: 100 }], scan: shape }) as Scan;
      await Deno.writeFile(`${folder}/a.npy`, encodeNpy(dtype, Object.values(shape), data));
      const swapped = data.slice();
      const bytes = bytesOf(swapped), size = bytes.length / data.length;
      for (let i = 0; i < bytes.length; i += size) bytes.subarray(i, i + size).reverse();
      const descriptor = `>${dtype[0]}${size}`;
      await Deno.writeFile(`${folder}/big.npy`, npy(descriptor, Object.values(shape), swapped));
      const scans = [raw, await openScan(`${folder}/a.npy`), await openScan(`${folder}/big.npy`)];
      const cluster = async (scan: Scan, options: object) =>
        await withEngine({ workers: 1, ...options }, async (engine) => {
          const clustering = await clusterScan(scan, parameters, { ...options, engine });
          const { labels, similarity } = clustering;
          return { labels, similarity, averages: await collectAverages(scan, clustering, { engine }) };
        });
      const expected = await cluster(memory, {});
      for (const scan of scans) {
        assert.ok(readsInParallel(scan));
        for (const [workers, bandHeight] of [[1, 15], [2, 1], [3, 4]]) {
          assert.deepEqual(await cluster(scan, { workers, bandHeight }), expected, scan.source.path);
        }
        scan.close();
      }
    }));
}

Deno.test("packed records are read alike by threads and on this thread, whatever the order of their rows and columns", () =>
  withFolder(async (folder) => {
    const random = seededRandom(9), some = () => random() < 0.5, path = `${folder}/a.raw`;
    for (let trial = 0; trial < 40; trial++) {
      const depth = ([1, 6, 12, 24] as const)[trial % 4], chips = some() ? 4 : 1;
      const packed: PackedWords = { depth, chips }, numbers = numbersOfWords(packed);
      const rows = 2 * (1 + Math.floor(3 * random())), columns = chips === 4 ? 128 : 64;
      const records: Omit<FrameRecords, "files"> = {
        rows,
        columns,
        numbers,
        packed,
        header: Math.floor(30 * random()),
        footer: some() ? Math.floor(3000 * random()) : 0,
        flipRows: some(),
        flipColumns: some(),
        transposed: some(),
        scan: { rows: 3, columns: 5 },
        ...(trial % 5 === 0 && { order: Int32Array.from({ length: 15 }, (_, at) => 13 - at) }),
      };
      const data = Float64Array.from(
        { length: 15 * rows * columns },
        () => Math.floor(random() * 2 ** depth),
      );
      const frames = Array.from({ length: 15 }, (_, frame) => {
        const pixels = data.subarray(frame * rows * columns, (frame + 1) * rows * columns);
        const footer = new Uint8Array(records.footer!).fill(0xee);
        return [new Uint8Array(records.header!).fill(0xee), plainPack(packed, pixels, rows, columns), footer];
      });
      await Deno.writeFile(path, await new Blob(frames.flat() as BlobPart[]).bytes());
      const scan = await openRecords(path, records) as Scan, expected = patternsOf(data, records);
      if (records.order) {
        const pixels = rows * columns, held = expected.slice();
        records.order.forEach((from, to) => {
          const place = expected.subarray(to * pixels, (to + 1) * pixels);
          if (from < 0) place.fill(0);
          else place.set(held.subarray(from * pixels, (from + 1) * pixels));
        });
      }
      const what = JSON.stringify(records);
      assert.deepEqual(await readAll(scan, 2, some()), expected, what);
      for (const step of [15, 4, 1]) {
        assert.deepEqual(readStored(scan, step), bytesOf(working(expected)), what);
      }
      scan.close();
    }
  }));

Deno.test("a series of raw records, and scan shapes that the user gives or that do not fit", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.raw`, data = Float64Array.from({ length: 24 * 35 }, (_, i) => i);
    const records = { rows: 5, columns: 7, numbers: "u16", bigEndian: true } as const;
    await Deno.writeFile(path, encodeRecords(data, records, 0));
    const series = await openRecords(path, { ...records, scan: { frames: 2, rows: 3, columns: 4 } });
    assert.ok(isSeries(series) && series.frames === 2);
    const second = series.frame(1);
    assert.deepEqual([...await readAll(second)], [...data.subarray(12 * 35)]);
    assert.deepEqual(readStored(second), bytesOf(Uint16Array.from(data.subarray(12 * 35))));
    series.close();

    const wide = await openRecords(path, { ...records, scan: { rows: 3, columns: 8 } }, {
      scanShape: { rows: 4, columns: 6 },
    });
    assert.deepEqual(wide.shape, { rows: 4, columns: 6, patternRows: 5, patternColumns: 7 });
    wide.close();
    const given = { scanShape: undefined, dataset: undefined };
    const said = await openRecords(path, { ...records, scan: { rows: 3, columns: 8 } }, given);
    assert.equal(said.shape.columns, 8);
    said.close();
    await assert.rejects(openRecords(path, records), { kind: "ShapeUnknown" });
    const odd = openRecords(path, { ...records, scan: { rows: 2, columns: 3 }, scanSource: "the note" });
    await assert.rejects(odd, { kind: "ShapeUnknown", message: /the note says 2 x 3/ });
    await assert.rejects(openRecords(path, records, { scanShape: { rows: 2, columns: 3 } }), {
      kind: "BadParameter",
    });
    await assert.rejects(openRecords(path, records, { dataset: "x" }), { kind: "BadParameter" });
  }));

Deno.test("records that the file does not hold, or that are impossible, are refused before memory is taken", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.raw`;
    await Deno.writeFile(path, new Uint8Array(15 * 70 + 3));
    const scan = { rows: 3, columns: 5 };
    const left = await openRecords(path, { scan });
    assert.deepEqual(left.warnings, [`3 bytes after the last whole frame of ${path} were ignored`]);
    left.close();
    const cases: [Partial<FrameRecords>, string][] = [
      [{ scan: { rows: 4, columns: 5 } }, "CorruptFile"],
      [{ scan: { rows: 2 ** 40, columns: 2 ** 40 } }, "CorruptFile"],
      [{ files: [{ path, count: 16 }] }, "CorruptFile"],
      [{ files: [{ path, count: 2 ** 52 }] }, "CorruptFile"],
      [{ files: [{ path, count: 0 }] }, "CorruptFile"],
      [{ files: [{ path, count: NaN }] }, "CorruptFile"],
      [{ files: [{ path, start: 5000 }] }, "CorruptFile"],
      [{ files: [{ path: `${path}.missing` }] }, "FileUnavailable"],
      [{ rows: 0 }, "CorruptFile"],
      [{ columns: -7 }, "CorruptFile"],
      [{ rows: 2.5 }, "CorruptFile"],
      [{ header: -70 }, "CorruptFile"],
      [{ rows: 2 ** 26, columns: 2 ** 26 }, "CorruptFile"],
      [{ rows: 2 ** 15, columns: 2 ** 15 }, "OutOfResources"],
      [{ keptRows: [2, 6] }, "CorruptFile"],
      [{ keptColumns: [3, 3] }, "CorruptFile"],
      [{ files: [{ path, start: -70 }] }, "CorruptFile"],
      [{ order: new Int32Array(15).fill(15) }, "CorruptFile"],
      [{ order: new Int32Array(15).fill(-2) }, "CorruptFile"],
      [{ order: new Int32Array(14) }, "CorruptFile"],
    ];
    const before = Deno.memoryUsage().rss;
    for (const [records, kind] of cases) {
      await assert.rejects(
        openRecords(path, { scan, ...records }),
        (error: { kind: string; details: { remedy: string } }) => {
          assert.equal(error.kind, kind, JSON.stringify(records));
          assert.ok(error.details.remedy);
          return true;
        },
      );
    }
    assert.ok(Deno.memoryUsage().rss - before < 2 ** 27);
  }));

Deno.test("raw files that become shorter while a run reads them fail it with that reason", () =>
  withFolder(async (folder) => {
    const memory = grainScan(shape), path = `${folder}/a.raw`;
    const records = { rows: 14, columns: 17, numbers: "u16", bigEndian: true, header: 6 } as const;
    await Deno.writeFile(path, encodeRecords(await readAll(memory), records, 0));
    const scan = await openRecords(path, { ...records, scan: shape }) as Scan;
    await Deno.truncate(path, 30000);
    for (const workers of [1, 2]) {
      await assert.rejects(clusterScan(scan, parameters, { workers }), { kind: "CorruptFile" });
    }
    await assert.rejects(readAll(scan), { kind: "CorruptFile" });
    scan.close();
  }));
