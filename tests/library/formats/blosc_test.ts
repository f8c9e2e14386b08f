/** Blosc: every layout that the library writes is unpacked, and no damage gives bytes that were not there. */

import assert from "node:assert/strict";
import { registry } from "zarrita";
import {
  boundedName,
  byteCodecNames,
  registerCodecs,
  type Registry,
} from "../../../library/formats/zarr/codecs.ts";
import { seededRandom } from "../../support/random.ts";

registerCodecs(registry as unknown as Registry);

interface Codec {
  encode(bytes: Uint8Array): Promise<Uint8Array>;
  decode(bytes: Uint8Array): Promise<Uint8Array>;
}

/** Our decoder for a chunk of so many bytes. */
async function ours(bytes: number, name = "blosc"): Promise<Codec> {
  assert.ok(byteCodecNames.includes(name));
  const entry = await registry.get(boundedName(name))!();
  return entry.fromConfig({}, {
    dataType: "uint8",
    shape: [bytes],
    codecs: [],
    fillValue: 0,
  }) as unknown as Codec;
}

async function library(settings: Record<string, unknown>): Promise<Codec> {
  const entry = await registry.get("blosc")!();
  return entry.fromConfig(settings, undefined as never) as unknown as Codec;
}

/** Counts that compress, and noise that does not. */
function bytesOf(length: number, noise: boolean): Uint8Array {
  const random = seededRandom(length);
  return Uint8Array.from({ length }, (_, i) => noise ? random() * 256 : i % 2 === 0 ? random() * 6 : 0);
}

for (const cname of ["lz4", "lz4hc", "zlib", "zstd"]) {
  Deno.test(`blosc with ${cname} is unpacked, shuffled by bytes, bits or not, in blocks of any size`, async () => {
    for (const shuffle of [0, 1, 2]) {
      for (
        const [length, blocksize] of [[0, 0], [1, 0], [100, 0], [4096, 0], [40_000, 4096], [99_999, 1000], [
          300_000,
          0,
        ]]
      ) {
        for (const noise of [false, true]) {
          const bytes = bytesOf(length, noise);
          const packed = await (await library({ cname, shuffle, clevel: 5, blocksize })).encode(bytes);
          // The library packs bytes; with two bytes in each element a chunk says so in its header.
          assert.deepEqual(
            await (await ours(length)).decode(packed),
            bytes,
            `${length} ${blocksize} ${shuffle}`,
          );
        }
      }
    }
  });
}

Deno.test("damaged blosc chunks are refused where they unpack to too few bytes, and nothing else is made up", async () => {
  const bytes = bytesOf(20_000, false), decoder = await ours(bytes.length), random = seededRandom(5);
  for (const cname of ["lz4", "zstd", "zlib"]) {
    const packed = await (await library({ cname, shuffle: 2, clevel: 5, blocksize: 4096 })).encode(bytes);
    let refused = 0;
    for (let trial = 0; trial < 200; trial++) {
      const damaged = packed.slice();
      const within = trial % 2 === 0 ? 60 : damaged.length;
      damaged[Math.floor(random() * within)] ^= 1 << Math.floor(random() * 8);
      // The same bytes give the same numbers, or the same refusal, whatever was in memory.
      const results = [];
      for (let again = 0; again < 2; again++) {
        results.push(await decoder.decode(damaged).catch(() => undefined));
        await decoder.decode(
          await (await library({ cname, clevel: 1, shuffle: 0 })).encode(bytesOf(20_000, true)),
        );
      }
      assert.deepEqual(results[0], results[1]);
      if (!results[0]) refused++;
    }
    assert.ok(refused > 40, `${cname}: ${refused}`);
  }
  const copied = new Uint8Array(26), view = new DataView(copied.buffer);
  copied.set([2, 1, 2, 1]);
  for (const [at, value] of [[4, 100], [8, 100], [12, 26]]) view.setUint32(at, value, true);
  await assert.rejects(decoder.decode(copied), /copied/);
});

Deno.test("damaged Zstandard and LZ4 chunks unpack to the same bytes, or fail, whatever was in memory", async () => {
  const bytes = bytesOf(20_000, false), noise = bytesOf(20_000, true), random = seededRandom(6);
  for (const name of ["zstd", "lz4"]) {
    const codec = (await registry.get(name)!()).fromConfig({}, undefined as never) as unknown as Codec;
    const decoder = await ours(bytes.length, name),
      packed = await codec.encode(bytes),
      other = await codec.encode(noise);
    for (let trial = 0; trial < 300; trial++) {
      const damaged = packed.slice();
      damaged[Math.floor(random() * (trial % 2 === 0 ? 40 : damaged.length))] ^= 1 <<
        Math.floor(random() * 8);
      const results = [];
      for (let again = 0; again < 2; again++) {
        results.push(await (async () => await decoder.decode(damaged))().catch(() => undefined));
        await decoder.decode(other);
      }
      // Fewer bytes than a chunk has are refused when its numbers are counted.
      const whole = results.map((result) => result?.length === bytes.length ? result : undefined);
      assert.deepEqual(whole[0], whole[1], `${name}, trial ${trial}`);
    }
  }
});
