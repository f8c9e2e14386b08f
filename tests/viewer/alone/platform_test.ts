/** What stands in for the system where the page is by itself does as the system does. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { posix } from "node:path";
import zlib from "node:zlib";
import { DamagedStream, inflateStream } from "../../../viewer/alone/platform/inflate_stream.ts";
import * as path from "../../../viewer/alone/platform/path.ts";
import * as packing from "../../../viewer/alone/platform/zlib.ts";
import { seededRandom } from "../../support/random.ts";

const random = seededRandom(7);
/** Bytes that pack, and some that do not. */
const plain = Uint8Array.from({ length: 70_001 }, (_, place) => place < 60_000 ? place % 97 : 256 * random());

const paths = [
  "/",
  "/a",
  "/a/b.npy",
  "/a/b/",
  "a",
  "a/b.tar.gz",
  "./a/b",
  "../a",
  "/a/../b",
  ".hidden",
  "a.",
  "",
];

Deno.test("paths are those of POSIX", () => {
  for (const one of paths) {
    assert.equal(path.basename(one), posix.basename(one), one);
    assert.equal(path.basename(one, ".npy"), posix.basename(one, ".npy"), one);
    assert.equal(path.dirname(one), posix.dirname(one), one);
    assert.equal(path.extname(one), posix.extname(one), one);
    assert.equal(path.isAbsolute(one), posix.isAbsolute(one), one);
    for (const other of paths) {
      // The page has no working directory but its root, and no path of the program ends in a slash.
      const [from, to] = [posix.resolve("/", one), posix.resolve("/", other)];
      assert.equal(path.resolve("/", one, other), posix.resolve("/", one, other), `${one} ${other}`);
      assert.equal(path.relative(from, to), posix.relative(from, to), `${from} ${to}`);
      const joined = posix.join(one, other);
      assert.equal(
        path.join(one, other),
        joined === "/" ? joined : joined.replace(/\/$/, ""),
        `${one} ${other}`,
      );
    }
  }
});

Deno.test("forms of deflate unpack to the same bytes, also from shared memory; checksums are held against them", () => {
  const forms = [
    [zlib.deflateSync, packing.inflateSync, 4],
    [zlib.gzipSync, packing.gunzipSync, 8],
    [zlib.deflateRawSync, packing.inflateRawSync, 0],
  ] as const;
  for (const [pack, unpack, checkBytes] of forms) {
    const packed = pack(plain), shared = new Uint8Array(new SharedArrayBuffer(packed.length));
    shared.set(packed);
    assert.deepEqual(unpack(shared, { maxOutputLength: plain.length }), plain);
    assert.deepEqual(unpack(packed, { maxOutputLength: 2 * plain.length }), plain);
    assert.throws(() => unpack(packed, { maxOutputLength: plain.length - 1 }), RangeError);
    assert.throws(() => unpack(packed.subarray(0, 100), { maxOutputLength: plain.length }));
    if (checkBytes === 0) continue;
    const wrong = new Uint8Array(packed);
    wrong[wrong.length - checkBytes] ^= 1;
    assert.throws(() => unpack(wrong, { maxOutputLength: plain.length }), /incorrect data check/);
  }
});

Deno.test("CRC-32 is that of zlib, in pieces too", () => {
  for (const length of [0, 1, 3, 4, 5, 70_001]) {
    assert.equal(packing.crc32(plain.subarray(0, length)), zlib.crc32(plain.subarray(0, length)));
  }
  assert.equal(
    packing.crc32(plain.subarray(1001), packing.crc32(plain.subarray(0, 1001))),
    zlib.crc32(plain),
  );
});

Deno.test("a deflate stream unpacks piece by piece; a damaged one says so, and failures of its source come through", async () => {
  const packed = new Uint8Array(zlib.deflateRawSync(plain));
  const unpack = async (pieces: Iterable<Uint8Array>) =>
    Buffer.concat(await Array.fromAsync(inflateStream(pieces)));
  const halves = [packed.subarray(0, 300), packed.subarray(300)];
  assert.deepEqual(new Uint8Array(await unpack(halves)), plain);
  await assert.rejects(unpack([new Uint8Array(100).fill(7)]), DamagedStream);
  const failing = function* () {
    yield halves[0];
    throw new RangeError("the disk");
  };
  await assert.rejects(unpack(failing()), RangeError);
});
