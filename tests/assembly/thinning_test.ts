/** Thinned patterns, of which each electron was kept with probability 1/2. */

import assert from "node:assert/strict";
import { at, nowhere } from "../../library/engine/address.ts";
import { withEngine } from "../../library/engine/with_engine.ts";
import { threadScratch } from "../../library/engine/kernels.ts";
import { counts } from "../../library/passes/detector/gain.ts";
import { scaling } from "../../library/passes/sketch/binned_sample.ts";
import { blockColumns, sketchScratchBytes } from "../../library/passes/sketch/weight_blocks.ts";
import { poisson } from "../../library/simulation/poisson.ts";
import { Random } from "../../library/simulation/random.ts";
import { randomCounts, seededRandom } from "../support/random.ts";
import { blocks, sketchColumns, sketchOf } from "../support/sketch_kernel.ts";

Deno.test("thinned counts are Binomial(n, 1/2): mean n / 2, variance n / 4, whole numbers from 0 to n", () =>
  withEngine({ workers: 1 }, async (engine) => {
    // One weight picks one pixel, so that its thinned count can be seen.
    const { columns, binning } = { columns: 8, binning: 1 }, rows = 8, count = 4000;
    for (const n of [1, 3, 17, 64, 65, 300, 4096, 5000, 65535]) {
      const source = engine.place(new Uint8Array(new Uint16Array(count * 64).fill(n).buffer));
      const weights = new Float32Array(sketchColumns * 64);
      weights[9 * blockColumns] = 1;
      const table = engine.place(weights);
      const whole = engine.allocate(4 * sketchColumns * count),
        thinned = engine.allocate(4 * sketchColumns * count);
      engine.allocateScratch(sketchScratchBytes(columns, 64));
      await engine.run([[
        "sketchU16",
        source,
        count,
        rows,
        columns,
        binning,
        table,
        nowhere,
        blocks,
        whole,
        thinned,
        1,
        0,
        ...scaling(counts),
        threadScratch,
      ]]);
      const kept = Array.from(
        { length: count },
        (_, p) => engine.view(Float32Array, at(thinned, 4 * sketchColumns * p), 1)[0],
      );
      assert.ok(kept.every((value) => Number.isInteger(value) && value >= 0 && value <= n));
      const mean = kept.reduce((sum, value) => sum + value, 0) / count;
      const variance = kept.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
      // Five standard errors of each.
      assert.ok(Math.abs(mean - n / 2) < 5 * Math.sqrt(n / 4 / count), `${n}: mean ${mean}`);
      assert.ok(Math.abs(variance / (n / 4) - 1) < 5 * Math.sqrt(2.5 / count), `${n}: variance ${variance}`);
    }
  }));

/** Words of the generator SplitMix64, of which each electron takes the next bit, lowest first. */
function plainThinned(counts: readonly number[], seed: number, probe: number): number[] {
  const step = 0x9e3779b97f4a7c15n, word = (value: bigint) => BigInt.asUintN(64, value);
  const mix = (state: bigint) => {
    let mixed = word((state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n);
    mixed = word((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
    return mixed ^ (mixed >> 31n);
  };
  let state = mix(word(BigInt(seed) * step + BigInt(probe))), bits = 0n, left = 0;
  return counts.map((count) => {
    let kept = 0;
    for (let electron = 0; electron < count; electron++) {
      if (left === 0) {
        state = word(state + step);
        bits = mix(state);
        left = 64;
      }
      kept += Number(bits & 1n);
      bits >>= 1n;
      left--;
    }
    return kept;
  });
}

Deno.test("each electron of a pattern takes the next bit, in blocks of small counts and beside large ones", () =>
  withEngine({ workers: 1 }, async (engine) => {
    const shape = { rows: 33, columns: 51, binning: 1 }, size = 33 * 51, random = seededRandom(9);
    const data = randomCounts(random, 3 * size, 9).map((count, i) => i % 401 === 7 ? 57 + i % 300 : count);
    const { thinned, weight } = await sketchOf(engine, "U16", data, shape, 5);
    for (let p = 0; p < 3; p++) {
      const kept = plainThinned([...data.slice(p * size, (p + 1) * size)], 5, 100 + p);
      for (let column = 0; column < sketchColumns; column++) {
        const expected = kept.reduce((sum, count, pixel) => sum + count * weight(column, pixel), 0);
        // One count in another place changes a sum by more, but for a few weights that happen to be small.
        assert.ok(Math.abs(thinned[p * sketchColumns + column] - expected) < 5e-3);
      }
    }
  }));

Deno.test("what is no whole count is halved: fractions, negative values and very large counts", () =>
  withEngine({ workers: 1 }, async (engine) => {
    const data = new Float32Array(64);
    data.set([0.5, -3, 2 ** 21, 0]);
    const { whole, thinned } = await sketchOf(engine, "F32", data, { rows: 8, columns: 8, binning: 1 });
    thinned.forEach((value, column) =>
      assert.ok(Math.abs(value - whole[column] / 2) <= Math.abs(value) * 1e-6)
    );
  }));

Deno.test("halves of what is no count have half the mean and variance of the whole, and do not go with what is left", () =>
  withEngine({ workers: 1 }, async (engine) => {
    // Values of a camera: electrons, and noise of reading out with a squared deviation of 0.25.
    const side = 16, pixels = side * side, count = 3000, rest = 0.25, random = new Random(3);
    for (const [mean, offset] of [[0.05, 0], [3, 0], [3, 100], [400, 0]]) {
      const data = new Float32Array(count * pixels).map(() =>
        poisson(mean, random) + 0.5 * random.normal() + offset
      );
      const weights = new Float32Array(sketchColumns * pixels);
      for (let pixel = 0; pixel < pixels; pixel++) weights[pixel * blockColumns] = 1;
      const source = engine.place(new Uint8Array(data.buffer)), table = engine.place(weights);
      const [whole, thinned] = [0, 1].map(() => engine.allocate(4 * sketchColumns * count));
      engine.allocateScratch(sketchScratchBytes(side, pixels));
      await engine.run([[
        "sketchF32",
        source,
        count,
        side,
        side,
        1,
        table,
        nowhere,
        blocks,
        whole,
        thinned,
        1,
        0,
        ...scaling({ value: 1, whole: false, rest: rest - offset }),
        threadScratch,
      ]]);
      const sums = (address: typeof whole) =>
        Float64Array.from(
          { length: count },
          (_, p) => engine.view(Float32Array, at(address, 4 * sketchColumns * p), 1)[0],
        );
      const all = sums(whole), half = sums(thinned), left = all.map((sum, p) => sum - half[p]);
      const average = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / count;
      const covariance = (a: Float64Array, b: Float64Array) => {
        const [x, y] = [average(a), average(b)];
        return a.reduce((sum, value, p) => sum + (value - x) * (b[p] - y), 0) / (count - 1);
      };
      const expected = pixels * (mean + rest) / 2;
      assert.ok(Math.abs(average(half) - pixels * (mean + offset) / 2) < 5 * Math.sqrt(expected / count));
      // Five standard errors, and a fifth where dark pixels are mostly noise: what four of them have below zero is lost.
      const allowed = 5 * Math.sqrt(2 / count) + (mean < 1 ? 0.1 : 0);
      for (const part of [half, left]) assert.ok(Math.abs(covariance(part, part) / expected - 1) < allowed);
      assert.ok(Math.abs(covariance(half, left)) < (5 / Math.sqrt(count) + (mean < 1 ? 0.1 : 0)) * expected);
    }
  }));
