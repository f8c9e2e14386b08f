/** Results that are not written: what cannot be one, and what fails or is cancelled on the way, leaves nothing behind. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { Aborted, CorruptFile } from "../../../library/scan/errors.ts";
import { type ResultContent, writeResult } from "../../../library/results/write.ts";
import { averageBatches, drawClustering, resultOf } from "../../support/clustering.ts";
import { fileNames, resultFiles, withFolder } from "../../support/folders.ts";

const drawing = ["0011.", "0.112", "##122"];

Deno.test("what cannot be a result is refused before anything is written", () =>
  withFolder(async (folder) => {
    const clustering = drawClustering(drawing);
    const broken = (changes: Partial<typeof clustering>) => resultOf({ ...clustering, ...changes });
    const cases: [ResultContent, RegExp][] = [
      [broken({ labels: new Int32Array(3) }), /labels hold 3 values, not 15/],
      [
        broken({ labels: clustering.labels.map((label) => label + 1) }),
        /labels: a label names no cluster: 3/,
      ],
      [
        broken({ similarity: clustering.similarity.map((value) => Number.isNaN(value) ? 0 : value) }),
        /similarity 0/,
      ],
      [broken({ similarity: clustering.similarity.map(() => NaN) }), /similarity NaN/],
      [
        broken({ meanSimilarity: clustering.meanSimilarity.map(() => Infinity) }),
        /mean_similarity: a value is not finite/,
      ],
      [broken({ clusters: clustering.clusters.toReversed() }), /at place 0/],
      [
        broken({ forest: { ...clustering.forest!, probes: new Uint32Array(3) } }),
        /forest_probes hold 3 values/,
      ],
      ...([[new Float32Array(3), /margin hold 3/], [
        new Float32Array(15).fill(NaN),
        /margin: a value is not finite/,
      ]] as const)
        .map(([margin, message]): [ResultContent, RegExp] => [
          broken({ regions: { stability: 1, margin, borderlinePairs: [], bendingPairs: [] } }),
          message,
        ]),
    ];
    for (const [content, message] of cases) {
      await assert.rejects(writeResult(join(folder, "out"), content), message);
      assert.deepEqual(await fileNames(folder), []);
    }
  }));

Deno.test("a failing or incomplete stream of averages leaves nothing behind, and an older result as it was", () =>
  withFolder(async (folder) => {
    const clustering = drawClustering(drawing);
    const out = join(folder, "out");
    const batches = () => [...averageBatches(clustering, 1)];
    const nan = batches();
    nan[1].patterns[4] = NaN;
    const cases: [Iterable<ReturnType<typeof batches>[number]>, RegExp][] = [
      [
        (function* () {
          yield batches()[0];
          throw new CorruptFile("row 7 cannot be decoded");
        })(),
        /row 7/,
      ],
      [batches().slice(0, 2), /average of cluster 2 did not come/],
      [[...batches(), batches()[1]], /some of the averages 1 to 1 came twice/],
      [[...batches(), { ...batches()[2], first: 3 }], /averages 3 to 3 came, but there are 3 clusters/],
      [[{ first: 0, count: 3, patterns: new Float32Array(7) }], /averages hold 7 values, not 60/],
      [nan, /the average pattern of cluster 1 is not finite/],
    ];
    for (const [averages, message] of cases) {
      await assert.rejects(writeResult(out, resultOf(clustering, { averages })), message);
      assert.deepEqual(await fileNames(folder), []);
    }
    await writeResult(out, resultOf(clustering));
    const before = await Deno.readFile(join(out, "run.json"));
    // The first stream is used up.
    for (const [averages, message] of cases.slice(1)) {
      await assert.rejects(writeResult(out, resultOf(clustering, { averages }), { force: true }), message);
      assert.deepEqual(await fileNames(folder), ["out"]);
      assert.deepEqual(await fileNames(out), resultFiles);
      assert.deepEqual(await Deno.readFile(join(out, "run.json")), before);
    }
  }));

Deno.test("a cancelled write throws Aborted and leaves nothing behind", () =>
  withFolder(async (folder) => {
    const clustering = drawClustering(drawing);
    const controller = new AbortController();
    const averages = (function* () {
      for (const batch of averageBatches(clustering, 1)) {
        if (batch.first === 1) controller.abort();
        yield batch;
      }
    })();
    const options = { signal: controller.signal };
    await assert.rejects(
      writeResult(join(folder, "out"), resultOf(clustering, { averages }), options),
      Aborted,
    );
    assert.deepEqual(await fileNames(folder), []);
    await assert.rejects(writeResult(join(folder, "out"), resultOf(clustering), options), Aborted);
  }));

Deno.test("Ctrl-C gets its turn after every part of the averages, before the next batch is asked for", () =>
  withFolder(async (folder) => {
    const clustering = drawClustering(drawing);
    const controller = new AbortController();
    let askedAgain = false;
    const averages = (function* () {
      const [first, ...rest] = averageBatches(clustering, 1);
      // Like a signal, this fires in a turn of the event loop, which the writer has to allow.
      setTimeout(() => controller.abort());
      // A batch takes its time, and a turn is only given when the last one was a while ago.
      const end = performance.now() + 200;
      while (performance.now() < end);
      yield first;
      askedAgain = true;
      yield* rest;
    })();
    const options = { signal: controller.signal };
    await assert.rejects(
      writeResult(join(folder, "out"), resultOf(clustering, { averages }), options),
      Aborted,
    );
    assert.equal(askedAgain, false);
    assert.deepEqual(await fileNames(folder), []);
  }));
