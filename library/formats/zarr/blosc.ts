/** Chunks of Blosc 1, unpacked on this thread. */

import { readBlosc } from "../../engine/blosc.ts";
import { unshuffleBits, unshuffleBytes } from "../unshuffle.ts";

/** Unpacks a piece that has `size` bytes by a compression of that name; the caller looks whether it has. */
export type UnpackPiece = (name: string, piece: Uint8Array, size: number) => Promise<Uint8Array> | Uint8Array;

/**
 * Unpacks a chunk.
 *
 * @param most bytes that may come out
 * @throws {Error} when it is damaged
 */
export async function unpackBlosc(bytes: Uint8Array, most: number, unpack: UnpackPiece): Promise<Uint8Array> {
  const { size, copied, compression, shuffle, elementBytes, blocks } = readBlosc(bytes, most);
  if (copied) return copied.slice();
  const all = new Uint8Array(size);
  for (const { start, length, pieceBytes, pieces } of blocks()) {
    const packed = new Uint8Array(length);
    for (const [index, piece] of pieces.entries()) {
      const plain = piece.length === pieceBytes ? piece : await unpack(compression, piece, pieceBytes);
      if (plain.length !== pieceBytes) {
        throw new Error(`${plain.length} bytes where a piece has ${pieceBytes}`);
      }
      packed.set(plain, index * pieceBytes);
    }
    const target = all.subarray(start, start + length);
    if (shuffle === "bytes") unshuffleBytes(packed, target, elementBytes);
    else if (shuffle === "bits") unshuffleBits(packed, target, elementBytes);
    else target.set(packed);
  }
  return all;
}
