/** The size of a detector pixel where several crystals may be there, of which some are not. */

import assert from "node:assert/strict";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import { kinematicPattern } from "../../../library/crystal/kinematic_pattern.ts";
import { structureFactors } from "../../../library/crystal/structure_factors.ts";
import { withEngine } from "../../../library/engine/with_engine.ts";
import { settlePixelSize } from "../../../library/mapping/settle_pixel_size.ts";
import { diskTemplate } from "../../../library/passes/bragg_peaks/probe_template.ts";
import { randomOrientations } from "../../support/orientations.ts";

const beamEnergy = 200, size = 0.027, given = 0.0274, averages = 6, center = 48;
const [gold, copper] = await Promise.all(["Au", "Cu"].map(builtInCrystal));

/** Peaks of gold in detector pixels, the direct beam among them. */
const patterns = randomOrientations(averages, 7).map((orientation) =>
  kinematicPattern(structureFactors(gold, { maximumLength: 1.2 }), orientation, { beamEnergy })
);
const offsets = new Uint32Array(averages + 1);
patterns.forEach(({ count }, average) => offsets[average + 1] = offsets[average] + count);
const peaks = {
  offsets,
  row: Float32Array.from(patterns.flatMap(({ qRow }) => Array.from(qRow, (q) => center + q / size))),
  column: Float32Array.from(patterns.flatMap(({ qColumn }) => Array.from(qColumn, (q) => center + q / size))),
  height: Float32Array.from(patterns.flatMap(({ intensity }) => Array.from(intensity))),
};
const origin = new Float32Array(2 * averages).fill(center);

Deno.test("a crystal that is not there does not move the size of a detector pixel, wherever it is named", async () => {
  await withEngine({ workers: 2 }, async (engine) => {
    const settle = (crystals: (typeof gold)[]) =>
      settlePixelSize(peaks, origin, {
        ...{ crystals, beamEnergy, qPixelSize: given, fitPixelSize: true },
        peaks: { template: diskTemplate(2) },
      }, { engine, exhaustive: true });
    const alone = await settle([gold]);
    assert.ok(Math.abs(alone.qPixelSize / size - 1) < 0.003, `${alone.qPixelSize}`);
    assert.equal(alone.rival, undefined);
    // Copper has the same rings, an eighth larger.
    const wrong = await settle([copper]);
    assert.ok(wrong.qPixelSize / size > 1.1, `${wrong.qPixelSize}`);
    for (const crystals of [[copper, gold], [gold, copper]]) {
      const { qPixelSize, rival } = await settle(crystals);
      assert.equal(qPixelSize, alone.qPixelSize);
      assert.equal(rival?.qPixelSize, wrong.qPixelSize, "and it is said that patterns alone do not tell");
    }
  });
});
