/** Samples filtered by sums of three neighbours beside the sums of all terms in float64. */

import assert from "node:assert/strict";
import { at } from "../../../../library/engine/address.ts";
import { ArenaMemory } from "../../../../library/engine/memory.ts";
import { withEngine } from "../../../../library/engine/with_engine.ts";
import { FilterStage } from "../../../../library/passes/prefilter/filter_stage.ts";
import { FilterTerms } from "../../../../library/passes/prefilter/filter_terms.ts";
import { halfFootprint, type PrefilterWeights } from "../../../../library/passes/prefilter/footprint.ts";
import { defaultPrefilter } from "../../../../library/passes/prefilter/parameters.ts";
import { seededRandom } from "../../../support/random.ts";

/** Not a whole number of tiles, nor of the vectors of one. */
const samples = 148;

interface Case {
  readonly rows: number;
  readonly columns: number;
  readonly radius: number;
  readonly footprint: "circle" | "square";
}

/** Weights of grains: mostly 1 or 0, some in between. */
function grainWeights({ rows, columns, radius, footprint }: Case, random: () => number): PrefilterWeights {
  const offsets = halfFootprint({ ...defaultPrefilter, radius, footprint });
  const grain = Array.from(
    { length: rows * columns },
    (_, i) => Math.floor((i % columns) / 11) + (random() < 0.02 ? 9 : 0),
  );
  const values = new Float32Array(rows * columns * offsets.length);
  for (let probe = 0; probe < rows * columns; probe++) {
    offsets.forEach(([down, right], k) => {
      const row = Math.floor(probe / columns) + down, column = probe % columns + right;
      if (row >= rows || column < 0 || column >= columns) return;
      const same = grain[probe] === grain[row * columns + column];
      values[probe * offsets.length + k] = same
        ? random() < 0.15 ? random() : 1
        : random() < 0.05
        ? random()
        : 0;
    });
  }
  return { offsets, values };
}

/** Filtered samples of all rows, in steps as the pass takes them. */
async function filtered(
  { rows, columns }: Case,
  weights: PrefilterWeights,
  patterns: Float32Array,
  workers: number,
  step: number,
): Promise<Float32Array> {
  const shape = { rows, columns, patternRows: 20, patternColumns: 20 }, rowBytes = 4 * samples * columns;
  return await withEngine({ workers }, async (engine) => {
    const stage = new FilterStage(shape, "F32", weights.offsets, samples),
      memory = new ArenaMemory(engine, 0);
    stage.reserve(memory, step);
    memory.settle();
    const input = engine.place(new Uint8Array(patterns.buffer)), output = engine.allocate(rowBytes * rows);
    stage.begin(engine, weights);
    for (let first = 0; first < rows; first += step) {
      const block = {
        first,
        end: Math.min(rows, first + step),
        pointer: (row: number) => at(input, row * rowBytes),
      };
      await engine.run(stage.calls(block, (row) => at(output, row * rowBytes)));
    }
    return engine.view(Float32Array, output, samples * columns * rows).slice();
  });
}

/** Filtered samples term by term in float64. */
function expected({ rows, columns }: Case, weights: PrefilterWeights, patterns: Float32Array): Float64Array {
  const terms = new FilterTerms(weights, { rows, columns }), result = new Float64Array(patterns.length);
  for (let probe = 0; probe < rows * columns; probe++) {
    const count = terms.partsOf(Math.floor(probe / columns), probe % columns);
    for (let i = 0; i < count; i++) {
      const from = terms.probes[i] * samples, weight = terms.weights[i];
      for (let x = 0; x < samples; x++) result[probe * samples + x] += weight * patterns[from + x];
    }
  }
  return result;
}

const cases: readonly Case[] = [
  { rows: 11, columns: 41, radius: 4, footprint: "circle" },
  { rows: 9, columns: 37, radius: 3, footprint: "square" },
  { rows: 5, columns: 34, radius: 1, footprint: "circle" },
  { rows: 19, columns: 36, radius: 9, footprint: "circle" },
  { rows: 3, columns: 2, radius: 4, footprint: "circle" },
  { rows: 6, columns: 1, radius: 2, footprint: "square" },
];

for (const [seed, size] of cases.entries()) {
  const { rows, columns, radius, footprint } = size;
  Deno.test(`filtered samples are the sums of their terms (${rows} x ${columns}, ${footprint} of ${radius}), the same bits in any steps and tiles`, async () => {
    const random = seededRandom(seed), weights = grainWeights(size, random);
    const patterns = Float32Array.from({ length: rows * columns * samples }, () => random());
    const found = await filtered(size, weights, patterns, 1, 8), exact = expected(size, weights, patterns);
    found.forEach((value, i) => assert.ok(Math.abs(value - exact[i]) <= 1e-6, `${i}: ${value}, ${exact[i]}`));
    for (const [workers, step] of [[3, 8], [1, 1], [2, 5]]) {
      assert.deepEqual(await filtered(size, weights, patterns, workers, step), found);
    }
  });
}

Deno.test("a neighbour of weight 0 leaves no trace in filtered samples, however bright it is", async () => {
  const size: Case = { rows: 9, columns: 40, radius: 4, footprint: "circle" }, random = seededRandom(77);
  const weights = grainWeights(size, random), half = weights.offsets.length, bright = 4 * size.columns + 17;
  for (let probe = 0; probe < size.rows * size.columns; probe++) {
    weights.offsets.forEach(([down, right], k) => {
      const other = probe + down * size.columns + right;
      if (k > 0 && (probe === bright || other === bright)) weights.values[probe * half + k] = 0;
    });
  }
  const patterns = Float32Array.from({ length: size.rows * size.columns * samples }, () => random());
  patterns.fill(1e20, bright * samples, (bright + 1) * samples);
  const found = await filtered(size, weights, patterns, 1, 8);
  patterns.fill(0, bright * samples, (bright + 1) * samples);
  const without = await filtered(size, weights, patterns, 1, 8);
  const others = (
    values: Float32Array,
  ) => [values.slice(0, bright * samples), values.slice((bright + 1) * samples)];
  assert.deepEqual(others(found), others(without));
});
