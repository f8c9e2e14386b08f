/** Numbers stand as deep within their clusters as can be. */

import assert from "node:assert/strict";
import { numberPlaces } from "../../../viewer/labels/number_places.ts";
import { seededRandom } from "../../support/random.ts";

Deno.test("the place of a number is as far from any other cluster and from the border as any of its probes", () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = seededRandom(seed),
      rows = 1 + Math.floor(random() * 9),
      columns = 1 + Math.floor(random() * 9);
    const labels = Int32Array.from({ length: rows * columns }, () => Math.floor(random() ** 2 * 4) - 1);
    const count = Math.max(-1, ...labels) + 1;
    const depthOf = (probe: number) => {
      const row = Math.floor(probe / columns), column = probe % columns;
      let nearest = Infinity;
      for (let y = -1; y <= rows; y++) {
        for (let x = -1; x <= columns; x++) {
          const inside = y >= 0 && x >= 0 && y < rows && x < columns;
          if (inside && labels[y * columns + x] === labels[probe]) continue;
          nearest = Math.min(nearest, Math.abs(y - row) + Math.abs(x - column));
        }
      }
      return nearest;
    };
    numberPlaces(labels, columns, count).forEach(({ row, column, depth }, id) => {
      const own = Array.from(labels.keys()).filter((probe) => labels[probe] === id).map(depthOf);
      if (own.length === 0) return assert.equal(depth, 0);
      assert.equal(labels[row * columns + column], id);
      assert.equal(depth, depthOf(row * columns + column), `seed ${seed}`);
      assert.equal(depth, Math.max(...own), `seed ${seed}`);
    });
  }
});
