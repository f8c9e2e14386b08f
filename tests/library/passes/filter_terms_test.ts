/** The weights of raw patterns in filtered ones, as flat arrays, against the definition of spec stage 2. */

import assert from "node:assert/strict";
import { defaultPrefilter } from "../../../library/passes/prefilter/parameters.ts";
import { halfFootprint, type PrefilterWeights } from "../../../library/passes/prefilter/footprint.ts";
import { FilterTerms } from "../../../library/passes/prefilter/filter_terms.ts";
import { seededRandom } from "../../support/random.ts";

const shape = { rows: 7, columns: 6 };
const inside = (row: number, column: number) =>
  row >= 0 && row < shape.rows && column >= 0 && column < shape.columns;

/** Weights of which a third are zero, as are all that lead out of the scan, and the matrix R^ that they stand for. */
function drawWeights(footprint: "circle" | "square", radius: number) {
  const random = seededRandom(radius);
  const offsets = halfFootprint({ ...defaultPrefilter, radius, footprint });
  const probes = shape.rows * shape.columns;
  const values = new Float32Array(probes * offsets.length);
  const matrix = Array.from({ length: probes }, () => new Float64Array(probes));
  for (let probe = 0; probe < probes; probe++) {
    offsets.forEach(([down, right], k) => {
      const row = Math.floor(probe / shape.columns) + down, column = probe % shape.columns + right;
      if (!inside(row, column) || random() < 0.3) return;
      const other = row * shape.columns + column;
      const value = Math.fround(k === 0 ? 1 : random());
      values[probe * offsets.length + k] = matrix[probe][other] = matrix[other][probe] = value;
    });
  }
  return { weights: { offsets, values } satisfies PrefilterWeights, matrix };
}

for (const [footprint, radius] of [["circle", 1], ["circle", 4], ["square", 2]] as const) {
  const { weights, matrix } = drawWeights(footprint, radius);
  const probes = Array.from(matrix.keys());
  const share = (filtered: number, raw: number) =>
    ((filtered === raw ? 1 : 0) + matrix[filtered][raw]) /
    (1 + matrix[filtered].reduce((sum, value) => sum + value, 0));

  Deno.test(`a filtered pattern is made of each raw one by its weight, and weights sum to 1 (${footprint} ${radius})`, () => {
    const terms = new FilterTerms(weights, shape);
    for (const probe of probes) {
      const count = terms.partsOf(Math.floor(probe / shape.columns), probe % shape.columns);
      const found = new Map(Array.from(terms.probes.subarray(0, count), (raw, i) => [raw, terms.weights[i]]));
      assert.equal(found.size, count, "no pattern twice");
      assert.equal(terms.probes[0], probe, "its own comes first");
      for (const raw of probes) assert.ok(Math.abs((found.get(raw) ?? 0) - share(probe, raw)) < 1e-14);
      assert.ok(Math.abs(Array.from(found.values()).reduce((sum, weight) => sum + weight, 0) - 1) < 1e-14);
    }
  });

  Deno.test(`the shares of a raw pattern are its weights in the filtered ones, by rising index (${footprint} ${radius})`, () => {
    const terms = new FilterTerms(weights, shape);
    for (const raw of probes) {
      const count = terms.sharesOf(Math.floor(raw / shape.columns), raw % shape.columns);
      const found = Array.from(terms.probes.subarray(0, count));
      assert.deepEqual(found, found.toSorted((a, b) => a - b));
      assert.deepEqual(found, probes.filter((probe) => share(probe, raw) > 0));
      found.forEach((probe, i) => assert.ok(Math.abs(terms.weights[i] - share(probe, raw)) < 1e-14));
    }
  });
}
