/** Local misorientation against plain formulas: a bent grain, boundaries, symmetry, and the sense of rotation. */

import assert from "node:assert/strict";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import { kinematicPattern } from "../../../library/crystal/kinematic_pattern.ts";
import { multiply, transpose } from "../../../library/crystal/matrix.ts";
import { laueGroup } from "../../../library/crystal/point_group.ts";
import { structureFactors } from "../../../library/crystal/structure_factors.ts";
import { meanOrientations, orientationDeviation } from "../../../library/mapping/grain_spread.ts";
import { kernelAverageMisorientation } from "../../../library/mapping/local_misorientation.ts";
import { orientationAt, probeOrientations } from "../../../library/mapping/probe_orientations.ts";
import { randomOrientations } from "../../support/orientations.ts";

const degree = Math.PI / 180, rows = 9, columns = 7, shape = { rows, columns };
const { rotations } = laueGroup(await builtInCrystal("Au"));
const [first, second] = randomOrientations(2, 3);

Deno.test("an orientation with its strain's rotation has the pattern turned that way", async () => {
  const reflections = structureFactors(await builtInCrystal("Au"), { maximumLength: 1 });
  const turn = 7 * degree, conditions = { beamEnergy: 300, excitationWidth: 0.05 };
  const map = probeOrientations(Int32Array.of(0), [{ phase: 0, orientation: first }], Float32Array.of(turn));
  const before = kinematicPattern(reflections, first, conditions);
  const after = kinematicPattern(reflections, orientationAt(map, 0), conditions);
  assert.deepEqual(after.reflection, before.reflection);
  assert.ok(before.count > 5);
  before.qRow.forEach((x, spot) => {
    const y = before.qColumn[spot], c = Math.cos(turn), s = Math.sin(turn);
    assert.ok(Math.abs(after.qRow[spot] - (c * x - s * y)) < 1e-7);
    assert.ok(Math.abs(after.qColumn[spot] - (s * x + c * y)) < 1e-7);
  });
});

Deno.test("a grain bent by a tenth of a degree a column has that between neighbours, and twice it from its mean", () => {
  const labels = new Int32Array(rows * columns);
  const rotation = Float32Array.from(labels, (_, probe) => probe % columns * 0.1 * degree);
  const map = probeOrientations(labels, [{ phase: 0, orientation: first }], rotation);
  const four = kernelAverageMisorientation(map, labels, shape, [rotations], { neighbours: 4 });
  const eight = kernelAverageMisorientation(map, labels, shape, [rotations]);
  const middle = 3 * columns + 3;
  assert.ok(Math.abs(four[middle] - 0.05) < 1e-6, "two of four neighbours are turned");
  assert.ok(Math.abs(eight[middle] - 0.075) < 1e-6, "six of eight are");
  assert.ok(Math.abs(four[3 * columns] - 0.1 / 3) < 1e-6, "at the edge one of three");
  const means = meanOrientations(map, labels, [rotations], 1);
  const deviation = orientationDeviation(map, labels, [rotations], means);
  deviation.forEach((angle, probe) => {
    assert.ok(Math.abs(angle - 0.1 * Math.abs(probe % columns - 3)) < 1e-5, `${probe}: ${angle}`);
  });
});

Deno.test("boundaries, large turns and probes without an orientation do not count", () => {
  const labels = Int32Array.from({ length: 6 }, (_, probe) => probe < 3 ? 0 : 1);
  const rotation = Float32Array.of(0, 1, 2, 0, 6, NaN).map((angle) => angle * degree);
  const grains = [{ phase: 0, orientation: first }, { phase: 0, orientation: second }];
  const map = probeOrientations(labels, grains, rotation), line = { rows: 1, columns: 6 };
  const kam = kernelAverageMisorientation(map, labels, line, [rotations]);
  [1, 1, 1].forEach((angle, probe) => assert.ok(Math.abs(kam[probe] - angle) < 1e-5));
  assert.deepEqual(Array.from(kam.subarray(3)), [NaN, NaN, NaN]);
  const wide = kernelAverageMisorientation(map, labels, line, [rotations], { limit: 10 });
  assert.ok(Math.abs(wide[3] - 6) < 1e-5 && Number.isNaN(wide[5]));
});

Deno.test("equal orientations are one, whatever is written for them, and a mean is a rotation near all", () => {
  const labels = new Int32Array(24), matrices = new Float64Array(9 * 24);
  const rotation = Float32Array.from(labels, (_, probe) => (probe - 11.5) * 0.05 * degree);
  const plain = probeOrientations(labels, [{ phase: 0, orientation: first }], rotation);
  labels.forEach((_, probe) => {
    matrices.set(multiply(rotations[(probe * 7) % 24], orientationAt(plain, probe)), 9 * probe);
  });
  const map = { matrices, phases: plain.phases }, line = { rows: 4, columns: 6 };
  const expected = kernelAverageMisorientation(plain, labels, line, [rotations]);
  kernelAverageMisorientation(map, labels, line, [rotations])
    .forEach((angle, probe) => assert.ok(Math.abs(angle - expected[probe]) < 1e-5));
  const [mean] = meanOrientations(map, labels, [rotations], 1);
  const deviation = orientationDeviation(map, labels, [rotations], [mean]);
  deviation.forEach((angle, probe) => assert.ok(Math.abs(angle - Math.abs(probe - 11.5) * 0.05) < 1e-5));
  assert.ok(
    multiply(mean!.orientation, transpose(mean!.orientation)).every((value, index) =>
      Math.abs(value - (index % 4 === 0 ? 1 : 0)) < 1e-12
    ),
  );
});

Deno.test("the phase of a grain is that of most of its probes; the others have no deviation", () => {
  const labels = Int32Array.of(0, 0, 0, 1), matrices = new Float64Array(36).fill(NaN);
  for (const probe of [0, 1, 2]) matrices.set(first, 9 * probe);
  const map = { matrices, phases: Int32Array.of(1, 0, 1, -1) };
  const means = meanOrientations(map, labels, [rotations, rotations], 2);
  assert.equal(means[0]!.phase, 1);
  assert.equal(means[1], undefined);
  const deviation = orientationDeviation(map, labels, [rotations, rotations], means);
  assert.deepEqual(Array.from(deviation, (angle) => Number.isNaN(angle)), [false, true, false, true]);
});
