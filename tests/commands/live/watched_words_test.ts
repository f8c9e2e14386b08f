/** The command that a result of `watch` records makes the same result of the finished file. */

import assert from "node:assert/strict";
import { createProgram } from "../../../commands/program.ts";
import { clusterWords } from "../../../commands/live/watched_words.ts";

const { commands } = await createProgram({
  say: () => {},
  io: { writeOut() {}, writeError() {}, terminal: null },
  signal: new AbortController().signal,
  command: [],
});
const named = (name: string) => commands.find((command) => command.name() === name)!.options;

Deno.test("what only watch has is left out, whatever it is, and all else is kept", () => {
  const known = new Set(named("cluster").map(({ long }) => long));
  const own = named("watch").filter(({ long }) => !known.has(long));
  assert.ok(own.length >= 6, "idle, drift, hint, max-shift, gap, remember");
  for (const { long, required } of own) {
    assert.ok(required, `${long} has a value`);
    for (const words of [[long!, "value"], [`${long}=value`]]) {
      const found = clusterWords(
        ["crystallite", "watch", "scan.npy", "--out", "r", ...words, "--blur", "2"],
        "scan.npy",
        "scan.npy",
      );
      assert.deepEqual(found, ["crystallite", "cluster", "scan.npy", "--out", "r", "--blur", "2"], long);
    }
  }
});
