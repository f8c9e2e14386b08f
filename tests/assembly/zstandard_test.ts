/** The kernel that unpacks Zstandard, against libzstd: sound, damaged and hostile frames. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import * as zlib from "node:zlib";
import type { Address } from "../../library/engine/address.ts";
import { instantiate, kernelModule } from "../../library/engine/kernels.ts";
import { randomCounts, seededRandom } from "../support/random.ts";
import { knownFrames } from "../support/zstandard_frames.ts";

const memory = new WebAssembly.Memory({ initial: 32, maximum: 32, shared: true });
const kernels = instantiate(await kernelModule(), memory);
const everything = new Uint8Array(memory.buffer), words = new Uint32Array(memory.buffer);

/** Places in memory; between them and behind them nothing may change. */
const sourceAt = 4096 as Address, targetAt = 655360 + 3 as Address, scratchAt = 1900544 as Address;
const scratchBytes = 163840, guard = 0xa5, guards = 0xa5a5a5a5;
const endsEarly = -1, tooLarge = -2, damaged = -3, noFrame = -4, wrongSum = -5, dictionary = -6;

/** Unpacks frames, and checks that nothing but the target and the scratch memory is written. */
function unpack(frames: Uint8Array, most: number): { found: number; bytes: Uint8Array } {
  everything.fill(guard);
  everything.set(frames, sourceAt);
  const found = Number(kernels.unpackZstandard(sourceAt, frames.length, targetAt, most, scratchAt));
  const bytes = everything.slice(targetAt, targetAt + Math.max(0, found));
  assert.ok(same(everything.slice(sourceAt, sourceAt + frames.length), frames), "the source was written to");
  everything.fill(guard, sourceAt, sourceAt + frames.length);
  everything.fill(guard, targetAt, targetAt + most);
  everything.fill(guard, scratchAt, scratchAt + scratchBytes);
  let changed = 0;
  for (let i = 0; i < words.length; i++) if (words[i] !== guards) changed++;
  assert.equal(changed, 0, "something else was written to");
  return { found, bytes };
}

function demand(frames: Uint8Array, expected: Uint8Array, label: string): void {
  const { found, bytes } = unpack(frames, expected.length);
  assert.equal(found, expected.length, label);
  assert.ok(same(bytes, expected), label);
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

type Pack = (bytes: Uint8Array, options: { params: Record<number, number> }) => Uint8Array;
type Unpack = (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;
/** Older runtimes have no libzstd. */
const { zstdCompressSync, zstdDecompressSync } = zlib as unknown as {
  zstdCompressSync?: Pack;
  zstdDecompressSync?: Unpack;
};
const ignore = zstdCompressSync === undefined &&
  (console.warn("this Deno has no libzstd to compare with"), true);
const levelParameter = 100, checksumParameter = 201;

function pack(bytes: Uint8Array, level: number, checksum = false): Uint8Array {
  const params = { [levelParameter]: level, [checksumParameter]: Number(checksum) };
  return new Uint8Array(zstdCompressSync!(bytes, { params }));
}

/** Bytes of several kinds: noise, few different, counts of 16 bits, repeats at every distance, one byte. */
const kinds: Readonly<Record<string, (random: () => number, length: number) => Uint8Array>> = {
  noise: (random, length) => Uint8Array.from({ length }, () => 256 * random()),
  skewed: (random, length) => Uint8Array.from({ length }, () => 60 * random() ** 4),
  counts: (random, length) =>
    Uint8Array.from(randomCounts(random, length, 40), (count, i) => i % 2 === 0 ? count : 0),
  repeats(random, length) {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const distance = Math.floor(1 + 40 * random() ** 2), count = Math.floor(200 * random() ** 3);
      bytes[at++] = 256 * random();
      for (let i = 0; i < count && at < length; i++, at++) {
        bytes[at] = at < distance ? 0 : bytes[at - distance];
      }
    }
    return bytes;
  },
  "one byte": (_, length) => new Uint8Array(length).fill(7),
};

Deno.test("frames that another program packed unpack to what they hold", () => {
  for (const { name, frame, bytes } of knownFrames) demand(frame, bytes, name);
});

for (const [kind, make] of Object.entries(kinds)) {
  Deno.test({
    name: `${kind}: what libzstd packs at any level unpacks, whatever its length`,
    ignore,
    fn() {
      const random = seededRandom(5);
      const lengths = [0, 1, 2, 3, 6, 15, 16, 17, 63, 255, 256, 257, 1000, 1024, 5000, 16383, 70000];
      for (const length of lengths) {
        const bytes = make(random, length);
        for (const level of length > 2000 ? [1, 6, 16] : [1, 3, 9, 19]) {
          demand(pack(bytes, level, level % 2 === 1), bytes, `${length} bytes, level ${level}`);
        }
      }
      for (const length of [131071, 131072, 131073, 500001]) {
        const bytes = make(random, length);
        for (const level of [1, 9]) demand(pack(bytes, level), bytes, `${length} bytes, level ${level}`);
      }
    },
  });
}

Deno.test("several frames, and some that are to be skipped, unpack one after the other", () => {
  const skipped = new Uint8Array([0x5c, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9]);
  const parts = knownFrames.slice(0, 3);
  const frames = parts.flatMap(({ frame }) => [...skipped, ...frame]);
  demand(
    new Uint8Array([...frames, ...skipped]),
    Uint8Array.from(parts.flatMap(({ bytes }) => [...bytes])),
    "all",
  );
  assert.equal(unpack(skipped, 100).found, noFrame);
  assert.equal(unpack(new Uint8Array(0), 100).found, noFrame);
});

Deno.test("blocks that are raw or one byte, and a window in place of a size, unpack", () => {
  const frame = [0x28, 0xb5, 0x2f, 0xfd, 0, 0x58];
  const raw = [3 << 3, 0, 0, 1, 2, 3], run = [(5 << 3) | 2 | 1, 0, 0, 9];
  demand(new Uint8Array([...frame, ...raw, ...run]), Uint8Array.from([1, 2, 3, 9, 9, 9, 9, 9]), "both");
  assert.equal(unpack(new Uint8Array([...frame, ...raw, ...run]), 7).found, tooLarge);
  assert.equal(unpack(new Uint8Array([...frame, 6, 0, 0]), 7).found, damaged, "a block of no kind");
  assert.equal(
    unpack(new Uint8Array([...frame, 1, 0, 0x20]), 7).found,
    damaged,
    "a block of half a megabyte",
  );
});

Deno.test("what is cut off, too large, without a frame, in need of a dictionary or of another sum is said", () => {
  for (const { name, frame, bytes } of knownFrames) {
    for (let length = 1; length < frame.length; length++) {
      assert.ok(unpack(frame.subarray(0, length), bytes.length).found < 0, `${name}, cut off at ${length}`);
    }
    assert.ok(unpack(frame, bytes.length - 1).found < 0, `${name}, with too little room`);
  }
  const [{ frame, bytes }] = knownFrames;
  assert.equal(unpack(frame.subarray(0, frame.length - 1), bytes.length).found, endsEarly);
  assert.equal(unpack(frame, bytes.length - 1).found, tooLarge);
  assert.equal(unpack(new TextEncoder().encode("no frame"), 100).found, noFrame);
  const other = frame.slice();
  other[frame.length - 1] ^= 1;
  assert.equal(unpack(other, bytes.length).found, wrongSum);
  const learnt = new Uint8Array([...frame.subarray(0, 4), 0x21, 7, 5, ...frame.subarray(6)]);
  assert.equal(unpack(learnt, bytes.length).found, dictionary);
});

Deno.test("damaged frames give an error, or what libzstd makes of them, and nothing else is touched", () => {
  const random = seededRandom(11), outcomes = { unpacked: 0, refused: 0 };
  // Checksums would find all damage.
  const frames = knownFrames.filter(({ frame }) => (frame[4] & 4) === 0).map(({ frame }) => frame);
  if (!ignore) {
    for (const make of Object.values(kinds)) {
      for (const level of [1, 9]) frames.push(pack(make(random, 3000), level));
    }
  }
  for (let trial = 0; trial < 3000; trial++) {
    const frame = frames[trial % frames.length].slice();
    for (let change = 0; change <= trial % 3; change++) {
      const at = Math.floor(4 + (frame.length - 4) * random() ** (trial % 2 === 0 ? 1 : 4));
      frame[at] = trial % 5 === 0 ? 256 * random() : frame[at] ^ 1 << Math.floor(8 * random());
    }
    const { found, bytes } = unpack(frame, 3000);
    outcomes[found < 0 ? "refused" : "unpacked"]++;
    if (found < 0 || ignore) continue;
    let expected: Uint8Array | undefined;
    try {
      expected = zstdDecompressSync!(frame, { maxOutputLength: 3000 });
    } catch {
      // Refused for something that does not matter here, such as its window.
    }
    if (expected) assert.ok(same(bytes, expected), `trial ${trial}`);
  }
  assert.ok(outcomes.unpacked > 100 && outcomes.refused > 100, JSON.stringify(outcomes));
});

Deno.test("noise behind a sound head is refused or unpacked, and ends", () => {
  const random = seededRandom(13);
  for (let trial = 0; trial < 2000; trial++) {
    const length = Math.floor(8 + 300 * random() ** 2),
      frame = Uint8Array.from({ length }, () => 256 * random());
    frame.set([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58]);
    const body = length - 9;
    if (body > 0) frame.set([(body << 3 | 4 | 1) & 255, body >> 5, 0], 6);
    assert.ok(unpack(frame, 100000).found <= 100000);
  }
});
