/** Pixel sizes from the rings of a crystal. */

import assert from "node:assert/strict";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import { structureFactors } from "../../../library/crystal/structure_factors.ts";
import { fitPixelSize } from "../../../library/mapping/pixel_size.ts";

const reflections = structureFactors(await builtInCrystal("Au"), { maximumLength: 1.5 });
const qPixelSize = 0.02, latticeParameter = 4.078;

/** Peaks of equal height on rings with these h^2 + k^2 + l^2. */
function peaks(...squares: readonly number[]) {
  const pixels = Float64Array.from(squares, (square) => Math.sqrt(square) / latticeParameter / qPixelSize);
  return { pixels, height: new Float64Array(squares.length).fill(1) };
}

Deno.test("where rings fit as well at the root of two times the size, the guess decides", () => {
  const rings = peaks(4, 4, 4, 4, 12, 12);
  for (const guess of [0.019, 0.02, 0.0205]) {
    const found = fitPixelSize(rings, reflections, guess);
    assert.ok(Math.abs(found.qPixelSize / qPixelSize - 1) < 1e-3, `${guess}: ${found.qPixelSize}`);
    assert.ok(found.rival > 1, "and it is said that another size would do as well");
  }
});

Deno.test("many rings tell the size, whatever the guess", () => {
  const rings = peaks(3, 3, 3, 4, 4, 8, 8, 8, 11, 11, 11, 12, 16, 19, 19, 20, 20);
  for (const guess of [0.014, 0.018, 0.02, 0.023, 0.028]) {
    const found = fitPixelSize(rings, reflections, guess);
    assert.ok(Math.abs(found.qPixelSize / qPixelSize - 1) < 1e-3, `${guess}: ${found.qPixelSize}`);
    assert.ok(found.rival < 0.8, `${found.rival}`);
  }
});
