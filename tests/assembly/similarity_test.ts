/** Inner products of neighbouring patterns beside plain ones: bit-equal for integers, stated tolerance for floats. */

import assert from "node:assert/strict";
import { withEngine } from "../../library/engine/with_engine.ts";
import * as oracle from "../support/oracles.ts";
import type { KernelCall, Working } from "../../library/engine/kernels.ts";
import {
  alone,
  assertClose,
  columns,
  pattern,
  patternsOf,
  pixels,
  place,
} from "../support/kernel_patterns.ts";

const kinds: readonly [Working, number][] = [["U8", 255], ["U16", 79], ["U16", 32767], ["U16", 65535], [
  "F32",
  500,
]];

for (const [working, largest] of kinds) {
  Deno.test(`similarity of ${working} patterns up to ${largest} equals the plain inner products`, () =>
    withEngine(alone, async (engine) => {
      const upper = patternsOf(working, 1, largest), lower = patternsOf(working, 2, largest);
      const dots = engine.allocate(32 * columns), norms = engine.allocate(8 * columns);
      const wide = working === "U16" && largest > 32767;
      const chunk = working === "F32"
        ? 32
        : 8 * Math.max(1, Math.min(256, Math.floor((2 ** 31 - 1) / (2 * largest ** 2))));
      const [a, b] = [place(engine, upper), place(engine, lower)];
      const call = (from: number, to: number): KernelCall => [
        wide ? "similarityWideU16" : `similarity${working}`,
        a,
        b,
        columns,
        from,
        to,
        pixels,
        chunk,
        dots,
        norms,
      ];
      await engine.run([call(0, 4), call(4, columns)]);
      const found = engine.view(Float64Array, dots, 4 * columns),
        squares = engine.view(Float64Array, norms, columns);
      const tolerance = working === "F32" ? 3e-7 : 0;
      for (let column = 0; column < columns; column++) {
        const own = pattern(upper, column);
        assertClose([squares[column]], [oracle.innerProduct(own, own)], tolerance);
        ([[upper, 1], [lower, -1], [lower, 0], [lower, 1]] as const).forEach(([row, right], direction) => {
          if (column + right < 0 || column + right >= columns) return;
          const expected = oracle.innerProduct(own, pattern(row, column + right));
          assertClose(
            [found[4 * column + direction]],
            [expected],
            tolerance,
            `column ${column}, ${direction}`,
          );
        });
      }
    }));
}

Deno.test("similarity of identical patterns equals their squared norm bit for bit, in any column", () =>
  withEngine(alone, async (engine) => {
    const one = patternsOf("F32", 5, 900).subarray(0, pixels);
    const row = new Float32Array(columns * pixels);
    for (let column = 0; column < columns; column++) row.set(one, column * pixels);
    const a = place(engine, row), dots = engine.allocate(32 * columns), norms = engine.allocate(8 * columns);
    await engine.run([["similarityF32", a, a, columns, 0, columns, pixels, 32, dots, norms]]);
    const square = engine.view(Float64Array, norms, 1)[0];
    for (const value of engine.view(Float64Array, dots, 4 * columns)) assert.equal(value, square);
  }));
