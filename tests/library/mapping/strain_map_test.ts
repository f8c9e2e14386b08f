/** Strain maps of peaks whose lattices are known. */

import assert from "node:assert/strict";
import { parseCif } from "../../../library/crystal/cif/read.ts";
import { kinematicPattern } from "../../../library/crystal/kinematic_pattern.ts";
import { orientationPlan } from "../../../library/crystal/matching/plan.ts";
import { mapStrain, rmsStrain, type StrainMapOptions } from "../../../library/mapping/strain_map.ts";
import { cifText, structures } from "../../support/cif_texts.ts";
import { orthogonalFrame } from "../../support/orientations.ts";

const plan = orientationPlan(await parseCif(cifText(structures.gold)), { beamEnergy: 300 });
const orientations = [
  { phase: 0, orientation: orthogonalFrame([0, 0, 1], [1, 0, 0]) },
  { phase: 0, orientation: orthogonalFrame([0, 1, 1], [1, 0, 0]) },
  undefined,
];
const qPixelSize = 0.02;
/** Stretch along rows of each probe; clusters 0 and 1, one probe that is in none, one whose cluster has no orientation. */
const stretch = [0, 0.01, 0.02, 0.03, 0.02, 0.02, 0, 0], labels = Int32Array.of(0, 0, 0, 0, 1, 1, -1, 2);

const patterns = Array.from(
  labels,
  (label) =>
    kinematicPattern(plan.reflections, orientations[label === 1 ? 1 : 0]!.orientation, {
      ...{ beamEnergy: 300, smallestIntensity: 1e-3 },
    }),
);
const offsets = new Uint32Array(9);
patterns.forEach(({ count }, probe) => offsets[probe + 1] = offsets[probe] + count);
/** The beam moves by a pixel from probe to probe. */
const origin = Float32Array.from({ length: 16 }, (_, index) => index % 2 ? 30 : 40 + index / 2);
const input = {
  peaks: {
    offsets,
    row: Float32Array.from(
      patterns.flatMap(({ qRow }, probe) =>
        Array.from(qRow, (q) => 40 + probe + q / (1 + stretch[probe]) / qPixelSize)
      ),
    ),
    column: Float32Array.from(
      patterns.flatMap(({ qColumn }) => Array.from(qColumn, (q) => 30 + q / qPixelSize)),
    ),
    height: Float32Array.from(patterns.flatMap(({ intensity }) => Array.from(intensity))),
  },
  calibration: { origin, qPixelSize: { row: qPixelSize, column: qPixelSize } },
  labels,
  orientations,
  phases: [plan],
};

function alongRows(options: StrainMapOptions): (number | null)[] {
  const { strain } = mapStrain(input, options);
  return Array.from(labels, (_, probe) => {
    const value = strain[4 * probe];
    return Number.isNaN(value) ? null : Math.round(value * 1e4) / 1e4 + 0;
  });
}

Deno.test("strain is relative to the crystal, the median, each cluster's median, or chosen probes", () => {
  assert.deepEqual(alongRows({ reference: { kind: "crystal" } }), [
    0,
    0.01,
    0.02,
    0.03,
    0.02,
    0.02,
    null,
    null,
  ]);
  const relative = (value: number, to: number) => Math.round(((1 + value) / (1 + to) - 1) * 1e4) / 1e4 + 0;
  const median = alongRows({});
  assert.deepEqual(median, [
    ...[0, 0.01, 0.02, 0.03, 0.02, 0.02].map((value) => relative(value, 0.02)),
    null,
    null,
  ]);
  const cluster = alongRows({ reference: { kind: "cluster" } });
  assert.deepEqual(cluster.slice(0, 4), [0, 0.01, 0.02, 0.03].map((value) => relative(value, 0.015)));
  assert.deepEqual(cluster.slice(4), [0, 0, null, null]);
  const probes = Uint8Array.of(0, 1, 0, 0, 0, 0, 0, 0);
  assert.equal(alongRows({ reference: { kind: "probes", probes } })[1], 0);
  const nowhere = Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 1);
  assert.throws(() => alongRows({ reference: { kind: "probes", probes: nowhere } }), {
    kind: "BadParameter",
  });
});

Deno.test("maps agree with each other, and have nothing where nothing was measured", () => {
  const { strain, dilation, error, measured } = mapStrain(input, { reference: { kind: "crystal" } });
  assert.equal(measured, 6);
  for (let probe = 0; probe < 6; probe++) {
    assert.ok(Math.abs(dilation[probe] - strain[4 * probe] - strain[4 * probe + 1]) < 1e-6);
    assert.ok(error[4 * probe] < 1e-5);
  }
  assert.ok([6, 7].every((probe) => Number.isNaN(dilation[probe]) && Number.isNaN(error[4 * probe + 3])));
});

Deno.test("turned axes exchange the components", () => {
  const along = mapStrain(input, { reference: { kind: "crystal" } });
  const turned = mapStrain(input, { reference: { kind: "crystal" }, axes: Math.PI / 2 });
  for (let probe = 0; probe < 6; probe++) {
    assert.ok(Math.abs(along.strain[4 * probe] - turned.strain[4 * probe + 1]) < 1e-6);
  }
});

Deno.test("clusters may have axes of their own; dilation and rotation do not depend on them", () => {
  const along = mapStrain(input, { reference: { kind: "crystal" } });
  const axes = Float64Array.of(Math.PI / 2, 0, NaN),
    own = mapStrain(input, { reference: { kind: "crystal" }, axes });
  labels.forEach((label, probe) => {
    if (label < 0 || label > 1) return;
    const [xx, yy] = label === 0 ? [1, 0] : [0, 1];
    assert.ok(Math.abs(along.strain[4 * probe] - own.strain[4 * probe + xx]) < 1e-6);
    assert.ok(Math.abs(along.strain[4 * probe + 1] - own.strain[4 * probe + yy]) < 1e-6);
    assert.equal(along.strain[4 * probe + 3], own.strain[4 * probe + 3]);
  });
  assert.deepEqual(own.dilation, along.dilation);
});

Deno.test("probes without axes do not make the strain of the others look smaller", () => {
  const axes = Float64Array.of(0, NaN, NaN);
  const { strain, measured } = mapStrain(input, { reference: { kind: "crystal" }, axes });
  assert.equal(measured, 6);
  const expected = Math.sqrt((0.01 ** 2 + 0.02 ** 2 + 0.03 ** 2) / 4);
  assert.ok(Math.abs(rmsStrain(strain, 0) - expected) < 1e-6, `${rmsStrain(strain, 0)}`);
});

Deno.test("probes with orientations of their own are relative to the median of their clusters", () => {
  const asClusters = {
    labels: labels.map((label, probe) => label < 0 ? -1 : probe),
    orientations: Array.from(labels, (label) => label < 0 ? undefined : orientations[label]),
  };
  const reference = { kind: "cluster" } as const, ofClusters = mapStrain(input, { reference });
  const alone = mapStrain({ ...input, ...asClusters, referenceLabels: labels }, { reference });
  assert.deepEqual(alone.strain, ofClusters.strain);
  assert.ok(Math.abs(alone.strain[0]) > 0.01, "not each its own");
});
