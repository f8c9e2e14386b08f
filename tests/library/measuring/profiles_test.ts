import assert from "node:assert/strict";
import { lineProfile } from "../../../library/measuring/line_profile.ts";
import { radialProfile } from "../../../library/measuring/radial_profile.ts";
import { seededRandom } from "../../support/random.ts";

const close = (found: number, expected: number, within: number, what = "") =>
  assert.ok(Math.abs(found - expected) <= within, `${what} ${found} is not ${expected}`);

Deno.test("the azimuthal mean of rings is their height at every radius, wherever the beam and whatever the pixels", () => {
  const rows = 61, columns = 80, ring = (radius: number) => Math.exp(-(((radius - 1.7) / 0.4) ** 2)) + 0.3;
  for (
    const [row, column, down, along] of [[30, 40, 0.1, 0.1], [22.3, 51.8, 0.1, 0.1], [30.5, 38.2, 0.1, 0.13]]
  ) {
    const values = Float64Array.from({ length: rows * columns }, (_, pixel) =>
      ring(Math.hypot(
        (Math.floor(pixel / columns) - row) * down,
        (pixel % columns - column) * along,
      )));
    const center = { row, column }, pixelSize = { row: down, column: along };
    const found = radialProfile({ values, rows, columns, center, pixelSize });
    assert.equal(found.step, 0.1);
    for (let k = 3; k < 25; k++) close(found.mean[k], ring(0.1 * k), 0.02, `ring ${k}`);
    close(found.pixels.reduce((sum, count) => sum + count), rows * columns, 1e-6);
  }
});

Deno.test("each pixel counts once, in the two rings about it; what is masked or no number does not", () => {
  const random = seededRandom(7), rows = 9, columns = 12, center = { row: 3.3, column: 6.1 };
  const values = Float64Array.from({ length: rows * columns }, random);
  values[17] = NaN;
  const { mean, pixels } = radialProfile({ values, rows, columns, center, masked: [40, 41] });
  let sum = 0;
  values.forEach((value, pixel) => pixel === 17 || pixel === 40 || pixel === 41 || (sum += value));
  close(pixels.reduce((all, count) => all + count), rows * columns - 3, 1e-9);
  close(mean.reduce((all, value, ring) => all + (pixels[ring] > 0 ? value * pixels[ring] : 0), 0), sum, 1e-9);
});

Deno.test("a line across a plane reads the plane, also averaged over its width; beside the picture is nothing", () => {
  const rows = 20, columns = 30, plane = (row: number, column: number) => 3 + 0.25 * row - 0.5 * column;
  const values = Float64Array.from(
    { length: rows * columns },
    (_, pixel) => plane(Math.floor(pixel / columns), pixel % columns),
  );
  const random = seededRandom(1), place = () => ({ row: 3 + 13 * random(), column: 3 + 23 * random() });
  for (let repeat = 0; repeat < 50; repeat++) {
    const from = place(), to = place(), width = 1 + Math.floor(4 * random());
    const { step, values: found } = lineProfile(values, { rows, columns }, { from, to, width });
    close(step * (found.length - 1), Math.hypot(to.row - from.row, to.column - from.column), 1e-9);
    assert.ok(step <= 0.5 + 1e-12);
    found.forEach((value, at) => {
      const share = at / (found.length - 1);
      const row = from.row + share * (to.row - from.row),
        column = from.column + share * (to.column - from.column);
      close(value, plane(row, column), 1e-9);
    });
  }
  const line = { from: { row: -3, column: 4 }, to: { row: 5, column: 4 } };
  const { values: found } = lineProfile(values, { rows, columns }, line);
  assert.ok(Number.isNaN(found[0]) && found.at(-1) === plane(5, 4));
  const point = lineProfile(values, { rows, columns }, { from: line.to, to: line.to });
  assert.deepEqual([point.step, ...point.values], [0, plane(5, 4)]);
});
