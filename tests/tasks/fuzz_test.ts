/** `deno task fuzz`: what it watches over may hang, end the process, or take all memory; it goes on with the next case. */

import assert from "node:assert/strict";
import { fuzzReader } from "../support/fuzzing/watch.ts";

const module = new URL("../support/fuzzing/bad_readers.ts", import.meta.url);
const plan = { seed: 1, from: 0, count: 12, milliseconds: 60_000, patience: 1500, module };

for (
  const [name, says] of [["hanging", /hangs for more than 1\.5 s/], ["ending", /ended with 3/], [
    "greedy",
    /took 1\d\d MiB/,
  ]] as const
) {
  Deno.test(`a ${name} reader is found out, and the cases after it are run`, async () => {
    const { cases, faults, counts } = await fuzzReader(name, plan);
    assert.equal(cases, plan.count);
    assert.ok(faults.length >= 1 && faults.length < plan.count, String(faults.length));
    for (const { fault } of faults) assert.match(fault, says);
    if (name === "greedy") assert.ok(counts.read + counts.CorruptFile + counts.fault === plan.count);
  });
}

Deno.test("a sound reader passes, by the command with its figures, and a case alone leaves its files", async () => {
  const folder = await Deno.makeTempDir({ prefix: "crystallite-test-" });
  try {
    const run = async (...args: string[]) => {
      const script = new URL("../support/fuzzing/run.ts", import.meta.url).href;
      const { code, stdout } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", script, ...args],
        env: { NO_COLOR: "1" },
      }).output();
      return [code, new TextDecoder().decode(stdout)] as const;
    };
    const [code, text] = await run("--reader", "blo", "--count", "30");
    assert.equal(code, 0, text);
    assert.match(text, /^blo +30 .*read \d+/m);
    assert.match(text, /30 cases of seed 1 in \d+ s, 0 faults/);
    const [, alone] = await run("--reader", "blo", "--from", "7", "--count", "1", "--keep", `${folder}/case`);
    assert.match(alone, /1 cases of seed 1 .*, 0 faults/);
    assert.deepEqual(Array.from(Deno.readDirSync(`${folder}/case`), ({ name }) => name), ["a.blo"]);
    assert.equal((await run("--reader", "none"))[0], 2);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
