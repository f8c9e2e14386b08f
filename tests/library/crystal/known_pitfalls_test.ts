/** Pitfalls of orientation mapping that users of other programs report: stale plans, dark maps, wrong defaults. */

import assert from "node:assert/strict";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import type { Crystal } from "../../../library/crystal/crystal.ts";
import { kinematicPattern } from "../../../library/crystal/kinematic_pattern.ts";
import { matchOrientations, type OrientationMatch } from "../../../library/crystal/matching/match.ts";
import { orientationPlan } from "../../../library/crystal/matching/plan.ts";
import { DirectionColours } from "../../../library/mapping/orientation_colours.ts";
import { diskTemplate } from "../../../library/passes/bragg_peaks/probe_template.ts";
import { renderOrientationMap } from "../../../library/report/orientation_map.ts";
import { diskPatterns, distances, findIn } from "../../support/disk_patterns.ts";
import { randomOrientations } from "../../support/orientations.ts";

Deno.test("pitfall 15: correlation has power 1, so heights follow counts and places are not biased", async () => {
  const trial = { size: 128, radius: 5, counts: 200, noisy: false, patterns: 4 };
  const { data, places } = diskPatterns(trial),
    shape = { rows: 2, columns: 2, patternRows: 128, patternColumns: 128 };
  const options = { template: diskTemplate(5), leastRelative: 0.02 };
  const peaks = await findIn(data, shape, options);
  const brighter = await findIn(data.map((value) => 8 * value), shape, options);
  assert.equal(brighter.height.length, peaks.height.length);
  // With a power p heights rise by 8^p: to 6.5 at 0.9. Powers below 1 move parabolas by 0.014 pixels and more.
  peaks.height.forEach((height, index) => assert.ok(Math.abs(brighter.height[index] / height - 8) < 1e-3));
  for (const field of ["row", "column"] as const) {
    peaks[field].forEach((place, index) => assert.ok(Math.abs(brighter[field][index] - place) < 1e-3));
  }
  const { rms } = distances(await findIn(data, shape, { ...options, subpixel: "poly", blur: 1 }), places);
  assert.ok(rms < 0.01, `parabolas on the blurred correlogram: ${rms} pixels`);
});

Deno.test("pitfall 19: a plan is that of the crystal it was made of, whatever becomes of the crystal", async () => {
  const gold = structuredClone(await builtInCrystal("Au"));
  const plan = orientationPlan(gold, { beamEnergy: 300, zoneStep: 4 });
  const patterns = randomOrientations(3, 61).map((orientation) =>
    kinematicPattern(plan.reflections, orientation, { beamEnergy: 300 })
  );
  const before = await matchOrientations([plan], patterns);
  const { cell, atoms } = gold as unknown as { cell: { a: number }; atoms: { element: number }[] };
  cell.a *= 1.3;
  atoms[0].element = 1;
  assert.deepEqual(await matchOrientations([plan], patterns), before);
  assert.deepEqual(plan.crystal, await builtInCrystal("Au"), "the plan says what it was made of");
  // Made anew it is another one.
  const anew = orientationPlan({ ...gold, cell: (await builtInCrystal("Si")).cell } as Crystal, {
    beamEnergy: 300,
  });
  assert.notDeepEqual(anew.shells, plan.shells);
});

Deno.test("pitfall 20: maps of orientations are as bright where a pattern is weak or correlates little", async () => {
  const plan = orientationPlan(await builtInCrystal("Au"), { beamEnergy: 300, zoneStep: 4 });
  const [orientation] = randomOrientations(1, 62),
    exact = kinematicPattern(plan.reflections, orientation, { beamEnergy: 300 });
  const weak = { ...exact, intensity: exact.intensity.map((value) => value * 1e-6) };
  const found = await matchOrientations([plan], [exact, weak]);
  assert.ok(found[1][0].correlation < 0.1 * found[0][0].correlation, "the raw score is that of the counts");
  for (const field of ["agreement", "reliability", "explained"] as const) {
    assert.ok(Math.abs(found[0][0][field] - found[1][0][field]) < 1e-3, field);
  }
  const colours = [new DirectionColours(plan.group)], none: OrientationMatch[] = [];
  const { data } = renderOrientationMap([...found, none], colours, Int32Array.of(0, 1, 2, -1), {
    rows: 1,
    columns: 4,
  }, 2);
  const pixel = (index: number) => Array.from(data.subarray(3 * index, 3 * index + 3));
  pixel(0).forEach((value, channel) => assert.ok(Math.abs(value - pixel(1)[channel]) <= 1));
  assert.ok(Math.max(...pixel(0)) > 200, "a direction is never black");
  // What has no orientation is told from every direction: grey.
  for (const index of [2, 3]) assert.ok(Math.max(...pixel(index)) - Math.min(...pixel(index)) < 12);
});

Deno.test("pitfall 20: a false match is told by its agreement and by what it explains", async () => {
  const plan = orientationPlan(await builtInCrystal("Au"), { beamEnergy: 300 });
  const truth = randomOrientations(12, 63);
  const right = truth.map((orientation) =>
    kinematicPattern(plan.reflections, orientation, { beamEnergy: 300 })
  );
  // Nothing of gold: the same peaks, each at another angle.
  const wrong = right.map(({ qRow, qColumn, intensity }) => ({
    qRow: qRow.map((row, peak) => Math.hypot(row, qColumn[peak]) * 0.93 * Math.cos(2.4 * peak * peak)),
    qColumn: qRow.map((row, peak) => Math.hypot(row, qColumn[peak]) * 0.93 * Math.sin(2.4 * peak * peak)),
    intensity,
  }));
  const [good, bad] = [await matchOrientations([plan], right), await matchOrientations([plan], wrong)];
  for (const list of good) assert.ok(list[0].agreement > 0.95 && list[0].explained > 0.95);
  for (const [match] of bad) assert.ok(!match || (match.agreement < 0.6 && match.explained < 0.7));
});

Deno.test("pitfall 20: spacing and border by default suit disks of every size", async () => {
  for (const [radius, spacing, size] of [[1.5, 7, 48], [3, 12, 80], [5, 21, 128]]) {
    const { data, places } = diskPatterns({ size, radius, spacing, counts: 500, noisy: false, patterns: 2 });
    const shape = { rows: 1, columns: 2, patternRows: size, patternColumns: size };
    const peaks = await findIn(data, shape, { template: diskTemplate(radius), leastRelative: 0.02 });
    assert.equal(distances(peaks, places).missed, 0, `disks of ${radius} pixels, ${spacing} apart`);
  }
});
