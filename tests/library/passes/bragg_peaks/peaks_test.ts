/** Bragg peaks: correlograms against plain sums, places to a fraction of a pixel, and what must not matter. */

import assert from "node:assert/strict";
import { diskTemplate } from "../../../../library/passes/bragg_peaks/probe_template.ts";
import { transformSize } from "../../../../library/passes/bragg_peaks/fourier_plan.ts";
import { diskPatterns, distances, findIn } from "../../../support/disk_patterns.ts";
import { seededRandom } from "../../../support/random.ts";

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
      peaks = await findIn(data, { rows: 1, columns: 1, patternRows: rows, patternColumns: columns }, {
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
    const peaks = await findIn(data, shape, options);
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
  const { rms, missed } = distances(await findIn(data, shape, { template: null }), places);
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
  const expected = await findIn(counts, shape, options);
  for (const run of [{ workers: 3 }, { workers: 2, bandHeight: 1 }, { workers: 1, bandHeight: 3 }]) {
    assert.deepEqual(await findIn(counts, shape, options, run), expected);
  }
  const small = Uint8Array.from(counts), single = { ...shape, rows: 1, columns: 1 };
  assert.deepEqual(await findIn(small, shape, options), expected);
  const pixels = 48 * 56, alone = await findIn(counts.slice(7 * pixels, 8 * pixels), single, options);
  const part = (values: Float32Array) => values.slice(expected.offsets[7], expected.offsets[8]);
  assert.deepEqual([alone.row, alone.height], [part(expected.row), part(expected.height)]);
});

Deno.test("limits of number, height, distance and edge are kept", async () => {
  const { data } = diskPatterns({ size: 128, radius: 5, counts: 100, noisy: true, patterns: 1 });
  const shape = { rows: 1, columns: 1, patternRows: 128, patternColumns: 128 }, template = diskTemplate(5);
  assert.equal((await findIn(data, shape, { template, most: 7 })).row.length, 7);
  const [highest] = (await findIn(data, shape, { template })).height;
  const bright = await findIn(data, shape, { template, leastRelative: 0.15 });
  assert.ok(bright.height.length < 25 && bright.height.every((height) => height >= 0.15 * highest));
  const second = await findIn(data, shape, { template, leastRelative: 0.9, relativeTo: 1 });
  assert.ok(second.height.length > 2, "relative to the second peak");
  const far = await findIn(data, shape, { template, spacing: 40 });
  for (let one = 0; one < far.row.length; one++) {
    for (let other = 0; other < one; other++) {
      assert.ok(Math.hypot(far.row[one] - far.row[other], far.column[one] - far.column[other]) > 39);
    }
  }
  const inside = await findIn(data, shape, { template, border: 30 });
  assert.ok(inside.row.every((row) => row > 28 && row < 99));
  assert.equal(
    (await findIn(new Float32Array(128 * 128), shape, { template })).row.length,
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
      findIn(data, shape, { template: diskTemplate(1), [parameter]: value }),
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
