/** The kernels of sampled patterns against their plain twins. */

import assert from "node:assert/strict";
import { gaussianTaps } from "../../library/passes/features/gaussian.ts";
import { type FixedTaps, fixedTaps } from "../../library/passes/features/fixed_taps.ts";
import { chooseSampling, type PatternSampling } from "../../library/passes/features/sampling.ts";
import { coarsestCount, finestCount, rowStride } from "../../library/passes/features/sampling_tables.ts";
import { withEngine } from "../../library/engine/with_engine.ts";
import type { Working } from "../../library/engine/kernels.ts";
import { innerProduct } from "../support/oracles.ts";
import { randomCounts, seededRandom } from "../support/random.ts";
import { blurExactly, lessMean, sampleByKernel, samplesOf } from "../support/sampled_patterns.ts";

const alone = { workers: 1, memory: 400 * 2 ** 20 };

function sample(patternRows: number, patternColumns: number, sigma: number): PatternSampling {
  const sampling = chooseSampling({ patternRows, patternColumns }, sigma);
  assert.ok(sampling);
  return sampling;
}

function patternsOf(sampling: PatternSampling, working: Working, largest: number): number[][] {
  const random = seededRandom(largest);
  return Array.from(
    { length: 3 },
    () =>
      randomCounts(random, sampling.rows.side * sampling.columns.side, largest)
        .map((count) => working === "F32" ? Math.fround(count + random() - 0.5) : count),
  );
}

const asFloats = ({ values, sum }: FixedTaps) => values.map((value) => value / sum);

function largestDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  let difference = 0, scale = 0;
  for (let i = 0; i < expected.length; i++) {
    scale = Math.max(scale, Math.abs(expected[i]));
    // NaN must not pass.
    if (!(Math.abs(found[i] - expected[i]) <= difference)) difference = Math.abs(found[i] - expected[i]);
  }
  return difference / scale;
}

const kinds: readonly (readonly [Working, number])[] = [
  ["U8", 255],
  ["U16", 79],
  ["U16", 8191],
  ["U16", 8192],
  ["U16", 32767],
  ["U16", 32768],
  ["U16", 65535],
  ["F32", 500],
];

for (const [working, largest] of kinds) {
  for (const [height, width, sigma] of [[64, 71, 3], [97, 80, 2], [66, 64, 5]]) {
    for (const centered of [false, true]) {
      const kind = `${height} x ${width} ${working} pixels up to ${largest}, sigma ${sigma}`;
      Deno.test(`${centered ? "centred samples" : "samples"} of ${kind}, equal the plain blur within 1e-6`, () =>
        withEngine(alone, async (engine) => {
          const sampling = sample(height, width, sigma), taps = gaussianTaps(sigma);
          const patterns = patternsOf(sampling, working, largest);
          patterns[1][17 * width + 5] = largest;
          const { samples, references } = await sampleByKernel(engine, sampling, working, patterns, centered);
          patterns.forEach((pattern, k) => {
            const source = centered ? lessMean(pattern) : pattern;
            // Counts up to 8191 are multiplied with fine integer taps, up to 32767 with coarse ones, larger ones and
            // floats with float32 taps.
            const brightest = pattern.reduce((a, b) => Math.max(a, b));
            const limit = [finestCount, coarsestCount].find((limit) => brightest <= limit);
            const rowTaps = working === "F32" || limit === undefined
              ? taps.weights
              : asFloats(fixedTaps(taps, limit));
            const expected = samplesOf(blurExactly(source, height, width, rowTaps, taps.weights), sampling);
            const difference = largestDifference(samples[k], expected);
            assert.ok(difference <= 1e-6, `pattern ${k}: ${difference}`);
            if (!centered) return;
            const total = pattern.reduce((total, value) => total + value, 0);
            const reference = total * total / pattern.length;
            assert.ok(Math.abs(references[k] - reference) <= 1e-12 * reference);
          });
        }));
    }
  }
}

Deno.test("the values that pad samples to a multiple of 4 are zero", () =>
  withEngine(alone, async (engine) => {
    const sampling = sample(67, 64, 3), stride = rowStride(sampling.rows), { nodes } = sampling.rows;
    assert.notEqual(nodes.length, stride);
    for (const working of ["U16", "F32"] as const) {
      const { samples } = await sampleByKernel(
        engine,
        sampling,
        working,
        patternsOf(sampling, "U16", 900),
        true,
      );
      for (const values of samples) {
        values.forEach((value, at) => assert.equal(value === 0, at % stride >= nodes.length, String(at)));
      }
    }
  }));

Deno.test("the samples of a pattern are the same bytes in any place and beside any others", () =>
  withEngine(alone, async (engine) => {
    const sampling = sample(64, 64, 3);
    const [dim] = patternsOf(sampling, "U16", 79), [bright] = patternsOf(sampling, "U16", 65535);
    const found = (patterns: number[][]) => sampleByKernel(engine, sampling, "U16", patterns, true);
    const { samples: first } = await found([dim, bright]),
      { samples: second } = await found([bright, dim, bright]);
    assert.deepEqual(first[0], second[1]);
    assert.deepEqual(first[1], second[0]);
    assert.deepEqual(first[1], second[2]);
  }));

for (
  const [working, value] of [["U8", 255], ["U16", 1], ["U16", 32767], ["U16", 65535], [
    "F32",
    12345.678,
  ]] as const
) {
  Deno.test(`the centred samples of a constant pattern of ${value} (${working}) have a norm that counts as zero`, () =>
    withEngine(alone, async (engine) => {
      const sampling = sample(65, 64, 3);
      const { samples, references } = await sampleByKernel(
        engine,
        sampling,
        working,
        [new Array(65 * 64).fill(value), new Array(65 * 64).fill(0)],
        true,
      );
      assert.ok(innerProduct(samples[0], samples[0]) < 1e-10 * references[0]);
      assert.equal(innerProduct(samples[1], samples[1]), 0);
      assert.equal(references[1], 0);
    }));
}

Deno.test("fixed taps fit 16 bits, and the sum of the largest count times each fits 32, for any blur", () => {
  for (const sigma of [2, 2.3, 3, 4.5, 8, 20, 60]) {
    const taps = gaussianTaps(sigma);
    for (const largestCount of [finestCount, coarsestCount]) {
      const { values, sum } = fixedTaps(taps, largestCount);
      assert.ok(values.every((value) => Number.isInteger(value) && Math.abs(value) <= 32767));
      const reach = values.reduce((total, value, k) => total + (k === 0 ? 1 : 2) * Math.abs(value), 0);
      assert.ok(largestCount * reach < 2 ** 31);
      values.forEach((value, k) => assert.ok(Math.abs(value / sum - taps.weights[k]) < 5 / sum));
    }
  }
});
