/** What went wrong when the viewer was tried is numbered from 1 to 23; names of tests say which of these they prove mended. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { filesBelow } from "../support/folders.ts";

const count = 23;

Deno.test("every case of the tried viewer has a test", () => {
  const folder = fileURLToPath(new URL(".", import.meta.url)), proved = new Set<number>();
  for (const path of filesBelow(folder)) {
    const text = Deno.readTextFileSync(folder + path);
    for (const [, number] of text.matchAll(/\(case (\d+)\)"/g)) proved.add(Number(number));
  }
  const missing = Array.from({ length: count }, (_, place) => place + 1).filter((number) =>
    !proved.has(number)
  );
  assert.deepEqual(missing, []);
});
