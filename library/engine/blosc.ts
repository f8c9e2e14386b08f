/**
 * The container of Blosc 1: blocks, each in one or several compressed pieces, shuffled by bytes or bits. The usual library
 * does not look whether unpacking failed and then gives whatever was in memory, so that only its pieces are left to others.
 */

/** Names of the compressions by their codes; none for those that we do not read. */
const compressions = [undefined, "lz4", undefined, "zlib", "zstd"] as const;
const byteShuffled = 1, copied = 2, bitShuffled = 4, inOnePiece = 16;
const headerBytes = 16, mostPieces = 16, leastPieceBytes = 128;

/** A block of a chunk. */
export interface BloscBlock {
  /** First byte of the unpacked block in the unpacked chunk. */
  readonly start: number;
  /** Bytes of the unpacked block. */
  readonly length: number;
  /** Bytes of each of its pieces once unpacked; a packed one as long as that lies there as it is. */
  readonly pieceBytes: number;
  /** Packed pieces, views on the chunk. */
  readonly pieces: readonly Uint8Array[];
}

/** What a chunk says of itself. */
export interface BloscChunk {
  /** Unpacked bytes. */
  readonly size: number;
  /** The bytes themselves, where they are not packed. */
  readonly copied?: Uint8Array;
  readonly compression: "lz4" | "zlib" | "zstd";
  /** What is done with the numbers of a block. */
  readonly shuffle: "bytes" | "bits" | "none";
  /** Bytes of one number. */
  readonly elementBytes: number;
  /** The blocks, one after the other; throws an `Error` where one is damaged. */
  blocks(): Generator<BloscBlock, void>;
}

/** Whether the numbers of a chunk come out of its pieces in another order of bytes or bits. */
export function isShuffled(bytes: Uint8Array): boolean {
  const flags = bytes[2], elementBytes = bytes[3];
  return flags & byteShuffled ? elementBytes > 1 : (flags & bitShuffled) !== 0;
}

/**
 * Looks at a chunk.
 *
 * @param most bytes that may come out
 * @throws {Error} when it is damaged
 */
export function readBlosc(bytes: Uint8Array, most: number): BloscChunk {
  if (bytes.length < headerBytes) throw new Error("a blosc chunk of less than 16 bytes");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flags = bytes[2], elementBytes = Math.max(1, bytes[3]);
  const size = view.getUint32(4, true), blockSize = view.getUint32(8, true);
  if (size > most) throw new Error(`${size} bytes where a chunk has at most ${most}`);
  if (view.getUint32(12, true) !== bytes.length) {
    throw new Error("a blosc chunk of another size than it says");
  }
  const shuffle = flags & byteShuffled ? "bytes" : flags & bitShuffled ? "bits" : "none";
  if (flags & copied) {
    if (bytes.length !== headerBytes + size) {
      throw new Error("a copied blosc chunk of another size than it says");
    }
    return {
      size,
      copied: bytes.subarray(headerBytes),
      compression: "lz4",
      shuffle,
      elementBytes,
      *blocks() {},
    };
  }
  const compression = compressions[flags >> 5];
  if (compression === undefined) throw new Error("a blosc chunk that is not packed with lz4, zlib or zstd");
  const count = Math.ceil(size / blockSize);
  if (size > 0 && !(blockSize > 0 && headerBytes + 4 * count <= bytes.length)) {
    throw new Error("a blosc chunk without room for its blocks");
  }
  return {
    ...{ size, compression, shuffle, elementBytes },
    *blocks() {
      for (let block = 0; block < count; block++) {
        const start = block * blockSize, length = Math.min(blockSize, size - start);
        const split = length === blockSize && !(flags & inOnePiece) && elementBytes <= mostPieces &&
          Math.floor(length / elementBytes) >= leastPieceBytes;
        const pieceCount = split ? elementBytes : 1, pieceBytes = Math.floor(length / pieceCount);
        const pieces: Uint8Array[] = [];
        for (let at = view.getUint32(headerBytes + 4 * block, true); pieces.length < pieceCount;) {
          const packedBytes = view.getUint32(at, true), piece = bytes.subarray(at + 4, at + 4 + packedBytes);
          if (piece.length !== packedBytes) throw new Error("a piece of a blosc chunk beyond its end");
          pieces.push(piece);
          at += 4 + packedBytes;
        }
        yield { start, length, pieceBytes, pieces };
      }
    },
  };
}
