/** Tasks in threads of their own: what they give, what they throw, and that nothing they do keeps them from ending. */

import assert from "node:assert/strict";
import { runTask } from "../../../library/engine/background_task.ts";

const module = new URL("../../support/background_task.ts", import.meta.url);

interface News {
  readonly step: number;
}

const run = (what: string, signal = new AbortController().signal, news: number[] = []) =>
  runTask<string, News, { sum: number; values: Float32Array }>(
    module,
    what,
    signal,
    ({ step }) => news.push(step),
  );

Deno.test("a task tells its news in order and hands its result over", async () => {
  const news: number[] = [], { sum, values } = await run("count", undefined, news);
  assert.deepEqual(news, [0, 1, 2, 3, 4]);
  assert.equal(sum, 10);
  assert.deepEqual(values, Float32Array.of(1, 2, 3));
});

Deno.test("errors of ours come back as they were, others as text", async () => {
  await assert.rejects(run("refuse"), { kind: "BadParameter", message: "no", details: { expected: "yes" } });
  await assert.rejects(run("break"), /^Error: broken$/);
});

for (const what of ["wait", "hang"]) {
  Deno.test(`a task that ${what === "wait" ? "listens" : "listens to nobody"} is stopped within a second`, async () => {
    const stop = new AbortController(), news: number[] = [];
    const task = run(what, stop.signal, news);
    while (news.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const stopped = performance.now();
    stop.abort();
    await assert.rejects(task, { kind: "Aborted" });
    assert.ok(performance.now() - stopped < 900);
    await assert.rejects(async () => await run("count", stop.signal), { kind: "Aborted" });
  });
}
