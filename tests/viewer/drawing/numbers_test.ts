/** Numbers and colours of values on the page. */

import assert from "node:assert/strict";
import {
  formatCounts,
  formatLength,
  formatPlace,
  formatShape,
  formatSimilarity,
  readScattering,
  readTransform,
} from "../../../viewer/drawing/format.ts";
import {
  colourIndex,
  noValueColour,
  paintScalar,
  paintThumbnail,
} from "../../../viewer/drawing/pattern_scale.ts";
import { colourTable } from "../../../library/report/colour_maps.ts";
import { patternRange, renderPattern } from "../../../library/report/pattern_image.ts";
import { seededRandom } from "../../support/random.ts";

Deno.test("numbers have narrow spaces, a true minus and their units", () => {
  assert.equal(formatSimilarity(-0.9404), "−0.940");
  assert.equal(formatPlace({ row: 34, column: 1052 }), "(34, 1\u202f052)");
  assert.equal(formatPlace({ row: 3.25, column: 4 }), "(3.3, 4)");
  assert.equal(formatCounts(1234567.8), "1\u202f234\u202f568");
  assert.equal(formatCounts(12.34), "12.3");
  assert.equal(formatCounts(12), "12");
  assert.equal(formatLength(51.23, "nm"), "51.2 nm");
  assert.equal(formatLength(0.1234, "A^-1"), "0.123 Å⁻¹");
  assert.equal(formatShape(256, 4096), "256 × 4\u202f096");
});

Deno.test("the scattering vector has the inverse of its length beside it, where that means something", () => {
  const centre = { row: 31.5, column: 31.5 }, pixel = { row: 31.5, column: 41.5 };
  assert.deepEqual(readScattering(pixel, centre, undefined), { q: "10.0 px" });
  const size = { row: 0.02, column: 0.05, unit: "A^-1" };
  assert.deepEqual(readScattering(pixel, centre, size), { q: "0.500 Å⁻¹", d: "2.00 Å" });
  assert.deepEqual(readScattering(centre, centre, size), { q: "0.000 Å⁻¹", d: "∞ Å" });
  const angle = { row: 1, column: 1, unit: "mrad" };
  assert.deepEqual(readScattering(pixel, centre, angle), { q: "10.000 mrad" });
  // The wavelength at 200 keV is 0.02508 Å.
  assert.deepEqual(readScattering(pixel, centre, angle, 200), { q: "10.000 mrad", d: "2.51 Å" });
  assert.deepEqual(readScattering(centre, centre, angle, 200), { q: "0.000 mrad", d: "∞ Å" });
});

Deno.test("patterns look as they do in the report", () => {
  const random = seededRandom(2),
    pattern = Float32Array.from({ length: 12 * 15 }, () => random() ** 8 * 5000);
  for (const scale of ["linear", "sqrt", "log"] as const) {
    const expected = renderPattern(pattern, 12, 15, patternRange(pattern), scale, "viridis");
    const { width, height, data } = paintThumbnail(pattern, 12, 15, { scale, map: "viridis" });
    assert.deepEqual([width, height], [15, 12]);
    assert.deepEqual(data.filter((_, at) => at % 4 < 3), Uint8ClampedArray.from(expected.data));
    assert.ok(data.every((value, at) => at % 4 < 3 || value === 255));
  }
});

Deno.test("values outside the range are clamped, and what is none has its own colour", () => {
  const scale = { range: { low: 1, high: 3 }, scale: "linear", map: "grey" } as const;
  const values = [0, 1, 2, 3, 4, NaN, Infinity, -Infinity];
  assert.deepEqual(values.map((value) => colourIndex(value, scale)), [0, 0, 128, 255, 255, -1, -1, -1]);
  const { data } = paintScalar([NaN, 3], 1, 2, scale);
  assert.deepEqual(Array.from(data), [...noValueColour, 255, ...colourTable("grey").slice(-3), 255]);
  assert.equal(colourIndex(5, { ...scale, range: { low: 5, high: 5 } }), 0);
});

Deno.test("a place in the transform of a pattern says after how far the pattern repeats", () => {
  const shape = { rows: 64, columns: 48 }, middle = { row: 32, column: 24 };
  assert.deepEqual(readTransform(middle, shape, undefined), { period: "mean" });
  const beside = { row: 32, column: 24 + 6 };
  assert.deepEqual(readTransform(beside, shape, undefined), { period: "every 8.0 px" });
  // Spots 8 x 0.05 Å⁻¹ apart are of planes 2.5 Å apart.
  const inverse = { row: 0.05, column: 0.05, unit: "A^-1" };
  assert.deepEqual(readTransform(beside, shape, inverse), { period: "every 8.0 px", length: "2.50 Å" });
  const angle = { row: 1, column: 1, unit: "mrad" };
  assert.deepEqual(readTransform(beside, shape, angle), { period: "every 8.0 px" });
  // 8 mrad at 200 keV, whose wavelength is 0.02508 Å: 3.13 Å.
  assert.match(readTransform(beside, shape, angle, 200).length!, /^(3\.13|0\.31)/);
});
