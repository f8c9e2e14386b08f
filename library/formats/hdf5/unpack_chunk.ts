/** Undoes the filters of a chunk, never giving more, less or other bytes than it holds. */

import zlib from "node:zlib";
import { unshuffleBits, unshuffleBytes } from "../unshuffle.ts";
import { unpackBzip2 } from "./bzip2.ts";
import type { Hdf5Filter } from "./layout_message.ts";
import { unpackLz4, unpackLzf } from "./lz4.ts";

/** What a filter knows when it is undone. */
interface Stage {
  readonly source: Uint8Array;
  /** Bytes of the chunk, which may be a little more before the first filter was undone. */
  readonly chunkBytes: number;
  readonly parameters: readonly number[];
}

type Undo = (stage: Stage) => Uint8Array;

/** Zstandard came to Deno later than the rest. */
const unpackZstd: ((bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array) | undefined =
  (zlib as { zstdDecompressSync?: typeof zlib.zstdDecompressSync }).zstdDecompressSync;

/** Bytes that zlib wants to unpack to at least. */
const leastPiece = 64;
/** Filters may add so many bytes before others pack them. */
const mostAdded = 64;
const bitshuffle = 32008, zstd = 32015;

const undoing: Readonly<Record<number, Undo>> = {
  // Unpacked in one piece, which otherwise would be put together of many.
  1: ({ source, chunkBytes }) =>
    zlib.inflateSync(source, {
      maxOutputLength: chunkBytes + mostAdded,
      chunkSize: Math.max(leastPiece, chunkBytes + 1),
    }),
  2: ({ source, parameters: [elementBytes] }) => {
    if (!(elementBytes > 0)) throw new Error("elements without size");
    const target = new Uint8Array(source.length);
    unshuffleBytes(source, target, elementBytes);
    return target;
  },
  3: ({ source }) => withoutChecksum(source),
  307: ({ source, chunkBytes }) => unpackBzip2(source, chunkBytes + mostAdded),
  32000: ({ source, chunkBytes }) => {
    const target = new Uint8Array(chunkBytes);
    unpackLzf(source, target);
    return target;
  },
  32004: undoLz4,
  [bitshuffle]: undoBitshuffle,
  [zstd]: ({ source, chunkBytes }) => unpackZstd!(source, { maxOutputLength: chunkBytes + mostAdded }),
  // These change numbers when they are written, and nothing when they are read.
  32022: ({ source }) => source,
  32023: ({ source }) => source,
};

/** Whether all filters can be undone here. */
export function canUnpack(filters: readonly Hdf5Filter[]): boolean {
  return filters.every(({ id, cd_values: [, , , , compression] }) =>
    undoing[id] !== undefined &&
    (unpackZstd !== undefined || !(id === zstd || (id === bitshuffle && compression === 3)))
  );
}

/**
 * The bytes of a chunk.
 *
 * @param filterMask bits of the filters that were left out
 * @throws {Error} when it is damaged
 */
export function unpackChunk(
  packed: Uint8Array,
  filters: readonly Hdf5Filter[],
  filterMask: number,
  chunkBytes: number,
): Uint8Array {
  let bytes = packed;
  for (let index = filters.length - 1; index >= 0; index--) {
    if (filterMask >> index & 1) continue;
    const { id, cd_values: parameters } = filters[index];
    bytes = undoing[id]({ source: bytes, chunkBytes, parameters });
  }
  if (bytes.length !== chunkBytes) throw new Error(`${bytes.length} bytes where a chunk has ${chunkBytes}`);
  return bytes;
}

function undoLz4({ source, chunkBytes }: Stage): Uint8Array {
  const view = new DataView(source.buffer, source.byteOffset, source.length);
  const total = Number(view.getBigUint64(0)), blockBytes = view.getUint32(8);
  if (total > chunkBytes + mostAdded || blockBytes === 0) throw new Error("LZ4 of an impossible size");
  const target = new Uint8Array(total);
  for (let done = 0, at = 12; done < total; done += blockBytes) {
    const packed = view.getUint32(at), part = source.subarray(at + 4, at + 4 + packed);
    const into = target.subarray(done, done + blockBytes);
    if (part.length !== packed) throw new Error("LZ4 that ends too early");
    // What does not become smaller is stored as it is.
    if (packed === into.length) into.set(part);
    else unpackLz4(part, into);
    at += 4 + packed;
  }
  return target;
}

/** Blocks of whole bit planes, each compressed by itself; up to seven elements at the end lie as they are. */
function undoBitshuffle({ source, chunkBytes, parameters }: Stage): Uint8Array {
  const [, , elementBytes, ownBlock = 0, compression = 0] = parameters;
  if (!(elementBytes > 0)) throw new Error("elements without size");
  const view = new DataView(source.buffer, source.byteOffset, source.length);
  const total = compression === 0 ? source.length : Number(view.getBigUint64(0));
  if (total > chunkBytes + mostAdded) throw new Error("bitshuffle of an impossible size");
  const blockBytes = compression === 0
    ? (ownBlock || defaultBlock(elementBytes)) * elementBytes
    : view.getUint32(8);
  if (blockBytes === 0 || blockBytes % (8 * elementBytes) !== 0) {
    throw new Error("blocks of an impossible size");
  }
  const target = new Uint8Array(total), unit = 8 * elementBytes;
  let at = compression === 0 ? 0 : 12, done = 0;
  for (; total - done >= unit; done += Math.min(blockBytes, total - done - (total - done) % unit)) {
    const bytes = Math.min(blockBytes, total - done - (total - done) % unit);
    let planes: Uint8Array;
    if (compression === 0) planes = source.subarray(at, at += bytes);
    else {
      const packed = view.getUint32(at), part = source.subarray(at + 4, at + 4 + packed);
      if (part.length !== packed) throw new Error("bitshuffle that ends too early");
      planes = unpackPlanes(part, bytes, compression);
      at += 4 + packed;
    }
    if (planes.length !== bytes) throw new Error("bitshuffle that ends too early");
    unshuffleBits(planes, target.subarray(done, done + bytes), elementBytes);
  }
  const rest = source.subarray(at, at + total - done);
  if (rest.length !== total - done) throw new Error("bitshuffle that ends too early");
  target.set(rest, done);
  return target;
}

function unpackPlanes(part: Uint8Array, bytes: number, compression: number): Uint8Array {
  if (compression === 3) return unpackZstd!(part, { maxOutputLength: bytes });
  if (compression !== 2) throw new Error("bitshuffle with an unknown compression");
  const planes = new Uint8Array(bytes);
  unpackLz4(part, planes);
  return planes;
}

/** Elements of a block where the file leaves that to the filter: about 8 KiB. */
function defaultBlock(elementBytes: number): number {
  const elements = Math.floor(8192 / elementBytes);
  return Math.max(elements - elements % 8, 128);
}

/** Fletcher's checksum, of 16-bit words, in the last four bytes. */
function withoutChecksum(source: Uint8Array): Uint8Array {
  const bytes = source.subarray(0, Math.max(0, source.length - 4));
  let low = 0, high = 0;
  for (let at = 0; at < bytes.length;) {
    // So many sums stay below 2^53 without a remainder being taken.
    const end = Math.min(at + 65536, bytes.length);
    for (; at < end; at += 2) {
      low += bytes[at] << 8 | (bytes[at + 1] ?? 0);
      high += low;
    }
    low %= 65535;
    high %= 65535;
  }
  const stored = new DataView(source.buffer, source.byteOffset, source.length).getUint32(bytes.length, true);
  // 0 and 65535 are the same to this sum.
  const same = (a: number, b: number) => a % 65535 === b % 65535;
  if (!(same(stored >>> 16, high) && same(stored & 65535, low))) throw new Error("a wrong checksum");
  return bytes;
}
