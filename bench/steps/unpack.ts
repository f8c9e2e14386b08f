/** Unpacking of an Arina's chunks, as the detector's software writes them. */

import { at } from "../../library/engine/address.ts";
import type { KernelCall } from "../../library/engine/kernels.ts";
import { openScan } from "../../library/formats/open.ts";
import { writeArina } from "../arina.ts";
import { columns as probes, pixels } from "../patterns.ts";
import { unpackChunks } from "../plain_unpack.ts";
import type { NativeCall, Step } from "../step.ts";

/** Scratch memory that the kernel wants. */
const scratchBytes = 65536;

/** The steps of this file, with their data. */
export async function unpackSteps(): Promise<Step[]> {
  const chunks = await packedPatterns();
  const result = new Uint16Array(probes * pixels);
  return [{
    name: "bitshuffle-LZ4 unpacked",
    rawBytes: result.byteLength,
    tolerance: 0,
    plain() {
      unpackChunks(chunks, pixels, result);
      return result;
    },
    place(engine) {
      const output = engine.allocate(result.byteLength);
      const calls: KernelCall[] = [], native: NativeCall[] = [];
      chunks.forEach((chunk, index) => {
        const source = engine.place(chunk), destination = at(output, 2 * pixels * index);
        // A scratch of its own for each call, since threads share them out.
        const scratch = engine.allocate(scratchBytes);
        calls.push(["unpackBitshuffleLz4", source, chunk.length, destination, pixels, 2, scratch]);
        native.push(["unpack_bitshuffle_lz4_u16", source, chunk.length, destination, pixels, scratch]);
      });
      return { batches: [calls], native, result: engine.view(Uint16Array, output, result.length) };
    },
  }];
}

/** The first patterns of an Arina-like scan, one chunk each. */
async function packedPatterns(): Promise<Uint8Array[]> {
  const folder = await Deno.makeTempDir({ prefix: "crystallite-bench-" });
  try {
    const scan = await openScan(await writeArina(folder, 4));
    const part = scan.stored?.[0];
    scan.close();
    if (part?.kind !== "chunked" || part.packing !== "bitshuffle-lz4" || part.chunkPatterns !== 1) {
      throw new Error("the scan is not packed as expected");
    }
    using file = Deno.openSync(part.path);
    return Array.from({ length: probes }, (_, index) => {
      const chunk = new Uint8Array(part.sizes[index]);
      file.seekSync(part.offsets[index], Deno.SeekMode.Start);
      for (let read = 0; read < chunk.length;) read += file.readSync(chunk.subarray(read)) ?? chunk.length;
      return chunk;
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
