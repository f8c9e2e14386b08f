/** Sketch kernels beside plain TypeScript: binning, products in both directions. */

import assert from "node:assert/strict";
import { at } from "../../library/engine/address.ts";
import { withEngine } from "../../library/engine/with_engine.ts";
import type { Working } from "../../library/engine/kernels.ts";
import { counts } from "../../library/passes/detector/gain.ts";
import { scaling } from "../../library/passes/sketch/binned_sample.ts";
import { blockColumns } from "../../library/passes/sketch/weight_blocks.ts";
import { fixedWeights } from "../../library/passes/sketch/fixed_weights.ts";
import { randomCounts, seededRandom } from "../support/random.ts";
import { blocks, plainBinned, sketchColumns, sketchOf } from "../support/sketch_kernel.ts";

const shapes = [
  { rows: 9, columns: 13, binning: 1 },
  { rows: 9, columns: 13, binning: 2 },
  { rows: 20, columns: 22, binning: 4 },
  { rows: 33, columns: 51, binning: 8 },
];
const types: readonly Working[] = ["U8", "U16", "F32"];
/** Not a multiple of the four patterns that are computed together. */
const patterns = 7;

for (const shape of shapes) {
  for (const working of types) {
    const name = `${working}, ${shape.rows} x ${shape.columns} binned by ${shape.binning}`;

    Deno.test(`features of ${name} are the products of binned patterns and weights`, () =>
      withEngine({ workers: 1 }, async (engine) => {
        const size = shape.rows * shape.columns;
        const data = randomCounts(seededRandom(1), patterns * size, 200);
        const { whole, weight, pixels } = await sketchOf(engine, working, data, shape);
        for (let p = 0; p < patterns; p++) {
          const binned = plainBinned(data.slice(p * size, (p + 1) * size), shape);
          for (let column = 0; column < sketchColumns; column++) {
            let expected = 0, scale = 0;
            for (let q = 0; q < pixels; q++) {
              expected += binned[q] * weight(column, q);
              scale += Math.abs(binned[q] * weight(column, q));
            }
            const found = whole[p * sketchColumns + column];
            assert.ok(Math.abs(found - expected) <= 1e-6 * scale, `${found} ${expected}`);
          }
        }
      }));
  }
}

Deno.test("counts and their float32 copies have the same features, whole and thinned, to the bit", () =>
  withEngine({ workers: 1 }, async (engine) => {
    const data = randomCounts(seededRandom(4), patterns * 9 * 13, 255);
    const [bytes, words, floats] = [
      await sketchOf(engine, "U8", data, shapes[1]),
      await sketchOf(engine, "U16", data, shapes[1]),
      await sketchOf(engine, "F32", data, shapes[1]),
    ];
    for (const other of [words, floats]) {
      assert.deepEqual(other.whole, bytes.whole);
      assert.deepEqual(other.thinned, bytes.thinned);
    }
  }));

Deno.test("a pattern's features do not depend on the patterns computed with it", () =>
  withEngine({ workers: 1 }, async (engine) => {
    const size = 9 * 13, data = randomCounts(seededRandom(4), patterns * size, 300);
    // Too bright for weights in fixed point; thinned it is not.
    data[2 * size + 5] = 40000;
    const all = await sketchOf(engine, "U16", data, shapes[0]);
    for (const pattern of [0, 2, 6]) {
      const one = data.slice(pattern * size, (pattern + 1) * size), from = pattern * sketchColumns;
      const alone = await sketchOf(engine, "U16", one, shapes[0]);
      assert.deepEqual(alone.whole, all.whole.slice(from, from + sketchColumns));
      // Random numbers follow from the number of the probe.
      if (pattern === 0) assert.deepEqual(alone.thinned, all.thinned.slice(0, sketchColumns));
    }
  }));

Deno.test("patterns that are too bright for weights in fixed point, or no whole counts, have the features of float32 weights", () =>
  withEngine({ workers: 1 }, async (engine) => {
    const shape = { rows: 40, columns: 40, binning: 1 };
    const dim = randomCounts(seededRandom(4), 1600, 60);
    const changed = (change: (pattern: number[]) => void) => {
      const pattern = [...dim];
      change(pattern);
      return pattern;
    };
    const cases = [
      { data: dim, floats: false },
      { data: changed((pattern) => pattern[700] = 32767), floats: false },
      { data: changed((pattern) => pattern[700] = 32768), floats: true },
      // More than 65535 counts among 512 pixels, and as many on both sides of their border.
      { data: changed((pattern) => pattern.fill(300, 512, 740)), floats: true },
      { data: changed((pattern) => pattern.fill(300, 400, 624)), floats: false },
      { data: changed((pattern) => pattern[1599] = 0.5), floats: true },
      { data: changed((pattern) => pattern[3] = -1), floats: true },
    ];
    const patterns = cases.flatMap(({ data }) => data);
    const found = await sketchOf(engine, "F32", patterns, shape);
    const plain = await sketchOf(engine, "F32", patterns, shape, 5, scaling(counts), false);
    for (const [p, { floats }] of cases.entries()) {
      const [mine, theirs] = [found, plain].map(({ whole }) =>
        whole.slice(p * sketchColumns, (p + 1) * sketchColumns)
      );
      if (floats) assert.deepEqual(mine, theirs);
      else assert.notDeepEqual(mine, theirs);
      mine.forEach((value, column) =>
        assert.ok(Math.abs(value - theirs[column]) < 0.02 + 1e-6 * Math.abs(value))
      );
    }
  }));

Deno.test("weights in fixed point are the nearest multiples of a scale, the largest 32767 times it", () => {
  const random = seededRandom(3), columns = 16, pixels = 21;
  const weights = Float32Array.from({ length: columns * pixels }, () => random() ** 5 - random() ** 5);
  for (let pixel = 0; pixel < pixels; pixel++) weights[pixel * blockColumns + 2] = 0;
  const bytes = fixedWeights(weights, columns);
  const scales = new Float32Array(bytes.buffer, 0, columns),
    integers = new Int16Array(bytes.buffer, 4 * columns);
  assert.equal(integers.length, columns * 24);
  for (let column = 0; column < columns; column++) {
    const block = Math.floor(column / blockColumns), within = column % blockColumns;
    let most = 0;
    for (let pixel = 0; pixel < 24; pixel++) {
      const place = (block * 12 + (pixel >> 1)) * 2 * blockColumns + 2 * within + pixel % 2;
      const weight = pixel < pixels ? weights[(block * pixels + pixel) * blockColumns + within] : 0;
      most = Math.max(most, Math.abs(integers[place]));
      assert.ok(Math.abs(integers[place] * scales[column] - weight) <= 0.5001 * scales[column]);
    }
    assert.equal(most, column === 2 ? 0 : 32767);
  }
});

Deno.test("products the other way are sums over patterns, for any division into ranges of pixels and parts of the patterns", () =>
  withEngine({ workers: 2 }, async (engine) => {
    const pixels = 77, count = 301, random = seededRandom(6);
    const binned = Float32Array.from({ length: count * pixels }, random);
    const features = Float32Array.from({ length: count * sketchColumns }, () => random() - 0.5);
    const x = engine.place(binned), f = engine.place(features);
    const run = async (borders: number[], parts = [0, count]) => {
      const output = engine.allocate(4 * sketchColumns * pixels);
      for (const [part, end] of parts.slice(1).entries()) {
        const first = parts[part], more = first > 0 ? 1 : 0;
        const some = at(x, 4 * pixels * first), products = at(f, 4 * sketchColumns * first);
        await engine.run(
          borders.slice(1).map((to, i) =>
            [
              "sketchAdjoint",
              some,
              end - first,
              pixels,
              borders[i],
              to,
              products,
              blocks,
              output,
              more,
            ] as const
          ),
        );
      }
      return engine.view(Float32Array, output, sketchColumns * pixels).slice();
    };
    const found = await run([0, pixels]);
    assert.deepEqual(await run([0, 4, 40, 76, pixels]), found);
    assert.deepEqual(await run([0, pixels], [0, 1, 130, 258, count]), found);
    for (let q = 0; q < pixels; q++) {
      for (let column = 0; column < sketchColumns; column++) {
        let expected = 0;
        for (let p = 0; p < count; p++) {
          expected += binned[p * pixels + q] * features[p * sketchColumns + column];
        }
        const place = Math.floor(column / blockColumns) * pixels * blockColumns + q * blockColumns +
          column % blockColumns;
        assert.ok(Math.abs(found[place] - expected) < 1e-4);
      }
    }
  }));
