import assert from "node:assert/strict";
import { peakCenter } from "../../../library/measuring/peak_center.ts";
import { seededRandom } from "../../support/random.ts";

const rows = 64, columns = 48;

/** A pattern of disks or spots on a background, with noise of its counts. */
function pattern(
  peaks: readonly { row: number; column: number; radius: number; height: number }[],
  { soft = 0.5, background = 20, seed = 1 } = {},
): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: rows * columns }, (_, at) => {
    const row = Math.floor(at / columns), column = at % columns;
    const mean = peaks.reduce((sum, peak) => {
      const far = Math.hypot(row - peak.row, column - peak.column);
      return sum + peak.height / (1 + Math.exp((far - peak.radius) / soft));
    }, background);
    // Twelve uniform numbers make a normal one.
    const noise = Array.from({ length: 12 }, () => random()).reduce((sum, value) => sum + value, -6);
    return mean + Math.sqrt(mean) * noise;
  });
}

Deno.test("the middle of spots and disks is found to a fraction of a pixel, from wherever one clicks on them", () => {
  for (const [radius, soft] of [[0.8, 0.4], [2, 0.5], [4.5, 0.4]]) {
    for (let seed = 1; seed <= 8; seed++) {
      const truth = { row: 30 + 0.11 * seed, column: 20.4 - 0.09 * seed };
      const values = pattern([{ ...truth, radius, height: 300 }], { soft, seed });
      for (const [down, right] of [[0, 0], [radius, 0], [-0.7 * radius, 0.7 * radius]]) {
        const near = { row: truth.row + down, column: truth.column + right };
        const found = peakCenter({ values, rows, columns, near, reach: Math.max(3, radius + 1) });
        assert.ok(found, `radius ${radius}, seed ${seed}`);
        const far = Math.hypot(found.row - truth.row, found.column - truth.column);
        assert.ok(far < 0.2, `radius ${radius}, seed ${seed}: ${far}`);
      }
    }
  }
});

Deno.test("beside peaks, on plain background and on slopes there is none", () => {
  const values = pattern([{ row: 30, column: 20, radius: 2, height: 300 }]);
  const ask = (row: number, column: number, of = values) =>
    peakCenter({ values: of, rows, columns, near: { row, column }, reach: 3 });
  assert.ok(ask(31, 20));
  for (const [row, column] of [[10, 20], [50, 10], [60, 44], [30, 35]]) assert.equal(ask(row, column), null);
  // On the flank of a wide hill the brightest pixel within reach is no maximum.
  assert.equal(ask(30, 34, pattern([{ row: 30, column: 10, radius: 12, height: 4000 }], { soft: 6 })), null);
  // A plane, and numbers that are none.
  assert.equal(ask(30, 20, Float32Array.from(values, (_, at) => at)), null);
  assert.equal(ask(30, 20, values.map(() => NaN)), null);
  assert.equal(ask(30, 20, values.map(() => 7)), null);
});

Deno.test("of two peaks the one under the pointer is found, also at the border of the detector", () => {
  const peaks = [{ row: 30, column: 20, radius: 1, height: 200 }, {
    row: 30,
    column: 26,
    radius: 1,
    height: 2000,
  }];
  const values = pattern([...peaks, { row: 1, column: 46, radius: 1, height: 400 }]);
  const found = peakCenter({ values, rows, columns, near: { row: 30, column: 19.5 }, reach: 2.5 })!;
  assert.ok(Math.hypot(found.row - 30, found.column - 20) < 0.35, JSON.stringify(found));
  const corner = peakCenter({ values, rows, columns, near: { row: 1, column: 46 }, reach: 3 })!;
  assert.ok(Math.hypot(corner.row - 1, corner.column - 46) < 0.4, JSON.stringify(corner));
});
