/** How close similarities of masked patterns on samples and strips come to those of all pixels in float64. */

import assert from "node:assert/strict";
import { withEngine } from "../../../library/engine/with_engine.ts";
import { maskWindow } from "../../../library/passes/features/mask_window.ts";
import { chooseMaskedSampling } from "../../../library/passes/features/masked_sampling.ts";
import { coverPixels } from "../../../library/passes/features/pixel_boxes.ts";
import { maskMakers, valuesByKernel } from "../../support/masked_patterns.ts";
import { innerProduct } from "../../support/oracles.ts";
import { gradients, type PairMaker, poissonDisks, sharpDisks } from "../../support/pattern_pairs.ts";
import { seededRandom } from "../../support/random.ts";
import { blurExactly, exactTaps, lessMean } from "../../support/sampled_patterns.ts";

const alone = { workers: 1, memory: 400 * 2 ** 20 };

function cosine(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const square = innerProduct(x, x) * innerProduct(y, y);
  return square > 0 ? innerProduct(x, y) / Math.sqrt(square) : 0;
}

const families: readonly (readonly [string, PairMaker, number])[] = [
  ["disks with 1000 electrons", poissonDisks(1000), 1e-5],
  ["disks with 20000 electrons", poissonDisks(20000), 1e-6],
  ["sharp disks of radius 5", sharpDisks(5), 1e-5],
  ["gradients", gradients, 2e-7],
];
const sizes: readonly (readonly [number, number, number])[] = [
  [96, 96, 2.4],
  [128, 129, 3],
  [192, 190, 3.7],
  [128, 131, 5],
];

for (const [name, make, bound] of families) {
  Deno.test(`S of masked ${name} is within ${bound} of that of all pixels of the mask, cosine and centred`, () =>
    withEngine(alone, async (engine) => {
      let sampled = 0;
      for (const [height, width, sigma] of sizes) {
        const pair = make(height, width, 3), taps = exactTaps(sigma);
        const blurred = [false, true].map((centered) =>
          pair.map((pattern) => blurExactly(centered ? lessMean(pattern) : pattern, height, width, taps))
        );
        for (const [kind, maskOf] of Object.entries(maskMakers)) {
          const keep = maskOf(height, width, 7);
          const sampling = chooseMaskedSampling({ patternRows: height, patternColumns: width }, sigma, keep);
          if (!sampling) continue;
          sampled++;
          for (const centered of [false, true]) {
            const [x, y] = blurred[Number(centered)].map((values) =>
              values.map((value, i) => keep[i] * value)
            );
            const { values } = await valuesByKernel(engine, sampling, "U16", pair, centered);
            const error = Math.abs(cosine(values[0], values[1]) - cosine(x, y));
            assert.ok(error <= bound, `${kind}, ${height} x ${width}, sigma ${sigma}: ${error}`);
          }
        }
      }
      assert.ok(sampled >= 3 * sizes.length, `only ${sampled} masks were sampled`);
    }));
}

Deno.test("the window is 0 outside the mask, 1 far inside, and rises without steps", () => {
  const [height, width, sigma] = [90, 101, 3];
  for (const [name, make] of Object.entries(maskMakers)) {
    const keep = make(height, width, 2), window = maskWindow(keep, height, width, sigma);
    for (let pixel = 0; pixel < keep.length; pixel++) {
      const value = window[pixel];
      assert.ok(value >= 0 && value <= 1 && (keep[pixel] === 1 || value === 0), name);
      const right = pixel % width < width - 1 ? Math.abs(window[pixel + 1] - value) : 0;
      assert.ok(right <= 1 / (Math.sqrt(2 * Math.PI) * 0.65 * sigma) + 1e-6, `${name}: a step of ${right}`);
    }
  }
  const all = maskWindow(new Uint8Array(height * width).fill(1), height, width, sigma);
  assert.ok(all.every((value) => value === 1));
});

Deno.test("parts weigh every pixel of the mask once: strips where the window is less than 1", () => {
  const [patternRows, patternColumns, sigma] = [192, 187, 3.6];
  for (const [name, make] of Object.entries(maskMakers)) {
    const keep = make(patternRows, patternColumns, 4);
    const sampling = chooseMaskedSampling({ patternRows, patternColumns }, sigma, keep);
    assert.ok(sampling, name);
    const window = maskWindow(keep, patternRows, patternColumns, sigma);
    const strip = new Float64Array(keep.length);
    let area = 0;
    for (const { sampling: { rows, columns }, weights } of sampling.parts) {
      weights.forEach((weight, i) => {
        const row = rows.nodes[i % rows.nodes.length],
          column = columns.nodes[Math.floor(i / rows.nodes.length)];
        if (rows.step === 1) strip[row * patternColumns + column] += weight;
        area += weight;
      });
    }
    keep.forEach((kept, pixel) =>
      assert.equal(strip[pixel], kept && window[pixel] < 1 ? 1 - window[pixel] : 0, name)
    );
    const kept = keep.reduce((sum, value) => sum + value, 0);
    assert.ok(Math.abs(area - kept) <= 1e-4 * kept, `${name}: ${area} of ${kept} pixels`);
  }
});

Deno.test("boxes hold every chosen pixel exactly once, and are one where pixels lie together", () => {
  const random = seededRandom(3), rows = 70, columns = 90;
  for (let round = 0; round < 20; round++) {
    const chosen = new Uint8Array(rows * columns);
    for (let k = 0; k < 6; k++) {
      const top = Math.floor(random() * (rows - 5)), left = Math.floor(random() * (columns - 8));
      for (let row = top; row < top + 5; row++) {
        chosen.fill(1, row * columns + left, row * columns + left + 8);
      }
    }
    const times = new Uint8Array(chosen.length);
    for (const { top, bottom, left, right } of coverPixels(chosen, rows, columns, 9)) {
      for (let row = top; row <= bottom; row++) {
        for (let column = left; column <= right; column++) times[row * columns + column]++;
      }
    }
    chosen.forEach((wanted, pixel) => assert.ok(times[pixel] <= 1 && (!wanted || times[pixel] === 1)));
  }
  const disk = Uint8Array.from(
    { length: rows * columns },
    (_, i) => Math.hypot(Math.floor(i / columns) - 30, i % columns - 40) < 9 ? 1 : 0,
  );
  assert.deepEqual(coverPixels(disk, rows, columns, 15), [{ top: 22, bottom: 38, left: 32, right: 48 }]);
  assert.deepEqual(coverPixels(new Uint8Array(rows * columns), rows, columns, 15), []);
});

Deno.test("hardly blurred patterns, small detectors and masks that are mostly edges take all pixels", () => {
  const shape = { patternRows: 96, patternColumns: 96 };
  const disk = maskMakers["outside a disk"](96, 96, 1);
  assert.equal(chooseMaskedSampling(shape, 2.2, disk), undefined);
  assert.equal(
    chooseMaskedSampling({ patternRows: 63, patternColumns: 96 }, 3, disk.slice(0, 63 * 96)),
    undefined,
  );
  const scattered = Uint8Array.from({ length: 96 * 96 }, (_, i) => i % 7 === 0 ? 0 : 1);
  assert.equal(chooseMaskedSampling(shape, 3, scattered), undefined);
});
