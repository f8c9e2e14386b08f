/** Centring: sums of counts are exact whatever their size, and what the mask leaves out has no influence. */

import assert from "node:assert/strict";
import { type Address, at, nowhere } from "../../library/engine/address.ts";
import { withEngine } from "../../library/engine/with_engine.ts";
import { threadScratch } from "../../library/engine/kernels.ts";
import { seededRandom } from "../support/random.ts";

const alone = { workers: 1, memory: 400 * 2 ** 20 };
/** More than the kernel sums in one go, and a rest. */
const height = 263, width = 253, pixels = height * width;
const random = seededRandom(8);
const keep = Int32Array.from({ length: pixels }, () => random() < 0.3 ? 0 : -1);

for (const [working, largest] of [["U8", 255], ["U16", 65535], ["U16", 2047], ["U16", 2048]] as const) {
  for (
    const [name, metric, mask] of [["centred", 1, null], ["Pearson", 2, null], [
      "masked Pearson",
      2,
      keep,
    ]] as const
  ) {
    for (const saturated of [true, false]) {
      const counts = `${working} counts ${saturated ? "all" : "up to"} ${largest}`;
      Deno.test(`${name} features of ${counts}: the sum of squares is exact, the mean exact in float64`, () =>
        withEngine(alone, async (engine) => {
          const pattern = new (working === "U8" ? Uint8Array : Uint16Array)(pixels)
            .map(() => saturated ? largest : Math.floor((largest + 1) * random()));
          // Some that are larger in few places, between many that are small.
          if (largest === 2047 && !saturated) { for (const pixel of [5000, 30007]) pattern[pixel] = 65535; }
          let kept = 0, sum = 0, squares = 0;
          pattern.forEach((count, pixel) => {
            if (mask && mask[pixel] === 0) return;
            kept++;
            sum += count;
            squares += count * count;
          });
          const source = engine.place(new Uint8Array(pattern.buffer)), output = engine.allocate(4 * pixels);
          const references = engine.allocate(8), words = mask ? engine.place(mask) : nowhere;
          engine.allocateScratch(64);
          await engine.run([[
            `features${working}`,
            source,
            output,
            references,
            0,
            1,
            height,
            width,
            metric,
            nowhere,
            0,
            words,
            kept,
            threadScratch,
          ]]);
          assert.equal(engine.view(Float64Array, references, 1)[0], squares);
          const mean = sum / kept, found = engine.view(Float32Array, output, pixels);
          pattern.forEach((count, pixel) => {
            const expected = mask && mask[pixel] === 0 ? 0 : count - mean;
            assert.ok(Math.abs(found[pixel] - expected) <= 1e-7 * Math.max(largest, count), `pixel ${pixel}`);
          });
        }));
    }
  }
}

Deno.test("NaN outside the mask has no influence on Pearson features, not even in place", () =>
  withEngine(alone, async (engine) => {
    const clean = Float32Array.from({ length: pixels }, () => 100 * random());
    const dirty = clean.map((value, pixel) => keep[pixel] ? value : NaN);
    const kept = keep.reduce((sum, word) => sum - word, 0), words = engine.place(keep);
    const references = engine.allocate(16), output = engine.allocate(4 * pixels), place = engine.place(dirty);
    engine.allocateScratch(64);
    const run = (source: Address, destination: Address, reference: Address) =>
      engine.run([[
        "featuresF32",
        source,
        destination,
        reference,
        0,
        1,
        height,
        width,
        2,
        nowhere,
        0,
        words,
        kept,
        threadScratch,
      ]]);
    await run(engine.place(clean), output, references);
    await run(place, place, at(references, 8));
    const [expected, found] = engine.view(Float64Array, references, 2);
    assert.equal(found, expected);
    assert.deepEqual(
      engine.view(Float32Array, place, pixels).slice(),
      engine.view(Float32Array, output, pixels).slice(),
    );
  }));
