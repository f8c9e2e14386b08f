/** Orientations found in patterns: the golden cases, random ones, noise, overlapping crystals and phases. */

import assert from "node:assert/strict";
import { parseCif } from "../../../library/crystal/cif/read.ts";
import { kinematicPattern } from "../../../library/crystal/kinematic_pattern.ts";
import type { Matrix3 } from "../../../library/crystal/matrix.ts";
import { disorientation } from "../../../library/crystal/matching/disorientation.ts";
import { matchOrientations, type OrientationMatch } from "../../../library/crystal/matching/match.ts";
import { type OrientationPlan, orientationPlan } from "../../../library/crystal/matching/plan.ts";
import type { DiffractionPeaks } from "../../../library/crystal/peaks.ts";
import { cifText, structures } from "../../support/cif_texts.ts";
import { correlationAt } from "../../support/matching/correlate.ts";
import { polarImage } from "../../support/matching/polar_image.ts";
import { zoneScores } from "../../support/matching/zone_scores.ts";
import { orthogonalFrame, randomOrientations } from "../../support/orientations.ts";
import { seededRandom } from "../../support/random.ts";
import { sharedPath, sharedTest } from "../../support/shared.ts";

const gold = orientationPlan(await parseCif(cifText(structures.gold)), { beamEnergy: 300 });

/** What is done to exact peaks. */
interface Disturbance {
  /** Scatter of positions in Å^-1. */
  readonly noise?: number;
  /** Part of the peaks that are left out. */
  readonly missing?: number;
  /** Peaks of nothing. */
  readonly extra?: number;
  readonly seed?: number;
}

function peaksOf(
  plan: OrientationPlan,
  orientation: Matrix3,
  disturbance: Disturbance = {},
): DiffractionPeaks {
  const { noise = 0, missing = 0, extra = 0, seed = 1 } = disturbance;
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const spots = kinematicPattern(plan.reflections, orientation, { beamEnergy: 300, smallestIntensity: 1e-4 });
  const kept = Array.from(spots.qRow.keys()).filter((spot) =>
    plan.reflections.lengths[spots.reflection[spot]] > 0
  )
    .filter(() => random() >= missing);
  const peaks = kept.map((spot) => [
    spots.qRow[spot] + noise * normal(),
    spots.qColumn[spot] + noise * normal(),
    spots.intensity[spot],
  ]);
  const brightest = Math.max(...peaks.map(([, , intensity]) => intensity));
  for (let index = 0; index < extra; index++) {
    const angle = 2 * Math.PI * random(), length = 0.4 + random();
    peaks.push([length * Math.cos(angle), length * Math.sin(angle), brightest * random() / 2]);
  }
  const column = (index: number) => Float64Array.from(peaks, (peak) => peak[index]);
  return { qRow: column(0), qColumn: column(1), intensity: column(2) };
}

/** Part of matches within 3 degrees of the truth, or of what the match names as not told apart; and their median. */
function accuracy(plan: OrientationPlan, found: readonly OrientationMatch[][], truth: readonly Matrix3[]) {
  const errors = found.map(([match], index) => {
    if (!match) return 180;
    const error = disorientation(plan.group.rotations, match.orientation, truth[index]);
    return error > 3 && match.ambiguous ? 0.2 : error;
  }).sort((one, other) => one - other);
  return {
    within: errors.filter((error) => error <= 3).length / errors.length,
    median: errors[errors.length >> 1],
  };
}

sharedTest("the golden patterns of gold give their zones and scores", async () => {
  const { cases } = JSON.parse(await Deno.readTextFile(`${sharedPath("golden/acom_au.json")}`));
  const plan = orientationPlan(gold.crystal, { beamEnergy: 300, inPlaneSteps: 180 });
  for (const { name, peaks, zone, corr, M } of cases) {
    const pattern: DiffractionPeaks = {
      qRow: Float64Array.from(peaks, ({ qx }: { qx: number }) => qx),
      qColumn: Float64Array.from(peaks, ({ qy }: { qy: number }) => qy),
      intensity: Float64Array.from(peaks, ({ I }: { I: number }) => I),
    };
    const { score, shift } = await zoneScores(plan, pattern), best = score.indexOf(Math.max(...score));
    assert.equal(best >> 1, zone, name);
    const place = { zone, mirrored: best % 2 === 1, shift: shift[best] };
    const exact = correlationAt(plan, polarImage(plan, pattern), place);
    assert.ok(Math.abs(exact - corr) < 4e-6, `${name}: ${exact}, expected ${corr}`);
    const [[match]] = await matchOrientations([plan], [pattern], { workers: 1 });
    const error = disorientation(plan.group.rotations, match.orientation, M.flat());
    assert.ok(error < 0.3 || match.ambiguous, `${name}: ${error} degrees`);
  }
});

Deno.test("random orientations of gold are found, and those of no other pattern named", async () => {
  const truth = randomOrientations(150, 11);
  const { within, median } = accuracy(
    gold,
    await matchOrientations([gold], truth.map((orientation) => peaksOf(gold, orientation))),
    truth,
  );
  assert.ok(within >= 0.98, `${within} within 3 degrees`);
  assert.ok(median <= 0.25, `median ${median} degrees`);
});

Deno.test("noise, missing and false peaks are survived", async () => {
  const truth = randomOrientations(150, 12);
  const patterns = truth.map((orientation, seed) =>
    peaksOf(gold, orientation, { noise: 0.005, missing: 0.15, extra: 2, seed })
  );
  const { within } = accuracy(gold, await matchOrientations([gold], patterns), truth);
  assert.ok(within >= 0.92, `${within} within 3 degrees`);
});

for (const name of ["rutile", "titanium", "corundum", "zirconia"] as const) {
  Deno.test(`random orientations of ${name} are found`, async () => {
    const plan = orientationPlan(await parseCif(cifText(structures[name])), { beamEnergy: 300, zoneStep: 3 });
    const truth = randomOrientations(40, 13);
    const found = await matchOrientations([plan], truth.map((orientation) => peaksOf(plan, orientation)));
    const { within } = accuracy(plan, found, truth);
    assert.ok(within >= 0.95, `${within} within 3 degrees`);
  });
}

for (const exhaustive of [false, true]) {
  const how = exhaustive ? "exhaustive" : "screened";
  sharedTest(`golden patterns, ${how}, are found`, async () => {
    const { cases } = JSON.parse(await Deno.readTextFile(`${sharedPath("golden/acom_au.json")}`));
    const patterns = cases.map(({ peaks }: { peaks: { qx: number; qy: number; I: number }[] }) => ({
      qRow: Float64Array.from(peaks, ({ qx }) => qx),
      qColumn: Float64Array.from(peaks, ({ qy }) => qy),
      intensity: Float64Array.from(peaks, ({ I }) => I),
    }));
    const found = await matchOrientations([gold], patterns, { exhaustive });
    found.forEach(([match], index) => {
      const error = disorientation(gold.group.rotations, match.orientation, cases[index].M.flat());
      assert.ok(error < 0.1 || match.ambiguous, `${cases[index].name}: ${error} degrees`);
      assert.ok(match.agreement > 0.98);
    });
  });
}

Deno.test("a pattern with its axes exchanged scores the same, by a reflected orientation", async () => {
  const [orientation] = randomOrientations(1, 14);
  const { qRow, qColumn, intensity } = peaksOf(gold, orientation);
  const exchanged = { qRow: qColumn, qColumn: qRow, intensity };
  const [[match], [other]] = await matchOrientations([gold], [{ qRow, qColumn, intensity }, exchanged], {
    refine: false,
  });
  assert.ok(Math.abs(match.correlation - other.correlation) < 2e-3 * match.correlation);
  assert.ok(disorientation(gold.group.rotations, match.orientation, other.orientation) > 3);
});

Deno.test("two crystals in one pattern are both found, the stronger first", async () => {
  const strong = orthogonalFrame([0, 1, 1], [1, 0, 0]), [weak] = randomOrientations(1, 21);
  const some = peaksOf(gold, strong), others = peaksOf(gold, weak);
  const join = (one: Float64Array, other: Float64Array) => Float64Array.from([...one, ...other]);
  const pattern = {
    qRow: join(some.qRow, others.qRow),
    qColumn: join(some.qColumn, others.qColumn),
    intensity: join(some.intensity, others.intensity.map((value) => value / 2)),
  };
  const [matches] = await matchOrientations([gold], [pattern], { matches: 3 });
  assert.ok(disorientation(gold.group.rotations, matches[0].orientation, strong) < 1);
  assert.ok(disorientation(gold.group.rotations, matches[1].orientation, weak) < 3 || matches[1].ambiguous);
});

Deno.test("phases are told apart by what is missing as well", async () => {
  const silicon = orientationPlan(await parseCif(cifText(structures.silicon)), { beamEnergy: 300 });
  const truth = randomOrientations(24, 15);
  const patterns = truth.map((orientation, index) =>
    peaksOf(index % 2 ? silicon : gold, orientation, { noise: 0.003 })
  );
  const found = await matchOrientations([gold, silicon], patterns);
  found.forEach(([match], index) => {
    assert.equal(match.phase, index % 2, `pattern ${index}`);
    assert.ok(match.lead > 0);
  });
});

Deno.test("too few peaks, and peaks of nothing but the direct beam, are no match", async () => {
  const beam = Float64Array.of(0), two = Float64Array.of(0.42, -0.42);
  const [alone, few] = await matchOrientations([gold], [
    { qRow: beam, qColumn: beam, intensity: Float64Array.of(100) },
    { qRow: two, qColumn: Float64Array.of(0, 0), intensity: two.map(Math.abs) },
  ]);
  assert.deepEqual([alone, few], [[], []]);
});

Deno.test("matches do not depend on the number of workers, and can be stopped", async () => {
  const patterns = randomOrientations(8, 16).map((orientation) => peaksOf(gold, orientation));
  const [one, three] = await Promise.all(
    [1, 3].map((workers) => matchOrientations([gold], patterns, { workers })),
  );
  assert.deepEqual(one, three);
  await assert.rejects(matchOrientations([gold], patterns, { signal: AbortSignal.abort() }), {
    kind: "Aborted",
  });
  await assert.rejects(matchOrientations([], patterns), { kind: "BadParameter" });
  const bad = { ...patterns[0], intensity: Float64Array.of(NaN) };
  await assert.rejects(matchOrientations([gold], [bad]), { kind: "BadParameter" });
});
