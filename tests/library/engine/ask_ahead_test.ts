/** The first item is on its way before anybody takes it, and whoever makes the items always gets to clean up. */

import assert from "node:assert/strict";
import { askAhead } from "../../../library/engine/ask_ahead.ts";

/** Makes the numbers 0 to 2, and notes what it does. */
function maker(failure?: Error) {
  const notes: string[] = [];
  async function* numbers(): AsyncGenerator<number> {
    try {
      for (let number = 0; number < 3; number++) {
        notes.push(`makes ${number}`);
        await Promise.resolve();
        if (failure) throw failure;
        yield number;
      }
    } finally {
      notes.push("cleans up");
    }
  }
  return { notes, numbers: numbers() };
}

Deno.test("the first item is made at once, the others when they are taken, each once and in their order", async () => {
  const { notes, numbers } = maker();
  const { items, end } = askAhead(numbers);
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(notes, ["makes 0"]);
  assert.deepEqual(await Array.fromAsync(items), [0, 1, 2]);
  await end();
  assert.deepEqual(notes, ["makes 0", "makes 1", "makes 2", "cleans up"]);
});

Deno.test("whoever makes items cleans up where nobody takes them, and where not all are taken", async () => {
  const untaken = maker();
  await askAhead(untaken.numbers).end();
  assert.deepEqual(untaken.notes, ["makes 0", "cleans up"]);
  const { notes, numbers } = maker();
  for await (const _ of askAhead(numbers).items) break;
  assert.deepEqual(notes, ["makes 0", "cleans up"]);
});

Deno.test("a failure is the taker's to hear, and nobody's where nobody takes", async () => {
  const failure = new Error("broken");
  await assert.rejects(Array.fromAsync(askAhead(maker(failure).numbers).items), failure);
  const { notes, numbers } = maker(failure);
  const { end } = askAhead(numbers);
  await new Promise((resolve) => setTimeout(resolve));
  await end();
  assert.deepEqual(notes, ["makes 0", "cleans up"]);
});
