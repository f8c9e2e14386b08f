/** What kernels take of a plan. */

import assert from "node:assert/strict";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import { kinematicPattern } from "../../../library/crystal/kinematic_pattern.ts";
import { matchOrientations } from "../../../library/crystal/matching/match.ts";
import { orientationPlan } from "../../../library/crystal/matching/plan.ts";
import { planTables } from "../../../library/crystal/matching/plan_tables.ts";
import { randomOrientations } from "../../support/orientations.ts";

Deno.test("tables of a plan are made once, and matching leaves them as they are", async () => {
  const options = { beamEnergy: 300, zoneStep: 4, inPlaneSteps: 96 };
  const plan = orientationPlan(await builtInCrystal("Au"), options), tables = planTables(plan);
  const before = tables.bytes.slice();
  const patterns = randomOrientations(6, 71).map((orientation) =>
    kinematicPattern(plan.reflections, orientation, { beamEnergy: 300 })
  );
  const first = await matchOrientations([plan], patterns, { workers: 1 });
  assert.equal(planTables(plan), tables);
  assert.deepEqual(tables.bytes, before);
  const again = orientationPlan(await builtInCrystal("Au"), options);
  assert.deepEqual(
    await matchOrientations([again], patterns.toReversed(), { workers: 2 }),
    first.toReversed(),
  );
});

Deno.test("a plan made of another with other options has tables of its own", async () => {
  const gold = await builtInCrystal("Au"), options = { beamEnergy: 300, zoneStep: 6, inPlaneSteps: 96 };
  const plan = orientationPlan(gold, options);
  const wider = { ...plan, options: { ...plan.options, excitationWidth: 0.03 } };
  assert.notDeepEqual(planTables(wider).bytes, planTables(plan).bytes);
});
