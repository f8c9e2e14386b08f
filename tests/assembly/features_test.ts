/** Blur, features and masks of patterns beside their definitions. */

import assert from "node:assert/strict";
import { blurScratchBytes } from "../../library/passes/features/features.ts";
import { gaussianTaps } from "../../library/passes/features/gaussian.ts";
import { withEngine } from "../../library/engine/with_engine.ts";
import * as oracle from "../support/oracles.ts";
import { at, nowhere } from "../../library/engine/address.ts";
import { threadScratch } from "../../library/engine/kernels.ts";
import { randomCounts, seededRandom } from "../support/random.ts";
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

for (const sigma of [0.4, 1, 3]) {
  for (const [rows, side] of [[9, 13], [32, 48], [2, 5], [1, 40], [19, 16], [50, 35]]) {
    Deno.test(`blur with sigma ${sigma} of ${rows} x ${side} pixels equals the plain sums within 5e-7`, () =>
      withEngine(alone, async (engine) => {
        const random = seededRandom(rows * side);
        const source = Float32Array.from(randomCounts(random, rows * side, 1000));
        const taps = gaussianTaps(sigma);
        const input = engine.place(source), output = engine.allocate(4 * rows * side);
        const bytes = blurScratchBytes({ patternRows: rows, patternColumns: side }, taps.radius);
        const scratch = engine.allocate(bytes + 64);
        const guard = engine.view(Uint8Array, at(scratch, bytes), 64).fill(165);
        const weights = engine.place(taps.weights);
        await engine.run([["blur", input, output, rows, side, weights, taps.radius, scratch]]);
        const expected = oracle.blur(source, rows, side, taps.weights);
        assertClose(engine.view(Float32Array, output, rows * side), expected, 5e-7);
        assert.ok(guard.every((value) => value === 165), "written behind the scratch memory");
      }));
  }
}

for (const working of ["U8", "U16", "F32"] as const) {
  for (const metric of ["cosine", "centered", "pearson"] as const) {
    for (const sigma of [0, 1.5]) {
      for (const masked of [false, true]) {
        const name = `${working}, ${metric}, sigma ${sigma}, ${masked ? "masked" : "unmasked"}`;
        Deno.test(`features (${name}) equal the definition within 1e-6`, () =>
          withEngine(alone, async (engine) => {
            const row = patternsOf(working, 11, 250);
            const keep = Uint8Array.from({ length: pixels }, (_, i) => masked && i % 5 === 2 ? 0 : 1);
            const taps = gaussianTaps(sigma);
            const words = Int32Array.from(keep, (value) => value ? -1 : 0);
            const mask = masked ? place(engine, words) : nowhere;
            const kept = keep.reduce((sum, value) => sum + value, 0);
            const source = place(engine, row), weights = engine.place(taps.weights);
            const output = engine.allocate(4 * columns * pixels), references = engine.allocate(8 * columns);
            engine.allocateScratch(blurScratchBytes(shape, taps.radius));
            await engine.run([[
              `features${working}`,
              source,
              output,
              references,
              0,
              columns,
              height,
              width,
              { cosine: 0, centered: 1, pearson: 2 }[metric],
              weights,
              taps.radius,
              mask,
              kept,
              threadScratch,
            ]]);
            for (let column = 0; column < columns; column++) {
              const found = engine.view(Float32Array, at(output, 4 * column * pixels), pixels);
              const expected = oracle.features(
                pattern(row, column),
                ...[height, width] as const,
                metric,
                taps.weights,
                masked ? keep : null,
              );
              assertClose(found, expected, 1e-6, `column ${column}`);
            }
          }));
      }
    }
  }

  Deno.test(`masking ${working} patterns clears what the mask leaves out and nothing else`, () =>
    withEngine(alone, async (engine) => {
      const row = patternsOf(working, 3, 200), bytes = row.BYTES_PER_ELEMENT;
      const keep = Array.from({ length: pixels }, (_, i) => i % 3 === 0 ? 0 : 1);
      const words = Uint8Array.from(
        { length: pixels * bytes },
        (_, i) => keep[Math.floor(i / bytes)] ? 255 : 0,
      );
      const source = place(engine, row), output = engine.allocate(row.byteLength);
      await engine.run([["maskPatterns", source, output, 0, columns, pixels * bytes, engine.place(words)]]);
      const type = row.constructor as Float32ArrayConstructor;
      const found = engine.view(type, output, row.length);
      assert.deepEqual(Array.from(found), Array.from(row, (value, i) => keep[i % pixels] ? value : 0));
    }));
}
