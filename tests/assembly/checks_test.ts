/** What is found in patterns that were read: largest values, NaN and infinity. */

import assert from "node:assert/strict";
import { withEngine } from "../../library/engine/with_engine.ts";
import { alone, columns, patternsOf, pixels, place } from "../support/kernel_patterns.ts";

Deno.test("largest counts and values that are not finite are found in every lane and tail, and the latter cleared", () =>
  withEngine(alone, async (engine) => {
    const results = engine.allocate(4 * columns);
    for (let pixel = 0; pixel < pixels; pixel++) {
      const counts = patternsOf("U16", 81, 100) as Uint16Array;
      counts[3 * pixels + pixel] = 40000 + pixel;
      await engine.run([["maximaU16", place(engine, counts), 0, columns, pixels, results]]);
      assert.equal(engine.view(Int32Array, results, columns)[3], 40000 + pixel);
      const bytes = patternsOf("U8", 83, 100) as Uint8Array;
      bytes[3 * pixels + pixel] = 250;
      await engine.run([["maximaU8", place(engine, bytes), 0, columns, pixels, results]]);
      assert.deepEqual(
        Array.from(engine.view(Int32Array, results, columns)),
        Array.from({ length: columns }, (_, p) => Math.max(...bytes.subarray(p * pixels, (p + 1) * pixels))),
      );
      for (const value of [NaN, Infinity, -Infinity]) {
        const floats = patternsOf("F32", 82, 100);
        floats[5 * pixels + pixel] = value;
        const largest = Array.from(
          { length: columns },
          (_, p) => p === 5 ? NaN : Math.max(0, ...floats.subarray(p * pixels, (p + 1) * pixels)),
        );
        await engine.run([["maximaF32", place(engine, floats), 0, columns, pixels, results]]);
        assert.deepEqual(Array.from(engine.view(Float32Array, results, columns)), largest);
        const address = place(engine, floats);
        await engine.run([["zeroUnfiniteF32", address, floats.length]]);
        floats[5 * pixels + pixel] = 0;
        assert.ok(engine.view(Float32Array, address, floats.length).every((found, i) => found === floats[i]));
      }
    }
  }));
