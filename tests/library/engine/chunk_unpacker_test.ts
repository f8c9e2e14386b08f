/** What unpacking leaves behind: nothing that waits to be collected, and no bytes of elements that are longer than a chunk. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { deflateSync, gzipSync } from "node:zlib";
import { type Address, at } from "../../../library/engine/address.ts";
import { ChunkUnpacker } from "../../../library/engine/chunk_unpacker.ts";
import { instantiate, kernelModule } from "../../../library/engine/kernels.ts";
import { unpackScratchBytes } from "../../../library/engine/unpack_scratch.ts";

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
