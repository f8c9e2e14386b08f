/** How well places of disks are known. */

import assert from "node:assert/strict";
import { findScatter, placeVariance } from "../../../library/crystal/strain/place_scatter.ts";
import { seededRandom } from "../../support/random.ts";

/** Squares of distances of peaks of many intensities, some of which belong to other lattices. */
function distances(perIntensity: number, floor: number, wrong = 0, count = 4000) {
  const random = seededRandom(8);
  const intensity = Array.from({ length: count }, () => Math.exp(8 * random()));
  const square = intensity.map((value) =>
    random() < wrong ? 1e-3 : -2 * Math.log(1 - random()) * (perIntensity / value + floor)
  );
  return { intensity, square };
}

Deno.test("the scatter of places is found from distances, also where a tenth of the peaks are others'", () => {
  for (const [perIntensity, floor] of [[1e-6, 1e-8], [1e-6, 0], [1e-7, 1e-7]]) {
    for (const wrong of [0, 0.1]) {
      const found = findScatter(distances(perIntensity, floor, wrong))!;
      for (const intensity of [3, 50, 1000]) {
        const ratio = placeVariance(found, intensity) / (perIntensity / intensity + floor);
        assert.ok(ratio > 0.8 && ratio < 1.4, `${perIntensity}, ${floor}, ${wrong}, ${intensity}: ${ratio}`);
      }
    }
  }
});

Deno.test("few peaks, and none, tell nothing", () => {
  assert.equal(findScatter(distances(1e-6, 1e-8, 0, 50)), undefined);
  assert.equal(findScatter({ intensity: [], square: [] }), undefined);
});
