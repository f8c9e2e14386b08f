/** Every kernel against its plain TypeScript twin: bit-equal for integers, stated tolerance for floats. */

import assert from "node:assert/strict";
import { blurScratchBytes } from "../../library/passes/features/features.ts";
import { gaussianTaps } from "../../library/passes/features/gaussian.ts";
import { type Address, at, nowhere } from "../../library/engine/address.ts";
import type { Engine } from "../../library/engine/engine.ts";
import { withEngine } from "../../library/engine/with_engine.ts";
import { type KernelCall, threadScratch, type Working } from "../../library/engine/kernels.ts";
import { fillScratchBytes } from "../../library/engine/loaded_scan.ts";
import * as oracle from "../support/oracles.ts";
import { randomCounts, seededRandom } from "../support/random.ts";

type Pixels = Uint8Array | Uint16Array | Float32Array;

/** Odd sizes, so that every tail of every loop is met. */
const height = 9, width = 13, pixels = height * width, columns = 7;
const shape = { patternRows: height, patternColumns: width };

function patternsOf(working: Working, seed: number, largest: number): Pixels {
  const random = seededRandom(seed);
  const counts = randomCounts(random, columns * pixels, largest);
  if (working === "U8") return Uint8Array.from(counts);
  if (working === "U16") return Uint16Array.from(counts);
  return Float32Array.from(counts, (count) => count + random() - 0.5);
}

const pattern = (row: Pixels, column: number) => row.subarray(column * pixels, (column + 1) * pixels);

function place(engine: Engine, array: Pixels | Int32Array | Float64Array): Address {
  return engine.place(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
}

function assertClose(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what = "",
): void {
  const scale = Array.from(expected).reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-300);
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(found[i] - expected[i]) / scale;
    assert.ok(
      error <= tolerance,
      `${what} value ${i}: ${found[i]}, expected ${expected[i]} (error ${error})`,
    );
  }
}

const alone = { workers: 1, memory: 400 * 2 ** 20 };
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
        columns,
        pixels,
        tablePointer,
        entries.length,
        threadScratch,
      ]]);
      const expected = row.slice();
      for (let column = 0; column < columns; column++) {
        for (const [pixel, ...near] of entries) {
          const middle = near.length ? oracle.median(near.map((other) => row[column * pixels + other])) : 0;
          expected[column * pixels + pixel] = working === "F32" ? middle : Math.floor(middle + 0.5);
        }
      }
      const found = engine.view(row.constructor as Float32ArrayConstructor, source, row.length);
      assert.deepEqual(Array.from(found), Array.from(expected));
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
