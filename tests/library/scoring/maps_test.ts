/** Scores of orientation and strain: right ones, turned ones, missing ones and those of another phase. */

import assert from "node:assert/strict";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import { type Matrix3, multiply } from "../../../library/crystal/matrix.ts";
import { laueGroup } from "../../../library/crystal/point_group.ts";
import { scoreOrientations, scoreStrain } from "../../../library/scoring/maps.ts";

const { rotations } = laueGroup(await builtInCrystal("Au"));

/** A turn about the beam, which is the third axis. */
function turn(degrees: number): Matrix3 {
  const c = Math.cos(degrees * Math.PI / 180), s = Math.sin(degrees * Math.PI / 180);
  return [c, -s, 0, s, c, 0, 0, 0, 1];
}
/** A crystal without any symmetry axis along the beam. */
const tilted = multiply([1, 0, 0, 0, 0.8, -0.6, 0, 0.6, 0.8], turn(20));

/** Ten probes of each of two crystals, and two of the bare support. */
const labels = Int32Array.from({ length: 22 }, (_, probe) => probe < 10 ? 0 : probe < 20 ? 1 : -1);
const truth = {
  orientations: Float64Array.from([...tilted, ...turn(5)]),
  phases: labels.map((label) => label < 0 ? -1 : 0),
};

function found(of: (probe: number) => Matrix3 | undefined, phase = 0) {
  const all = Array.from(labels.keys(), of);
  return {
    matrices: Float64Array.from(all.flatMap((matrix) => matrix ?? Array(9).fill(NaN))),
    phases: Int32Array.from(all, (matrix) => matrix ? phase : -1),
  };
}
const own = (probe: number) => probe < 10 ? tilted : turn(5);

Deno.test("the truth itself scores one, also after turns that symmetry or the beam's axis allows", () => {
  const equal = (probe: number) =>
    multiply(multiply(rotations[probe % rotations.length], own(probe)), turn(180));
  for (const orientation of [own, equal]) {
    const score = scoreOrientations({ labels }, found(orientation), truth, [rotations]);
    assert.deepEqual([score.probes, score.oriented, score.near, score.phase], [20, 1, 1, 1]);
    assert.deepEqual([score.grains, score.grainsOriented, score.grainsNear], [2, 1, 1]);
    assert.ok(score.median < 1e-4);
  }
});

Deno.test("what is turned away, missing, mixed or of another phase is not right", () => {
  const away = scoreOrientations(
    { labels },
    found((probe) => multiply(own(probe), turn(probe < 10 ? 4 : 2))),
    truth,
    [rotations],
  );
  assert.deepEqual([away.near, away.grainsNear], [0.5, 0.5]);
  const few = scoreOrientations({ labels }, found((probe) => probe < 4 ? own(probe) : undefined), truth, [
    rotations,
  ]);
  assert.deepEqual([few.oriented, few.near, few.grainsOriented, few.grainsNear], [0.2, 1, 0, 0]);
  const other = scoreOrientations({ labels }, found(own, 1), truth, [rotations, rotations]);
  assert.deepEqual([other.oriented, other.phase, other.near, other.grainsNear], [1, 0, 0, 0]);
  const purity = labels.map((label) => label === 0 ? 1 : 0);
  assert.equal(scoreOrientations({ labels, purity }, found(own), truth, [rotations]).probes, 10);
});

Deno.test("strain is compared about the median, where both know it", () => {
  const wanted = Float32Array.from(
    { length: 4 * labels.length },
    (_, index) => index >= 80 ? NaN : 0.001 * (index % 7),
  );
  const shifted = wanted.map((value) => value + 0.01);
  shifted[0] = NaN;
  const score = scoreStrain({ labels }, shifted, wanted);
  assert.deepEqual([score.probes, score.measured], [20, 0.95]);
  assert.ok(score.rms.xx < 1e-8 && score.rms.dilation < 1e-8 && score.typical < 1e-8);
  const off = shifted.map((value, index) => index % 4 === 0 && index % 8 === 0 ? value + 0.002 : value);
  assert.ok(Math.abs(scoreStrain({ labels }, off, wanted).rms.xx - 0.00145) < 1e-4);
  assert.equal(scoreStrain({ labels }, off, wanted, (probe) => probe % 2 === 1).rms.xx < 1e-8, true);
});
