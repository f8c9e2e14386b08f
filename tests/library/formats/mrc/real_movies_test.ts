/** Real movies of Direct Electron, as the manifest of the shared data says and as their sum images show. */

import assert from "node:assert/strict";
import { openFile, openScan } from "../../../../library/formats/open.ts";
import { bytesOf, type PixelArray } from "../../../../library/scan/dtype.ts";
import type { Series } from "../../../../library/scan/scan.ts";
import { withFolder } from "../../../support/folders.ts";
import { readAll, sumOf } from "../../../support/reading.ts";
import { sharedPath, sharedTest } from "../../../support/shared.ts";
import { readStored } from "../../../support/stored.ts";

sharedTest(
  "a real movie with coordinates that were visited twice is a series, as the manifest says",
  async () => {
    const series = await openFile(sharedPath("data/formats/mrc/Custom_movie.mrc")!) as Series;
    assert.equal(series.frames, 2);
    assert.deepEqual(series.shape, { rows: 5, columns: 5, patternRows: 16, patternColumns: 16 });
    const frames: PixelArray[] = [];
    for (const index of [0, 1]) {
      const scan = series.frame(index), all = await readAll(scan, 2);
      for (const step of [25, 4]) assert.deepEqual(readStored(scan, step), bytesOf(all));
      frames.push(all);
    }
    series.close();
    const at = (frame: number, row: number, column: number, y: number, x: number) =>
      frames[frame][((row * 5 + column) * 16 + y) * 16 + x];
    assert.equal(sumOf(frames[0]) + sumOf(frames[1]), 9006430);
    assert.deepEqual([at(0, 0, 0, 0, 0), at(1, 2, 2, 8, 8), at(1, 4, 4, 15, 15)], [726, 1566, 1477]);
    assert.equal(Math.max(...frames[0], ...frames[1]), 1596);
    const empty = Array.from(
      { length: 25 },
      (_, probe) =>
        frames.map((frame) => frame.subarray(probe * 256, (probe + 1) * 256).every((value) => value === 0)),
    );
    assert.equal(empty.filter(([first, second]) => first && second).length, 10);
    assert.equal(empty.filter(([first, second]) => first !== second).length, 0);
  },
);

for (
  const [name, scanShape, sum, values] of [
    ["ROI_Random_Scan", { rows: 29, columns: 12 }, 104477835, [[0, 0, 0, 727], [174, 8, 8, 1568], [
      347,
      15,
      15,
      1476,
    ]]],
    ["Custom", { rows: 5, columns: 6 }, 9006430, [[0, 0, 0, 726], [15, 8, 8, 1566], [29, 15, 15, 1477]]],
  ] as const
) {
  sharedTest(
    `the stack ${name}_movie.mrc without its other files reads as the manifest says`,
    () =>
      withFolder(async (folder) => {
        await Deno.copyFile(sharedPath(`data/formats/mrc/${name}_movie.mrc`)!, `${folder}/stack.mrc`);
        await assert.rejects(openFile(`${folder}/stack.mrc`), { kind: "ShapeUnknown" });
        const scan = await openScan(`${folder}/stack.mrc`, { scanShape }), all = await readAll(scan, 2);
        assert.equal(sumOf(all), sum);
        for (const [frame, y, x, value] of values) assert.equal(all[(frame * 16 + y) * 16 + x], value);
        assert.deepEqual(readStored(scan, 5), bytesOf(all));
        scan.close();
      }),
  );
}

sharedTest(
  "the sum image of a real movie is the image of its placed patterns, up to their rounding",
  async () => {
    const folder = sharedPath("data/formats/mrc")!;
    const scan = await openScan(`${folder}/ROI_Random_Scan_movie.mrc`), all = await readAll(scan);
    const sums = await openScan(`${folder}/ROI_Random_Scan_Sum.mrc`, { scanShape: { rows: 1, columns: 1 } });
    const image = await readAll(sums);
    assert.deepEqual([sums.shape.patternRows, sums.shape.patternColumns], [29, 12]);
    const found = Array.from(image, (_, probe) => sumOf(all.subarray(probe * 256, (probe + 1) * 256)));
    const [a, b] = [found, Array.from(image)].map((values) => {
      const mean = values.reduce((sum, value) => sum + value) / values.length;
      return values.map((value) => value - mean);
    });
    const product = (first: number[], second: number[]) =>
      first.reduce((sum, value, i) => sum + value * second[i], 0);
    // In the order of acquisition, or with rows and columns swapped, it is below 0.01.
    assert.ok(product(a, b) / Math.sqrt(product(a, a) * product(b, b)) > 0.95);
    scan.close();
    sums.close();
  },
);
