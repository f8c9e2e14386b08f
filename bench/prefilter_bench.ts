/** The prefilter's three steps with the paper's settings: weighting, correlations, filtered patterns. */

import type { PrefilterWeights } from "../cluster/clustering.ts";
import { filterTerms } from "../cluster/filter_stage.ts";
import { gaussianTaps } from "../cluster/gaussian.ts";
import { defaultPrefilter } from "../cluster/parameters.ts";
import { halfFootprint, patternWeights } from "../cluster/prefilter.ts";
import type { Engine } from "../engine/engine.ts";
import { type KernelCall, threadScratch } from "../engine/kernels.ts";
import { rowCalls } from "../engine/rows.ts";
import { columns, pixels, rowBytes, side, simulatedRows } from "./patterns.ts";
import { addWeighted, Blur, correlation, weighted } from "./plain.ts";
import { benchStep, place } from "./suite.ts";

const { radius, edge } = defaultPrefilter;
/** Rows that are worked on, and all rows that their footprints reach. */
const rows = 2, reached = rows + 2 * radius;
const counts = simulatedRows(reached);
const shape = { rows: reached, columns, patternRows: side, patternColumns: side };
const weights = patternWeights(shape, edge);
const weightSum = weights.reduce((sum, weight) => sum + weight, 0);
const taps = gaussianTaps(defaultPrefilter.blur);
const offsets = halfFootprint(defaultPrefilter);
const workedOn = counts.subarray(0, rows * columns * pixels);

const blur = new Blur(side, side, taps.weights);
const plainWeighted = new Float32Array(workedOn.length);
await benchStep({
  name: "prefilter: blur and weighting",
  rawBytes: workedOn.byteLength,
  tolerance: 1e-5,
  plain() {
    blur.run(workedOn, plainWeighted, rows * columns);
    weighted(plainWeighted, rows * columns, weights);
    return plainWeighted;
  },
  kernels(engine) {
    const input = place(engine, workedOn), output = engine.allocate(2 * workedOn.byteLength);
    const calls = weightingCalls(engine, rows, input, output);
    return { batches: [calls], result: engine.view(Float32Array, output, workedOn.length) };
  },
});

function weightingCalls(engine: Engine, count: number, input: number, output: number): KernelCall[] {
  const tapsPointer = engine.place(taps.weights), weightsPointer = engine.place(weights);
  return rowCalls(0, count, columns, engine.threads, (row, from, to) => [
    "weightedU16",
    ...[input + row * rowBytes, output + 2 * row * rowBytes, from, to, side, side, tapsPointer],
    ...[taps.radius, weightsPointer, weightSum, threadScratch],
  ]);
}

const reachedBelow = new Float32Array((rows + radius) * columns * pixels);
blur.run(counts.subarray(0, reachedBelow.length), reachedBelow, (rows + radius) * columns);
weighted(reachedBelow, (rows + radius) * columns, weights);
await benchStep({
  name: `prefilter: ${offsets.length} correlations`,
  rawBytes: workedOn.byteLength,
  tolerance: 1e-5,
  plain() {
    const correlations = new Float32Array(rows * columns * offsets.length);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const probe = row * columns + column;
        for (let index = 0; index < offsets.length; index++) {
          const [down, right] = offsets[index];
          if (column + right < 0 || column + right >= columns) continue;
          const other = probe + down * columns + right;
          correlations[probe * offsets.length + index] = correlation(reachedBelow, probe, other, pixels);
        }
      }
    }
    return correlations;
  },
  kernels(engine) {
    const patterns = place(engine, reachedBelow);
    const output = engine.allocate(4 * rows * columns * offsets.length);
    const result = engine.view(Float32Array, output, rows * columns * offsets.length).fill(0);
    engine.allocateScratch(8 * columns * (2 * radius + 1));
    const calls: KernelCall[] = [];
    for (let down = 0; down <= radius; down++) {
      const first = offsets.findIndex(([row]) => row === down);
      const last = offsets.findLastIndex(([row]) => row === down);
      calls.push(...rowCalls(0, rows, columns, engine.threads, (row, from, to) => [
        "correlate",
        ...[patterns + 2 * row * rowBytes, patterns + 2 * (row + down) * rowBytes, columns, from, to],
        ...[pixels, offsets[first][1], offsets[last][1]],
        ...[output + 4 * (row * columns * offsets.length + first), offsets.length, threadScratch],
      ]));
    }
    return { batches: [calls], result };
  },
});

/** Every neighbour has a part, as in the middle of a large grain. */
const prefilterWeights: PrefilterWeights = {
  offsets,
  values: new Float32Array(reached * columns * offsets.length).fill(0.5),
};
const terms = Array.from(
  { length: rows * columns },
  (_, probe) =>
    filterTerms(prefilterWeights, shape, radius + Math.floor(probe / columns), probe % columns)
      .filter(({ row, column }) => row < reached && column >= 0 && column < columns),
);
const filtered = new Float32Array(rows * columns * pixels);
await benchStep({
  name: `prefilter: filtered patterns, ${2 * offsets.length - 1} terms`,
  rawBytes: workedOn.byteLength,
  tolerance: 1e-5,
  plain() {
    filtered.fill(0);
    for (let probe = 0; probe < terms.length; probe++) {
      for (const { row, column, weight } of terms[probe]) {
        addWeighted(counts, row * columns + column, weight, pixels, filtered, probe * pixels);
      }
    }
    return filtered;
  },
  kernels(engine) {
    const input = place(engine, counts);
    const flat = terms.flat(), table = new Uint32Array(2 * flat.length);
    const floats = new Float32Array(table.buffer);
    flat.forEach(({ row, column, weight }, index) => {
      table[2 * index] = input + row * rowBytes + 2 * column * pixels;
      floats[2 * index + 1] = weight;
    });
    const starts = new Int32Array(terms.length + 1);
    terms.forEach((parts, probe) => starts[probe + 1] = starts[probe] + parts.length);
    const tablePointer = engine.place(table), startsPointer = engine.place(starts);
    const output = engine.allocate(4 * filtered.length);
    const calls = rowCalls(0, rows, columns, engine.threads, (row, from, to) => [
      "filterU16",
      ...[tablePointer, startsPointer + 4 * columns * row, from, to, pixels, output + 2 * row * rowBytes],
    ]);
    return { batches: [calls], result: engine.view(Float32Array, output, filtered.length) };
  },
});
