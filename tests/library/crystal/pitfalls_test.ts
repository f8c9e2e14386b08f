/** What orientation matching is known to go wrong by: handedness, half turns, pseudo-symmetry, kernels, widths. */

import assert from "node:assert/strict";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import { parseCif } from "../../../library/crystal/cif/read.ts";
import { kinematicPattern } from "../../../library/crystal/kinematic_pattern.ts";
import { disorientation } from "../../../library/crystal/matching/disorientation.ts";
import { matchOrientations } from "../../../library/crystal/matching/match.ts";
import {
  frameOfZone,
  type OrientationPlan,
  orientationPlan,
} from "../../../library/crystal/matching/plan.ts";
import {
  apply,
  type Matrix3,
  multiply,
  normalise,
  transpose,
  type Vector3,
} from "../../../library/crystal/matrix.ts";
import type { DiffractionPeaks } from "../../../library/crystal/peaks.ts";
import { unitCell } from "../../../library/crystal/unit_cell.ts";
import { directionName, eulerAngles } from "../../../library/mapping/euler.ts";
import { cifText, spaceGroup } from "../../support/cif_texts.ts";
import { orthogonalFrame, randomOrientations } from "../../support/orientations.ts";

const gold = orientationPlan(await builtInCrystal("Au"), { beamEnergy: 300 });
const { rotations } = gold.group;

function peaksOf(plan: OrientationPlan, orientation: Matrix3, width = 0.02): DiffractionPeaks {
  const conditions = { beamEnergy: plan.options.beamEnergy, excitationWidth: width, smallestIntensity: 1e-4 };
  const { qRow, qColumn, intensity } = kinematicPattern(plan.reflections, orientation, conditions);
  return { qRow, qColumn, intensity };
}

/** The orientation after a turn of the crystal about the beam, from down the detector towards its right. */
function turnedInPlane(orientation: Matrix3, degrees: number): Matrix3 {
  const c = Math.cos(degrees * Math.PI / 180), s = Math.sin(degrees * Math.PI / 180);
  return multiply(orientation, [c, s, 0, -s, c, 0, 0, 0, 1]);
}

function together(one: DiffractionPeaks, other: DiffractionPeaks, factor: number): DiffractionPeaks {
  return {
    qRow: Float64Array.of(...one.qRow, ...other.qRow),
    qColumn: Float64Array.of(...one.qColumn, ...other.qColumn),
    intensity: Float64Array.of(...one.intensity, ...other.intensity.map((value) => factor * value)),
  };
}

Deno.test("exchanged axes score the same, and leave angles between grains, not orientations, as they are", async () => {
  const patterns = randomOrientations(6, 41).map((orientation) => peaksOf(gold, orientation));
  const exchanged = patterns.map(({ qRow, qColumn, intensity }) => ({
    qRow: qColumn,
    qColumn: qRow,
    intensity,
  }));
  const coarse = await matchOrientations([gold], [...patterns, ...exchanged], { refine: false });
  const fine = await matchOrientations([gold], [...patterns, ...exchanged]);
  let told = 0;
  for (let index = 0; index < 6; index++) {
    const [[one], [other]] = [coarse[index], coarse[index + 6]];
    assert.ok(Math.abs(one.correlation - other.correlation) < 1e-6 * one.correlation);
    if (disorientation(rotations, fine[index][0].orientation, fine[index + 6][0].orientation) > 3) told++;
    const next = (index + 1) % 6;
    if ([index, next, index + 6, next + 6].some((pattern) => fine[pattern][0].ambiguous)) continue;
    const angle = (first: number, second: number) =>
      disorientation(rotations, fine[first][0].orientation, fine[second][0].orientation);
    assert.ok(Math.abs(angle(index, next) - angle(index + 6, next + 6)) < 0.3);
  }
  assert.ok(told >= 5, "orientations are reflected");
});

Deno.test("x is down the detector: a turn towards the right is one of the first column towards the second", async () => {
  const start = orthogonalFrame([1, 2, 3], [3, 0, -1]), turned = turnedInPlane(start, 10);
  const [[match]] = await matchOrientations([gold], [peaksOf(gold, turned)]);
  assert.ok(match.ambiguous || disorientation(rotations, match.orientation, turned) < 0.2);
  const spots = peaksOf(gold, start), after = peaksOf(gold, turned);
  const angle = (peaks: DiffractionPeaks) => Math.atan2(peaks.qColumn[1], peaks.qRow[1]) * 180 / Math.PI;
  assert.ok(Math.abs((angle(after) - angle(spots) + 540) % 360 - 180 - 10) < 1e-6);
  // Looking along the zone: column 3 stays, column 1 is where the rows point.
  const [x, z] = [0, 2].map((column): Vector3 => [turned[column], turned[column + 3], turned[column + 6]]);
  const c = Math.cos(10 * Math.PI / 180), s = Math.sin(10 * Math.PI / 180);
  const [a, b] = [0, 1].map((column): Vector3 => [start[column], start[column + 3], start[column + 6]]);
  x.forEach((value, index) => assert.ok(Math.abs(value - (c * a[index] - s * b[index])) < 1e-12));
  normalise([1, 2, 3]).forEach((value, index) => assert.ok(Math.abs(z[index] - value) < 1e-12));
});

Deno.test("half turns are ambiguous where they are no symmetry, unless curvature tells", async () => {
  const zones: [Vector3, Vector3, boolean][] = [
    [[0, 0, 1], [1, 0, 0], false],
    [[0, 1, 1], [1, 0, 0], false],
    [[1, 1, 1], [1, -1, 0], true],
    [[1, 1, 2], [1, -1, 0], true],
  ];
  const exact = zones.map(([zone, down]) => peaksOf(gold, orthogonalFrame(zone, down)));
  const found = await matchOrientations([gold], exact);
  zones.forEach(([zone, , expected], index) =>
    assert.equal(found[index][0].ambiguous, expected, `[${zone.join("")}]`)
  );
  // At 40 keV the sphere is bent enough, and far reflections tell.
  const bent = orientationPlan(gold.crystal, { beamEnergy: 40, excitationWidth: 0.02, maximumLength: 2 });
  const tilt = normalise([0.02, -0.01, 1]),
    off = multiply(orthogonalFrame([1, 1, 1], [1, -1, 0]), frameOfZone(tilt));
  const [[match]] = await matchOrientations([bent], [peaksOf(bent, off)]);
  assert.ok(!match.ambiguous && disorientation(rotations, match.orientation, off) < 0.3);
});

Deno.test("a lattice that is nearly cubic is found but for what the pattern does not tell", async () => {
  const tetragonal = await parseCif(cifText({
    cell: [3.994, 3.994, 4.034, 90, 90, 90],
    symmetry: spaceGroup("P 4 m m"),
    sites: "Ba 0 0 0\nTi .5 .5 .52\nO1 .5 .5 -.02\nO2 .5 0 .49",
  }));
  const plan = orientationPlan(tetragonal, { beamEnergy: 300, zoneStep: 3 });
  const truth = randomOrientations(20, 42);
  const found = await matchOrientations([plan], truth.map((orientation) => peaksOf(plan, orientation)));
  const right = found.filter(([match], index) =>
    disorientation(rotations, match.orientation, truth[index]) < 3 || match.ambiguous
  );
  assert.ok(right.length >= 19, `${right.length} of 20, variants counted as one`);
});

Deno.test("a narrow kernel loses matches that a wide one has, before refinement", async () => {
  const truth = randomOrientations(60, 43), patterns = truth.map((orientation) => peaksOf(gold, orientation));
  const right = async (kernel: number) => {
    const plan = orientationPlan(gold.crystal, { beamEnergy: 300, kernel });
    const found = await matchOrientations([plan], patterns, { refine: false });
    return found.filter(([match], index) =>
      match && disorientation(rotations, match.orientation, truth[index]) < 3
    ).length;
  };
  const [narrow, wide] = [await right(0.03), await right(0.08)];
  assert.ok(wide > narrow + 3, `${wide} and ${narrow} of 60`);
});

Deno.test("agreement is best at the width by which the patterns fade", async () => {
  const truth = randomOrientations(8, 44), widths = [0.006, 0.013, 0.028];
  for (const width of widths) {
    const patterns = truth.map((orientation) => peaksOf(gold, orientation, width));
    const means: number[] = [];
    for (const excitationWidth of widths) {
      const plan = orientationPlan(gold.crystal, { beamEnergy: 300, zoneStep: 4, excitationWidth });
      const found = await matchOrientations([plan], patterns);
      means.push(found.reduce((sum, [match]) => sum + (match?.agreement ?? 0), 0) / found.length);
    }
    assert.equal(widths[means.indexOf(Math.max(...means))], width, means.join(", "));
  }
});

Deno.test("two crystals that share their zone axis are both found, each with its own angle", async () => {
  const one = orthogonalFrame([0, 0, 1], [1, 0, 0]), other = turnedInPlane(one, 31);
  const pattern = together(peaksOf(gold, one), peaksOf(gold, other), 0.5);
  const [matches] = await matchOrientations([gold], [pattern], { matches: 2 });
  assert.equal(matches.length, 2);
  for (const orientation of [one, other]) {
    const nearest = Math.min(
      ...matches.map((match) => disorientation(rotations, match.orientation, orientation)),
    );
    assert.ok(nearest < 0.5, `${nearest} degrees`);
  }
});

Deno.test("matching changes nothing that it is given, and gives the same again", async () => {
  const pattern = peaksOf(gold, randomOrientations(1, 45)[0]), before = structuredClone(pattern);
  const weights = gold.weight.slice();
  const first = await matchOrientations([gold], [pattern], { matches: 2 });
  assert.deepEqual(await matchOrientations([gold], [pattern], { matches: 2 }), first);
  assert.deepEqual(pattern, before);
  assert.deepEqual(gold.weight, weights);
});

Deno.test("zones are looked along by the shortest tilt from [001]", () => {
  for (const zone of [[1, 2, 3], [-1, 0.3, 2], [1, 0, 0], [0, 0, 1]] as const) {
    const v = normalise(zone), frame = frameOfZone(v), { phi1, capitalPhi, phi2 } = eulerAngles(frame);
    [2, 5, 8].forEach((place, index) => assert.ok(Math.abs(frame[place] - v[index]) < 1e-12));
    const azimuth = Math.atan2(v[0], v[1]) * 180 / Math.PI;
    if (v[2] === 1) continue;
    const wrapped = (angle: number) => ((angle + 180) % 360 + 360) % 360 - 180;
    assert.ok(Math.abs(wrapped(phi2 - azimuth)) < 1e-9 && Math.abs(wrapped(phi1 + azimuth)) < 1e-9);
    assert.ok(Math.abs(capitalPhi - Math.acos(v[2]) * 180 / Math.PI) < 1e-9);
  }
});

Deno.test("directions of skew cells are named by their axes, not by planes", () => {
  const cell = unitCell({ a: 5.15, b: 5.21, c: 5.32, alpha: 90, beta: 99.2, gamma: 90 });
  assert.equal(directionName(cell, normalise(apply(transpose(cell.direct), [1, 0, 1]))), "[1 0 1]");
  assert.notEqual(directionName(cell, normalise(apply(transpose(cell.reciprocal), [1, 0, 1]))), "[1 0 1]");
});
