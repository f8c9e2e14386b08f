/** Features of averages: those of the pattern as the first frame would have seen it, wherever the beam has gone. */

import assert from "node:assert/strict";
import { AverageFeatures } from "../../../library/series/average_features.ts";
import { seededRandom } from "../../support/random.ts";

const side = 32, shape = { rows: 4, columns: 4, patternRows: side, patternColumns: side };

/** A beam and a few spots about (row, column), whose tails do not reach the edges. */
function spots(row: number, column: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  const all = Array.from(
    { length: 8 },
    () => [9 * (random() - 0.5), 9 * (random() - 0.5), 20 + 30 * random()],
  );
  return Float32Array.from({ length: side * side }, (_, pixel) => {
    const y = Math.floor(pixel / side) - row, x = pixel % side - column;
    const spot = (down: number, right: number, height: number) => {
      const squared = (y - down) ** 2 + (x - right) ** 2;
      return squared < 16 ? height * Math.exp(-squared / 3) : 0;
    };
    return all.reduce((sum, [down, right, height]) => sum + spot(down, right, height), spot(0, 0, 400));
  });
}

const frame = (patterns: Float32Array[], row: number, column: number, gain = 1) => ({
  pattern: (region: number) => patterns[region],
  ...{ sizes: patterns.map((_, region) => 5 + region), center: { row, column }, gain },
});
const largest = (values: Float64Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

Deno.test("a pattern that the beam has carried along has the features of the first frame", async () => {
  const at = (row: number, column: number) => [spots(row, column, 1), spots(row, column, 2)];
  const first = frame(at(15, 16), 15, 16), features = await AverageFeatures.learn(shape, first);
  const still = await features.of(first);
  assert.ok(largest(still.features) > 1 && still.noise.every((noise) => noise > 0));
  // By whole pixels: the same numbers. Between them patterns are smoothed a little.
  const moved = await features.of(frame(at(18, 14), 18, 14));
  assert.deepEqual(moved, still);
  const between = await features.of(frame(at(16.5, 15.75), 16.5, 15.75));
  const apart = between.features.map((value, i) => value - still.features[i]);
  assert.ok(largest(apart) < 0.2 * largest(still.features), String(largest(apart)));
  // Twice the gain: half the electrons, and what is not finite counts as none.
  const twice = at(15, 16).map((pattern) => pattern.map((value) => 2 * value));
  assert.deepEqual(await features.of(frame(twice, 15, 16, 2)), still);
  const holed = at(15, 16), empty = holed.map((pattern) => pattern.slice());
  holed.forEach((pattern) => pattern[600] = NaN);
  empty.forEach((pattern) => pattern[600] = 0);
  assert.deepEqual(await features.of(frame(holed, 15, 16)), await features.of(frame(empty, 15, 16)));
});
