/** Orientations of single probes: in batches, beside clusters, and with half turns resolved. */

import assert from "node:assert/strict";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import { kinematicPattern } from "../../../library/crystal/kinematic_pattern.ts";
import { disorientation } from "../../../library/crystal/matching/disorientation.ts";
import { matchOrientations } from "../../../library/crystal/matching/match.ts";
import { orientationPlan } from "../../../library/crystal/matching/plan.ts";
import { type Matrix3, multiply } from "../../../library/crystal/matrix.ts";
import { compareOrientations } from "../../../library/mapping/compare_orientations.ts";
import { orientProbes } from "../../../library/mapping/orient_probes.ts";
import type { PeakLists } from "../../../library/passes/bragg_peaks/peak_pass.ts";
import { orthogonalFrame, randomOrientations } from "../../support/orientations.ts";

const plan = orientationPlan(await builtInCrystal("Au"), { beamEnergy: 300, zoneStep: 4 });
const pixel = 0.02, center = 80;

/** Peaks in detector pixels of probes with these orientations; `undefined` shows nothing. */
function peaksOf(orientations: readonly (Matrix3 | undefined)[]): PeakLists {
  const offsets = [0], peaks: number[][] = [];
  for (const orientation of orientations) {
    const spots = orientation && kinematicPattern(plan.reflections, orientation, { beamEnergy: 300 });
    spots?.qRow.forEach((q, spot) =>
      peaks.push([center + q / pixel, center + spots.qColumn[spot] / pixel, spots.intensity[spot]])
    );
    offsets.push(peaks.length);
  }
  const field = (index: number) => Float32Array.from(peaks, (peak) => peak[index]);
  return { offsets: Uint32Array.from(offsets), row: field(0), column: field(1), height: field(2) };
}

function inputOf(
  truth: readonly (Matrix3 | undefined)[],
  labels: readonly number[],
  clusters: readonly (Matrix3 | undefined)[],
) {
  return {
    peaks: peaksOf(truth),
    calibration: {
      origin: new Float32Array(2 * truth.length).fill(center),
      qPixelSize: { row: pixel, column: pixel },
    },
    plans: [plan],
    labels: Int32Array.from(labels),
    orientations: clusters.map((orientation) => orientation && { phase: 0, orientation }),
  };
}

Deno.test("every probe of many batches gets its own match, whatever the threads", async () => {
  const some = randomOrientations(7, 5);
  const truth = Array.from({ length: 300 }, (_, probe) => probe % 50 === 49 ? undefined : some[probe % 7]);
  const labels = truth.map((_, probe) => probe % 7), done: number[] = [];
  const input = inputOf(truth, labels, some);
  const one = await orientProbes(input, { workers: 1, onProgress: (progress) => done.push(progress.done) });
  assert.deepEqual(done, [128, 256, 300]);
  assert.deepEqual(await orientProbes(input, { workers: 3 }), one);
  assert.equal(one.matched, 294);
  truth.forEach((orientation, probe) => {
    const own = one.matrices.subarray(9 * probe, 9 * probe + 9);
    if (!orientation) {
      assert.ok(own.every(Number.isNaN) && one.phases[probe] === -1 && Number.isNaN(one.scores[probe]));
    } else {
      const found = Array.from(own) as unknown as Matrix3;
      assert.ok(disorientation(plan.group.rotations, found, orientation) < 1, `probe ${probe}`);
    }
  });
  const { near, median, matched, noise, compared } = compareOrientations(one, input, 20);
  assert.deepEqual([near, matched, compared], [0.98, 0.98, 300]);
  assert.ok(median < 0.5 && Number.isNaN(noise), "no neighbours of one cluster on rows of 20");
  await assert.rejects(orientProbes(input, { signal: AbortSignal.abort() }), { kind: "Aborted" });
});

Deno.test("patterns that fit half a turn as well vote with their cluster: no twins inside a grain", async () => {
  const along = orthogonalFrame([1, 1, 1], [1, -1, 0]), half: Matrix3 = [-1, 0, 0, 0, -1, 0, 0, 0, 1];
  const twin = multiply(along, half), { rotations } = plan.group;
  assert.ok(Math.abs(disorientation(rotations, along, twin) - 60) < 1e-4, "the Sigma-3 twin");
  const truth = [along, twin, along, twin];
  const [[match]] = await matchOrientations([plan], [
    kinematicPattern(plan.reflections, along, { beamEnergy: 300 }),
  ]);
  assert.ok(match.ambiguous && match.halfTurn);
  assert.ok(Math.abs(disorientation(rotations, match.orientation, match.halfTurn) - 60) < 1);
  for (const cluster of [along, twin]) {
    const input = inputOf(truth, [0, 0, 0, -1], [cluster]);
    const found = await orientProbes(input, { workers: 1 });
    assert.equal(found.ambiguous, 4);
    const { near, noise } = compareOrientations(found, input, 2);
    assert.ok(near === 1 && noise < 0.5, `${near}, ${noise}`);
  }
});
