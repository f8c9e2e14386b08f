/** Shuffles of bytes undone, of elements that a file says to be longer than its chunks as well. */

import assert from "node:assert/strict";
import { unshuffleBytes } from "../../../library/formats/unshuffle.ts";

Deno.test("elements of any length: whole ones are joined, the rest lies as it is", () => {
  const source = Uint8Array.from({ length: 10 }, (_, index) => index);
  for (
    const [elementBytes, expected] of [
      [1, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
      [2, [0, 5, 1, 6, 2, 7, 3, 8, 4, 9]],
      [3, [0, 3, 6, 1, 4, 7, 2, 5, 8, 9]],
      [10, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
      [11, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
      // As a damaged file had it; byte by byte this took 12 s.
      [1937008994, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ] as const
  ) {
    const target = new Uint8Array(source.length);
    unshuffleBytes(source, target, elementBytes);
    assert.deepEqual(Array.from(target), expected, `${elementBytes}`);
  }
});
