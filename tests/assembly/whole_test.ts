/** Sum, sum of squares and maximum of all patterns, against plain TypeScript, equal to the bit. */

import assert from "node:assert/strict";
import { averagePatterns } from "../../library/passes/averages/averages.ts";
import { patternStatistics } from "../../library/passes/pattern_statistics.ts";
import { createPixelArray, type DType } from "../../library/scan/dtype.ts";
import { pixelCount, probeCount } from "../../library/scan/shape.ts";
import { clusteringOf } from "../support/clustering.ts";
import { grainScan } from "../support/scans.ts";

/** Detectors with a rest beyond whole steps of four, and larger than a tile. */
const shape = { rows: 7, columns: 5, patternRows: 37, patternColumns: 31 };

for (const dtype of ["u8", "u16", "f32", "i32"] satisfies DType[]) {
  Deno.test(`mean, maximum and variance of ${dtype} patterns equal those of plain sums`, async () => {
    const scan = grainScan(shape, dtype, 4, dtype === "u8" ? 1 : 150);
    const pixels = pixelCount(shape), probes = probeCount(shape);
    const data = createPixelArray(dtype, pixels * probes);
    scan.readRows(0, shape.rows, data);
    const sums = new Float64Array(pixels), squares = new Float64Array(pixels);
    const maxima = new Float32Array(pixels).fill(-Infinity);
    for (let i = 0; i < data.length; i++) {
      sums[i % pixels] += data[i];
      squares[i % pixels] += data[i] ** 2;
      maxima[i % pixels] = Math.max(maxima[i % pixels], data[i]);
    }
    const options = { workers: 2, memory: 300 * 2 ** 20, bandHeight: 2 };
    const found = await patternStatistics(scan, { badPixels: { kind: "none" } }, options);
    const { mean, maximum, variance } = found;
    assert.deepEqual(mean, Float32Array.from(sums, (sum) => sum / probes));
    assert.deepEqual(maximum, maxima);
    const spread = (pixel: number) => Math.max(0, squares[pixel] - sums[pixel] ** 2 / probes) / probes;
    assert.deepEqual(variance, Float32Array.from(sums, (_, pixel) => spread(pixel)));
    assert.ok(variance.some((value) => value > 1));
    for await (
      const { patterns } of averagePatterns(
        scan,
        clusteringOf(shape, new Int32Array(probes), new Uint8Array(probes).fill(1)),
        options,
      )
    ) {
      assert.deepEqual(mean, patterns);
    }
  });
}
