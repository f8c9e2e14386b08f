/** What averages promise: spots near one line still tell a lattice there, though not in single patterns. */

import assert from "node:assert/strict";
import { fitLattice } from "../../../library/crystal/strain/fit.ts";
import { expectedLattice } from "../../../library/mapping/expected_disks.ts";
import { diskAt } from "../../../library/passes/lattices/lattice_tables.ts";

const size = 96, middle = 48, radius = 3, qPixelSize = 0.03;

/** The average of 60 patterns with disks at spots, given in Å^-1 from the beam. */
function average(spots: readonly (readonly [row: number, column: number])[]) {
  const pattern = new Float64Array(size * size).fill(0.02);
  for (const [row, column] of spots) {
    for (let pixel = 0; pixel < pattern.length; pixel++) {
      const down = Math.floor(pixel / size) - middle - row / qPixelSize;
      const across = pixel % size - middle - column / qPixelSize;
      pattern[pixel] += diskAt(Math.hypot(down, across), { radius, edge: 1 });
    }
  }
  const places = {
    qRow: Float64Array.from(spots, ([row]) => row),
    qColumn: Float64Array.from(spots, ([, column]) => column),
  };
  return {
    places,
    seen: {
      pattern,
      detector: { rows: size, columns: size, patternRows: size, patternColumns: size },
      patterns: 60,
      origin: [middle, middle] as const,
      peaks: { ...places, intensity: new Float64Array(spots.length).fill(1) },
    },
  };
}

const calibration = { qPixelSize: { row: qPixelSize, column: qPixelSize } };
/** The ratio of second moments across and along is 0.043. */
const nearOneLine = [[-3, 1], [-2, 0], [-1, -1], [0, 0], [1, 1], [2, 0], [3, -1]]
  .map(([along, across]) => [0.33 * along, 0.2 * across] as const);
const inOneLine = nearOneLine.map(([row]) => [row, 0] as const);

Deno.test("spots near one line tell no lattice in a pattern, but they do in an average; those in one line tell none", () => {
  const { places, seen } = average(nearOneLine);
  assert.equal(fitLattice(seen.peaks, places, {}), undefined);
  const found = expectedLattice(seen, places, radius, calibration)!;
  assert.equal(found.disks.length, nearOneLine.length);
  [1, 0, 0, 1].forEach((wanted, index) => assert.ok(Math.abs(found.matrix[index] - wanted) < 1e-9));
  const line = average(inOneLine);
  assert.equal(expectedLattice(line.seen, line.places, radius, calibration), undefined);
});
