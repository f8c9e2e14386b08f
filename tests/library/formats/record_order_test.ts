/** Raw records in another order than that of their positions, and positions without a record. */

import assert from "node:assert/strict";
import { readsInParallel } from "../../../library/engine/loaded_scan.ts";
import { defaultParameters } from "../../../library/cluster/presets.ts";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { bytesOf, createPixelArray } from "../../../library/scan/dtype.ts";
import { dtypeOfNumbers, storedNumbers } from "../../../library/scan/stored_number.ts";
import { selectRegion } from "../../../library/scan/region.ts";
import type { Scan, Series } from "../../../library/scan/scan.ts";
import { withFolder } from "../../support/folders.ts";
import { seededRandom } from "../../support/random.ts";
import { readAll } from "../../support/reading.ts";
import { grainScan } from "../../support/scans.ts";
import { readStored } from "../../support/stored.ts";
import { encodeRecords, openRecords, patternsOf, randomNumbers, working } from "../../support/raw_records.ts";

const shape = { rows: 15, columns: 11, patternRows: 14, patternColumns: 17 };

Deno.test("records in another order, and positions without one, are read alike by threads and on this thread", () =>
  withFolder(async (folder) => {
    const random = seededRandom(21);
    for (let trial = 0; trial < 60; trial++) {
      const numbers = storedNumbers[trial % storedNumbers.length], footer = [0, 0, 11, 4000][trial % 4];
      const layout = {
        rows: 4,
        columns: 6,
        numbers,
        footer,
        flipRows: trial % 3 === 0,
        bigEndian: trial % 5 < 2,
      };
      const records = 14, pixels = 24, first = 6;
      const data = randomNumbers(records * pixels, numbers, random);
      const path = `${folder}/a.raw`, second = `${folder}/b.raw`;
      await Deno.writeFile(path, encodeRecords(data.subarray(0, first * pixels), layout, 5));
      await Deno.writeFile(second, encodeRecords(data.subarray(first * pixels), layout, 0));
      // Runs, steps back, holes, records that are read twice and records that are not read at all.
      const order = new Int32Array(24);
      for (let i = 0; i < order.length; i++) {
        const next = (order[Math.max(0, i - 1)] + 1) % records;
        order[i] = random() < 0.5 ? next : Math.floor(random() * (records + 1)) - 1;
      }
      const all = patternsOf(data, layout), expected = createPixelArray(dtypeOfNumbers(numbers), 24 * pixels);
      order.forEach((record, position) => {
        if (record >= 0) {
          expected.set(all.subarray(record * pixels, (record + 1) * pixels), position * pixels);
        }
      });
      const files = [{ path, start: 5 }, { path: second }], what = `trial ${trial}: ${order}`;
      const single = await openRecords(path, {
        ...layout,
        files,
        order,
        scan: { rows: 4, columns: 6 },
      }) as Scan;
      assert.ok(readsInParallel(single));
      for (const bandHeight of [1, 3, 4]) {
        assert.deepEqual(await readAll(single, bandHeight, trial % 2 === 0), expected, what);
      }
      for (const step of [24, 5, 1]) {
        assert.deepEqual(readStored(single, step), bytesOf(working(expected)), what);
      }
      const part = selectRegion(single, { firstRow: 1, lastRow: 3, firstColumn: 0, lastColumn: 6 });
      const inner = expected.slice(6 * pixels, 18 * pixels);
      assert.deepEqual(readStored(part), bytesOf(working(inner)), what);
      assert.deepEqual(await readAll(part), inner, what);
      single.close();
      const scan = { frames: 2, rows: 3, columns: 4 };
      const series = await openRecords(path, { ...layout, files, order, scan }) as Series;
      const later = series.frame(1), half = expected.slice(12 * pixels);
      assert.deepEqual(await readAll(later), half, what);
      assert.deepEqual(readStored(later), bytesOf(working(half)), what);
      series.close();
    }
  }));

Deno.test("a run on records in another order gives what one on memory gives, for any workers and bands", () =>
  withFolder(async (folder) => {
    const parameters = { ...defaultParameters, threshold: 0.85, minimumSize: 2 };
    const memory = grainScan(shape), data = await readAll(memory), pixels = 14 * 17, probes = 15 * 11;
    const order = Int32Array.from({ length: probes }, (_, position) => position * 7 % probes);
    const shuffled = data.slice(), path = `${folder}/a.raw`;
    order.forEach((record, position) =>
      shuffled.set(data.subarray(position * pixels, (position + 1) * pixels), record * pixels)
    );
    const layout = { rows: 14, columns: 17, numbers: "u16" } as const;
    await Deno.writeFile(path, encodeRecords(shuffled, layout, 0));
    const scan = await openRecords(path, { ...layout, order, scan: shape }) as Scan;
    const expected = (await clusterScan(memory, parameters, { workers: 1 })).similarity;
    for (const [workers, bandHeight] of [[1, 15], [2, 1], [3, 4]]) {
      assert.deepEqual((await clusterScan(scan, parameters, { workers, bandHeight })).similarity, expected);
    }
    scan.close();
  }));
