/** Screened matches beside exhaustive ones: what zones are left out, and what refinement by Newton's method reaches. */

import assert from "node:assert/strict";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import { parseCif } from "../../../library/crystal/cif/read.ts";
import { kinematicPattern } from "../../../library/crystal/kinematic_pattern.ts";
import { angle } from "../../../library/crystal/wedge.ts";
import { multiply } from "../../../library/crystal/matrix.ts";
import { disorientation } from "../../../library/crystal/matching/disorientation.ts";
import { matchOrientations } from "../../../library/crystal/matching/match.ts";
import { type OrientationPlan, orientationPlan } from "../../../library/crystal/matching/plan.ts";
import { screeningOf } from "../../../library/crystal/matching/screening.ts";
import type { DiffractionPeaks } from "../../../library/crystal/peaks.ts";
import { cifText, structures } from "../../support/cif_texts.ts";
import { randomOrientations } from "../../support/orientations.ts";
import { seededRandom } from "../../support/random.ts";

/** Patterns of random orientations with scatter, and every sixth peak missing. */
function patternsOf(plan: OrientationPlan, count: number, seed: number): DiffractionPeaks[] {
  const random = seededRandom(seed), noise = () => 0.01 * (random() + random() - 1);
  return randomOrientations(count, seed).map((orientation) => {
    const { qRow, qColumn, intensity } = kinematicPattern(plan.reflections, orientation, { beamEnergy: 300 });
    const kept = Array.from(qRow.keys()).filter(() => random() > 1 / 6);
    return {
      qRow: Float64Array.from(kept, (peak) => qRow[peak] + noise()),
      qColumn: Float64Array.from(kept, (peak) => qColumn[peak] + noise()),
      intensity: Float64Array.from(kept, (peak) => intensity[peak]),
    };
  });
}

for (
  const [name, inPlaneSteps, zoneStep] of [["gold", 192, 2], ["rutile", 180, 3], ["zirconia", 64, 5]] as const
) {
  Deno.test(`screening of ${name} at ${inPlaneSteps} angles loses next to nothing`, async () => {
    const crystal = await parseCif(cifText(structures[name]));
    const plan = orientationPlan(crystal, { beamEnergy: 300, inPlaneSteps, zoneStep });
    const patterns = patternsOf(plan, 150, 51), { rotations } = plan.group;
    const screened = await matchOrientations([plan], patterns, { refine: false });
    const all = await matchOrientations([plan], patterns, { refine: false, exhaustive: true });
    let same = 0;
    for (const [index, [match]] of screened.entries()) {
      const [best] = all[index];
      // What is left out cannot be better.
      assert.ok(match.correlation <= best.correlation * (1 + 1e-6));
      assert.ok(match.correlation > 0.94 * best.correlation, `${match.correlation}, ${best.correlation}`);
      if (disorientation(rotations, match.orientation, best.orientation) < 1e-3) same++;
    }
    assert.ok(same >= 0.96 * patterns.length, `${same} of ${patterns.length} are the same`);
  });
}

Deno.test("Newton's method agrees as well as steps do, and far from the start", async () => {
  for (const name of ["Au", "Ti"]) {
    const plan = orientationPlan(await builtInCrystal(name), { beamEnergy: 300 });
    const patterns = patternsOf(plan, 60, 52);
    const [climbed, stepped] = [
      await matchOrientations([plan], patterns),
      await matchOrientations([plan], patterns, { exhaustive: true }),
    ];
    const [one, other] = [climbed, stepped].map((found) =>
      found.reduce((sum, [match]) => sum + match.agreement, 0) / found.length
    );
    assert.ok(one > other - 0.005, `${name}: agreement ${one}, ${other} by steps`);
    const near = climbed.filter(([match], index) => match.agreement > stepped[index][0].agreement - 0.05);
    assert.ok(near.length >= 0.97 * patterns.length, `${name}: ${near.length} of ${patterns.length}`);
  }
});

Deno.test("without noise Newton's method is exact", async () => {
  const plan = orientationPlan(await builtInCrystal("Au"), { beamEnergy: 300 });
  const truth = randomOrientations(40, 53);
  const exact = truth.map((orientation) =>
    kinematicPattern(plan.reflections, orientation, { beamEnergy: 300 })
  );
  const errors = (await matchOrientations([plan], exact)).map(([match], index) =>
    Math.min(
      ...[match.orientation, match.halfTurn ?? match.orientation].map((one) =>
        disorientation(plan.group.rotations, one, truth[index])
      ),
    )
  ).sort((one, other) => one - other);
  assert.ok(errors[20] < 0.01, `median ${errors[20]} degrees`);
});

Deno.test("every zone is near a leader, and its twist brings it to the nearest orientation", async () => {
  for (const [name, zoneStep] of [["Au", 2], ["Ti", 3]] as const) {
    const plan = orientationPlan(await builtInCrystal(name), { beamEnergy: 300, zoneStep });
    const { leaders, memberStarts, members } = screeningOf(plan), met = new Set<number>();
    assert.ok(leaders.length < plan.zones.length / 2, `${leaders.length} leaders of ${plan.zones.length}`);
    const step = 360 / plan.options.inPlaneSteps, identity = [[1, 0, 0, 0, 1, 0, 0, 0, 1]] as const;
    for (const [index, leader] of leaders.entries()) {
      for (let member = memberStarts[index]; member < memberStarts[index + 1]; member++) {
        const [zone, twist] = members.subarray(2 * member, 2 * member + 2);
        const turn = twist * step * Math.PI / 180, c = Math.cos(turn), s = Math.sin(turn);
        const turned = multiply(plan.frames[zone], [c, s, 0, -s, c, 0, 0, 0, 1]);
        const apart = angle(plan.zones[leader], plan.zones[zone]) * 180 / Math.PI;
        const found = disorientation(identity, plan.frames[leader], turned);
        assert.ok(found < Math.hypot(apart, step / 2) + 1e-3, `${found} degrees, zones ${apart} apart`);
        met.add(zone);
      }
    }
    assert.equal(met.size, plan.zones.length);
  }
});
