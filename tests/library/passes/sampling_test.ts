/** How close sampled similarities come to those of whole patterns in float64, for easy patterns and hard ones. */

import assert from "node:assert/strict";
import { chooseSampling, type PatternSampling } from "../../../library/passes/features/sampling.ts";
import { withEngine } from "../../../library/engine/with_engine.ts";
import { innerProduct } from "../../support/oracles.ts";
import {
  borderPixels,
  brightPixels,
  gradients,
  type PairMaker,
  poissonDisks,
  sharpDisks,
  vacuum,
} from "../../support/pattern_pairs.ts";
import { blurExactly, exactTaps, lessMean, sampleByKernel } from "../../support/sampled_patterns.ts";

const alone = { workers: 1, memory: 400 * 2 ** 20 };
const seeds = [1, 2, 3];

/** Divisible by the step or not, odd and even, square or not, up to what detectors have. */
const sizes: readonly (readonly [number, number])[] = [[64, 64], [65, 71], [96, 100], [128, 129], [194, 192]];

function sample(patternRows: number, patternColumns: number, sigma: number): PatternSampling {
  const sampling = chooseSampling({ patternRows, patternColumns }, sigma);
  assert.ok(sampling);
  return sampling;
}

function cosine(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const square = innerProduct(x, x) * innerProduct(y, y);
  return square > 0 ? innerProduct(x, y) / Math.sqrt(square) : 0;
}

/**
 * Families of patterns and the largest error of S that the test proves for them. What aliases is what the blur leaves
 * above one period in 6 pixels: little of disks, more of counting noise, most of single pixels. With n electrons in a
 * pattern of disks the error falls as 1 / n, some 3e-3 / n at sigma 3.
 */
const families: readonly (readonly [string, PairMaker, number])[] = [
  ["disks with 100 electrons", poissonDisks(100), 1e-4],
  ["disks with 1000 electrons", poissonDisks(1000), 1e-5],
  ["disks with 5000 electrons", poissonDisks(5000), 2e-6],
  ["disks with 20000 electrons", poissonDisks(20000), 5e-7],
  ["disks with 1000000 electrons, brighter than integers take", poissonDisks(1e6), 1e-7],
  ["sharp disks of radius 2", sharpDisks(2), 5e-5],
  ["sharp disks of radius 3", sharpDisks(3), 2e-5],
  ["sharp disks of radius 5", sharpDisks(5), 5e-6],
  ["sharp disks of radius 12", sharpDisks(12), 3e-6],
  ["gradients", gradients, 1e-7],
  ["signal at the border", borderPixels, 3e-5],
  ["single bright pixels", brightPixels, 1e-3],
  ["5 electrons in vacuum", vacuum(5), 2e-4],
  ["1000 electrons in vacuum", vacuum(1000), 3e-4],
];

for (const [name, make, bound] of families) {
  Deno.test(`S of ${name} is within ${bound} of the exact one, cosine and centred, at sigma 3`, () =>
    withEngine(alone, async (engine) => {
      for (const [height, width] of sizes) {
        const sampling = sample(height, width, 3), taps = exactTaps(3);
        for (const seed of seeds) {
          const pair = make(height, width, seed);
          for (const centered of [false, true]) {
            const [x, y] = pair.map((pattern) =>
              blurExactly(centered ? lessMean(pattern) : pattern, height, width, taps)
            );
            const bright = pair.some((pattern) => pattern.some((count) => count > 65535));
            const { samples } = await sampleByKernel(
              engine,
              sampling,
              bright ? "F32" : "U16",
              pair,
              centered,
            );
            const error = Math.abs(cosine(samples[0], samples[1]) - cosine(x, y));
            const what = `${height} x ${width}, seed ${seed}, ${centered ? "centred" : "cosine"}`;
            assert.ok(error <= bound, `${what}: ${error}`);
          }
        }
      }
    }));
}

for (const sigma of [2, 2.5, 4, 6]) {
  Deno.test(`S of disks with 5000 electrons is within 3e-6 of the exact one at sigma ${sigma}`, () =>
    withEngine(alone, async (engine) => {
      for (const [height, width] of [[64, 65], [97, 96]]) {
        const sampling = sample(height, width, sigma), taps = exactTaps(sigma);
        for (const seed of seeds) {
          const pair = poissonDisks(5000)(height, width, seed);
          const [x, y] = pair.map((pattern) => blurExactly(pattern, height, width, taps));
          const { samples } = await sampleByKernel(engine, sampling, "U16", pair, false);
          const error = Math.abs(cosine(samples[0], samples[1]) - cosine(x, y));
          assert.ok(error <= 3e-6, `${height} x ${width}, seed ${seed}: ${error}`);
        }
      }
    }));
}

Deno.test("nodes ascend inside the detector, weights are positive and sum to the side, for any side and blur", () => {
  for (const sigma of [2, 2.9, 3, 7]) {
    for (const side of [64, 65, 66, 67, 91, 256, 511]) {
      const { nodes, weights, step } = sample(side, 64, sigma).rows;
      assert.ok(nodes[0] >= 0 && nodes[nodes.length - 1] < side);
      nodes.forEach((node, i) => assert.ok(i === 0 || (node > nodes[i - 1] && node <= nodes[i - 1] + step)));
      assert.ok(weights.every((weight) => weight > 0 && weight < 2 * step));
      const sum = weights.reduce((total, weight) => total + weight, 0);
      assert.ok(Math.abs(sum - side) <= 1e-6 * side, `${sigma} ${side}: ${sum}`);
    }
  }
});

Deno.test("a side divisible by 3 is sampled at 1, 4, 7 .. with equal weights", () => {
  const { nodes, weights } = sample(96, 64, 3).rows;
  assert.deepEqual(nodes, Array.from({ length: 32 }, (_, i) => 3 * i + 1));
  for (const weight of weights) assert.ok(Math.abs(weight - 3) < 1e-9);
});

Deno.test("small blurs and small detectors are not sampled", () => {
  const choose = (patternRows: number, patternColumns: number, sigma: number) =>
    chooseSampling({ patternRows, patternColumns }, sigma);
  for (const sigma of [0, 1, 1.99, NaN]) assert.equal(choose(128, 128, sigma), undefined);
  assert.equal(choose(63, 128, 3), undefined);
  assert.equal(choose(128, 63, 3), undefined);
  assert.ok(choose(64, 64, 2));
});
