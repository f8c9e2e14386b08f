/** The direct beam where it is not the brightest disk, and where the user says that it is. */

import assert from "node:assert/strict";
import { autoPreset, simulateScan } from "crystallite";
import { findDirectBeam } from "../../../library/passes/detector/bad_pixels_and_beam.ts";
import { prepareDetector } from "../../../library/passes/detector/preparation.ts";
import { seededRandom } from "../../support/random.ts";

const shape = { rows: 1, columns: 1, patternRows: 48, patternColumns: 40 };

/** Disks of a radius of 1.7 pixels on a weak halo. */
function meanPattern(disks: readonly (readonly [row: number, column: number, brightness: number])[]) {
  const mean = new Float64Array(48 * 40);
  for (let row = 0; row < 48; row++) {
    for (let column = 0; column < 40; column++) {
      const inside = disks.filter(([y, x]) => Math.hypot(row - y, column - x) <= 1.7);
      mean[row * 40 + column] = 1 + inside.reduce((sum, [, , brightness]) => sum + brightness, 0);
    }
  }
  return mean;
}

/** Spots of a zone axis about a centre; one of them, and the opposite one by half as much, outshine the direct beam. */
function zoneAxis(row: number, column: number, random: () => number) {
  const spots: [number, number, number][] = [[row, column, 300]];
  for (let h = -2; h <= 2; h++) {
    for (let k = -2; k <= 2; k++) {
      if (h === 0 && k === 0) continue;
      const strength = 200 * Math.exp(-(h * h + k * k) / 3) * (0.7 + 0.6 * random());
      spots.push([row + 7 * h, column + 7 * k, h === 1 && k === 0 ? 400 : strength]);
    }
  }
  return spots;
}

Deno.test("in a thick crystal on a zone axis the direct beam is found by symmetry though another disk is brighter", () => {
  const random = seededRandom(7);
  for (let trial = 0; trial < 20; trial++) {
    const row = 21 + Math.floor(4 * random()), column = 17 + Math.floor(4 * random());
    const beam = findDirectBeam({ mean: meanPattern(zoneAxis(row, column, random)) }, shape);
    assert.ok(Math.hypot(beam.row - row, beam.column - column) < 0.5, `${beam.row}, ${beam.column}`);
    assert.ok(Math.abs(beam.radius - 1.7) < 0.9);
  }
});

Deno.test("a direct beam far from the middle is kept where no other disk is nearly as bright", () => {
  const beam = findDirectBeam({ mean: meanPattern([[8, 9, 300], [15, 9, 60], [24, 20, 50]]) }, shape);
  assert.deepEqual([Math.round(beam.row), Math.round(beam.column)], [8, 9]);
});

Deno.test("a given q centre holds for the direct beam that features and masks are made about", async () => {
  const scan = simulateScan({ rows: 12, columns: 12, grains: 3, seed: 5 });
  const center = { kind: "at", row: 20.5, column: 41 } as const;
  const { beam, center: used } = await prepareDetector(scan, { ...autoPreset, center }, true);
  assert.deepEqual([beam!.row, beam!.column], [20.5, 41]);
  assert.deepEqual(used, { row: 20.5, column: 41 });
});

for (const layout of ["film", "particles"] as const) {
  Deno.test(`behind a beam stop the direct beam is found by symmetry, and said to be a guess: ${layout}`, async () => {
    for (const [seed, beamStopRadius] of [[1, 6], [2, 9], [3, 14]]) {
      const scan = simulateScan({
        ...{ rows: 20, columns: 20, patternRows: 96, patternColumns: 96, grains: 12, seed, layout },
        ...{ beamStopRadius, offset: [5, -3] },
      });
      const { beam, warnings } = await prepareDetector(scan, autoPreset, true);
      const [row, column] = scan.truth.center, told = `stop of ${beamStopRadius}: ${JSON.stringify(beam)}`;
      assert.ok(Math.hypot(beam!.row - row, beam!.column - column) < 0.8, told);
      assert.ok(Math.abs(beam!.radius / scan.truth.diskRadius - 1) < 0.3, told);
      assert.equal(beam!.hidden, true, told);
      assert.ok(warnings.some((warning) => /The direct beam is not seen/.test(warning)), told);
    }
  });
}

Deno.test("a direct beam that is seen is never called hidden, in thick, faint, empty or stretched scans", async () => {
  for (let seed = 1; seed <= 36; seed++) {
    const scan = simulateScan({
      ...{ rows: 10, columns: 10, grains: 1 + seed % 7, layout: seed % 2 ? "film" : "particles", seed },
      ...{
        thickness: [3, 8, 30, 60][seed % 4],
        dose: [60, 1000, 20000][seed % 3],
        halo: [0, 0.15, 0.5][seed % 3],
      },
      ...{ texture: seed % 5 ? "random" : "100", ellipse: seed % 4 ? 1 : 1.06, descan: seed % 6 },
      ...{ offset: [(seed % 9) - 4, 4 - (seed % 7)], convergenceAngle: [0.8, 2.35, 5][seed % 3] },
    });
    const { beam } = await prepareDetector(scan, autoPreset, true);
    assert.equal(beam!.hidden, undefined, `seed ${seed}: ${JSON.stringify(beam)}`);
  }
});
