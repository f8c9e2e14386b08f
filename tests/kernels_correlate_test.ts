/** Correlations of 16-bit patterns: exact, up to the largest norm that their 32-bit sums can take. */

import assert from "node:assert/strict";
import { withEngine } from "../engine/engine.ts";
import { seededRandom } from "./support/random.ts";

const columns = 7, samples = 43;

/** Patterns of norm 46340 or just below: random ones, and some with all of it in two samples. */
function patterns(seed: number): Int16Array {
  const random = seededRandom(seed);
  const row = new Int16Array(columns * samples);
  for (let column = 0; column < columns; column++) {
    const values = column % 3 === 2
      ? Array.from({ length: samples }, (_, i) => i < 2 ? 1 : 0)
      : Array.from({ length: samples }, () => random() - 0.5);
    const norm = Math.hypot(...values);
    row.set(
      values.map((value) => Math.trunc(Math.min(1, value / norm * Math.SQRT2) * 32767)),
      column * samples,
    );
  }
  return row;
}

Deno.test("correlations of 16-bit patterns are exact for every pair within reach and leave the others alone", () =>
  withEngine({ workers: 1 }, async (engine) => {
    const upper = patterns(1), lower = patterns(2);
    const place = (row: Int16Array) => engine.place(new Uint8Array(row.buffer));
    for (const [first, last] of [[0, 4], [-4, 4], [-2, 2]]) {
      const width = last - first + 1;
      const output = engine.allocate(4 * columns * width);
      engine.view(Float32Array, output, columns * width).fill(NaN);
      await engine.run([[
        "correlate16",
        ...[place(upper), place(lower), columns, 0, columns, samples, first, last, output, width],
      ]]);
      const found = engine.view(Float32Array, output, columns * width);
      for (let column = 0; column < columns; column++) {
        for (let offset = first; offset <= last; offset++) {
          const other = column + offset;
          const value = found[column * width + offset - first];
          if (other < 0 || other >= columns) {
            assert.ok(Number.isNaN(value));
            continue;
          }
          let sum = 0;
          for (let i = 0; i < samples; i++) sum += upper[column * samples + i] * lower[other * samples + i];
          assert.equal(value, Math.fround(sum * (1 / 46000 ** 2)), `${column} ${offset}`);
        }
      }
    }
  }));
