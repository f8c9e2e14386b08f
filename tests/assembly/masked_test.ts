/** The kernels of masked patterns against their plain twin. */

import assert from "node:assert/strict";
import { withEngine } from "../../library/engine/with_engine.ts";
import type { Working } from "../../library/engine/kernels.ts";
import { type FixedTaps, fixedTaps } from "../../library/passes/features/fixed_taps.ts";
import { gaussianTaps } from "../../library/passes/features/gaussian.ts";
import { chooseMaskedSampling, type MaskedSampling } from "../../library/passes/features/masked_sampling.ts";
import { coarsestCount, finestCount } from "../../library/passes/features/sampling_tables.ts";
import { maskMakers, valuesByKernel } from "../support/masked_patterns.ts";
import { randomCounts, seededRandom } from "../support/random.ts";
import { blurExactly, lessMean } from "../support/sampled_patterns.ts";

const alone = { workers: 1, memory: 400 * 2 ** 20 };
const asFloats = ({ values, sum }: FixedTaps) => values.map((value) => value / sum);

/** Values that count, part by part, four neighbouring row nodes at a time as far as one of them counts. */
function plainValues(blurred: ArrayLike<number>, { parts }: MaskedSampling): number[] {
  return parts.flatMap(({ sampling: { rows, columns }, weights }) =>
    columns.nodes.flatMap((column, j) => {
      const found: number[] = [];
      for (let first = 0; first < rows.nodes.length; first += 4) {
        const four = [0, 1, 2, 3].map((k) => {
          const i = first + k, weight = i < rows.nodes.length ? weights[j * rows.nodes.length + i] : 0;
          return weight > 0 ? Math.sqrt(weight) * blurred[rows.nodes[i] * columns.side + column] : 0;
        });
        if (four.some((value) => value !== 0)) found.push(...four);
      }
      return found;
    })
  );
}

const kinds: readonly (readonly [Working, number])[] = [
  ["U8", 255],
  ["U16", 79],
  ["U16", 8192],
  ["U16", 65535],
  ["F32", 500],
];

for (const [working, largest] of kinds) {
  for (const centered of [false, true]) {
    const kind = `${centered ? "centred " : ""}${working} patterns up to ${largest}`;
    Deno.test(`values of masked ${kind} equal the plain blur times the roots of their weights within 1e-6`, () =>
      withEngine(alone, async (engine) => {
        for (const [height, width, sigma] of [[71, 64, 2.5], [80, 97, 3.6]]) {
          for (const [name, make] of Object.entries(maskMakers)) {
            const sampling = chooseMaskedSampling(
              { patternRows: height, patternColumns: width },
              sigma,
              make(height, width, 5),
            );
            // Small detectors with long edges are compared on all pixels.
            if (!sampling) continue;
            const random = seededRandom(largest), taps = gaussianTaps(sigma);
            const pattern = randomCounts(random, height * width, largest)
              .map((count) =>
                working === "F32" ? Math.fround(1 + count + random()) : 1 + Math.min(count, largest - 1)
              );
            pattern[17 * width + 5] = largest;
            // Columns that a part does not need may hold the only counts that ask for coarser taps, so all have some.
            for (let column = 0; column < width; column++) {
              for (let row = column % 3; row < height; row += 3) pattern[row * width + column] = largest;
            }
            const { values, references } = await valuesByKernel(
              engine,
              sampling,
              working,
              [pattern, pattern],
              centered,
            );
            const limit = [finestCount, coarsestCount].find((limit) => largest <= limit);
            const rowTaps = working === "F32" || limit === undefined
              ? taps.weights
              : asFloats(fixedTaps(taps, limit));
            const source = centered ? lessMean(pattern) : pattern;
            const expected = plainValues(blurExactly(source, height, width, rowTaps, taps.weights), sampling);
            assert.equal(values[0].length, expected.length, name);
            assert.deepEqual(values[0], values[1]);
            const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
            const whole = centered ? Math.max(scale, largest) : scale;
            expected.forEach((value, i) =>
              assert.ok(
                Math.abs(values[0][i] - value) <= 1e-6 * whole,
                `${name}, value ${i}: ${values[0][i]}, ${value}`,
              )
            );
            if (!centered) continue;
            const total = pattern.reduce((sum, count) => sum + count, 0),
              reference = total ** 2 / pattern.length;
            assert.ok(Math.abs(references[0] - reference) <= 1e-12 * reference);
          }
        }
      }));
  }
}

Deno.test("centred values within a small disk are right beside columns that are far too bright for integer taps", () =>
  withEngine(alone, async (engine) => {
    const height = 96, width = 128, sigma = 2.5, taps = gaussianTaps(sigma);
    const keep = Uint8Array.from(
      { length: height * width },
      (_, i) => Math.hypot(Math.floor(i / width) - 48, i % width - 30) <= 8 ? 1 : 0,
    );
    const sampling = chooseMaskedSampling({ patternRows: height, patternColumns: width }, sigma, keep);
    assert.ok(sampling);
    for (const bright of [20000, 65535]) {
      const pattern = randomCounts(seededRandom(1), height * width, 100)
        .map((count, i) => i % width > 64 ? bright : count);
      const { values: [values] } = await valuesByKernel(engine, sampling, "U16", [pattern], true);
      const expected = plainValues(blurExactly(lessMean(pattern), height, width, taps.weights), sampling);
      expected.forEach((value, i) =>
        assert.ok(Math.abs(values[i] - value) <= 1e-5 * bright, `${bright}: ${values[i]} instead of ${value}`)
      );
    }
  }));
