/** Orientations of a crystal of every Laue class, found from exact and from disturbed peaks. */

import assert from "node:assert/strict";
import { parseCif } from "../../../library/crystal/cif/read.ts";
import { kinematicPattern } from "../../../library/crystal/kinematic_pattern.ts";
import { disorientation } from "../../../library/crystal/matching/disorientation.ts";
import { latticeVariants } from "../../../library/crystal/matching/lattice_variants.ts";
import { matchOrientations } from "../../../library/crystal/matching/match.ts";
import { orientationPlan } from "../../../library/crystal/matching/plan.ts";
import type { Matrix3 } from "../../../library/crystal/matrix.ts";
import { type LaueClass, laueGroup } from "../../../library/crystal/point_group.ts";
import { cifText, spaceGroup } from "../../support/cif_texts.ts";
import { randomOrientations } from "../../support/orientations.ts";
import { seededRandom } from "../../support/random.ts";

type Cell = readonly [number, number, number, number, number, number];

/** Made-up structures without more symmetry than their space group. */
const crystals: readonly (readonly [LaueClass, string, Cell])[] = [
  ["-1", "P -1", [4, 5, 6, 80, 95, 105]],
  ["2/m", "P 1 21/c 1", [5, 6, 4.5, 90, 99, 90]],
  ["mmm", "P n m a", [5.5, 4, 6.2, 90, 90, 90]],
  ["4/m", "I 4/m", [5, 5, 3.6, 90, 90, 90]],
  ["4/mmm", "P 42/m n m", [4.6, 4.6, 3, 90, 90, 90]],
  ["-3", "P -3", [4.4, 4.4, 5.6, 90, 90, 120]],
  ["-3m", "P -3 m 1", [4, 4, 5.2, 90, 90, 120]],
  ["6/m", "P 63/m", [5, 5, 4.2, 90, 90, 120]],
  ["6/mmm", "P 63/m m c", [2.95, 2.95, 4.68, 90, 90, 120]],
  ["m-3", "P a -3", [5.4, 5.4, 5.4, 90, 90, 90]],
  ["m-3m", "F m -3 m", [4.08, 4.08, 4.08, 90, 90, 90]],
];
/** Sites that make the class show; on special places where the structure would be crowded. */
const sites: Partial<Record<LaueClass, string>> = {
  "4/mmm": "Ti 0 0 0\nO .305 .305 0",
  "6/mmm": "Ti 0.3333 0.6667 0.25",
  "m-3": "Fe 0 0 0\nS .385 .385 .385",
  "m-3m": "Au 0 0 0",
};
const general = "Ni 0 0 0\nO .13 .27 .34";

for (const [laueClass, symbol, cell] of crystals) {
  Deno.test(`orientations of Laue class ${laueClass} are found`, async () => {
    const crystal = await parseCif(
      cifText({ cell, symmetry: spaceGroup(symbol), sites: sites[laueClass] ?? general }),
    );
    const plan = orientationPlan(crystal, { beamEnergy: 300, zoneStep: 3, maximumLength: 1.3 });
    assert.equal(plan.group.laueClass, laueClass);
    const truth = randomOrientations(30, 71), random = seededRandom(72);
    const exact = truth.map((orientation) =>
      kinematicPattern(plan.reflections, orientation, { beamEnergy: 300, smallestIntensity: 1e-6 })
    );
    const disturbed = exact.map(({ qRow, qColumn, intensity }) => ({
      qRow: qRow.map((value) => value + 0.008 * (random() + random() - 1)),
      qColumn: qColumn.map((value) => value + 0.008 * (random() + random() - 1)),
      intensity: intensity.map((value) => value * (0.5 + random())),
    }));
    for (const [patterns, least] of [[exact, 28], [disturbed, 27]] as const) {
      const found = await matchOrientations([plan], patterns);
      const right = found.filter(([match], index) => {
        const m = truth[index], half: Matrix3 = [-m[0], -m[1], m[2], -m[3], -m[4], m[5], -m[6], -m[7], m[8]];
        const near = (one: Matrix3) => disorientation(plan.group.rotations, match.orientation, one) < 3;
        return match && (near(m) || near(half) || match.ambiguous);
      });
      assert.ok(right.length >= least, `${right.length} of 30`);
    }
  });
}

Deno.test("variants of a lattice are the turns that its crystal lacks", async () => {
  const expected: Partial<Record<LaueClass, number>> = { "4/m": 1, "-3": 3, "-3m": 1, "6/m": 1, "m-3": 1 };
  for (const [laueClass, symbol, cell] of crystals) {
    const crystal = await parseCif(
      cifText({ cell, symmetry: spaceGroup(symbol), sites: sites[laueClass] ?? general }),
    );
    assert.equal(latticeVariants(crystal, laueGroup(crystal)).length, expected[laueClass] ?? 0, laueClass);
  }
  // Nearly cubic: the axis may be any of three.
  const tetragonal = cifText({
    cell: [4, 4, 4.04, 90, 90, 90],
    symmetry: spaceGroup("P 4 m m"),
    sites: "Ba 0 0 0",
  });
  const crystal = await parseCif(tetragonal);
  assert.equal(latticeVariants(crystal, laueGroup(crystal)).length, 2);
});
