/** Bad pixels are filled by lanes of patterns: any number of patterns and of neighbours, and nothing else changes. */

import assert from "node:assert/strict";
import { at } from "../../library/engine/address.ts";
import { withEngine } from "../../library/engine/with_engine.ts";
import { threadScratch, type Working } from "../../library/engine/kernels.ts";
import { fillScratchBytes } from "../../library/engine/loaded_scan.ts";
import {
  alone,
  columns as rowColumns,
  patternsOf,
  type Pixels,
  pixels as rowPixels,
  place,
  width,
} from "../support/kernel_patterns.ts";
import * as oracle from "../support/oracles.ts";
import { seededRandom } from "../support/random.ts";

const pixels = 211, columns = 21;
/** A bad pixel for each number of neighbours from 0 to 24, and the good pixels that are its neighbours. */
const bad = Array.from({ length: 25 }, (_, pixel) => pixel);

function randomRow(working: Working, random: () => number): Pixels {
  // Few different values, so that many are equal; both ends of the range are among them.
  const steps = Array.from({ length: columns * pixels }, () => Math.floor(6 * random()) / 5);
  if (working === "U8") return Uint8Array.from(steps, (step) => Math.round(255 * step));
  if (working === "U16") return Uint16Array.from(steps, (step) => Math.round(65535 * step));
  return Float32Array.from(steps, (step) => step < 0.5 ? 7 * step - 3 : 1e9 * random());
}

/** Tables as `fillTable` makes them. */
function randomTable(random: () => number): { entries: number[][]; table: Int32Array } {
  const entries = bad.map((pixel) => {
    const good = Array.from({ length: pixels - bad.length }, (_, i) => bad.length + i);
    return [
      pixel,
      ...Array.from({ length: pixel }, () => good.splice(Math.floor(good.length * random()), 1)[0]),
    ];
  });
  const table = new Int32Array(26 * bad.length);
  entries.forEach(([pixel, ...near], i) => table.set([pixel, near.length, ...near], 26 * i));
  return { entries, table };
}

for (const working of ["U8", "U16", "F32"] as const) {
  Deno.test(`bad pixels of ${working} patterns are filled with 0 to 24 neighbours in 1 to 20 patterns a call`, () =>
    withEngine(alone, async (engine) => {
      const random = seededRandom(3);
      engine.allocateScratch(fillScratchBytes);
      for (let count = 1; count <= 20; count++) {
        const mark = engine.mark();
        const row = randomRow(working, random), { entries, table } = randomTable(random);
        const from = Math.floor((columns - count + 1) * random());
        const source = place(engine, row), type = row.constructor as Float32ArrayConstructor;
        await engine.run([[
          `fill${working}`,
          source,
          from,
          from + count,
          pixels,
          engine.place(table),
          bad.length,
          threadScratch,
        ]]);
        const expected = row.slice();
        for (let column = from; column < from + count; column++) {
          for (const [pixel, ...near] of entries) {
            const values = near.map((other) => row[column * pixels + other]);
            const middle = near.length ? Math.fround(oracle.median(values)) : 0;
            expected[column * pixels + pixel] = working === "F32" ? middle : Math.floor(middle + 0.5);
          }
        }
        assert.deepEqual(engine.view(type, source, row.length).slice(), expected, `${count} patterns`);
        engine.release(mark);
      }
    }));
}

Deno.test("filling writes nothing behind its scratch memory", () =>
  withEngine(alone, async (engine) => {
    const random = seededRandom(4);
    const source = place(engine, randomRow("U16", random)), { table } = randomTable(random);
    const scratch = engine.allocate(fillScratchBytes + 64);
    const guard = engine.view(Uint8Array, at(scratch, fillScratchBytes), 64).fill(165);
    await engine.run([["fillU16", source, 0, columns, pixels, engine.place(table), bad.length, scratch]]);
    assert.ok(guard.every((value) => value === 165));
  }));

Deno.test("a NaN among the neighbours spoils no other pattern", () =>
  withEngine(alone, async (engine) => {
    const random = seededRandom(5);
    const row = randomRow("F32", random), { table } = randomTable(random);
    const spoiled = row.slice();
    for (let pixel = bad.length; pixel < pixels; pixel += 3) spoiled[9 * pixels + pixel] = NaN;
    engine.allocateScratch(fillScratchBytes);
    const [clean, dirty] = [place(engine, row), place(engine, spoiled)], entries = engine.place(table);
    for (const source of [clean, dirty]) {
      await engine.run([["fillF32", source, 0, columns, pixels, entries, bad.length, threadScratch]]);
    }
    const expected = engine.view(Float32Array, clean, row.length);
    engine.view(Float32Array, dirty, row.length).forEach((value, i) => {
      if (Math.floor(i / pixels) !== 9) assert.equal(value, expected[i]);
    });
  }));

for (const working of ["U8", "U16", "F32"] as const) {
  Deno.test(`bad pixels of ${working} patterns become the median of their good neighbours`, () =>
    withEngine(alone, async (engine) => {
      const row = patternsOf(working, 61, 250);
      const entries = [[0, 1, width, width + 1], [40, 39, 41, 27, 53, 26], [70]];
      const table = new Int32Array(26 * entries.length);
      entries.forEach(([pixel, ...near], i) => table.set([pixel, near.length, ...near], 26 * i));
      const source = place(engine, row);
      engine.allocateScratch(fillScratchBytes);
      const tablePointer = place(engine, table);
      await engine.run([[
        `fill${working}`,
        source,
        0,
        rowColumns,
        rowPixels,
        tablePointer,
        entries.length,
        threadScratch,
      ]]);
      const expected = row.slice();
      for (let column = 0; column < rowColumns; column++) {
        for (const [pixel, ...near] of entries) {
          const middle = near.length
            ? oracle.median(near.map((other) => row[column * rowPixels + other]))
            : 0;
          expected[column * rowPixels + pixel] = working === "F32" ? middle : Math.floor(middle + 0.5);
        }
      }
      const found = engine.view(row.constructor as Float32ArrayConstructor, source, row.length);
      assert.deepEqual(Array.from(found), Array.from(expected));
    }));
}
