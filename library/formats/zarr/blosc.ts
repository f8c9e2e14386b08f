/** Chunks of Blosc 1, unpacked on this thread. */

import { readBlosc } from "../../engine/blosc.ts";

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

/** First bytes of all elements, then second ones, and so on; what is left over at the end lies as it is. */
function unshuffleBytes(source: Uint8Array, target: Uint8Array, elementBytes: number): void {
  const elements = Math.floor(source.length / elementBytes);
  for (let byte = 0; byte < elementBytes; byte++) {
    for (let i = byte * elements, to = byte; i < (byte + 1) * elements; i++, to += elementBytes) {
      target[to] = source[i];
    }
  }
  target.set(source.subarray(elements * elementBytes), elements * elementBytes);
}

/** The lowest bits of all elements, then second ones, and so on: only where the elements are a multiple of eight. */
function unshuffleBits(source: Uint8Array, target: Uint8Array, elementBytes: number): void {
  const elements = Math.floor(source.length / elementBytes), rowBytes = elements / 8;
  if (elements % 8 !== 0) return target.set(source);
  for (let byte = 0; byte < elementBytes; byte++) {
    const plane = byte * 8 * rowBytes;
    for (let group = 0; group < rowBytes; group++) {
      const at = plane + group;
      // Eight bytes, each with one bit of eight elements, are a square of bits that is turned over.
      let low = source[at] | source[at + rowBytes] << 8 | source[at + 2 * rowBytes] << 16 |
        source[at + 3 * rowBytes] << 24;
      let high = source[at + 4 * rowBytes] | source[at + 5 * rowBytes] << 8 |
        source[at + 6 * rowBytes] << 16 |
        source[at + 7 * rowBytes] << 24;
      let swap = (low ^ low >>> 7) & 0x00aa00aa;
      low ^= swap ^ swap << 7;
      swap = (high ^ high >>> 7) & 0x00aa00aa;
      high ^= swap ^ swap << 7;
      swap = (low ^ low >>> 14) & 0x0000cccc;
      low ^= swap ^ swap << 14;
      swap = (high ^ high >>> 14) & 0x0000cccc;
      high ^= swap ^ swap << 14;
      const first = low & 0x0f0f0f0f | (high & 0x0f0f0f0f) << 4;
      const second = low >>> 4 & 0x0f0f0f0f | high & 0xf0f0f0f0;
      let to = group * 8 * elementBytes + byte;
      for (let i = 0; i < 4; i++, to += elementBytes) target[to] = first >>> 8 * i;
      for (let i = 0; i < 4; i++, to += elementBytes) target[to] = second >>> 8 * i;
    }
  }
  target.set(source.subarray(elements * elementBytes), elements * elementBytes);
}
