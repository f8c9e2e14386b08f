/** Drift: windows of one map that move over it, in whole and half steps, and what is not to be believed. */

import assert from "node:assert/strict";
import { ComparedMap, correlations } from "../../../library/series/correlation.ts";
import { measureDrift } from "../../../library/series/drift.ts";
import { seededRandom } from "../../support/random.ts";

/** A smooth map that nowhere repeats: waves of random directions and lengths of 8 steps or more. */
function waves(seed: number): (row: number, column: number) => number {
  const random = seededRandom(seed);
  const all = Array.from({ length: 20 }, () => {
    const angle = 2 * Math.PI * random(), size = 0.2 + 0.6 * random();
    return { down: size * Math.cos(angle), right: size * Math.sin(angle), phase: 7 * random() };
  });
  return (row, column) =>
    all.reduce((sum, { down, right, phase }) => sum + Math.cos(down * row + right * column + phase), 0);
}

function windowOf(
  map: (row: number, column: number) => number,
  rows: number,
  columns: number,
  at: [number, number],
  noise?: () => number,
) {
  const values = Float32Array.from(
    { length: rows * columns },
    (_, probe) =>
      map(20 + Math.floor(probe / columns) - at[0], 20 + probe % columns - at[1]) +
      0.1 * ((noise?.() ?? 0.5) - 0.5),
  );
  return { rows, columns, values };
}

Deno.test("steps are found to a tenth, whole or not, in small and in large scans", () => {
  for (const [rows, columns, trials] of [[40, 52, 12], [150, 131, 2]] as const) {
    const map = waves(3), random = seededRandom(rows);
    const before = windowOf(map, rows, columns, [0, 0], random);
    for (let trial = 0; trial < trials; trial++) {
      const step: [number, number] = [random() * 12 - 6, random() * 12 - 6];
      const found = measureDrift([before], [windowOf(map, rows, columns, step, random)]);
      assert.ok(found.trusted && found.agreement > 0.9);
      assert.ok(
        Math.hypot(found.row - step[0], found.column - step[1]) < 0.1,
        `${step}, ${found.row}, ${found.column}`,
      );
    }
  }
});

Deno.test("maps of different specimens are not believed, nor flat ones", () => {
  const before = windowOf(waves(1), 48, 48, [0, 0]);
  const other = windowOf(waves(2), 48, 48, [0, 0], seededRandom(9));
  const flat = { ...before, values: before.values.map(() => 2) };
  for (const now of [other, flat]) {
    const step = measureDrift([before], [now], 4);
    if (now === flat) assert.equal(step.agreement, 0);
    if (!step.trusted) assert.deepEqual([step.row, step.column], [0, 0]);
  }
  assert.equal(measureDrift([before], [flat]).trusted, false);
  assert.throws(() => measureDrift([before], [{ ...flat, rows: 24, columns: 96 }]), RangeError);
});

Deno.test("what is not finite takes no part, and several maps decide together", () => {
  const map = waves(4), before = windowOf(map, 40, 40, [0, 0]), now = windowOf(map, 40, 40, [3, -2]);
  const holed = { ...now, values: now.values.map((value, probe) => probe % 17 === 0 ? NaN : value) };
  const step = measureDrift([before], [holed]);
  assert.ok(Math.hypot(step.row - 3, step.column + 2) < 0.1);
  const flat = { ...before, values: before.values.map(() => 1) };
  const both = measureDrift([before, flat], [now, flat]);
  assert.ok(Math.abs(both.agreement - measureDrift([before], [now]).agreement / 2) < 1e-12);
});

Deno.test("agreement is the correlation coefficient of the common area, whatever is missing", () => {
  const random = seededRandom(6), [rows, columns] = [13, 18];
  const map = (offset: number, missing: number) => ({
    ...{ rows, columns },
    values: Float32Array.from(
      { length: rows * columns },
      (_, probe) => random() < missing ? [NaN, Infinity][probe % 2] : offset + Math.cos(probe / 3) + random(),
    ),
  });
  for (const missing of [0, 0.1, 1]) {
    const before = map(1000, missing),
      now = map(-5, missing / 2),
      shifts: { row: number; column: number }[] = [];
    for (let row = -14; row <= 14; row += 2) {
      for (let column = -18; column <= 18; column += 3) shifts.push({ row, column });
    }
    const found = correlations(new ComparedMap(before), new ComparedMap(now), shifts);
    shifts.forEach(({ row: down, column: right }, shift) => {
      const pairs: [number, number][] = [];
      before.values.forEach((one, probe) => {
        const row = Math.floor(probe / columns) + down, column = probe % columns + right;
        const other = row < 0 || row >= rows || column < 0 || column >= columns
          ? NaN
          : now.values[row * columns + column];
        if (Number.isFinite(one) && Number.isFinite(other)) pairs.push([one, other]);
      });
      const [m, k] = [0, 1].map((i) => pairs.reduce((sum, pair) => sum + pair[i], 0) / pairs.length);
      const product = (i: number, j: number) =>
        pairs.reduce((sum, pair) => sum + (pair[i] - [m, k][i]) * (pair[j] - [m, k][j]), 0);
      const wanted = pairs.length > 1 ? product(0, 1) / Math.sqrt(product(0, 0) * product(1, 1)) : 0;
      assert.ok(
        Math.abs(found[shift] - wanted) < 1e-9,
        `${missing}, (${down}, ${right}): ${found[shift]}, not ${wanted}`,
      );
    });
  }
});
