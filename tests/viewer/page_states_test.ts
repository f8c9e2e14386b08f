/** A picture of every state of the page is kept, and of no other; `deno task screenshots` makes them anew. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { fileNames } from "../support/folders.ts";
import { mostPictureBytes, pictureFolder, pictureName } from "../support/page_states/pictures.ts";
import { walks } from "../support/page_states/walks.ts";

Deno.test("a picture is kept of every state of the page, and of no other", async () => {
  const states = walks.flatMap(({ states }) => states.map(({ name }) => name));
  assert.equal(new Set(states).size, states.length);
  const kept = await fileNames(fileURLToPath(pictureFolder));
  assert.deepEqual(kept, states.map(pictureName).sort());
  const bytes = kept.reduce((sum, name) => sum + Deno.statSync(new URL(name, pictureFolder)).size, 0);
  assert.ok(bytes < mostPictureBytes, `${bytes} bytes`);
});
