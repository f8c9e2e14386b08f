/** The kernel that turns matrices, on sizes around its tiles, and that it writes nothing else. */

import assert from "node:assert/strict";
import type { Address } from "../../library/engine/address.ts";
import { instantiate, kernelModule } from "../../library/engine/kernels.ts";
import { seededRandom } from "../support/random.ts";

const memory = new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true });
const kernels = instantiate(await kernelModule(), memory);
const everything = new Uint8Array(memory.buffer);
const sourceAt = 64 as Address, targetAt = 400_000 as Address, placesAt = 900_000 as Address;

Deno.test("turned matrices have their rows as columns, in any order", () => {
  const random = seededRandom(7);
  for (const numberBytes of [1, 2, 4, 8]) {
    for (
      const [rows, columns] of [[1, 1], [8, 8], [64, 64], [72, 136], [65, 63], [3, 200], [128, 130], [7, 64]]
    ) {
      const bytes = rows * columns * numberBytes;
      everything.fill(0xa5);
      const source = everything.subarray(sourceAt, sourceAt + bytes);
      for (let i = 0; i < bytes; i++) source[i] = Math.floor(256 * random());
      const places = Uint32Array.from({ length: columns }, (_, column) => (column * 7 + 3) % columns);
      const unique = new Set(places).size === columns;
      if (!unique) places.forEach((_, column) => places[column] = columns - 1 - column);
      new Uint32Array(memory.buffer, placesAt, columns).set(places);
      kernels.turnNumbers(sourceAt, targetAt, rows, columns, numberBytes, placesAt);
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const from = sourceAt + (row * columns + column) * numberBytes;
          const to = targetAt + (places[column] * rows + row) * numberBytes;
          for (let byte = 0; byte < numberBytes; byte++) {
            if (everything[from + byte] !== everything[to + byte]) {
              assert.fail(`${rows} x ${columns}, ${row}, ${column}`);
            }
          }
        }
      }
      const end = targetAt + bytes;
      assert.ok(everything.subarray(end, placesAt).every((byte) => byte === 0xa5));
      assert.ok(everything.subarray(sourceAt + bytes, targetAt).every((byte) => byte === 0xa5));
    }
  }
});
