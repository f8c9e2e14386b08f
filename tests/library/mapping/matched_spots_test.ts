/** Spots on the detector lie where peaks of the same crystal are measured, also on stretched patterns. */

import assert from "node:assert/strict";
import { parseCif } from "../../../library/crystal/cif/read.ts";
import { kinematicPattern } from "../../../library/crystal/kinematic_pattern.ts";
import { structureFactors } from "../../../library/crystal/structure_factors.ts";
import { calibratedPeaks } from "../../../library/mapping/calibrated_peaks.ts";
import { matchedSpots } from "../../../library/mapping/matched_spots.ts";
import { cifText, structures } from "../../support/cif_texts.ts";
import { randomOrientations } from "../../support/orientations.ts";

const reflections = structureFactors(await parseCif(cifText(structures.gold)), { maximumLength: 1.5 });
const beam = { beamEnergy: 200, excitationWidth: 0.02 }, origin = { row: 61.25, column: 66.5 };
const detector = { patternRows: 128, patternColumns: 130 };

Deno.test("the calibration of peaks takes spots back to the crystal's pattern", () => {
  for (const ellipse of [undefined, { ratio: 1.06, angle: 0.7 }]) {
    for (const orientation of randomOrientations(5, 11)) {
      const spots = matchedSpots(
        { reflections, orientation, ...beam, qPixelSize: 0.021, ellipse, origin },
        detector,
      );
      const places = (name: "row" | "column") => Float32Array.from(spots, (spot) => spot[name]);
      const peaks = {
        offsets: Uint32Array.of(0, spots.length),
        ...{ row: places("row"), column: places("column"), height: new Float32Array(spots.length) },
      };
      const { qRow, qColumn } = calibratedPeaks(peaks, 0, {
        origin: Float32Array.of(origin.row, origin.column),
        ...{ ellipse, qPixelSize: { row: 0.021, column: 0.021 } },
      });
      const pattern = kinematicPattern(reflections, orientation, {
        ...{ ...beam, excitationRange: 3, smallestIntensity: 1e-4 },
      });
      const expected = new Map(Array.from(pattern.reflection, (index, spot) => [
        reflections.indices.subarray(3 * index, 3 * index + 3).join(),
        [pattern.qRow[spot], pattern.qColumn[spot]],
      ]));
      assert.ok(spots.length > 5 && spots.length <= expected.size);
      spots.forEach(({ indices }, spot) => {
        const [row, column] = expected.get(indices.join())!;
        assert.ok(Math.abs(qRow[spot] - row) < 1e-5 && Math.abs(qColumn[spot] - column) < 1e-5, `${indices}`);
      });
    }
  }
});

Deno.test("spots are on the detector, the strongest has intensity 1, three shells carry indices", () => {
  const [orientation] = randomOrientations(1, 2);
  const pattern = { reflections, orientation, ...beam, qPixelSize: 0.012, origin };
  const spots = matchedSpots(pattern, detector);
  for (const { row, column, intensity } of spots) {
    assert.ok(row >= 0 && column >= 0 && row <= 127 && column <= 129);
    assert.ok(intensity > 0 && intensity <= 1);
  }
  const beamItself = spots.find(({ indices }) => indices.every((index) => index === 0));
  assert.deepEqual([beamItself?.row, beamItself?.column, beamItself?.low], [61.25, 66.5, false]);
  const shells = (low: boolean) =>
    new Set(
      spots.filter((spot) => spot !== beamItself && spot.low === low)
        .map(({ indices }) => indices.reduce((sum, index) => sum + index * index, 0)),
    );
  assert.ok(shells(true).size <= 3 && shells(true).size > 0);
  assert.ok(Math.max(...shells(true)) < Math.min(Infinity, ...shells(false)));
});
