/** Sums of patterns and virtual images beside plain sums. */

import assert from "node:assert/strict";
import { withEngine } from "../../library/engine/with_engine.ts";
import * as oracle from "../support/oracles.ts";
import type { KernelCall } from "../../library/engine/kernels.ts";
import { seededRandom } from "../support/random.ts";
import {
  alone,
  assertClose,
  columns,
  pattern,
  patternsOf,
  pixels,
  place,
} from "../support/kernel_patterns.ts";

for (const working of ["U8", "U16", "F32"] as const) {
  Deno.test(`accumulated ${working} patterns equal the float64 sums exactly`, () =>
    withEngine(alone, async (engine) => {
      const row = patternsOf(working, 41, 250), random = seededRandom(9), slots = 3;
      const source = place(engine, row);
      const terms = Array.from({ length: 17 }, () => ({
        column: Math.floor(random() * columns),
        slot: Math.floor(random() * slots),
        weight: random(),
      }));
      const weights = new Float64Array(2 * terms.length), integers = new Uint32Array(weights.buffer);
      terms.forEach(({ column, slot, weight }, i) => {
        integers[4 * i] = source + column * pixels * row.BYTES_PER_ELEMENT;
        integers[4 * i + 1] = slot;
        weights[2 * i + 1] = weight;
      });
      const table = engine.place(weights), sums = engine.allocate(8 * slots * pixels);
      engine.view(Float64Array, sums, slots * pixels).fill(0);
      const share = 48;
      await engine.run(Array.from({ length: Math.ceil(pixels / share) }, (_, i): KernelCall => [
        `accumulate${working}`,
        table,
        terms.length,
        pixels,
        i * share,
        Math.min(pixels, (i + 1) * share),
        sums,
      ]));
      const expected = new Float64Array(slots * pixels);
      for (const { column, slot, weight } of terms) {
        pattern(row, column).forEach((value, pixel) => expected[slot * pixels + pixel] += weight * value);
      }
      assert.deepEqual(Array.from(engine.view(Float64Array, sums, slots * pixels)), Array.from(expected));
    }));

  Deno.test(`virtual images of ${working} patterns equal the plain sums within 1e-12`, () =>
    withEngine(alone, async (engine) => {
      const row = patternsOf(working, 51, 250);
      const detector = Float32Array.from({ length: pixels }, (_, i) => i % 4 === 1 ? 0 : 1 + i / 7);
      const image = engine.allocate(8 * columns);
      await engine.run([[
        `virtual${working}`,
        place(engine, row),
        0,
        columns,
        pixels,
        engine.place(detector),
        image,
      ]]);
      const expected = Array.from(
        { length: columns },
        (_, i) => oracle.innerProduct(pattern(row, i), detector),
      );
      assertClose(engine.view(Float64Array, image, columns), expected, 1e-12);
    }));
}
