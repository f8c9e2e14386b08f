/** Products of counts less their means, and of chosen pairs, beside exact ones and those of whole rows. */

import assert from "node:assert/strict";
import { withEngine } from "../../library/engine/with_engine.ts";
import * as oracle from "../support/oracles.ts";
import type { KernelCall, Working } from "../../library/engine/kernels.ts";
import { randomCounts, seededRandom } from "../support/random.ts";
import { alone, columns, pattern, patternsOf, pixels, place } from "../support/kernel_patterns.ts";

/** <x - mean, y - mean> of whole numbers, rounded once. */
function centredProduct(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let product = 0n, sumOfX = 0n, sumOfY = 0n;
  for (let i = 0; i < x.length; i++) {
    const [a, b] = [BigInt(x[i]), BigInt(y[i])];
    product += a * b;
    sumOfX += a;
    sumOfY += b;
  }
  return Number(BigInt(x.length) * product - sumOfX * sumOfY) / x.length;
}

for (const [working, largest] of [["U8", 255], ["U16", 79], ["U16", 32767]] as const) {
  Deno.test(`products of ${working} counts up to ${largest} less their means are exact to the last digits`, () =>
    withEngine(alone, async (engine) => {
      const rows = [patternsOf(working, 1, largest), patternsOf(working, 2, largest)] as const;
      const [a, b] = [place(engine, rows[0]), place(engine, rows[1])];
      const dots = engine.allocate(32 * columns), norms = engine.allocate(8 * columns);
      const [above, below, squares] = [0, 1, 2].map(() => engine.allocate(8 * columns));
      const chunk = 8 * Math.max(1, Math.min(256, Math.floor((2 ** 31 - 1) / (2 * largest ** 2))));
      const calls: KernelCall[] = [
        [`means${working}`, a, 0, columns, pixels, above, squares],
        [`means${working}`, b, 0, columns, pixels, below, squares],
      ];
      // In two parts, as threads share columns.
      for (const [from, to] of [[0, 4], [4, columns]]) {
        calls.push(
          [`similarity${working}`, a, b, columns, from, to, pixels, chunk, dots, norms],
          ["lessMeans", columns, from, to, pixels, above, below, dots, norms],
        );
      }
      await engine.run(calls);
      const found = engine.view(Float64Array, dots, 4 * columns),
        own = engine.view(Float64Array, norms, columns);
      for (let column = 0; column < columns; column++) {
        const x = pattern(rows[0], column),
          square = centredProduct(x, x),
          limit = 1e-13 * oracle.innerProduct(x, x);
        assert.ok(Math.abs(own[column] - square) <= limit, `norm of column ${column}`);
        ([[0, 1], [1, -1], [1, 0], [1, 1]] as const).forEach(([row, right], direction) => {
          if (column + right < 0 || column + right >= columns) return;
          const difference = found[4 * column + direction] -
            centredProduct(x, pattern(rows[row], column + right));
          assert.ok(Math.abs(difference) <= limit, `column ${column}, direction ${direction}`);
        });
      }
    }));
}

const kinds: readonly [Working, number][] = [["U8", 255], ["U16", 79], ["U16", 65535], ["F32", 500]];
/** Longer than what pairs take at a time, and odd; patterns beside each other. */
const long = 5003, beside = 4;

for (const [working, largest] of kinds) {
  Deno.test(`pairs of ${working} patterns up to ${largest} have the products of whole rows to the last bit`, () =>
    withEngine(alone, async (engine) => {
      const counts = randomCounts(seededRandom(3), beside * long, largest);
      const arrays = { U8: Uint8Array, U16: Uint16Array, F32: Float32Array };
      const patterns = place(engine, arrays[working].from(counts));
      const wide = working === "U16" && largest > 32767;
      const chunk = working === "F32" ? 32 : wide ? 2048 : 8;
      const dots = engine.allocate(32 * beside), norms = engine.allocate(8 * beside);
      const list = Array.from({ length: beside - 1 }, (_, i) => [i, i, i, i + 1]).flat(),
        count = list.length / 2;
      const pairs = place(engine, Int32Array.from(list)), products = engine.allocate(8 * count);
      const name = wide ? "WideU16" : working;
      await engine.run([
        [`similarity${name}`, patterns, patterns, beside, 0, beside, long, chunk, dots, norms],
        [`pairs${name}`, patterns, long, pairs, 0, 3, chunk, products],
        [`pairs${name}`, patterns, long, pairs, 3, count, chunk, products],
      ]);
      const found = engine.view(Float64Array, products, count);
      for (let i = 0; i < beside - 1; i++) {
        assert.equal(found[2 * i], engine.view(Float64Array, norms, beside)[i]);
        assert.equal(found[2 * i + 1], engine.view(Float64Array, dots, 4 * beside)[4 * i]);
      }
    }));
}
