/** Orientations of single probes in a result: which source is taken, and what is refused. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { orientationAt } from "../../../library/mapping/probe_orientations.ts";
import { addToResult } from "../../../library/results/add_files.ts";
import { readResult } from "../../../library/results/read.ts";
import {
  bestSource,
  readProbeOrientations,
  readProbeScores,
} from "../../../library/results/read_probe_orientations.ts";
import { writeResult } from "../../../library/results/write.ts";
import { BadParameter, CorruptFile } from "../../../library/scan/errors.ts";
import { drawClustering, resultOf } from "../../support/clustering.ts";
import { withFolder } from "../../support/folders.ts";
import { randomOrientations } from "../../support/orientations.ts";

const clustering = drawClustering(["001", ".11"]), sizes = [2, 3];
const [first, second] = randomOrientations(2, 1);
const clusters = [{ phase: 0, orientation: first }, { phase: 1, orientation: second }];

async function withFiles(folder: string, files: ReadonlyMap<string, Uint8Array>) {
  const out = join(folder, crypto.randomUUID());
  await writeResult(out, resultOf(clustering));
  await addToResult(await readResult(out), { files, outdated: () => false, sections: {}, record: {} });
  return await readResult(out);
}

const strain = new Float32Array(24).fill(0);
strain[4 * 1 + 3] = 0.25;
strain.fill(NaN, 4 * 2, 4 * 3);

/** Files of probes matched by themselves. */
function matched(phases: Int32Array): Map<string, Uint8Array> {
  const matrices = new Float32Array(54).fill(NaN);
  [0, 1, 2, 4].forEach((probe) => matrices.set(second, 9 * probe));
  return new Map([
    ["probe_orientation_matrices.npy", encodeNpy("f32", [...sizes, 3, 3], matrices)],
    ["probe_phases.npy", encodeNpy("i32", sizes, phases)],
    ["probe_scores.npy", encodeNpy("f32", sizes, new Float32Array(6).fill(0.5))],
  ]);
}

Deno.test("probes by themselves come before the strain's rotation, that before the clusters as they are", () =>
  withFolder(async (folder) => {
    const bare = await withFiles(folder, new Map());
    assert.equal(bestSource(bare), "clusters");
    const { phases } = readProbeOrientations(bare, "clusters", clusters, 2);
    assert.deepEqual(Array.from(phases), [0, 0, 1, -1, 1, 1]);
    assert.throws(() => readProbeOrientations(bare, "strain", clusters, 2), BadParameter);
    assert.throws(() => readProbeOrientations(bare, "probes", clusters, 2), BadParameter);

    const files = new Map([["strain.npy", encodeNpy("f32", [...sizes, 4], strain)]]);
    const strained = await withFiles(folder, files);
    assert.equal(bestSource(strained), "strain");
    const turned = readProbeOrientations(strained, "strain", clusters, 2);
    assert.deepEqual(orientationAt(turned, 0), [...first]);
    assert.notDeepEqual(orientationAt(turned, 1), [...first]);
    assert.deepEqual(Array.from(turned.phases), [0, 0, -1, -1, 1, 1]);

    const own = matched(Int32Array.of(1, 1, 0, -1, 1, -1));
    const probed = await withFiles(folder, new Map([...files, ...own]));
    assert.equal(bestSource(probed), "probes");
    const single = readProbeOrientations(probed, "probes", clusters, 2);
    assert.deepEqual(Array.from(single.phases), [1, 1, 0, -1, 1, -1]);
    orientationAt(single, 4).forEach((value, index) => assert.ok(Math.abs(value - second[index]) < 1e-6));
    assert.equal(readProbeScores(probed, "probes")?.[0], 0.5);
    assert.equal(readProbeScores(probed, "strain"), undefined);
  }));

Deno.test("phases that do not exist, and phases without an orientation, are refused", () =>
  withFolder(async (folder) => {
    for (const phases of [Int32Array.of(2, 0, 0, 0, 0, 0), Int32Array.of(0, 0, 0, 1, 0, -1)]) {
      const stored = await withFiles(folder, matched(phases));
      assert.throws(() => readProbeOrientations(stored, "probes", clusters, 2), CorruptFile);
    }
  }));
