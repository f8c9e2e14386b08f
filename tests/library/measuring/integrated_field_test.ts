import assert from "node:assert/strict";
import { integratedField } from "../../../library/measuring/integrated_field.ts";
import { seededRandom } from "../../support/random.ts";

const rows = 13, columns = 20, step = { row: 2, column: 0.5 };

Deno.test("a quadratic map comes back from its gradient, without assuming that the scan repeats", () => {
  const map = (y: number, x: number) => 0.3 * y * y - 0.7 * x * x + 0.2 * x * y + 4 * x - y;
  const each = (value: (y: number, x: number) => number) =>
    Float64Array.from(
      { length: rows * columns },
      (_, probe) => value(Math.floor(probe / columns) * step.row, probe % columns * step.column),
    );
  const field = {
    row: each((y, x) => 0.6 * y + 0.2 * x - 1),
    column: each((y, x) => -1.4 * x + 0.2 * y + 4),
  };
  const found = integratedField(field, { rows, columns }, step), expected = each(map);
  const mean = expected.reduce((sum, value) => sum + value) / expected.length;
  found.forEach((value, probe) => assert.ok(Math.abs(value - expected[probe] + mean) < 2e-5));
});

Deno.test("any other field gives the map of least squares: no map near it is closer to the field", () => {
  const random = seededRandom(5),
    noise = () => Float32Array.from({ length: rows * columns }, () => random() - 0.5);
  const field = { row: noise(), column: noise() };
  field.row[7] = NaN;
  const found = Float64Array.from(integratedField(field, { rows, columns }, step));
  const number = (value: number) => Number.isNaN(value) ? 0 : value;
  const misfit = (map: Float64Array) => {
    let sum = 0;
    for (let probe = 0; probe < map.length; probe++) {
      if (probe + columns < map.length) {
        const mean = (number(field.row[probe]) + number(field.row[probe + columns])) / 2;
        sum += ((map[probe + columns] - map[probe]) / step.row - mean) ** 2;
      }
      if ((probe + 1) % columns !== 0) {
        const mean = (number(field.column[probe]) + number(field.column[probe + 1])) / 2;
        sum += ((map[probe + 1] - map[probe]) / step.column - mean) ** 2;
      }
    }
    return sum;
  };
  const least = misfit(found);
  for (let probe = 0; probe < found.length; probe++) {
    for (const change of [0.01, -0.01]) {
      const other = found.slice();
      other[probe] += change;
      assert.ok(misfit(other) > least);
    }
  }
  assert.ok(Math.abs(found.reduce((sum, value) => sum + value)) < 1e-5);
});
