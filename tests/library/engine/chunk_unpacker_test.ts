/**
 * What unpacking leaves behind: nothing that waits to be collected, no bytes of elements that are longer than a chunk, and
 * nothing behind a chunk that goes to its place at once.
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { type Address, at } from "../../../library/engine/address.ts";
import { ChunkUnpacker } from "../../../library/engine/chunk_unpacker.ts";
import { instantiate, kernelModule, type Kernels } from "../../../library/engine/kernels.ts";
import { unpackScratchBytes } from "../../../library/engine/unpack_scratch.ts";
import type { UnpackStep } from "../../../library/scan/tiles.ts";

const chunk = Uint8Array.from({ length: 2 ** 20 }, (_, i) => i % 2 === 0 ? i >> 3 & 7 : 0);

for (const [kind, pack] of [["zlib", deflateSync], ["gzip", gzipSync]] as const) {
  Deno.test(`${kind}: memory that the runtime inflates into is given back at once`, async () => {
    const packed = pack(chunk), steps = [{ kind, elementBytes: 2 }];
    const pages = Math.ceil((2 ** 16 + unpackScratchBytes(steps, packed.length, chunk.length)) / 65536);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const unpacker = new ChunkUnpacker(memory, instantiate(await kernelModule(), memory));
    const scratch = at(0 as Address, 2 ** 16), { transfer } = ArrayBuffer.prototype;
    let given = 0;
    ArrayBuffer.prototype.transfer = function (length?: number) {
      if (length === 0) given += this.byteLength;
      return transfer.call(this, length);
    };
    try {
      for (let count = 1; count <= 3; count++) {
        new Uint8Array(memory.buffer).set(packed, scratch);
        const place = unpacker.unpack(steps, scratch, packed.length, packed.length, chunk.length);
        assert.equal(Buffer.compare(new Uint8Array(memory.buffer, place, chunk.length), chunk), 0);
        assert.ok(given >= count * chunk.length, `${given} bytes after ${count} chunks`);
      }
    } finally {
      ArrayBuffer.prototype.transfer = transfer;
    }
  });
}

for (const elementBytes of [101, 2 ** 31 + 5, 2 ** 32 - 1, 2 ** 32, 1e300]) {
  Deno.test(`shuffled elements of ${elementBytes} bytes, longer than their chunk, lie as they are`, async () => {
    const bytes = chunk.slice(0, 100), steps = [{ kind: "shuffle", elementBytes }] as const;
    const memory = new WebAssembly.Memory({ initial: 4, maximum: 4, shared: true }),
      all = new Uint8Array(memory.buffer);
    const unpacker = new ChunkUnpacker(memory, instantiate(await kernelModule(), memory));
    const scratch = at(0 as Address, 2 ** 16);
    all.set(bytes, scratch);
    const place = unpacker.unpack(steps, scratch, bytes.length, bytes.length, bytes.length);
    assert.deepEqual(all.slice(place, place + bytes.length), bytes);
    assert.ok(
      all.subarray(0, scratch).every((value) => value === 0),
      "something before the scratch was written",
    );
  });
}

/** An LZ4 block of nothing but literals. */
function literals(bytes: Uint8Array): Uint8Array {
  const more = bytes.length - 15;
  return Uint8Array.of(0xf0, ...new Array(Math.floor(more / 255)).fill(255), more % 255, ...bytes);
}

function u32(...values: number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

/** A Blosc chunk of one piece of LZ4, of numbers of two bytes that are not shuffled. */
function unshuffledBlosc(bytes: Uint8Array): Uint8Array {
  const piece = literals(bytes);
  const head = Uint8Array.of(2, 1, 1 << 5 | 16, 2, ...u32(bytes.length, bytes.length, 24 + piece.length));
  return Uint8Array.of(...head, ...u32(20, piece.length), ...piece);
}

/** What a kernel that packs makes of bytes, in memory of its own. */
function packedBy(name: "packBlosc" | "packHdf5", module: WebAssembly.Module, bytes: Uint8Array): Uint8Array {
  const memory = new WebAssembly.Memory({ initial: 8, maximum: 8, shared: true });
  const pack = instantiate(module, memory)[name] as Kernels["packBlosc"];
  const [slot, source, destination] = [2 ** 16, 2 ** 17, 2 ** 18].map((place) => place as Address);
  new Uint8Array(memory.buffer).set(bytes, source);
  pack(source, bytes.length, 2, 8192, destination, slot, at(slot, 64));
  const [length] = new Int32Array(memory.buffer, slot, 1);
  return new Uint8Array(memory.buffer, destination, length).slice();
}

Deno.test("a chunk goes to its place at once where nothing behind it is written, else to the scratch", async () => {
  // No whole number of blocks, of vectors or of eight numbers.
  const bytes = chunk.slice(0, 20_006), module = await kernelModule();
  const swapped = Uint8Array.from(bytes, (_, i) => bytes[i < 10_003 ? 2 * i : 2 * (i - 10_003) + 1]);
  const packings: readonly (readonly [kind: UnpackStep["kind"], packed: Uint8Array, direct: boolean])[] = [
    ["blosc", packedBy("packBlosc", module, bytes), true],
    ["blosc", unshuffledBlosc(bytes), false],
    ["bitshuffle-lz4", packedBy("packHdf5", module, bytes), true],
    ["lz4", Uint8Array.of(...u32(bytes.length), ...literals(bytes)), false],
    ["zlib", deflateSync(bytes), true],
    ["gzip", gzipSync(bytes), true],
    ["deflate", deflateRawSync(bytes), true],
    ["shuffle", swapped, true],
  ];
  for (const [kind, packed, direct] of packings) {
    const steps = [{ kind, elementBytes: 2 }], target = 2 ** 15 as Address;
    const memory = new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true });
    const all = new Uint8Array(memory.buffer).fill(0xa5, 0, 2 ** 16), scratch = 2 ** 16 as Address;
    all.set(packed, scratch);
    const unpacker = new ChunkUnpacker(memory, instantiate(module, memory));
    const place = unpacker.unpack(steps, scratch, packed.length, packed.length, bytes.length, target);
    assert.equal(Buffer.compare(all.slice(place, place + bytes.length), bytes), 0, kind);
    assert.equal(place === target, direct, kind);
    const around = [all.subarray(0, target), all.subarray(direct ? target + bytes.length : 0, scratch)];
    assert.ok(
      around.every((part) => part.every((value) => value === 0xa5)),
      `${kind} writes beside the chunk`,
    );
  }
});
