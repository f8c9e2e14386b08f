/** Packed counters are unpacked as said of them, by the kernel and on this thread, and nothing else is written. */

import assert from "node:assert/strict";
import { type Address, at } from "../../library/engine/address.ts";
import { instantiate, kernelModule } from "../../library/engine/kernels.ts";
import { unpackWords } from "../../library/formats/frames/unpack_words.ts";
import { bytesOf, createPixelArray } from "../../library/scan/dtype.ts";
import { packedBytes } from "../../library/scan/frames.ts";
import { plainPack, plainUnpack } from "../support/packed_words.ts";
import { seededRandom } from "../support/random.ts";

const memory = new WebAssembly.Memory({ initial: 64, maximum: 64, shared: true });
const kernels = instantiate(await kernelModule(), memory);
const sourceAt = 1024 as Address, targetAt = 2 ** 21 as Address;

for (const depth of [1, 6, 12, 24] as const) {
  for (const chips of [1, 4] as const) {
    Deno.test(`counters of ${depth} bits of ${chips} chips are unpacked`, () => {
      const random = seededRandom(depth + chips), packed = { depth, chips };
      for (let trial = 0; trial < 12; trial++) {
        const columns = 64 * (1 + Math.floor(2 * random())) * (chips === 4 ? 2 : 1);
        const rows = (chips === 4 ? 2 : 1) * (1 + Math.floor(5 * random()));
        const count = 1 + Math.floor(3 * random()), gap = Math.floor(40 * random());
        const frameBytes = packedBytes(packed, rows * columns), recordBytes = frameBytes + gap;
        const records = new Uint8Array(memory.buffer, sourceAt + trial, count * recordBytes);
        for (let i = 0; i < records.length; i++) records[i] = 256 * random();
        const expected = Array.from({ length: count }, (_, record) => {
          const words = records.slice(record * recordBytes).subarray(0, frameBytes);
          const pattern = plainUnpack(packed, words, rows, columns);
          const here = pattern.slice().fill(0);
          unpackWords(packed, words, columns, bytesOf(here));
          assert.deepEqual(here, pattern, "on this thread");
          return bytesOf(pattern);
        });
        const bytes = count * expected[0].length;
        const guarded = new Uint8Array(memory.buffer, targetAt - 64, bytes + 128).fill(0xa5);
        kernels.unpackWords(at(sourceAt, trial), targetAt, count, recordBytes, rows, columns, depth, chips);
        expected.forEach((pattern, record) => {
          const first = 64 + record * pattern.length;
          assert.deepEqual(guarded.slice(first, first + pattern.length), pattern, `trial ${trial}`);
        });
        for (const side of [guarded.slice(0, 64), guarded.slice(-64)]) {
          assert.ok(side.every((byte) => byte === 0xa5));
        }
      }
    });
  }
}

Deno.test("the plain packing of the tests is the inverse of their unpacking", () => {
  const random = seededRandom(1);
  for (const depth of [1, 6, 12, 24] as const) {
    for (const chips of [1, 4] as const) {
      const type = depth === 24 ? "u32" : depth === 12 ? "u16" : "u8";
      const pattern = createPixelArray(type, 4 * 128).map(() => Math.floor(random() * 2 ** depth));
      assert.deepEqual(
        plainUnpack({ depth, chips }, plainPack({ depth, chips }, pattern, 4, 128), 4, 128),
        pattern,
      );
    }
  }
});
