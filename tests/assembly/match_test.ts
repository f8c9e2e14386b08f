/** Orientation matching by kernels and by plain loops. */

import assert from "node:assert/strict";
import { builtInCrystal } from "../../library/crystal/built_in.ts";
import { kinematicPattern } from "../../library/crystal/kinematic_pattern.ts";
import { disorientation } from "../../library/crystal/matching/disorientation.ts";
import { matchOrientations } from "../../library/crystal/matching/match.ts";
import { orientationPlan } from "../../library/crystal/matching/plan.ts";
import type { DiffractionPeaks } from "../../library/crystal/peaks.ts";
import { correlationAt } from "../support/matching/correlate.ts";
import { plainMatch } from "../support/matching/plain_match.ts";
import { polarImage } from "../support/matching/polar_image.ts";
import { zoneScores } from "../support/matching/zone_scores.ts";
import { orthogonalFrame, randomOrientations } from "../support/orientations.ts";
import { seededRandom } from "../support/random.ts";

const gold = await builtInCrystal("Au"), titanium = await builtInCrystal("Ti");

/** Peaks anywhere, of any brightness. */
function randomPeaks(count: number, seed: number): DiffractionPeaks {
  const random = seededRandom(seed),
    place = () => Float64Array.from({ length: count }, () => 3 * random() - 1.5);
  return { qRow: place(), qColumn: place(), intensity: Float64Array.from({ length: count }, random) };
}

Deno.test("scores and angles of zones are those of plain loops", async () => {
  for (const [seed, inPlaneSteps] of [16, 36, 64, 180, 192].entries()) {
    const plan = orientationPlan(gold, { beamEnergy: 200, zoneStep: 9, inPlaneSteps });
    const peaks = randomPeaks(40, seed), image = polarImage(plan, peaks);
    const { score, shift } = await zoneScores(plan, peaks);
    for (const zone of plan.zones.keys()) {
      for (const mirrored of [false, true]) {
        const all = Array.from(
          { length: inPlaneSteps },
          (_, step) => correlationAt(plan, image, { zone, mirrored, shift: step }),
        );
        const index = 2 * zone + Number(mirrored), best = Math.max(...all);
        assert.ok(Math.abs(score[index] - best) < 1e-6 * best, `${score[index]}, expected ${best}`);
        assert.ok(all[shift[index]] > best * (1 - 1e-6));
      }
    }
  }
});

/** Exact, disturbed and arbitrary peaks. */
function patternsOf(plan: ReturnType<typeof orientationPlan>): DiffractionPeaks[] {
  const random = seededRandom(7);
  const exact = [
    ...randomOrientations(3, 31),
    orthogonalFrame([0, 0, 1], [1, 0, 0]),
    orthogonalFrame([1, 1, 1], [1, -1, 0]),
  ].map((orientation) => {
    const { qRow, qColumn, intensity } = kinematicPattern(plan.reflections, orientation, { beamEnergy: 300 });
    return { qRow, qColumn, intensity };
  });
  const disturbed = exact.map(({ qRow, qColumn, intensity }) => ({
    qRow: qRow.map((value) => value + 0.02 * (random() - 0.5)),
    qColumn: qColumn.map((value) => value + 0.02 * (random() - 0.5)),
    intensity,
  }));
  return [...exact, ...disturbed, randomPeaks(25, 8)].map((peaks) => {
    // The plain loops know nothing of the direct beam.
    const kept = Array.from(peaks.qRow.keys()).filter((peak) =>
      Math.hypot(peaks.qRow[peak], peaks.qColumn[peak]) > plan.shells[0] / 2
    );
    const pick = (values: Float64Array) => Float64Array.from(kept, (peak) => values[peak]);
    return { qRow: pick(peaks.qRow), qColumn: pick(peaks.qColumn), intensity: pick(peaks.intensity) };
  });
}

for (const [name, crystal] of Object.entries({ gold, titanium })) {
  for (const refine of [false, true]) {
    Deno.test(`exhaustive matches of ${name}, ${refine ? "" : "not "}refined, are those of plain loops`, async () => {
      const plan = orientationPlan(crystal, { beamEnergy: 300, zoneStep: 8, inPlaneSteps: 64 });
      const patterns = patternsOf(plan);
      const found = await matchOrientations([plan], patterns, { refine, exhaustive: true });
      for (const [index, peaks] of patterns.entries()) {
        const expected = plainMatch(plan, peaks, refine), [match] = found[index];
        const turn = disorientation(plan.group.rotations, match.orientation, expected.orientation);
        assert.ok(turn < 1e-5, `pattern ${index}: ${turn} degrees`);
        for (const field of ["correlation", "agreement", "reliability", "explained"] as const) {
          const off = Math.abs(match[field] - expected[field]);
          assert.ok(off < 1e-6 * Math.max(1, expected[field]), `pattern ${index}, ${field}: off by ${off}`);
        }
        assert.equal(match.matchedPeaks, expected.matchedPeaks, `pattern ${index}`);
        assert.equal(match.ambiguous, expected.ambiguous, `pattern ${index}`);
      }
    });
  }
}
