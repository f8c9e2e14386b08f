/** What is used of `node:zlib`: unpacking in one go, and checksums. Packed bytes may lie on shared memory. */

import * as fflate from "fflate";
import { zstdDecompressSync } from "./zstandard.ts";

/** As far as options are used. */
interface Options {
  /** Bytes that may come out. */
  readonly maxOutputLength: number;
}

/** A stream with the checksum of zlib at its end. */
export function inflateSync(packed: Uint8Array, options: Options): Uint8Array<ArrayBuffer> {
  const plain = within(options, (out) => fflate.unzlibSync(packed, { out }));
  if (adler32(plain) !== viewOf(packed).getUint32(packed.length - 4)) throw new Error("incorrect data check");
  return plain;
}

/** A stream with the header, checksum and length of gzip. */
export function gunzipSync(packed: Uint8Array, options: Options): Uint8Array<ArrayBuffer> {
  const plain = within(options, (out) => fflate.gunzipSync(packed, { out })), end = packed.length;
  const view = viewOf(packed);
  if (crc32(plain) !== view.getUint32(end - 8, true)) throw new Error("incorrect data check");
  if (plain.length !== view.getUint32(end - 4, true)) throw new Error("incorrect length check");
  return plain;
}

/** A stream by itself. */
export function inflateRawSync(packed: Uint8Array, options: Options): Uint8Array<ArrayBuffer> {
  return within(options, (out) => fflate.inflateSync(packed, { out }));
}

/** Unpacks into as much memory as there may be bytes and one more, by which too many are seen. */
function within(
  { maxOutputLength }: Options,
  unpack: (out: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const plain = unpack(new Uint8Array(maxOutputLength + 1));
  if (plain.length > maxOutputLength) throw new RangeError(`more than ${maxOutputLength} bytes`);
  return plain;
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  new DataView(buffer, byteOffset, byteLength);

/** Sums of so many bytes stay below 2^32. */
const adlerRun = 5552;

function adler32(bytes: Uint8Array): number {
  let low = 1, high = 0;
  for (let at = 0; at < bytes.length;) {
    for (const end = Math.min(at + adlerRun, bytes.length); at < end; at++) high += low += bytes[at];
    low %= 65521;
    high %= 65521;
  }
  return (high * 65536 + low) >>> 0;
}

/** What four bytes at once do to a checksum, by how many of the four follow. */
const tables = checksumTables();

function checksumTables(): readonly Int32Array[] {
  const [first, ...others] = Array.from({ length: 4 }, () => new Int32Array(256));
  for (let byte = 0; byte < 256; byte++) {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? rest >>> 1 ^ 0xedb88320 : rest >>> 1;
    first[byte] = rest;
  }
  let before = first;
  for (const table of others) {
    for (let byte = 0; byte < 256; byte++) table[byte] = before[byte] >>> 8 ^ first[before[byte] & 255];
    before = table;
  }
  return [first, ...others];
}

/** The CRC-32 of bytes that follow others whose CRC-32 is `before`. */
export function crc32(bytes: Uint8Array, before = 0): number {
  const [one, two, three, four] = tables;
  let sum = ~before, at = 0;
  for (const end = bytes.length - 3; at < end; at += 4) {
    sum ^= bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24;
    sum = four[sum & 255] ^ three[sum >>> 8 & 255] ^ two[sum >>> 16 & 255] ^ one[sum >>> 24];
  }
  for (; at < bytes.length; at++) sum = one[(sum ^ bytes[at]) & 255] ^ sum >>> 8;
  return ~sum >>> 0;
}

export { zstdDecompressSync };

export default { inflateSync, gunzipSync, inflateRawSync, crc32, zstdDecompressSync };
