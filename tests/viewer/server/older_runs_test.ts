/** Runs of one scan side by side: requests name theirs, answers the last one. */

import assert from "node:assert/strict";
import { withFolder } from "../../support/folders.ts";
import { failureOf, partsOf, succeed, withServer } from "../../support/serving.ts";
import { growthWords, sameNumbers, writeScan } from "../../support/viewer_scans.ts";
import { newestRevisionHeader } from "../../../viewer/protocol/limits.ts";

const withoutThreshold = growthWords.slice(0, growthWords.indexOf("--threshold"));
const words = (threshold: string) => [...withoutThreshold, "--threshold", threshold];

Deno.test("an older run keeps its labels and its command, until it is not kept any more", () =>
  withFolder(async (folder) => {
    const { path } = await writeScan(folder);
    await withServer({ roots: [folder] }, async (server) => {
      const { id } = await server.open(path);
      const labelsOf = async (revision: number) =>
        (await partsOf(server.get(`/api/items/${id}/map?revision=${revision}`))).arrays.labels;
      const commandOf = async (revision: number) =>
        (await (await succeed(
          server.post(`/api/items/${id}/command?revision=${revision}`, { source: "method" }),
        )).json()).shell as string;
      await server.run(id, words("0.985"));
      const first = await labelsOf(1);
      await server.run(id, words("0.97"));
      sameNumbers(await labelsOf(1), first);
      assert.notDeepEqual(await labelsOf(2), first);
      assert.match(await commandOf(1), /--threshold 0\.985/);
      assert.match(await commandOf(2), /--threshold 0\.97\b/);
      const answer = await succeed(server.get(`/api/items/${id}/map?revision=1`));
      assert.equal(answer.headers.get(newestRevisionHeader), "2");
      await answer.body?.cancel();
      for (const threshold of ["0.98", "0.99", "0.995"]) await server.run(id, words(threshold));
      sameNumbers(await labelsOf(2), await labelsOf(2));
      const { status, kind, details } = await failureOf(server.get(`/api/items/${id}/map?revision=1`));
      assert.deepEqual([status, kind], [410, "Stale"]);
      assert.ok(details.remedy);
    });
  }));

Deno.test("corrections are kept for the last run only, as they were written", () =>
  withFolder(async (folder) => {
    const { path } = await writeScan(folder);
    await withServer({ roots: [folder] }, async (server) => {
      const { id } = await server.open(path);
      await server.run(id, words("0.985"));
      const keep = async (revision: number, text: string) =>
        await (await succeed(server.post(`/api/items/${id}/corrections?revision=${revision}`, { text })))
          .json();
      await keep(1, "of the first");
      assert.equal((await server.open(path)).corrections, "of the first");
      await server.run(id, words("0.97"));
      assert.equal((await server.open(path)).corrections, undefined);
      await keep(1, "late");
      assert.equal((await server.open(path)).corrections, undefined);
      const tooLong = await failureOf(
        server.post(`/api/items/${id}/corrections`, { text: "x".repeat(5 * 2 ** 20) }),
      );
      assert.equal(tooLong.status, 400);
    });
  }));
