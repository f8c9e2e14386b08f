/**
 * The container of Blosc 1: blocks, each in one or several compressed pieces, shuffled by bytes or bits. The usual library
 * does not look whether unpacking failed and then gives whatever was in memory, so that only its pieces are left to others.
 */

import { unshuffleBits, unshuffleBytes } from "../unshuffle.ts";

/** Unpacks a piece that has `size` bytes by a compression of that name; the caller looks whether it has. */
export type UnpackPiece = (name: string, piece: Uint8Array, size: number) => Promise<Uint8Array> | Uint8Array;

/** Names of the compressions by their codes; none for those that we do not read. */
const compressions = [undefined, "lz4", undefined, "zlib", "zstd"];
const byteShuffled = 1, copied = 2, bitShuffled = 4, inOnePiece = 16;
const headerBytes = 16, mostPieces = 16, leastPieceBytes = 128;

/**
 * Unpacks a chunk.
 *
 * @param most bytes that may come out
 * @throws {Error} when it is damaged
 */
export async function unpackBlosc(bytes: Uint8Array, most: number, unpack: UnpackPiece): Promise<Uint8Array> {
  if (bytes.length < headerBytes) throw new Error("a blosc chunk of less than 16 bytes");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flags = bytes[2], elementBytes = Math.max(1, bytes[3]);
  const size = view.getUint32(4, true), blockSize = view.getUint32(8, true);
  if (size > most) throw new Error(`${size} bytes where a chunk has at most ${most}`);
  if (view.getUint32(12, true) !== bytes.length) {
    throw new Error("a blosc chunk of another size than it says");
  }
  if (flags & copied) {
    if (bytes.length !== headerBytes + size) {
      throw new Error("a copied blosc chunk of another size than it says");
    }
    return bytes.slice(headerBytes);
  }
  const compression = compressions[flags >> 5];
  if (compression === undefined) throw new Error("a blosc chunk that is not packed with lz4, zlib or zstd");
  const blocks = Math.ceil(size / blockSize);
  if (size > 0 && !(blockSize > 0 && headerBytes + 4 * blocks <= bytes.length)) {
    throw new Error("a blosc chunk without room for its blocks");
  }
  const all = new Uint8Array(size);
  for (let block = 0; block < blocks; block++) {
    const start = block * blockSize, length = Math.min(blockSize, size - start);
    const whole = length === blockSize && !(flags & inOnePiece) && elementBytes <= mostPieces &&
      Math.floor(length / elementBytes) >= leastPieceBytes;
    const pieces = whole ? elementBytes : 1, pieceBytes = Math.floor(length / pieces);
    const packed = new Uint8Array(length);
    let at = view.getUint32(headerBytes + 4 * block, true);
    for (let piece = 0; piece < pieces; piece++) {
      const packedBytes = view.getUint32(at, true), part = bytes.subarray(at + 4, at + 4 + packedBytes);
      if (part.length !== packedBytes) throw new Error("a piece of a blosc chunk beyond its end");
      const plain = packedBytes === pieceBytes ? part : await unpack(compression, part, pieceBytes);
      if (plain.length !== pieceBytes) {
        throw new Error(`${plain.length} bytes where a piece has ${pieceBytes}`);
      }
      packed.set(plain, piece * pieceBytes);
      at += 4 + packedBytes;
    }
    const target = all.subarray(start, start + length);
    if (flags & byteShuffled) unshuffleBytes(packed, target, elementBytes);
    else if (flags & bitShuffled) unshuffleBits(packed, target, elementBytes);
    else target.set(packed);
  }
  return all;
}
