/** What one electron adds, noise of reading out, and constants, from the noise of neighbouring patterns. */

import assert from "node:assert/strict";
import { estimateGain } from "../../../library/passes/detector/gain.ts";
import { valueNoise } from "../../../library/passes/detector/value_noise.ts";
import type { PatternPair } from "../../../library/passes/detector/neighbour_pairs.ts";
import { lineThrough } from "../../../library/passes/detector/noise_line.ts";
import { drawPoissonCounts } from "../../../library/simulation/poisson.ts";
import { Random } from "../../../library/simulation/random.ts";

const side = 64, pixels = side * side, pairs = 64;
/** Mean electrons: a direct beam, a halo that falls from 2 to a few hundredths. */
const electrons = Float32Array.from({ length: pixels }, (_, pixel) => {
  const distance = Math.hypot(Math.floor(pixel / side) - 32, pixel % side - 32);
  return distance < 3 ? 60 : 2 * Math.exp(-distance / 8) + 0.02;
});

interface Camera {
  readonly gain: number;
  /** Standard deviation of reading out, and what values stand on, in values. */
  readonly read?: number;
  readonly offset?: number;
  /** Whether values are rounded to whole numbers that are not negative. */
  readonly whole?: boolean;
  /** Whether they are rounded to whole numbers, whatever their sign. */
  readonly rounded?: boolean;
}

/** What a detector makes of the same electrons in pairs of patterns. */
function estimate({ gain, read = 0, offset = 0, whole = false, rounded = false }: Camera) {
  const random = new Random(7), noise = new Random(8), mean = new Float64Array(pixels);
  const pattern = () => {
    const counts = new Uint16Array(pixels);
    drawPoissonCounts(electrons, counts, 0, random);
    const values = Float32Array.from(counts, (count) => {
      const value = gain * count + offset + (read > 0 ? read * noise.normal() : 0);
      return whole ? Math.max(0, Math.round(value)) : rounded ? Math.round(value) : value;
    });
    values.forEach((value, pixel) => mean[pixel] += value / (2 * pairs));
    return values;
  };
  const made = Array.from({ length: pairs }, (): PatternPair => [pattern(), pattern()]);
  return estimateGain(made, mean);
}

const near = (found: number, expected: number, part: number) =>
  assert.ok(Math.abs(found / expected - 1) <= part, `${found} in place of ${expected}`);

Deno.test("counts are counts, and multiples of a step are counts of it, whatever the step", () => {
  assert.deepEqual(valueNoise(estimate({ gain: 1 })), {});
  for (const gain of [1, 12, 0.37, 1e-6, 1e6]) {
    const { value, whole, rest } = estimate({ gain });
    assert.ok(whole && rest === 0);
    near(value, gain, 1e-5);
  }
});

Deno.test("noise of reading out is told from the gain", () => {
  for (const [gain, read] of [[12, 6], [12, 12], [0.37, 0.1], [60, 12]]) {
    const found = estimate({ gain, read });
    assert.ok(!found.whole);
    near(found.value, gain, 0.12);
    near(valueNoise(found).readNoise!, read, 0.15);
    assert.equal(valueNoise(found).valueOffset, undefined);
  }
});

Deno.test("a constant changes neither gain nor the noise that is expected of a pixel", () => {
  for (
    const camera of [{ gain: 12, read: 6, whole: true }, { gain: 0.37, read: 0.1 }, { gain: 12, read: 6 }]
  ) {
    const without = estimate(camera), offset = 100 * camera.gain;
    const found = estimate({ ...camera, offset });
    near(found.value, camera.gain, 0.15);
    // Values below zero are cut off where there is no constant, so that noise there is a little less.
    assert.ok(
      Math.abs(found.rest - (without.rest - 100)) < 0.35 + 0.15 * 100,
      `${found.rest} ${without.rest}`,
    );
    near(valueNoise(found).valueOffset!, offset, 0.15);
  }
});

Deno.test("whole counts that stand on a constant are counts above it", () => {
  for (const offset of [3, 100, 5000]) {
    const found = estimate({ gain: 1, offset });
    assert.ok(found.whole && found.value === 1);
    assert.ok(-found.rest <= offset && -found.rest > offset - 0.5, `${found.rest} for ${offset}`);
  }
});

Deno.test("whole counts that stand on a constant below zero are counts above it", () => {
  for (const [gain, offset] of [[0.37, -20], [0.5, -20], [1, -3], [12, -600], [2e-4, -0.01]]) {
    const found = estimate({ gain, offset });
    assert.ok(found.whole, `${gain} ${offset}`);
    near(found.value, gain, 1e-4);
    near(found.rest, -offset / gain, 1e-3);
    near(valueNoise(found).valueOffset!, offset, 1e-3);
  }
});

Deno.test("noise of reading out that is rounded is no constant below zero", () => {
  for (const [gain, read] of [[12, 0.4], [12, 6], [60, 1.5]]) {
    const found = estimate({ gain, read, rounded: true });
    assert.ok(!found.whole, `${gain} ${read}`);
    near(found.value, gain, 0.12);
    assert.equal(valueNoise(found).valueOffset, undefined);
  }
});

Deno.test("a level that is no noise does not move the line, and noise that does not rise gives none", () => {
  const levels = [0.1, 0.2, 0.5, 1, 3].map((mean) => ({ mean, variance: 12 * mean + 36 }));
  const line = lineThrough([...levels, { mean: 20, variance: 2000 }])!;
  near(line.slope, 12, 1e-9);
  near(line.rest, 36, 1e-9);
  assert.equal(lineThrough([{ mean: 0, variance: 0 }, { mean: -1, variance: 2 }]), undefined);
});
