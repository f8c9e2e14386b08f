/** Unpacking of chunks in the arena. What comes out has exactly the size that was asked for, or there is an error. */

import * as zlib from "node:zlib";
import { largestStage, type UnpackStep } from "../scan/tiles.ts";
import { type Address, at } from "./address.ts";
import { isShuffled, readBlosc } from "./blosc.ts";
import { crc32c } from "./crc32c.ts";
import type { Kernels } from "./kernels.ts";
import { unpackAreas } from "./unpack_scratch.ts";

/** Bytes before the blocks of chunks of LZ4 and bitshuffle. */
const lz4BlockHead = 12;
/** What undoes the forms of deflate. */
const inflating = { zlib: zlib.inflateSync, gzip: zlib.gunzipSync, deflate: zlib.inflateRawSync };

/** What the kernel of Zstandard says in place of a number of bytes. */
const zstdFailures: Readonly<Record<number, string>> = {
  [-1]: "a Zstandard frame that ends early",
  [-2]: "a Zstandard frame of more bytes than a chunk has",
  [-3]: "a damaged Zstandard frame",
  [-4]: "no Zstandard frame",
  [-5]: "a wrong checksum of a Zstandard frame",
  [-6]: "a Zstandard frame that wants a dictionary",
};

/** Whether the steps can be undone here. */
export function canUnpack(steps: readonly UnpackStep[]): boolean {
  return steps.every(({ kind, elementBytes }) => kind !== "bitshuffle-lz4" || elementBytes <= 4);
}

/** Smaller buffers of the runtime may share their memory with others. */
const leastOwnBytes = 2 ** 16;

/** Gives memory back that nobody uses any more: until the runtime collects it, that of hundreds of chunks would add up. */
function free({ buffer, byteOffset }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && byteOffset === 0 && buffer.byteLength >= leastOwnBytes) {
    buffer.transfer(0);
  }
}

/** Where a piece of memory lies. */
interface Piece {
  readonly pointer: Address;
  readonly bytes: number;
}

/** Unpacks chunks by the kernels of one thread and the runtime's decompression. */
export class ChunkUnpacker {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #kernels: Kernels;

  constructor(memory: WebAssembly.Memory, kernels: Kernels) {
    this.#bytes = new Uint8Array(memory.buffer);
    this.#view = new DataView(memory.buffer);
    this.#kernels = kernels;
  }

  /**
   * Unpacks the `packedBytes` at `scratch`, which has `unpackScratchBytes` (unpack_scratch.ts).
   *
   * @param mostPacked packed bytes that the scratch was asked for
   * @param target where the chunk would best lie; it goes there only where nothing behind it would be written
   * @returns where the `bytes` bytes of the chunk lie: at `target` or in the scratch
   * @throws {Error} that says what is wrong with a damaged chunk
   */
  unpack(
    steps: readonly UnpackStep[],
    scratch: Address,
    packedBytes: number,
    mostPacked: number,
    bytes: number,
    target?: Address,
  ): Address {
    const most = largestStage(bytes);
    const { count, area, work, areas, free } = unpackAreas(steps, scratch, mostPacked, bytes);
    let from: Piece = { pointer: scratch, bytes: packedBytes };
    for (const [index, step] of steps.entries()) {
      const direct = target !== undefined && index === steps.length - 1 &&
        this.#writesExactly(step, from, bytes);
      const to = direct ? target : count > 1 && from.pointer === areas ? at(areas, area) : areas;
      from = this.#undo(step, from, to, direct ? bytes : most, work, free);
    }
    if (from.bytes !== bytes) throw new Error(`${from.bytes} bytes where a chunk has ${bytes}`);
    return from.pointer;
  }

  /** Whether a step writes nothing behind the `bytes` bytes of a chunk: LZ4 does, unless its bytes are put in order then. */
  #writesExactly({ kind }: UnpackStep, from: Piece, bytes: number): boolean {
    switch (kind) {
      case "lz4":
      case "lz4-blocks":
      case "crc32c":
        return false;
      case "blosc":
        return isShuffled(this.#at(from));
      case "shuffle":
        return from.bytes === bytes;
      default:
        return true;
    }
  }

  #undo(step: UnpackStep, from: Piece, to: Address, most: number, work: Address, free: Address): Piece {
    const { elementBytes } = step;
    switch (step.kind) {
      case "zstd":
        return { pointer: to, bytes: this.#unpackZstd(from, to, most, work) };
      case "zlib":
      case "gzip":
      case "deflate":
        return { pointer: to, bytes: this.#inflate(step.kind, this.#at(from), to, most, step.sum) };
      case "lz4":
        return this.#unpackSizedLz4(from, to, most);
      case "lz4-blocks":
        return this.#unpackLz4Blocks(from, to, most);
      case "bitshuffle-lz4":
        return this.#unpackBitshuffle(from, to, most, elementBytes, work);
      case "blosc":
        return this.#unpackBlosc(from, to, most, work, free);
      case "shuffle":
        // Elements that a file says to be longer than its chunk, maybe than 32 bits can say.
        if (elementBytes > from.bytes) return from;
        this.#kernels.joinBytes(from.pointer, to, from.bytes, elementBytes);
        return { pointer: to, bytes: from.bytes };
      case "crc32c":
        return this.#checkSum(from);
    }
  }

  #at({ pointer, bytes }: Piece): Uint8Array {
    return this.#bytes.subarray(pointer, pointer + bytes);
  }

  /** Returns how many bytes came out, as all that do this. */
  #inflate(
    kind: keyof typeof inflating,
    packed: Uint8Array,
    to: Address,
    most: number,
    sum?: number,
  ): number {
    // All in one piece, with room for a byte more: to put several together is to copy them.
    const plain = inflating[kind](packed, { maxOutputLength: most, chunkSize: Math.max(64, most + 1) });
    if (sum !== undefined && zlib.crc32(plain) !== sum) throw new Error("a wrong CRC-32");
    this.#bytes.set(plain, to);
    const { length } = plain;
    free(plain);
    return length;
  }

  #unpackZstd({ pointer, bytes }: Piece, to: Address, most: number, work: Address): number {
    const found = Number(this.#kernels.unpackZstandard(pointer, bytes, to, most, work));
    if (found < 0) throw new Error(zstdFailures[found]);
    return found;
  }

  #unpackSizedLz4({ pointer, bytes }: Piece, to: Address, most: number): Piece {
    if (bytes < 4) throw new Error("an LZ4 chunk of less than 4 bytes");
    const size = this.#view.getUint32(pointer, true);
    this.#lz4({ pointer: at(pointer, 4), bytes: bytes - 4 }, to, size, most);
    return { pointer: to, bytes: size };
  }

  #unpackLz4Blocks({ pointer, bytes }: Piece, to: Address, most: number): Piece {
    if (bytes < lz4BlockHead) throw new Error("an LZ4 chunk of less than 12 bytes");
    const size = Number(this.#view.getBigUint64(pointer)), block = this.#view.getUint32(pointer + 8);
    if (size > most || block === 0) throw new Error(`${size} bytes where a chunk has at most ${most}`);
    const end = pointer + bytes;
    let from = pointer + lz4BlockHead;
    for (let done = 0; done < size; done += block) {
      const length = Math.min(block, size - done);
      if (end - from < 4) throw new Error("an LZ4 chunk that ends early");
      const packed = this.#view.getUint32(from);
      from += 4;
      if (packed > end - from) throw new Error("a block of LZ4 beyond the end of its chunk");
      if (packed === length) this.#bytes.copyWithin(to + done, from, from + packed);
      else this.#lz4({ pointer: from as Address, bytes: packed }, at(to, done), length, length);
      from += packed;
    }
    return { pointer: to, bytes: size };
  }

  #lz4({ pointer, bytes }: Piece, to: Address, size: number, most: number): void {
    if (size > most) throw new Error(`${size} bytes where a chunk has at most ${most}`);
    if (this.#kernels.unpackLz4(pointer, bytes, bytes, to, size) !== 0) throw new Error("damaged LZ4");
  }

  #unpackBitshuffle(
    { pointer, bytes }: Piece,
    to: Address,
    most: number,
    elementBytes: number,
    work: Address,
  ): Piece {
    if (bytes < lz4BlockHead) throw new Error("a bitshuffle chunk of less than 12 bytes");
    const size = Number(this.#view.getBigUint64(pointer));
    if (size > most || size % elementBytes !== 0) {
      throw new Error(`${size} bytes where a chunk has at most ${most}`);
    }
    const status = this.#kernels.unpackBitshuffleLz4(
      pointer,
      bytes,
      to,
      size / elementBytes,
      elementBytes,
      work,
    );
    if (status !== 0) throw new Error(`damaged bitshuffle with LZ4 (code ${status})`);
    return { pointer: to, bytes: size };
  }

  #unpackBlosc(from: Piece, to: Address, most: number, work: Address, free: Address): Piece {
    const { size, copied, compression, shuffle, elementBytes, blocks } = readBlosc(this.#at(from), most);
    if (copied) this.#bytes.set(copied, to);
    const [joinBits, joinBytes] = [shuffle === "bits", shuffle === "bytes" && elementBytes > 1];
    for (const { start, length, pieceBytes, pieces } of blocks()) {
      const target = at(to, start), shuffled = joinBytes || joinBits ? free : target;
      for (const [index, piece] of pieces.entries()) {
        const place = at(shuffled, index * pieceBytes), packed = piece.byteOffset as Address;
        if (piece.length === pieceBytes) this.#bytes.copyWithin(place, packed, packed + pieceBytes);
        else if (compression === "lz4") {
          this.#lz4({ pointer: packed, bytes: piece.length }, place, pieceBytes, pieceBytes);
        } else {
          const source = { pointer: packed, bytes: piece.length };
          const found = compression === "zstd"
            ? this.#unpackZstd(source, place, pieceBytes, work)
            : this.#inflate(compression, piece, place, pieceBytes);
          if (found !== pieceBytes) throw new Error(`${found} bytes where a piece has ${pieceBytes}`);
        }
      }
      // What no piece fills must not be what lay there before.
      this.#bytes.fill(0, shuffled + pieces.length * pieceBytes, shuffled + length);
      if (joinBits) this.#joinBits(shuffled, target, length, elementBytes, work);
      else if (joinBytes) this.#kernels.joinBytes(shuffled, target, length, elementBytes);
    }
    return { pointer: to, bytes: size };
  }

  /** Blosc leaves blocks as they are whose numbers are no multiple of eight. */
  #joinBits(from: Address, to: Address, bytes: number, elementBytes: number, work: Address): void {
    const numbers = Math.floor(bytes / elementBytes), whole = numbers * elementBytes;
    if (numbers % 8 !== 0) this.#bytes.copyWithin(to, from, from + bytes);
    else {
      this.#kernels.joinBits(from, to, numbers, elementBytes, work);
      this.#bytes.copyWithin(to + whole, from + whole, from + bytes);
    }
  }

  #checkSum({ pointer, bytes }: Piece): Piece {
    const end = bytes - 4;
    if (end < 0 || this.#view.getUint32(pointer + end, true) !== crc32c(this.#at({ pointer, bytes: end }))) {
      throw new Error("a wrong CRC-32C");
    }
    return { pointer, bytes: end };
  }
}
