/** Masked pixels and gaps of detectors neither make peaks nor hide them. */

import assert from "node:assert/strict";
import { findPeaks } from "../../../../library/passes/bragg_peaks/peak_pass.ts";
import type { PeakOptions } from "../../../../library/passes/bragg_peaks/peak_settings.ts";
import { diskTemplate } from "../../../../library/passes/bragg_peaks/probe_template.ts";
import { scanFromArray } from "../../../../library/scan/scan_from_array.ts";
import { diskPatterns, distances, type Place } from "../../../support/disk_patterns.ts";

const size = 128, shape = { rows: 2, columns: 3, patternRows: size, patternColumns: size };

/** A cross of gaps four pixels wide beside the middle disk, and a dead corner of 20 x 20 pixels. */
function gaps(): Uint8Array {
  return Uint8Array.from({ length: size * size }, (_, pixel) => {
    const row = Math.floor(pixel / size), column = pixel % size;
    const gap = (row >= 74 && row < 78) || (column >= 50 && column < 54);
    return gap || (row < 20 && column >= 108) ? 1 : 0;
  });
}

/** Disks on an even background, the masked pixels at `dead` counts. */
function patterns(background: number, dead: number, bad: Uint8Array) {
  const { data, places } = diskPatterns({ size, radius: 5, counts: 200, noisy: false, patterns: 6 });
  data.forEach((value, index) => data[index] = bad[index % bad.length] ? dead : value + background);
  return { data, places };
}

const find = (data: Float32Array, bad: Uint8Array, options: PeakOptions) =>
  findPeaks(scanFromArray(data, shape), {
    ...options,
    badPixels: { kind: "pixels", bad, source: "test" },
  }, { workers: 2 });

/** Part of a disk's pixels that are masked. */
function hidden([row, column]: Place, bad: Uint8Array): number {
  let dark = 0, all = 0;
  for (let pixel = 0; pixel < bad.length; pixel++) {
    if (Math.hypot(Math.floor(pixel / size) - row, pixel % size - column) > 5) continue;
    all++;
    dark += bad[pixel];
  }
  return dark / all;
}

for (const subpixel of ["polyRaw", "multicorr"] as const) {
  Deno.test(`beside gaps and dead pixels disks are found, and nothing else, by ${subpixel}`, async () => {
    const bad = gaps();
    for (const [background, dead] of [[0, 0], [30, 0], [30, 60000]]) {
      const { data, places } = patterns(background, dead, bad);
      const peaks = await find(data, bad, { template: diskTemplate(5), leastRelative: 0.02, subpixel });
      const seen = places.map((disks) => disks.filter((disk) => hidden(disk, bad) < 0.35));
      const { rms, missed } = distances(peaks, seen);
      assert.equal(missed, 0, "none is hidden");
      assert.ok(rms < 0.4, `${rms} pixels`);
      for (let pattern = 0; pattern < 6; pattern++) {
        for (let peak = peaks.offsets[pattern]; peak < peaks.offsets[pattern + 1]; peak++) {
          const near = places[pattern].some(([row, column]) =>
            Math.hypot(row - peaks.row[peak], column - peaks.column[peak]) < 3
          );
          assert.ok(near, `a false peak at ${peaks.row[peak]}, ${peaks.column[peak]}`);
        }
      }
      const whole = places.map((disks) => disks.filter((disk) => hidden(disk, bad) === 0));
      assert.ok(distances(peaks, whole).rms < 0.1, `${distances(peaks, whole).rms} pixels of whole disks`);
    }
  });
}

Deno.test("an even pattern has no peaks along its gaps", async () => {
  const bad = gaps(), even = new Float32Array(6 * size * size).fill(100);
  const peaks = await find(even, bad, { template: diskTemplate(5), leastHeight: 0.1, border: 12 });
  assert.equal(peaks.row.length, 0);
});

Deno.test("without a template spots that gaps cut off are none", async () => {
  const bad = gaps(), { data } = patterns(5, 0, bad);
  const peaks = await find(data, bad, { template: null, leastRelative: 0.05 });
  for (let peak = 0; peak < peaks.row.length; peak++) {
    const row = Math.round(peaks.row[peak]), column = Math.round(peaks.column[peak]);
    assert.equal(bad[row * size + column], 0, `${row}, ${column}`);
  }
  assert.ok(peaks.row.length > 60);
});

Deno.test("far from masked pixels peaks are what they are without any", async () => {
  const bad = new Uint8Array(size * size), { data } = patterns(3, 0, bad);
  const plain = await find(data, bad, { template: diskTemplate(5), leastRelative: 0.02 });
  for (let row = 0; row < 12; row++) bad.fill(1, row * size, row * size + 12);
  data.forEach((_, index) => {
    if (bad[index % bad.length]) data[index] = 0;
  });
  const masked = await find(data, bad, { template: diskTemplate(5), leastRelative: 0.02 });
  assert.equal(masked.row.length, plain.row.length);
  plain.row.forEach((row, peak) => {
    assert.ok(Math.hypot(row - masked.row[peak], plain.column[peak] - masked.column[peak]) < 0.01);
    assert.ok(Math.abs(plain.height[peak] - masked.height[peak]) < 1e-3 * plain.height[0]);
  });
});
