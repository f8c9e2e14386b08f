import assert from "node:assert/strict";
import { complexZeros, fourierTransform } from "../../../library/measuring/fourier_transform.ts";
import { patternTransform } from "../../../library/measuring/pattern_transform.ts";
import { seededRandom } from "../../support/random.ts";

Deno.test("transforms of any length are the sums that define them", () => {
  const random = seededRandom(3);
  for (const length of [1, 2, 3, 4, 5, 7, 8, 12, 31, 64, 97, 100]) {
    const values = complexZeros(length);
    values.real.forEach((_, n) => {
      values.real[n] = random() - 0.5;
      values.imaginary[n] = random() - 0.5;
    });
    const { real, imaginary } = { real: values.real.slice(), imaginary: values.imaginary.slice() };
    fourierTransform(length)(values);
    for (let k = 0; k < length; k++) {
      let re = 0, im = 0;
      for (let n = 0; n < length; n++) {
        const angle = -2 * Math.PI * (k * n % length) / length, c = Math.cos(angle), s = Math.sin(angle);
        re += real[n] * c - imaginary[n] * s;
        im += real[n] * s + imaginary[n] * c;
      }
      assert.ok(
        Math.hypot(values.real[k] - re, values.imaginary[k] - im) < 1e-12 * length,
        `${length}: ${k}`,
      );
    }
  }
});

Deno.test("the transform of a lattice has peaks at its reciprocal lattice, its strongest one first", () => {
  for (const [rows, columns, period] of [[64, 64, 8], [60, 90, 7.5]]) {
    const values = new Float32Array(rows * columns);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        values[row * columns + column] = 100 + 40 * Math.cos(2 * Math.PI * column / period);
      }
    }
    values[5] = NaN;
    const amplitudes = patternTransform(values, { rows, columns });
    const brightest = amplitudes.reduce((best, value, place) => value > amplitudes[best] ? place : best, 0);
    assert.equal(Math.floor(brightest / columns), rows >> 1);
    assert.equal(Math.abs(brightest % columns - (columns >> 1)), columns / period);
    // The mean is gone, and there is a centre of symmetry.
    const at = (row: number, column: number) =>
      amplitudes[((rows >> 1) + row) * columns + (columns >> 1) + column];
    assert.ok(at(0, 0) < 0.01 * amplitudes[brightest]);
    for (const [row, column] of [[1, 3], [5, 8], [0, 4]]) {
      assert.ok(Math.abs(at(row, column) - at(-row, -column)) < 1e-4 * amplitudes[brightest]);
    }
  }
});
