/** The kernels that pack chunks: what they write is what plain readers of both containers unpack. */

import assert from "node:assert/strict";
import type { Address } from "../../library/engine/address.ts";
import { instantiate, kernelModule } from "../../library/engine/kernels.ts";
import { unpackBlosc } from "../../library/formats/zarr/blosc.ts";
import { unpackChunk, unpackLz4 } from "../support/bitshuffle.ts";
import { seededRandom } from "../support/random.ts";

const memory = new WebAssembly.Memory({ initial: 8, maximum: 8, shared: true });
const kernels = instantiate(await kernelModule(), memory);
const everything = new Uint8Array(memory.buffer);
const sourceAt = 4096 as Address, destinationAt = 131072 + 3 as Address;
const scratchAt = 327680 as Address, sizeAt = 64 as Address;
const scratchBytes = 42240, guard = 0xa5;

/** Packs a chunk, and checks that nothing but what the kernel may write is written. */
function pack(
  kernel: "packHdf5" | "packBlosc",
  bytes: Uint8Array,
  elementBytes: number,
  blockBytes: number,
): Uint8Array {
  everything.fill(guard);
  everything.set(bytes, sourceAt);
  kernels[kernel](sourceAt, bytes.length, elementBytes, blockBytes, destinationAt, sizeAt, scratchAt);
  const size = new Int32Array(memory.buffer, sizeAt, 1)[0];
  const chunk = everything.slice(destinationAt, destinationAt + size);
  const blocks = Math.ceil(bytes.length / blockBytes);
  const room = 16 + blocks * (Math.floor(blockBytes / 255) + 40) + bytes.length;
  assert(size <= room, `${size} of ${room}`);
  for (
    const [from, to] of [
      [0, sizeAt],
      [sizeAt + 4, sourceAt],
      [sourceAt + bytes.length, destinationAt],
      [destinationAt + room, scratchAt],
      [scratchAt + scratchBytes, everything.length],
    ]
  ) assert(everything.subarray(from, to).every((byte) => byte === guard), `bytes ${from} to ${to}`);
  assert.deepEqual(everything.slice(sourceAt, sourceAt + bytes.length), bytes, "the source was written to");
  return chunk;
}

/** Elements of several kinds: nothing, few small counts, slopes, runs, noise. */
function* contents(elements: number, elementBytes: number): Generator<Uint8Array> {
  const random = seededRandom(elements * 8 + elementBytes), length = elements * elementBytes;
  yield new Uint8Array(length);
  yield Uint8Array.from(
    { length },
    (_, i) => i % elementBytes === 0 && random() < 0.05 ? 1 + Math.floor(3 * random()) : 0,
  );
  yield Uint8Array.from({ length }, (_, i) => Math.floor(i / elementBytes) >> 8 * (i % elementBytes) & 255);
  yield Uint8Array.from({ length }, (_, i) => Math.floor(i / 77) * 31 & 255);
  yield Uint8Array.from({ length }, () => Math.floor(256 * random()));
}

for (const elementBytes of [1, 2, 4, 8]) {
  Deno.test(`chunks of ${elementBytes}-byte elements are packed so that plain readers unpack them`, async () => {
    for (const elements of [1, 7, 8, 9, 128, 136, 1000, 1024, 5003]) {
      for (const blockBytes of [8 * elementBytes, 8192, 32768]) {
        for (const bytes of contents(elements, elementBytes)) {
          const label = `${elements} elements, blocks of ${blockBytes}`;
          const hdf5 = pack("packHdf5", bytes, elementBytes, blockBytes);
          assert.deepEqual(unpackChunk(hdf5, bytes.length, elementBytes), bytes, label);
          const blosc = pack("packBlosc", bytes, elementBytes, blockBytes);
          assert(blosc.length <= bytes.length + 16, label);
          const unpacked = await unpackBlosc(blosc, bytes.length, (name, piece, size) => {
            assert.equal(name, "lz4");
            return unpackLz4(piece, size)!;
          });
          assert.deepEqual(unpacked, bytes, label);
        }
      }
    }
  });
}

Deno.test("what repeats is packed well: zeros to next to nothing, sparse counts to a fraction", () => {
  const sizes = [...contents(16384, 2)].map((bytes) =>
    pack("packHdf5", bytes, 2, 8192).length / bytes.length
  );
  assert(sizes[0] < 0.008 && sizes[1] < 0.12 && sizes[2] < 0.2 && sizes[4] < 1.01, String(sizes));
});
