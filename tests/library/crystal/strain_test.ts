/** Strain fitted to peaks: exact deformations, noise, outliers, centring errors (specification 9.6). */

import assert from "node:assert/strict";
import { parseCif } from "../../../library/crystal/cif/read.ts";
import { kinematicPattern } from "../../../library/crystal/kinematic_pattern.ts";
import type { Matrix3 } from "../../../library/crystal/matrix.ts";
import type { DiffractionPeaks } from "../../../library/crystal/peaks.ts";
import {
  deformationOf,
  dilation,
  inverse2,
  type Matrix2,
  multiply2,
  type Strain,
  strainOf,
  turnAxes,
} from "../../../library/crystal/strain/deformation.ts";
import { fitStrain, type StrainFitOptions } from "../../../library/crystal/strain/fit.ts";
import { structureFactors } from "../../../library/crystal/structure_factors.ts";
import { cifText, structures } from "../../support/cif_texts.ts";
import { orthogonalFrame } from "../../support/orientations.ts";
import { seededRandom } from "../../support/random.ts";

const reflections = structureFactors(await parseCif(cifText(structures.gold)), { maximumLength: 1.5 });
const spotsOf = (orientation: Matrix3) =>
  kinematicPattern(reflections, orientation, { beamEnergy: 300, smallestIntensity: 1e-4 });
const alongCube = spotsOf(orthogonalFrame([0, 0, 1], [1, 0, 0]));
const alongDiagonal = spotsOf(orthogonalFrame([0, 1, 1], [1, 0, 0]));
const degree = Math.PI / 180;

const turn = (
  angle: number,
): Matrix2 => [Math.cos(angle), -Math.sin(angle), Math.sin(angle), Math.cos(angle)];

/** What is done to exact peaks. */
interface Disturbance {
  readonly noise?: number;
  /** Part of the peaks that is there. */
  readonly kept?: number;
  /** Peaks that are displaced by 0.05 Å^-1 in both directions. */
  readonly outliers?: number;
  readonly center?: readonly [number, number];
  readonly random?: () => number;
}

/** The peaks of a deformed lattice. */
function deformed(
  spots: DiffractionPeaks,
  deformation: Matrix2,
  disturbance: Disturbance = {},
): DiffractionPeaks {
  const { noise = 0, kept = 1, outliers = 0, center = [0, 0], random = seededRandom(1) } = disturbance;
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  // The inverse of a transposed inverse is the same the other way round.
  const reciprocal = deformationOf(deformation);
  const chosen = Array.from(spots.qRow.keys()).filter(() => random() < kept);
  const displaced = new Set(
    chosen.map((spot) => [random(), spot]).sort(([one], [other]) => one - other)
      .slice(0, outliers).map(([, spot]) => spot),
  );
  const places = chosen.map((spot) => {
    const row = spots.qRow[spot], column = spots.qColumn[spot], off = displaced.has(spot) ? 0.05 : 0;
    return [
      reciprocal[0] * row + reciprocal[1] * column + center[0] + noise * normal() +
      off * Math.sign(random() - 0.5),
      reciprocal[2] * row + reciprocal[3] * column + center[1] + noise * normal() +
      off * Math.sign(random() - 0.5),
      spots.intensity[spot],
    ];
  });
  const part = (index: number) => Float64Array.from(places, (place) => place[index]);
  return { qRow: part(0), qColumn: part(1), intensity: part(2) };
}

function strainFrom(peaks: DiffractionPeaks, spots: DiffractionPeaks, options?: StrainFitOptions): Strain {
  const fit = fitStrain(peaks, spots, options);
  assert.ok(fit, "the strain can be fitted");
  return strainOf(fit.deformation);
}

function near(
  actual: Strain,
  expected: readonly [xx: number, yy: number, xy: number, rotation: number],
  tolerance: number,
) {
  const found = [actual.xx, actual.yy, actual.xy, actual.rotation];
  found.forEach((value, index) =>
    assert.ok(Math.abs(value - expected[index]) <= tolerance, `${found}, not ${expected}`)
  );
}

for (const [zone, spots] of [["[001]", alongCube], ["[011]", alongDiagonal]] as const) {
  const exact: [what: string, deformation: Matrix2, strain: [number, number, number, number]][] = [
    ["no deformation", [1, 0, 0, 1], [0, 0, 0, 0]],
    ["dilation", [1.01, 0, 0, 1.01], [0.01, 0.01, 0, 0]],
    ["stretch along the rows", [1.01, 0, 0, 1], [0.01, 0, 0, 0]],
    ["stretch along the columns", [1, 0, 0, 1.01], [0, 0.01, 0, 0]],
    ["shear", [1, 0.005, 0.005, 1], [0, 0, 0.005, 0]],
    ["rotation", turn(degree), [0, 0, 0, degree]],
    ["rotation by minus two degrees", turn(-2 * degree), [0, 0, 0, -2 * degree]],
    ["stretch, then rotation", multiply2([1.01, 0, 0, 1], turn(degree)), [0.01, 0, 0, degree]],
  ];
  for (const [what, deformation, strain] of exact) {
    Deno.test(`${what} is found in exact peaks along ${zone}`, () => {
      near(strainFrom(deformed(spots, deformation), spots), strain, 1e-5);
    });
  }
}

/** Root mean square errors of xx, yy, xy over trials. */
function errors(trials: number, deformation: Matrix2, disturbance: Disturbance, options?: StrainFitOptions) {
  const random = seededRandom(9), truth = strainOf(deformation), sums = [0, 0, 0];
  let told = 0;
  for (let trial = 0; trial < trials; trial++) {
    const fit = fitStrain(deformed(alongCube, deformation, { ...disturbance, random }), alongCube, options);
    assert.ok(fit);
    const { xx, yy, xy } = strainOf(fit.deformation);
    [xx - truth.xx, yy - truth.yy, xy - truth.xy].forEach((error, index) => sums[index] += error * error);
    told += fit.error.xx * fit.error.xx;
  }
  return { rms: sums.map((sum) => Math.sqrt(sum / trials)), told: Math.sqrt(told / trials) };
}

Deno.test("noise of peaks becomes the strain's as it should, and is told", () => {
  const deformation: Matrix2 = [1.01, 0, 0, 0.995];
  const { rms, told } = errors(400, deformation, { noise: 0.001, kept: 0.6 });
  assert.ok(rms[0] < 4.5e-4, `${rms}`);
  assert.ok(told > 0.7 * rms[0] && told < 1.3 * rms[0], `told ${told}, is ${rms[0]}`);
});

Deno.test("a centring error does not become strain", () => {
  const disturbance: Disturbance = { noise: 0.001, kept: 0.6, center: [0.007, 0.007] };
  const { rms } = errors(400, [1.01, 0, 0, 0.995], disturbance);
  assert.ok(rms[0] < 4.5e-4, `${rms}`);
  const without = errors(400, [1.01, 0, 0, 0.995], disturbance, { fitOffset: false });
  assert.ok(without.rms[0] > 3 * rms[0], `without offset ${without.rms}`);
});

Deno.test("displaced peaks lose their weight, in turned patterns too", () => {
  const deformation = multiply2([1.01, 0, 0, 1], turn(2 * degree));
  // Wide enough that displaced peaks are paired.
  const radius = 0.2;
  const { rms } = errors(200, deformation, { noise: 0.002, outliers: 3 }, { radius });
  assert.ok(rms.every((error) => error < 1e-3), `${rms}`);
  const plain = errors(200, deformation, { noise: 0.002, outliers: 3 }, { radius, robust: false });
  assert.ok(plain.rms[0] > 1.5 * rms[0], `not robust ${plain.rms}`);
});

Deno.test("the fit says where the direct beam is", () => {
  const fit = fitStrain(deformed(alongCube, [1, 0, 0, 1], { center: [0.004, -0.006] }), alongCube);
  assert.ok(fit && Math.abs(fit.offset[0] - 0.004) < 1e-9 && Math.abs(fit.offset[1] + 0.006) < 1e-9);
  assert.equal(fit.pairs, alongCube.count - 1);
});

Deno.test("too few peaks, peaks in a line and peaks of nothing give no strain", () => {
  const pick = (keep: (row: number, column: number) => boolean): DiffractionPeaks => {
    const kept = Array.from(alongCube.qRow.keys()).filter((spot) =>
      keep(alongCube.qRow[spot], alongCube.qColumn[spot])
    );
    const part = (values: Float64Array) => Float64Array.from(kept, (spot) => values[spot]);
    return {
      qRow: part(alongCube.qRow),
      qColumn: part(alongCube.qColumn),
      intensity: part(alongCube.intensity),
    };
  };
  assert.equal(
    fitStrain(pick((row, column) => Math.abs(row) + Math.abs(column) < 0.6), alongCube),
    undefined,
  );
  assert.equal(fitStrain(pick((row) => Math.abs(row) < 0.1), alongCube, { minimumPairs: 3 }), undefined);
  assert.equal(fitStrain(pick(() => false), alongCube), undefined);
});

Deno.test("two peaks do not share a spot", () => {
  const peaks = deformed(alongCube, [1, 0, 0, 1]);
  const twice = (values: Float64Array, shift: number) =>
    Float64Array.from([...values, ...values.map((v) => v + shift)]);
  const fit = fitStrain({
    qRow: twice(peaks.qRow, 0.02),
    qColumn: twice(peaks.qColumn, 0),
    intensity: twice(peaks.intensity, 0),
  }, alongCube);
  assert.ok(fit);
  assert.equal(fit.pairs, alongCube.count - 1);
  near(strainOf(fit.deformation), [0, 0, 0, 0], 1e-9);
});

Deno.test("turned axes, the dilation that they leave, and inverse deformations", () => {
  const strain = { xx: 0.01, yy: -0.004, xy: 0.002, rotation: 0.01 };
  near(turnAxes(strain, Math.PI / 2), [-0.004, 0.01, -0.002, 0.01], 1e-12);
  for (const angle of [0.3, 1, 2]) {
    assert.ok(Math.abs(dilation(turnAxes(strain, angle)) - dilation(strain)) < 1e-12);
    near(turnAxes(turnAxes(strain, angle), -angle), [0.01, -0.004, 0.002, 0.01], 1e-12);
  }
  const m: Matrix2 = [1.1, 0.2, -0.1, 0.9];
  multiply2(m, inverse2(m)).forEach((value, index) =>
    assert.ok(Math.abs(value - [1, 0, 0, 1][index]) < 1e-12)
  );
});

Deno.test("the stretch does not depend on how the reference is turned in the plane", () => {
  const lattice: Matrix2 = [1.015, 0.001, 0.001, 0.995];
  const expected = strainOf(lattice);
  for (const angle of [-2, 1, 5]) {
    const { xx, yy, xy } = strainOf(multiply2(lattice, turn(angle * degree)));
    near({ xx, yy, xy, rotation: 0 }, [expected.xx, expected.yy, expected.xy, 0], 1e-12);
  }
});
