/** Descan does not smear the disks of averages about a common origin. */

import assert from "node:assert/strict";
import { alignedAverages, alignmentOf, averageOrigins } from "../../../library/mapping/alignment.ts";
import { fitOriginMap } from "../../../library/mapping/origin.ts";
import { findPeaks } from "../../../library/passes/bragg_peaks/peak_pass.ts";
import { diskTemplate } from "../../../library/passes/bragg_peaks/probe_template.ts";
import { averagePatterns } from "../../../library/passes/averages/averages.ts";
import { measureOrigins } from "../../../library/passes/origin/measure_origins.ts";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";
import { poisson } from "../../support/disk_patterns.ts";
import { seededRandom } from "../../support/random.ts";

const rows = 8, columns = 8, size = 80, pixels = size * size;
const shape = { rows, columns, patternRows: size, patternColumns: size };
const disks = [[0, 0, 1], [0, 20, 0.2], [0, -20, 0.2], [21, 5, 0.15], [-21, -5, 0.15], [18, -17, 0.08]];

/** One crystal whose patterns move by up to `descan` pixels to each side over the scan. */
function crystal(descan: number): Uint16Array {
  const random = seededRandom(3);
  return Uint16Array.from({ length: rows * columns * pixels }, (_, index) => {
    const probe = Math.floor(index / pixels), pixel = index % pixels;
    const down = descan * (2 * Math.floor(probe / columns) / (rows - 1) - 1);
    const across = descan * (1 - 2 * (probe % columns) / (columns - 1));
    const mean = disks.reduce((sum, [r, c, weight]) => {
      const y = Math.floor(pixel / size) - 40 - r - down, x = pixel % size - 40 - c - across;
      return sum + 60 * weight / (1 + Math.exp(4 * (Math.hypot(y, x) - 4)));
    }, 0.2);
    return mean < 0.21 && random() < 0.8 ? 0 : poisson(mean, random);
  });
}

const clustering = {
  labels: new Int32Array(rows * columns),
  clusters: [{ id: 0, size: rows * columns, bounds: { firstRow: 0, lastRow: rows - 1 } }],
  badPixels: { source: "none", filled: [], masked: [] },
};

async function alignedPattern(data: Uint16Array, workers: number) {
  const scan = scanFromArray(data, shape);
  const { places } = await measureOrigins(scan, {
    ...{ method: "brightest", guess: { row: 40, column: 40 }, reach: 10, radius: 4 },
    badPixels: { kind: "none" },
  }, { workers });
  const origin = fitOriginMap(places, shape), alignment = alignmentOf(origin.fitted);
  for await (const { patterns } of alignedAverages(scan, clustering, alignment.shifts, { workers })) {
    return { patterns, origin, ...alignment };
  }
  throw new Error("no average came");
}

Deno.test("disks of aligned averages are as sharp and where they would be without descan", async () => {
  const data = crystal(3), { patterns, origin, center } = await alignedPattern(data, 2);
  assert.ok(Math.abs(origin.descan - 3 * Math.SQRT2) < 0.1, `${origin.descan}`);
  assert.ok(Math.hypot(center.row - 40, center.column - 40) < 0.05);
  assert.ok(origin.error < 0.05 && origin.residual < 0.1, `${origin.error}, ${origin.residual}`);
  let still = new Float32Array(), smeared = new Float32Array();
  for (const [which, moving] of [crystal(0), data].entries()) {
    const parameters = { average: "raw", prefilter: null } as const;
    for await (
      const batch of averagePatterns(scanFromArray(moving, shape), { ...clustering, parameters }, {
        workers: 2,
      })
    ) {
      if (which === 0) still = batch.patterns as Float32Array<ArrayBuffer>;
      else smeared = batch.patterns as Float32Array<ArrayBuffer>;
    }
  }
  const off = (pattern: Float32Array) =>
    Math.sqrt(
      still.reduce((sum, value, pixel) => sum + (pattern[pixel] - value) ** 2, 0) /
        still.reduce((sum, value) => sum + value ** 2, 0),
    );
  const filled = patterns.map((value) => Number.isNaN(value) ? 0 : value);
  // Whole pixels soften edges by half of one at most.
  assert.ok(off(filled) < 0.09 && off(smeared) > 4 * off(filled), `${off(filled)}, ${off(smeared)}`);
  const places = async (pattern: Float32Array) => {
    const single = scanFromArray(Float32Array.from(pattern), { ...shape, rows: 1, columns: 1 });
    const options = { template: diskTemplate(4), badPixels: { kind: "none" }, leastRelative: 0.02 } as const;
    const peaks = await findPeaks(single, options, { workers: 1 });
    return disks.map(([r, c]) =>
      peaks.row.reduce(
        (least, row, peak) =>
          Math.min(least, Math.hypot(row - center.row - r, peaks.column[peak] - center.column - c)),
        Infinity,
      )
    );
  };
  assert.ok((await places(filled)).every((distance) => distance < 0.1), `${await places(filled)}`);
});

Deno.test("measured, fitted and averaged, aligned averages are equal byte for byte on any number of threads", async () => {
  const data = crystal(2), one = await alignedPattern(data, 1), three = await alignedPattern(data, 3);
  assert.deepEqual(new Uint8Array(three.patterns.buffer), new Uint8Array(one.patterns.buffer));
});

Deno.test("where the beam hardly moves within a cluster its average is as sharp as it was, moved by whole pixels", async () => {
  const data = crystal(0), scan = scanFromArray(data, shape), labels = new Int32Array(rows * columns);
  const shifts = new Float32Array(2 * labels.length);
  for (let probe = 0; probe < labels.length; probe++) {
    labels[probe] = probe < labels.length / 2 ? 0 : 1;
    // Half a pixel, and a little more or less, the other way in the second cluster.
    shifts[2 * probe] = (labels[probe] ? -1 : 1) * (3.5 + (probe % 2 ? 0.05 : -0.05));
  }
  const clusters = [0, 1].map((id) => ({ id, size: 32, bounds: { firstRow: 4 * id, lastRow: 4 * id + 3 } }));
  const both = { ...clustering, labels, clusters };
  const averages = async (of: AsyncGenerator<{ patterns: ArrayLike<number> }>) => {
    const values: number[] = [];
    for await (const { patterns } of of) values.push(...Array.from(patterns));
    return values;
  };
  const parameters = { average: "raw", prefilter: null } as const;
  const aligned = await averages(alignedAverages(scan, both, shifts, { workers: 1 }));
  const still = await averages(averagePatterns(scan, { ...both, parameters }, { workers: 1 }));
  let seen = 0;
  for (let row = 0; row < size - 5; row++) {
    for (let column = 0; column < size; column++) {
      const found = aligned[row * size + column];
      if (Number.isNaN(found)) continue;
      seen++;
      assert.ok(Math.abs(found - still[(row + 4) * size + column]) < 1e-5, `${row}, ${column}`);
    }
  }
  assert.ok(seen > 0.9 * size * (size - 5));
});

Deno.test("where the direct beam of an average lies follows from its patterns, moved or not", () => {
  const labels = Int32Array.of(0, 0, 1, -1), rows = [30, 32.2, 27, 31], columns = [40, 40, 41.4, 38.6];
  const origin = Float32Array.from(rows.flatMap((row, probe) => [row, columns[probe]]));
  const near = (found: Float32Array, expected: readonly number[]) =>
    expected.every((value, index) => Math.abs(found[index] - value) < 1e-5);
  const still = averageOrigins(origin, labels, 3, false);
  assert.ok(near(still, [31.1, 40, 27, 41.4]) && Number.isNaN(still[4]), `${still}`);
  // About (30.05, 40): the first cluster by 1 as a whole, and by -1 and 1; the other one by -3 and 1.
  const moved = averageOrigins(origin, labels, 3, true);
  assert.ok(near(moved, [30.1, 40, 30, 40.4]), `${moved}`);
});
