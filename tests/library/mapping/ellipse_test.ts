/** Ellipses from the peaks of many crystals, and what is measured without their stretch. */

import assert from "node:assert/strict";
import { parseCif } from "../../../library/crystal/cif/read.ts";
import { kinematicPattern } from "../../../library/crystal/kinematic_pattern.ts";
import { structureFactors } from "../../../library/crystal/structure_factors.ts";
import { calibratedPeaks } from "../../../library/mapping/calibrated_peaks.ts";
import { fitEllipse } from "../../../library/mapping/ellipse.ts";
import { fitPixelSize, ringsOf } from "../../../library/mapping/pixel_size.ts";
import { beamRadii, ringPeaks } from "../../../library/mapping/ring_peaks.ts";
import { cifText, structures } from "../../support/cif_texts.ts";
import { randomOrientations } from "../../support/orientations.ts";
import { seededRandom } from "../../support/random.ts";

const truth = 0.0137, center = 90;
const reflections = structureFactors(await parseCif(cifText(structures.gold)), { maximumLength: 1.5 });
const rings = ringsOf(reflections).map(({ length }) => length);

/** Peaks of gold in random orientations, on a detector that stretches them. */
function stretchedGold(ratio: number, angle: number, count = 40) {
  const random = seededRandom(3), noise = () => 0.007 * (random() + random() + random() + random() - 2);
  const row: number[] = [], column: number[] = [], height: number[] = [], offsets = [0];
  for (const orientation of randomOrientations(count, 4)) {
    const spots = kinematicPattern(reflections, orientation, { beamEnergy: 300, smallestIntensity: 1e-4 });
    for (let spot = 0; spot < spots.count; spot++) {
      const x = (spots.qRow[spot] + noise()) / truth, y = (spots.qColumn[spot] + noise()) / truth;
      const along = (ratio - 1) * (x * Math.cos(angle) + y * Math.sin(angle));
      row.push(center + x + along * Math.cos(angle));
      column.push(center + y + along * Math.sin(angle));
      height.push(spots.intensity[spot]);
    }
    offsets.push(row.length);
  }
  return {
    peaks: {
      offsets: Uint32Array.from(offsets),
      ...{
        row: Float32Array.from(row),
        column: Float32Array.from(column),
        height: Float32Array.from(height),
      },
    },
    origin: new Float32Array(2 * count).fill(center),
  };
}

Deno.test("ellipse and pixel size are found together, whatever the stretch and its direction", () => {
  for (const [ratio, angle] of [[1, 0], [1.01, 0.4], [1.03, -1.2], [1.03, 1.5]]) {
    const { peaks, origin } = stretchedGold(ratio, angle);
    const stretched = ringPeaks(peaks, origin, beamRadii * 3);
    const first = fitPixelSize(stretched, reflections, 1.2 * truth).qPixelSize;
    const ellipse = fitEllipse(stretched, rings, first)!;
    const off = `${JSON.stringify(ellipse)} for ${ratio}, ${angle}`;
    assert.ok(ellipse.error < 1.5e-3 && Math.abs(ellipse.ratio - ratio) < 4 * ellipse.error, off);
    if (ratio > 1) assert.ok(Math.abs(Math.sin(ellipse.angle - angle)) < 0.1, off);
    const { qPixelSize } = fitPixelSize(ringPeaks(peaks, origin, beamRadii * 3, ellipse), reflections, first);
    assert.ok(Math.abs(qPixelSize / truth - 1) < 2.5e-3, `${qPixelSize} for ${ratio}, ${angle}`);
  }
});

Deno.test("calibrated peaks have no stretch any more", () => {
  const ellipse = { ratio: 1.03, angle: 0.7 }, qPixelSize = { row: truth, column: truth };
  const round = stretchedGold(1, 0, 5), stretched = stretchedGold(ellipse.ratio, ellipse.angle, 5);
  for (let probe = 0; probe < 5; probe++) {
    const wanted = calibratedPeaks(round.peaks, probe, { origin: round.origin, qPixelSize });
    const found = calibratedPeaks(stretched.peaks, probe, { origin: round.origin, ellipse, qPixelSize });
    wanted.qRow.forEach((value, peak) => assert.ok(Math.abs(value - found.qRow[peak]) < 1e-6));
    wanted.qColumn.forEach((value, peak) => assert.ok(Math.abs(value - found.qColumn[peak]) < 1e-6));
  }
});

Deno.test("peaks that do not decide give no ellipse", () => {
  assert.equal(
    fitEllipse({ row: new Float64Array(0), column: new Float64Array(0) }, rings, truth),
    undefined,
  );
  const row = Float64Array.from({ length: 40 }, (_, peak) => rings[peak % 4] / truth);
  assert.equal(fitEllipse({ row, column: new Float64Array(40) }, rings, truth), undefined, "one direction");
});
