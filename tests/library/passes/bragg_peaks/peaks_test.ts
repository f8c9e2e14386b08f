/** Bragg peaks: correlograms against plain sums, places to a fraction of a pixel, and what must not matter. */

import assert from "node:assert/strict";
import { findPeaks, type PeakLists } from "../../../../library/passes/bragg_peaks/peak_pass.ts";
import type { PeakOptions } from "../../../../library/passes/bragg_peaks/peak_settings.ts";
import { diskTemplate } from "../../../../library/passes/bragg_peaks/probe_template.ts";
import { transformSize } from "../../../../library/passes/bragg_peaks/fourier_plan.ts";
import type { RunOptions } from "../../../../library/engine/options.ts";
import { scanFromArray } from "../../../../library/scan/scan_from_array.ts";
import { seededRandom } from "../../../support/random.ts";

/** A place on the detector, in pixels. */
type Place = readonly [row: number, column: number];

/** Patterns of soft disks on a square lattice, shifted at random; `counts` at the middle disk, 10 to 20 % at the others. */
function diskPatterns(
  { size, columns = size, radius, counts, noisy, patterns, spacing = 21, seed = 1 }: {
    size: number;
    columns?: number;
    radius: number;
    counts: number;
    noisy: boolean;
    patterns: number;
    spacing?: number;
    seed?: number;
  },
): { data: Float32Array; places: Place[][] } {
  const random = seededRandom(seed), data = new Float32Array(patterns * size * columns);
  const places = Array.from({ length: patterns }, (_, pattern) => {
    const down = random() - 0.5, across = random() - 0.5;
    return Array.from({ length: 25 }, (_, index): Place => {
      const i = Math.floor(index / 5) - 2, j = index % 5 - 2;
      const place: Place = [size / 2 + spacing * i + down, columns / 2 + spacing * j + across];
      const bright = counts * (i === 0 && j === 0 ? 1 : 0.1 + 0.1 * random());
      for (let row = 0; row < size; row++) {
        for (let column = 0; column < columns; column++) {
          const distance = Math.hypot(row - place[0], column - place[1]);
          data[(pattern * size + row) * columns + column] += bright / (1 + Math.exp(4 * (distance - radius)));
        }
      }
      return place;
    });
  });
  if (noisy) data.forEach((mean, index) => data[index] = poisson(mean, random));
  return { data, places };
}

function poisson(mean: number, random: () => number): number {
  const least = Math.exp(-Math.min(mean, 500));
  let count = -1;
  for (let product = 1; product > least; product *= random()) count++;
  return Math.max(count, 0);
}

function find(
  data: Float32Array | Uint16Array | Uint8Array,
  shape: { rows: number; columns: number; patternRows: number; patternColumns: number },
  options: PeakOptions,
  run: RunOptions = { workers: 1 },
): Promise<PeakLists> {
  return findPeaks(scanFromArray(data, shape), { badPixels: { kind: "none" }, ...options }, run);
}

/** Root mean square distance of true places from the nearest peak, and how many have none within 3 pixels. */
function distances(peaks: PeakLists, places: readonly Place[][]) {
  let squares = 0, found = 0, missed = 0;
  places.forEach((pattern, index) => {
    for (const [row, column] of pattern) {
      let least = Infinity;
      for (let peak = peaks.offsets[index]; peak < peaks.offsets[index + 1]; peak++) {
        least = Math.min(least, (peaks.row[peak] - row) ** 2 + (peaks.column[peak] - column) ** 2);
      }
      if (least > 9) missed++;
      else {
        squares += least;
        found++;
      }
    }
  });
  return { rms: Math.sqrt(squares / found), missed };
}

/** Correlogram of one pattern by plain sums; zeros outside. */
function plainCorrelogram(
  data: Float32Array,
  rows: number,
  columns: number,
  { pixels, side }: ReturnType<typeof diskTemplate>,
) {
  const middle = (side - 1) / 2;
  return Float64Array.from({ length: rows * columns }, (_, index) => {
    const row = Math.floor(index / columns), column = index % columns;
    let sum = 0;
    for (let r = Math.max(0, row - middle); r <= Math.min(rows - 1, row + middle); r++) {
      for (let c = Math.max(0, column - middle); c <= Math.min(columns - 1, column + middle); c++) {
        sum += data[r * columns + c] * pixels[(r - row + middle) * side + c - column + middle];
      }
    }
    return sum;
  });
}

for (
  const [rows, columns] of [[32, 32], [45, 37], [48, 64], [30, 50], [64, 61], [75, 40], [96, 72], [81, 125]]
) {
  Deno.test(`heights of peaks on ${rows} x ${columns} pixels are those of plain sums`, async () => {
    const random = seededRandom(rows), template = diskTemplate(3);
    const data = Float32Array.from({ length: rows * columns }, () => 100 * random());
    const border = 8,
      peaks = await find(data, { rows: 1, columns: 1, patternRows: rows, patternColumns: columns }, {
        ...{ template, blur: 0, border, spacing: 0, most: 1000, leastRelative: 0 },
      });
    const plain = plainCorrelogram(data, rows, columns, template);
    const expected = Array.from(plain.keys()).filter((index) => {
      const row = Math.floor(index / columns), column = index % columns;
      const inside = row >= border && row < rows - border && column >= border && column < columns - border;
      return inside && plain[index] > 0 &&
        [-1, 0, 1].every((down) =>
          [-1, 0, 1].every((across) =>
            (down === 0 && across === 0) || plain[index] > plain[index + down * columns + across]
          )
        );
    }).map((index) => plain[index]).sort((one, other) => other - one);
    assert.equal(peaks.height.length, expected.length);
    const scale = expected[0];
    expected.forEach((height, index) => assert.ok(Math.abs(peaks.height[index] - height) < 2e-5 * scale));
  });
}

Deno.test("disks are placed to a few hundredths of a pixel", async () => {
  const exact = { size: 128, radius: 5, counts: 200, noisy: false, patterns: 16 };
  const shape = { rows: 4, columns: 4, patternRows: 128, patternColumns: 128 };
  const options = { template: diskTemplate(5), leastRelative: 0.02 };
  for (
    const [trial, worst] of [[exact, 0.022], [{ ...exact, noisy: true }, 0.1], [{
      ...exact,
      noisy: true,
      counts: 20,
    }, 0.305]] as const
  ) {
    const { data, places } = diskPatterns(trial);
    const peaks = await find(data, shape, options);
    const { rms, missed } = distances(peaks, places);
    assert.ok(rms < worst, `${rms} pixels at ${trial.counts} counts`);
    assert.equal(missed, 0);
    assert.equal(peaks.row.length, 16 * 25, "none is false");
  }
});

Deno.test("spots of a few pixels are found without a template", async () => {
  const { data, places } = diskPatterns({
    size: 64,
    radius: 1,
    counts: 500,
    noisy: false,
    patterns: 4,
    spacing: 11,
  });
  const shape = { rows: 2, columns: 2, patternRows: 64, patternColumns: 64 };
  const { rms, missed } = distances(await find(data, shape, { template: null }), places);
  assert.ok(rms < 0.25 && missed === 0, `${rms}, ${missed} missed`);
});

Deno.test("peaks do not depend on workers, bands, or what else lies in the row", async () => {
  const { data } = diskPatterns({
    size: 48,
    columns: 56,
    radius: 2,
    counts: 90,
    noisy: true,
    patterns: 24,
    spacing: 9,
  });
  const counts = Uint16Array.from(data), options = { template: diskTemplate(2) };
  const shape = { rows: 4, columns: 6, patternRows: 48, patternColumns: 56 };
  const expected = await find(counts, shape, options);
  for (const run of [{ workers: 3 }, { workers: 2, bandHeight: 1 }, { workers: 1, bandHeight: 3 }]) {
    assert.deepEqual(await find(counts, shape, options, run), expected);
  }
  const small = Uint8Array.from(counts), single = { ...shape, rows: 1, columns: 1 };
  assert.deepEqual(await find(small, shape, options), expected);
  const pixels = 48 * 56, alone = await find(counts.slice(7 * pixels, 8 * pixels), single, options);
  const part = (values: Float32Array) => values.slice(expected.offsets[7], expected.offsets[8]);
  assert.deepEqual([alone.row, alone.height], [part(expected.row), part(expected.height)]);
});

Deno.test("limits of number, height, distance and edge are kept", async () => {
  const { data } = diskPatterns({ size: 128, radius: 5, counts: 100, noisy: true, patterns: 1 });
  const shape = { rows: 1, columns: 1, patternRows: 128, patternColumns: 128 }, template = diskTemplate(5);
  assert.equal((await find(data, shape, { template, most: 7 })).row.length, 7);
  const [highest] = (await find(data, shape, { template })).height;
  const bright = await find(data, shape, { template, leastRelative: 0.15 });
  assert.ok(bright.height.length < 25 && bright.height.every((height) => height >= 0.15 * highest));
  const second = await find(data, shape, { template, leastRelative: 0.9, relativeTo: 1 });
  assert.ok(second.height.length > 2, "relative to the second peak");
  const far = await find(data, shape, { template, spacing: 40 });
  for (let one = 0; one < far.row.length; one++) {
    for (let other = 0; other < one; other++) {
      assert.ok(Math.hypot(far.row[one] - far.row[other], far.column[one] - far.column[other]) > 39);
    }
  }
  const inside = await find(data, shape, { template, border: 30 });
  assert.ok(inside.row.every((row) => row > 28 && row < 99));
  assert.equal(
    (await find(new Float32Array(128 * 128), shape, { template })).row.length,
    0,
    "an empty pattern has none",
  );
});

Deno.test("options out of range are refused by name", async () => {
  const data = new Float32Array(256), shape = { rows: 1, columns: 1, patternRows: 16, patternColumns: 16 };
  for (
    const [parameter, value] of [["blur", -1], ["border", 9], ["most", 0], ["most", 1.5], [
      "leastRelative",
      2,
    ]] as const
  ) {
    await assert.rejects(
      find(data, shape, { template: diskTemplate(1), [parameter]: value }),
      (error: { details: { parameter: string } }) => error.details.parameter === `peaks.${parameter}`,
    );
  }
  assert.throws(() => diskTemplate(0), { kind: "BadParameter" });
});

Deno.test("sizes of transforms are made of 2, 3 and 5", () => {
  assert.deepEqual([1, 16, 17, 121, 130, 191, 256, 257, 514].map(transformSize), [
    16,
    16,
    24,
    128,
    144,
    192,
    256,
    288,
    576,
  ]);
});
