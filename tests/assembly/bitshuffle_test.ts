/** The kernel that unpacks bitshuffle-LZ4 chunks against its plain twin, on sound, damaged and random chunks. */

import assert from "node:assert/strict";
import type { Address } from "../../library/engine/address.ts";
import { instantiate, kernelModule } from "../../library/engine/kernels.ts";
import { type MatchLimits, packChunk, unpackChunk } from "../support/bitshuffle.ts";
import { randomCounts, seededRandom } from "../support/random.ts";

const memory = new WebAssembly.Memory({ initial: 4, maximum: 4, shared: true });
const kernels = instantiate(await kernelModule(), memory);
const everything = new Uint8Array(memory.buffer), words = new Uint32Array(memory.buffer);

/** Places in memory; between them and behind them nothing may change. */
const sourceAt = 4096 as Address, destinationAt = 65536 + 3 as Address, scratchAt = 131072 as Address;
const scratchBytes = 65536, guard = 0xa5, guards = 0xa5a5a5a5;

/** Unpacks a chunk, and checks that nothing but the elements and the scratch memory is written. */
function unpack(
  chunk: Uint8Array,
  bytes: number,
  elementBytes: number,
): { status: number; data: Uint8Array } {
  everything.fill(guard);
  everything.set(chunk, sourceAt);
  const status = Number(kernels.unpackBitshuffleLz4(
    sourceAt,
    chunk.length,
    destinationAt,
    bytes / elementBytes,
    elementBytes,
    scratchAt,
  ));
  const data = everything.slice(destinationAt, destinationAt + bytes);
  assert.deepEqual(everything.slice(sourceAt, sourceAt + chunk.length), chunk, "the chunk was written to");
  everything.fill(guard, sourceAt, sourceAt + chunk.length);
  everything.fill(guard, destinationAt, destinationAt + bytes);
  everything.fill(guard, scratchAt, scratchAt + scratchBytes);
  let changed = 0;
  for (let i = 0; i < words.length; i++) if (words[i] !== guards) changed++;
  assert.equal(changed, 0, "something else was written to");
  return { status, data };
}

/** Counts as a detector gives them: mostly zero, some small, a few of any size. */
function sparseBytes(random: () => number, elements: number, elementBytes: number): Uint8Array {
  const counts = randomCounts(random, elements, 2 ** Math.min(12, 8 * elementBytes) - 1);
  const bytes = new Uint8Array(elements * elementBytes);
  counts.forEach((count, element) => {
    for (let byte = 0; byte < elementBytes; byte++) bytes[element * elementBytes + byte] = count >> 8 * byte;
  });
  return bytes;
}

const limits: readonly MatchLimits[] = [
  { longest: 0, farthest: 0 },
  { longest: 5, farthest: 3 },
  { longest: 40, farthest: 20 },
  { longest: 9000, farthest: 300 },
];

for (const elementBytes of [1, 2, 4]) {
  Deno.test(`chunks of ${elementBytes}-byte elements unpack to what was packed, whatever their length and blocks`, () => {
    const random = seededRandom(elementBytes);
    for (const elements of [1, 7, 8, 9, 127, 128, 129, 1000, 3085]) {
      for (const blockBytes of [0, 8 * elementBytes, 1024, 1032 * elementBytes, 32768]) {
        const bytes = sparseBytes(random, elements, elementBytes);
        const limit = limits[Math.floor(random() * limits.length)];
        const chunk = packChunk(bytes, elementBytes, blockBytes, limit);
        const label = `${elements} elements, blocks of ${blockBytes}, ${JSON.stringify(limit)}`;
        const { status, data } = unpack(chunk, bytes.length, elementBytes);
        assert.equal(status, 0, label);
        assert.deepEqual(data, bytes, label);
      }
    }
  });
}

Deno.test("matches of every offset and length unpack, those that overlap themselves too", () => {
  /** The bytes behind a token whose part for the length is full. */
  const lengthBytes = (length: number) => {
    return length < 15 ? [] : [...Array(Math.floor((length - 15) / 255)).fill(255), (length - 15) % 255];
  };
  for (let offset = 1; offset <= 40; offset++) {
    for (const length of [4, 5, 15, 16, 17, 18, 19, 31, 33, 64, 273, 274, 275, 600]) {
      const first = Array.from({ length: 50 }, (_, index) => index * 151 % 256);
      const rest = Array.from({ length: 1024 - 50 - length }, (_, index) => index * 37 % 256);
      const block = [
        ...[0xf0 | Math.min(15, length - 4), ...lengthBytes(first.length), ...first],
        ...[offset, 0, ...lengthBytes(length - 4)],
        ...[0xf0, ...lengthBytes(rest.length), ...rest],
      ];
      const chunk = new Uint8Array(16 + block.length);
      const view = new DataView(chunk.buffer);
      view.setBigUint64(0, 1024n);
      view.setUint32(8, 1024);
      view.setUint32(12, block.length);
      chunk.set(block, 16);
      const { status, data } = unpack(chunk, 1024, 2);
      assert.equal(status, 0, `offset ${offset}, length ${length}`);
      assert.deepEqual(data, unpackChunk(chunk, 1024, 2), `offset ${offset}, length ${length}`);
    }
  }
});

Deno.test("a chunk that is cut anywhere is refused, and what it says is read nowhere beyond it", () => {
  const random = seededRandom(5);
  const bytes = sparseBytes(random, 1100, 2);
  const chunk = packChunk(bytes, 2, 1024, { longest: 100, farthest: 64 });
  for (let length = 0; length < chunk.length; length++) {
    // Were more read than the cut chunk, it would unpack: what is cut off lies behind it.
    everything.set(chunk, sourceAt);
    const status = kernels.unpackBitshuffleLz4(sourceAt, length, destinationAt, 1100, 2, scratchAt);
    assert.notEqual(status, 0, `${length} of ${chunk.length} bytes`);
    assert.notEqual(unpack(chunk.subarray(0, length), bytes.length, 2).status, 0);
  }
  assert.equal(unpack(chunk, bytes.length, 2).status, 0);
});

Deno.test("chunks of other sizes, and blocks that are too large or no multiple of 8 elements, are refused as such", () => {
  const bytes = sparseBytes(seededRandom(6), 512, 2);
  const good = packChunk(bytes, 2, 1024, limits[2]);
  assert.equal(unpack(good, 1024, 2).status, 0);
  assert.equal(unpack(good, 1022, 2).status, 1);
  assert.equal(unpack(good, 1040, 2).status, 1);
  for (const blockBytes of [8, 1000, 32784, 65536, 2 ** 31, 2 ** 32 - 16]) {
    const chunk = good.slice();
    new DataView(chunk.buffer).setUint32(8, blockBytes);
    assert.equal(unpack(chunk, 1024, 2).status, 1, `blocks of ${blockBytes}`);
  }
});

Deno.test("damaged chunks give what the plain twin gives, or are refused as it refuses them", () => {
  const random = seededRandom(7);
  const outcomes = { unpacked: 0, refused: 0 };
  for (let trial = 0; trial < 3000; trial++) {
    const elementBytes = [1, 2, 4][trial % 3];
    const elements = 40 + Math.floor(random() * 300);
    const bytes = sparseBytes(random, elements, elementBytes);
    const limit = limits[trial % limits.length];
    const chunk = packChunk(bytes, elementBytes, [0, 64 * elementBytes, 1024][trial % 3], limit);
    for (let flips = 0; flips <= trial % 4; flips++) {
      // The sizes at the front are damaged now and then only.
      const at = random() < 0.1 ? Math.floor(random() * 16) : 16 + Math.floor(random() * (chunk.length - 16));
      chunk[at] = random() < 0.3 ? 0xff : Math.floor(random() * 256);
    }
    compareWithTwin(chunk, bytes.length, elementBytes, outcomes);
  }
  assert.ok(outcomes.unpacked > 100 && outcomes.refused > 100, JSON.stringify(outcomes));
});

Deno.test("random bytes behind a sound header give what the plain twin gives, or are refused as it refuses them", () => {
  const random = seededRandom(8);
  const outcomes = { unpacked: 0, refused: 0 };
  for (let trial = 0; trial < 3000; trial++) {
    const chunk = Uint8Array.from({ length: 16 + trial % 200 }, () => random() ** 2 * 256);
    const view = new DataView(chunk.buffer);
    view.setBigUint64(0, 256n);
    view.setUint32(8, trial % 2 ? 256 : 64);
    view.setUint32(12, random() < 0.8 ? chunk.length - 16 : Math.floor(random() * 40));
    compareWithTwin(chunk, 256, 2, outcomes);
  }
  assert.ok(outcomes.refused > 100, JSON.stringify(outcomes));
});

function compareWithTwin(
  chunk: Uint8Array,
  bytes: number,
  elementBytes: number,
  outcomes: { unpacked: number; refused: number },
): void {
  const expected = unpackChunk(chunk, bytes, elementBytes);
  const { status, data } = unpack(chunk, bytes, elementBytes);
  const label = `${elementBytes}-byte elements: ${chunk}`;
  assert.equal(status === 0, expected !== undefined, label);
  if (expected) assert.deepEqual(data, expected, label);
  outcomes[expected ? "unpacked" : "refused"]++;
}
