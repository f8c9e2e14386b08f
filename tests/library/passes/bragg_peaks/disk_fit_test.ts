/** Disks that are placed by fits to the patterns. */

import assert from "node:assert/strict";
import { findPeaks } from "../../../../library/passes/bragg_peaks/peak_pass.ts";
import type { SubpixelMethod } from "../../../../library/passes/bragg_peaks/peak_settings.ts";
import { diskTemplate, templateOf } from "../../../../library/passes/bragg_peaks/probe_template.ts";
import { scanFromArray } from "../../../../library/scan/scan_from_array.ts";
import { DiskStamp } from "../../../../library/simulation/disks.ts";
import { seededRandom } from "../../../support/random.ts";

const size = 64, radius = 5, template = diskTemplate(radius);

type Disk = readonly [row: number, column: number, electrons: number];

/** Rows of patterns: disks on a background that slopes from `ground` on by `slope` per pixel down. */
function patterns(disks: readonly (readonly Disk[])[], ground = 0, slope = 0): Float32Array {
  const stamp = new DiskStamp(radius, 0.4, 16), pixels = size * size;
  return Float32Array.from(disks.flatMap((list) => {
    const pattern = Float32Array.from(
      { length: pixels },
      (_, index) => ground + slope * Math.floor(index / size),
    );
    for (const [row, column, electrons] of list) stamp.add(pattern, size, size, row, column, electrons);
    return Array.from(pattern);
  }));
}

function find(data: Float32Array, subpixel: SubpixelMethod, workers = 1, bad?: Uint8Array) {
  const shape = { rows: 1, columns: data.length / size / size, patternRows: size, patternColumns: size };
  const badPixels = bad ? { kind: "pixels", bad, source: "test" } as const : { kind: "none" } as const;
  return findPeaks(scanFromArray(data, shape), { template, subpixel, leastRelative: 0.1, badPixels }, {
    workers,
  });
}

const random = seededRandom(3), sixteenths = () => Math.round(16 * random()) / 16;
const alone: Disk[][] = Array.from({ length: 30 }, () => [[32 + sixteenths(), 30 + sixteenths(), 4000]]);

/** Root mean square distance of the highest peak from each pattern's first disk. */
async function rms(disks: readonly (readonly Disk[])[], data: Float32Array, subpixel: SubpixelMethod) {
  const { offsets, row, column } = await find(data, subpixel);
  const squares = disks.map(([[down, across]], index) =>
    (row[offsets[index]] - down) ** 2 + (column[offsets[index]] - across) ** 2
  );
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / disks.length);
}

Deno.test("a fit places disks better than a hundredth of a pixel, and a slope of the background does not move them", async () => {
  const flat = patterns(alone, 2), sloped = patterns(alone, 5, 2);
  assert.ok(await rms(alone, flat, "fit") < 0.012);
  assert.ok(await rms(alone, sloped, "fit") < 0.012);
  assert.ok(await rms(alone, flat, "polyRaw") > 0.015, "parabolas are further off");
});

Deno.test("disks that touch, or that masked pixels touch, stay where parabolas put them", async () => {
  const close = patterns([[[30, 20, 4000], [30, 31, 3000]]], 2);
  const fitted = await find(close, "fit"), placed = await find(close, "polyRaw");
  assert.equal(fitted.row.length, 2);
  assert.deepEqual(fitted, placed);
  const bad = new Uint8Array(size * size);
  // Too many bad pixels together to be filled.
  for (let row = 30; row < 50; row++) bad.fill(1, row * size + 34, row * size + 50);
  const single = patterns([[[30, 30, 4000]]], 2);
  assert.deepEqual(await find(single, "fit", 1, bad), await find(single, "polyRaw", 1, bad));
});

Deno.test("heights and order stay, and threads change nothing", async () => {
  const data = patterns(alone, 5, 0.4);
  const fitted = await find(data, "fit"), placed = await find(data, "polyRaw");
  assert.deepEqual(fitted.height, placed.height);
  assert.notDeepEqual(fitted.row, placed.row);
  assert.deepEqual(await find(data, "fit", 3), fitted);
});

Deno.test("disks at the edge of the detector are fitted to what is seen of them", async () => {
  const disks: Disk[][] = [[[6, 6, 4000]], [[57.5, 58, 4000]]];
  assert.ok(await rms(disks, patterns(disks, 2), "fit") < 0.05);
});

Deno.test("only round disks are fitted", async () => {
  const scan = scanFromArray(patterns(alone.slice(0, 1)), {
    rows: 1,
    columns: 1,
    patternRows: size,
    patternColumns: size,
  });
  const measured = templateOf(
    Float64Array.from(template.pixels, (value) => Math.max(0, value)),
    template.side,
    5,
  );
  for (const other of [null, measured]) {
    await assert.rejects(findPeaks(scan, { template: other, subpixel: "fit" }), { kind: "BadParameter" });
  }
});
