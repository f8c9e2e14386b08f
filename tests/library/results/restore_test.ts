/** Run records that no run writes: what automatic choices left behind is checked before anything is drawn from it. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { chooseThreshold } from "../../../library/cluster/automatic_threshold.ts";
import type { Clustering } from "../../../library/cluster/clustering.ts";
import { makeRunRecord } from "../../../library/results/run_record.ts";
import { checkRunRecord } from "../../../library/results/run_schema.ts";
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

const damages: readonly (readonly [string, string, (record: Record) => void])[] = [
  ["no settled parameters", "settled", (record) => delete record.settled],
  ["a threshold that is a text", "settled.threshold", (record) => record.settled.threshold = "0.9"],
  ["curves of different lengths", "evidence", (record) => record.evidence.entropy.pop()],
  ["a curve with holes", "evidence.coverage[0]", (record) => record.evidence.coverage[0] = null],
  ["a curve that is an object", "evidence.clusters", (record) => record.evidence.clusters = {}],
  ["no best threshold", "evidence.best", (record) => delete record.evidence.best],
  ["no stability", "regions.stability", (record) => record.regions.stability = null],
  ["pairs that are no list", "regions.borderlinePairs", (record) => record.regions.borderlinePairs = 7],
  [
    "a pair with a cluster that there is not",
    "regions.borderlinePairs[0].second",
    (record) => record.regions.borderlinePairs[0].second = 3,
  ],
  [
    "a pair with half a cluster",
    "regions.bendingPairs[0].first",
    (record) => record.regions.bendingPairs[0].first = 0.5,
  ],
  [
    "a pair without a cluster",
    "regions.bendingPairs[0].first",
    (record) => delete record.regions.bendingPairs[0].first,
  ],
  [
    "a pair with a text",
    "regions.bendingPairs[0].similarity",
    (record) => record.regions.bendingPairs[0].similarity = "<b>",
  ],
  ["a background that is a text", "background", (record) => record.background = "<b>"],
  ["no parameters", "parameters", (record) => delete record.parameters],
  ["a choice without a kind", "parameters.mask", (record) => delete record.parameters.mask.kind],
  ["averages of nothing", "parameters.average", (record) => record.parameters.average = "all"],
  ["a blur that is a text", "parameters", (record) => record.parameters.blur = "wide"],
  ["a threshold out of range", "parameters", (record) => record.parameters.threshold = 2],
  ["a bad pixel that is none", "badPixels.filled[1]", (record) => record.badPixels.filled = [3, 20]],
  ["half a bad pixel", "badPixels.masked[0]", (record) => record.badPixels.masked = [0.5]],
  ["bad pixels that are an object", "badPixels.masked", (record) => record.badPixels.masked = {}],
  ["a centre without a column", "center.column", (record) => delete record.center.column],
  [
    "a pixel size without unit",
    "calibration.pixelSize.unit",
    (record) => delete record.calibration.pixelSize.unit,
  ],
  ["no path of the scan", "input.path", (record) => record.input.path = 7],
  [
    "a checksum of another kind",
    "input.checksum.algorithm",
    (record) => record.input.checksum = { algorithm: "md5", value: "", blockBytes: 1, sampledBlocks: 1 },
  ],
  ["a comparison of another kind", "comparison.kind", (record) => record.comparison = { kind: "quick" }],
  ["a number type that there is not", "dtype", (record) => record.dtype = "u64"],
  ["a time that is a text", "timings.growth", (record) => record.timings.growth = "1 s"],
  ["warnings that are numbers", "warnings[0]", (record) => record.warnings = [7]],
  ["a command in one word", "command", (record) => record.command = "crystallite"],
  ["no number of clusters", "clusters", (record) => record.clusters = -1],
  ["a mixed probe too few", "regions.mixedProbes", (record) => record.regions.mixedProbes = -1],
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
    for (const [name, place, damage] of damages) {
      const record = JSON.parse(whole);
      damage(record);
      await Deno.writeTextFile(path, JSON.stringify(record));
      await assert.rejects(async () => restoreClustering(await readResult(out)), (error) => {
        assert.ok(error instanceof CorruptFile, name);
        assert.equal(error.message, `${path} holds no sensible ${place}`, name);
        const { file, expected, found, remedy } = error.details;
        assert.ok(file === path && expected && found && remedy, `${name}: ${JSON.stringify(error.details)}`);
        return true;
      });
    }
  }));

Deno.test("what later versions add to a record stays in it, and numbers that were not finite are let be", () =>
  withFolder(async (folder) => {
    const out = join(folder, "out"), path = join(out, "run.json");
    await writeResult(out, resultOf(clustering));
    const record = JSON.parse(await Deno.readTextFile(path));
    Object.assign(record.input, { notes: { seed: null }, later: [1] });
    Object.assign(record, { later: { more: true } });
    Object.assign(record.background, { ratio: null });
    Object.assign(record.calibration, { beamEnergy: null });
    await Deno.writeTextFile(path, JSON.stringify(record));
    assert.deepEqual((await readResult(out)).run, record);
  }));

Deno.test("a million bad pixels are checked in no time to speak of", () => {
  const filled = Array.from({ length: 1_000_000 }, (_, pixel) => pixel);
  const record = JSON.parse(JSON.stringify(makeRunRecord({
    ...resultOf({
      ...clustering,
      shape: { ...clustering.shape, patternRows: 1000, patternColumns: 1000 },
      badPixels: { source: "many.npy", filled, masked: [] },
    }),
    ...{ checksum: null, timings: {}, files: [], bytesOut: 0, warnings: [] },
  })));
  const started = performance.now();
  for (const pixel of filled) if (!Number.isInteger(pixel)) throw new RangeError("no pixel");
  const alone = performance.now() - started;
  checkRunRecord(record, "run.json");
  const checked = performance.now() - started - alone;
  assert.ok(checked < 20 * alone + 200, `${checked} ms, a loop alone ${alone} ms`);
});
