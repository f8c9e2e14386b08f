/** What the user says about the geometry, against the plain meaning of the words, as threads and as one thread reads. */

import assert from "node:assert/strict";
import { openScan, type OpenScanOptions } from "../../../library/formats/open.ts";
import { recordedOpenOptions } from "../../../library/results/scan_of_result.ts";
import { checkScan, expected, type Lengths, withStack } from "../../support/geometry.ts";
import { seededRandom } from "../../support/random.ts";
import { readAll } from "../../support/reading.ts";

type Random = () => number;

const alone: readonly OpenScanOptions[] = [
  { skipFrames: 3 },
  { flyback: 1 },
  { flyback: 4 },
  { scanOrder: "snake" },
  { swapScanAxes: true },
  { detectorFlip: "rows" },
  { detectorFlip: "columns" },
  { detectorFlip: "rows,columns" },
  { detectorTranspose: true },
];

for (const options of alone) {
  for (const dtype of ["u8", "u16", "u32", "i16", "i32", "f32", "f64"] as const) {
    Deno.test(`${JSON.stringify(options)} of ${dtype} is what it says`, () =>
      withStack(dtype, 15 + (options.skipFrames ?? 0), [3, 4], async (path, pixels) => {
        const all = { ...options, scanShape: { rows: 3, columns: 5 } };
        const scan = await openScan(path, all);
        await checkScan(scan, expected(pixels, [3, 5, 3, 4], options), true);
        assert.deepEqual(scan.source.selection, { scanShape: "3x5", ...options });
        scan.close();
        await assert.rejects(readAll(scan), TypeError);
      }));
  }
}

function randomOptions(random: Random, [rows, columns]: Lengths): OpenScanOptions {
  const maybe = (chance = 0.5) => random() < chance, below = (end: number) => Math.floor(random() * end);
  const flyback = maybe() ? below(columns) : 0, swapped = maybe();
  const [height, width] = swapped ? [columns - flyback, rows] : [rows, columns - flyback];
  const firstRow = below(height), firstColumn = below(width);
  return {
    scanShape: { rows, columns },
    ...(maybe() && { skipFrames: below(4) }),
    ...(flyback > 0 && { flyback }),
    ...(maybe() && { scanOrder: "snake" }),
    ...(swapped && { swapScanAxes: true }),
    ...(maybe(0.7) && { detectorFlip: (["rows", "columns", "rows,columns"] as const)[below(3)] }),
    ...(maybe() && { detectorTranspose: true }),
    ...(maybe(0.3) && {
      region: {
        firstRow,
        lastRow: firstRow + 1 + below(height - firstRow),
        firstColumn,
        lastColumn: firstColumn + 1 + below(width - firstColumn),
      },
    }),
  };
}

Deno.test("any combination means its parts in their order, and results open their scan again by it", async () => {
  const random = seededRandom(11);
  for (let round = 0; round < 150; round++) {
    const size = () => 1 + Math.floor(random() * 6);
    const recorded = [size(), size(), size(), size()] as const;
    const dtype = (["u8", "u16", "i32", "f32"] as const)[round % 4];
    const options = randomOptions(random, recorded);
    const [rows, columns, patternRows, patternColumns] = recorded;
    const patterns = rows * columns + (options.skipFrames ?? 0);
    await withStack(dtype, patterns, [patternRows, patternColumns], async (path, pixels) => {
      const scan = await openScan(path, options), wanted = expected(pixels, recorded, options);
      await checkScan(scan, wanted, true);
      scan.close();
      const again = await openScan(path, recordedOpenOptions(JSON.parse(JSON.stringify(scan.source)), path));
      assert.deepEqual(Array.from(await readAll(again)), wanted.flat(3));
      assert.deepEqual(again.source, scan.source);
      again.close();
    });
  }
});
