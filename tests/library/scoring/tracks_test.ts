/** Scores of tracks against the research code's, and their ends. */

import assert from "node:assert/strict";
import { assignBest } from "../../../library/scoring/assignment.ts";
import { scoreTracks } from "../../../library/scoring/tracks.ts";
import { seededRandom } from "../../support/random.ts";
import { readLabels, readSeriesGolden } from "../../support/series.ts";

Deno.test("HOTA and its parts, IDF1 and switches are those of the research code", () => {
  for (const { truth, tracks, probes, want } of readSeriesGolden().scores) {
    const score = scoreTracks({ probes, truth: readLabels(truth), tracks: readLabels(tracks) });
    const close = (found: number, expected: number) => assert.ok(Math.abs(found - expected) < 1e-12);
    close(score.hota, want.HOTA);
    close(score.detection, want.DetA);
    close(score.association, want.AssA);
    close(score.idf1, want.IDF1);
    assert.equal(score.identitySwitches, want.IDS);
    assert.equal(score.objectFrames, want.objects);
    assert.equal(score.objects, want.truths);
  }
});

Deno.test("scores are those of TrackEval, motmetrics and py-ctcmetrics", () => {
  const { scores } = JSON.parse(
    Deno.readTextFileSync(new URL("../../data/track_scores_of_peers.json", import.meta.url)),
  );
  readSeriesGolden().scores.forEach(({ truth, tracks, probes }, index) => {
    const score = scoreTracks({ probes, truth: readLabels(truth), tracks: readLabels(tracks) });
    const peers = scores[index];
    const close = (found: number, ...expected: number[]) =>
      expected.forEach((value) => assert.ok(Math.abs(found - value) < 1e-12, `${found} ${value}`));
    close(score.hota, peers.hota);
    close(score.detection, peers.detection);
    close(score.association, peers.association);
    close(score.idf1, peers.idf1, peers.motmetricsIdf1);
    close(score.trackingAccuracy, peers.tra);
    assert.deepEqual([peers.clearSwitches, peers.motmetricsSwitches], Array(2).fill(score.identitySwitches));
  });
});

Deno.test("perfect tracks score 1 whatever their numbers, and none score 0", () => {
  const truth = Int32Array.from({ length: 3 * 36 }, (_, place) => Math.floor(place % 36 / 12));
  const perfect = scoreTracks({ probes: 36, truth, tracks: truth.map((object) => 7 - 2 * object) });
  assert.ok(Math.abs(perfect.hota - 1) < 1e-12 && perfect.idf1 === 1 && perfect.identitySwitches === 0);
  assert.equal(perfect.trackingAccuracy, 1);
  const none = scoreTracks({ probes: 36, truth, tracks: truth.map(() => -1) });
  assert.equal(none.hota, 0);
  assert.throws(() => scoreTracks({ probes: 35, truth, tracks: truth }), /one series/);
});

Deno.test("the assignment is the best of all", () => {
  const random = seededRandom(5);
  for (let trial = 0; trial < 60; trial++) {
    const rows = 1 + Math.floor(random() * 5), columns = 1 + Math.floor(random() * 5);
    const worth = Array.from(
      { length: rows },
      () => Array.from({ length: columns }, () => Math.floor(random() * 10)),
    );
    const columnOf = assignBest(worth);
    const found = columnOf.reduce((sum, column, row) => sum + (column < 0 ? 0 : worth[row][column]), 0);
    assert.equal(found, bestByTrying(worth, 0, new Set()));
    const taken = columnOf.filter((column) => column >= 0);
    assert.equal(taken.length, Math.min(rows, columns));
    assert.equal(new Set(taken).size, taken.length);
  }
});

function bestByTrying(worth: readonly (readonly number[])[], row: number, taken: Set<number>): number {
  if (row === worth.length) return 0;
  let best = bestByTrying(worth, row + 1, taken);
  worth[row].forEach((value, column) => {
    if (!taken.has(column)) {
      best = Math.max(best, value + bestByTrying(worth, row + 1, new Set([...taken, column])));
    }
  });
  return best;
}
