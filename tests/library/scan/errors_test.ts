/** Errors: what they quote of files can be printed. */

import assert from "node:assert/strict";
import { CorruptFile, restoreError } from "../../../library/scan/errors.ts";

Deno.test("control characters that stand in files do not reach the sentences of errors, nor marks of direction", () => {
  const odd = "a\x1b[31m\u0007\u009b\u202eb\n";
  const error = new CorruptFile(`it holds ${odd}`, { file: odd, expected: odd, found: odd, remedy: odd });
  const plain = "a\ufffd[31m\ufffd\ufffd\ufffdb\ufffd";
  assert.equal(error.message, `it holds ${plain}`);
  const { file, ...sentences } = error.details;
  assert.deepEqual(sentences, { expected: plain, found: plain, remedy: plain });
  // The path is what programs open.
  assert.equal(file, odd);
  assert.deepEqual(restoreError(error.toJSON()).toJSON(), error.toJSON());
});

Deno.test("details that are not known are left out", () => {
  assert.deepEqual(Object.keys(new CorruptFile("x", { file: "a" }).details), ["file"]);
});
