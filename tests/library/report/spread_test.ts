/** Words beside curves keep their distance and their order. */

import assert from "node:assert/strict";
import { spread } from "../../../library/report/spread.ts";
import { seededRandom } from "../../support/random.ts";

Deno.test("what has room stays where it is", () => {
  assert.deepEqual(spread([50, 10, 30], 10, 0, 100), [50, 10, 30]);
  assert.deepEqual(spread([], 10, 0, 100), []);
  assert.deepEqual(spread([4], 10, 8, 100), [8]);
});

Deno.test("what has none is moved apart, in its order, within the ends", () => {
  assert.deepEqual(spread([20, 20, 22], 10, 0, 100), [20, 30, 40]);
  assert.deepEqual(spread([95, 99, 100], 10, 0, 100), [80, 90, 100]);
  // There is room for two.
  assert.deepEqual(spread([0, 0, 0], 10, 0, 10), [0, 5, 10]);
  const random = seededRandom(2);
  for (let time = 0; time < 200; time++) {
    const places = Array.from({ length: 1 + Math.floor(12 * random()) }, () => 120 * random());
    const moved = spread(places, 10, 0, 120);
    const order = Array.from(places.keys()).sort((a, b) => places[a] - places[b]);
    order.forEach((place, rank) => {
      assert.ok(moved[place] >= -1e-9 && moved[place] <= 120 + 1e-9, String(moved));
      if (rank > 0) assert.ok(moved[place] - moved[order[rank - 1]] >= 10 - 1e-9, String(moved));
    });
  }
});
