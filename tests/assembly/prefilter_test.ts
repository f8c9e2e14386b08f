/** The kernels of the prefilter beside the formula: weighted patterns, correlations, filtered patterns. */

import assert from "node:assert/strict";
import { blurScratchBytes } from "../../library/passes/features/features.ts";
import { gaussianTaps } from "../../library/passes/features/gaussian.ts";
import { withEngine } from "../../library/engine/with_engine.ts";
import * as oracle from "../support/oracles.ts";
import { at } from "../../library/engine/address.ts";
import { type KernelCall, threadScratch } from "../../library/engine/kernels.ts";
import { seededRandom } from "../support/random.ts";
import {
  alone,
  assertClose,
  columns,
  height,
  pattern,
  patternsOf,
  pixels,
  place,
  shape,
  width,
} from "../support/kernel_patterns.ts";

for (const working of ["U8", "U16", "F32"] as const) {
  Deno.test(`weighted ${working} patterns of the prefilter equal the formula within 1e-6`, () =>
    withEngine(alone, async (engine) => {
      const row = patternsOf(working, 21, 250);
      const weights = Float32Array.from({ length: pixels }, (_, i) => i % 7 === 0 ? 0 : (i % 11) / 10);
      const taps = gaussianTaps(1);
      const source = place(engine, row), output = engine.allocate(4 * columns * pixels);
      engine.allocateScratch(blurScratchBytes(shape, taps.radius));
      const sum = weights.reduce((total, weight) => total + weight, 0);
      await engine.run([[
        `weighted${working}`,
        source,
        output,
        0,
        columns,
        height,
        width,
        engine.place(taps.weights),
        taps.radius,
        engine.place(weights),
        sum,
        threadScratch,
      ]]);
      for (let column = 0; column < columns; column++) {
        const blurred = oracle.blur(pattern(row, column), height, width, taps.weights);
        const found = engine.view(Float32Array, at(output, 4 * column * pixels), pixels);
        assertClose(found, oracle.weighted(blurred, weights), 2e-6);
      }
    }));

  Deno.test(`filtered ${working} patterns are the weighted sums of their terms within 1e-6`, () =>
    withEngine(alone, async (engine) => {
      const row = patternsOf(working, 31, 250), random = seededRandom(8);
      const source = place(engine, row);
      const terms = Array.from(
        { length: 23 },
        () => ({ column: Math.floor(random() * columns), weight: random() }),
      );
      const table = new Uint32Array(2 * terms.length), floats = new Float32Array(table.buffer);
      terms.forEach(({ column, weight }, i) => {
        table[2 * i] = source + column * pixels * row.BYTES_PER_ELEMENT;
        floats[2 * i + 1] = weight;
      });
      const starts = Int32Array.of(0, 1, 9, 9, 23);
      const output = engine.allocate(4 * 4 * pixels);
      await engine.run([[
        `filter${working}`,
        engine.place(table),
        engine.place(starts),
        0,
        4,
        pixels,
        0,
        pixels,
        output,
      ]]);
      for (let i = 0; i < 4; i++) {
        const expected = new Array(pixels).fill(0);
        for (let k = starts[i]; k < starts[i + 1]; k++) {
          pattern(row, terms[k].column).forEach((value, pixel) =>
            expected[pixel] += floats[2 * k + 1] * value
          );
        }
        assertClose(engine.view(Float32Array, at(output, 4 * i * pixels), pixels), expected, 1e-6);
      }
    }));
}

for (const [first, last] of [[0, 4], [-4, 4], [-2, 2], [-1, 3], [-3, 3], [-5, 5], [1, 1]]) {
  Deno.test(`correlations with offsets ${first}..${last} equal the plain inner products, the rest stays untouched`, () =>
    withEngine(alone, async (engine) => {
      const row = patternsOf("F32", 71, 10) as Float32Array,
        other = patternsOf("F32", 72, 10) as Float32Array;
      const stride = 11;
      const output = engine.allocate(4 * columns * stride);
      engine.view(Float32Array, output, columns * stride).fill(-7);
      const [a, b] = [engine.place(row), engine.place(other)];
      const call = (from: number, to: number): KernelCall => [
        "correlate",
        a,
        b,
        columns,
        from,
        to,
        pixels,
        first,
        last,
        output,
        stride,
      ];
      await engine.run([call(0, 2), call(2, 5), call(5, columns)]);
      const found = engine.view(Float32Array, output, columns * stride);
      for (let column = 0; column < columns; column++) {
        for (let k = 0; k < stride; k++) {
          const partner = column + first + k;
          const inside = first + k <= last && partner >= 0 && partner < columns;
          const value = found[column * stride + k];
          if (!inside) assert.equal(value, -7);
          else {assertClose(
              [value],
              [oracle.innerProduct(pattern(row, column), pattern(other, partner))],
              3e-6,
            );}
        }
      }
    }));
}
