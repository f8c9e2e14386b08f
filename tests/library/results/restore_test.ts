/** Run records that no run writes: what automatic choices left behind is checked before anything is drawn from it. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { chooseThreshold } from "../../../library/cluster/automatic_threshold.ts";
import type { Clustering } from "../../../library/cluster/clustering.ts";
import { readResult } from "../../../library/results/read.ts";
import { restoreClustering } from "../../../library/results/restore.ts";
import { writeResult } from "../../../library/results/write.ts";
import { CorruptFile } from "../../../library/scan/errors.ts";
import { drawClustering, resultOf } from "../../support/clustering.ts";
import { withFolder } from "../../support/folders.ts";

const drawn = drawClustering(["001122", "001122", "001122"]);
const pair = { first: 0, second: 1, similarity: 0.75 };
const clustering: Clustering = {
  ...drawn,
  evidence: chooseThreshold(drawn.forest!, drawn.mask).evidence,
  background: { present: false, doubtful: true, valley: 0.25, ratio: 0.125 },
  regions: {
    stability: 0.875,
    margin: new Float32Array(18).fill(4),
    borderlinePairs: [{ ...pair, borderLength: 3 }],
    bendingPairs: [{ ...pair, localSimilarity: 1 }],
  },
};

/** A run record that is open to changes. */
// deno-lint-ignore no-explicit-any
type Record = any;

const damages: readonly (readonly [string, (record: Record) => void])[] = [
  ["no settled parameters", (record) => delete record.settled],
  ["a threshold that is a text", (record) => record.settled.threshold = "0.9"],
  ["curves of different lengths", (record) => record.evidence.entropy.pop()],
  ["a curve with holes", (record) => record.evidence.coverage[0] = null],
  ["a curve that is an object", (record) => record.evidence.clusters = {}],
  ["no best threshold", (record) => delete record.evidence.best],
  ["no stability", (record) => record.regions.stability = null],
  ["pairs that are no list", (record) => record.regions.borderlinePairs = 7],
  ["a pair with a cluster that there is not", (record) => record.regions.borderlinePairs[0].second = 3],
  ["a pair with half a cluster", (record) => record.regions.bendingPairs[0].first = 0.5],
  ["a pair without a cluster", (record) => delete record.regions.bendingPairs[0].first],
  ["a pair with a text", (record) => record.regions.bendingPairs[0].similarity = "<b>"],
  ["a background that is a text", (record) => record.background = "<b>"],
];

Deno.test("records with damaged evidence, background or regions are refused, and whole ones come back", () =>
  withFolder(async (folder) => {
    const out = join(folder, "out"), path = join(out, "run.json");
    await writeResult(out, resultOf(clustering));
    const whole = await Deno.readTextFile(path);
    const { evidence, background, regions } = restoreClustering(await readResult(out));
    assert.deepEqual(regions, clustering.regions);
    assert.deepEqual(background, clustering.background);
    assert.deepEqual(evidence!.thresholds, clustering.evidence!.thresholds);
    // Curves are rounded in the record, thresholds are not.
    evidence!.entropy.forEach((value, place) =>
      assert.ok(Math.abs(value - clustering.evidence!.entropy[place]) < 1e-6)
    );
    for (const [name, damage] of damages) {
      const record = JSON.parse(whole);
      damage(record);
      await Deno.writeTextFile(path, JSON.stringify(record));
      await assert.rejects(async () => restoreClustering(await readResult(out)), CorruptFile, name);
    }
  }));
