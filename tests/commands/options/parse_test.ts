import assert from "node:assert/strict";
import { parseMemory } from "../../../commands/options/parse_memory.ts";
import { assertRefused } from "../../support/refused.ts";

Deno.test("sizes of memory count in 1024s, GB and the like in 1000s, plain numbers in bytes", () => {
  const sizes: [string, number][] = [
    ["512M", 512 * 2 ** 20],
    ["1G", 2 ** 30],
    ["1GiB", 2 ** 30],
    ["1.5g", 1.5 * 2 ** 30],
    ["2GB", 2e9],
    ["64k", 65536],
    ["1048576", 1048576],
    ["100B", 100],
  ];
  for (const [text, bytes] of sizes) assert.equal(parseMemory(text), bytes, text);
  assertRefused(parseMemory, [
    "",
    "much",
    "-1G",
    "0",
    "1Gi",
    "1P",
    "1e3",
    "5iB",
    "1 G B",
    "0x10",
    "99999999T",
  ]);
});
