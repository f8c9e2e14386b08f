/**
 * Patterns that are scattered over a file: the numbers of one detector pixel lie together for all probe positions. This
 * is how arrays in Fortran order and the older scans of DigitalMicrograph lie.
 *
 * To read one pattern is to touch the whole file. So it is turned once, before the first reading: block by block, each of
 * some detector pixels, which lies in one piece in the file, or in one for each pixel, and goes in one piece to a temporary
 * file, the pixels of each position now together. A row of patterns is then one piece of each block.
 */

import type { ByteSource } from "../scan/byte_source.ts";
import { createPixelArray, type PixelArray } from "../scan/dtype.ts";
import { throwIfAborted } from "../scan/errors.ts";
import { dtypeOfNumbers, numberBytes, type StoredNumber } from "../scan/stored_number.ts";
import type { PatternReader } from "../scan/pattern_reader.ts";
import type { Preparation, PreparingOptions } from "../scan/preparation.ts";
import { swapBytes } from "./byte_order.ts";
import { readNumbers } from "./convert_numbers.ts";
import { writeTemporaryFile } from "./temporary_file.ts";
import { turningBytes, TurningMemory } from "../engine/turning_memory.ts";

/** Most bytes of a block; three are in memory: one that is read, one turned, one that is being written. Smaller ones make more pieces of a pattern. */
const usualBlockBytes = 64 * 2 ** 20;
/** The same where pixels share chunks, which are else unpacked for several blocks. */
const largestBlockBytes = 128 * 2 ** 20;
/** Bytes of a pattern's pieces that are enough: larger blocks gain nothing, and memory that was never used costs time. */
const enoughPieceBytes = 4096;
/** Bytes of smaller pieces that are read together. */
const togetherBytes = 2 ** 18;
/** Blocks take at most this part of the memory that is free, as far as the numbers of one detector pixel are not more. */
const partOfMemory = 4;

/** What `info` says about such a file. */
export const scatteredNotes = {
  layout: "patterns scattered over the file; put together in a temporary file when first read",
};

/** An array whose patterns are scattered. */
export interface ScatteredArray {
  /** The file, whose length was checked; the reader closes it. */
  readonly source: ByteSource;
  /** Bytes before the first number. */
  readonly offset: number;
  readonly numbers: StoredNumber;
  /** Whether the bytes of each number are in the other order than this machine's. */
  readonly swapped: boolean;
  /** Lengths of the axes of positions, the slowest first. */
  readonly scan: readonly number[];
  readonly patternRows: number;
  readonly patternColumns: number;
  /** Whether the first of the positions' axes, and the rows of a pattern, are the fastest, as in Fortran order. */
  readonly firstAxisFastest: boolean;
  /**
   * Fills a block with the numbers of `count` detector pixels from `first` on, in place of the source: rows of a pattern are
   * then not the fastest, whatever the positions' axes are.
   */
  readonly readPixels?: (first: number, count: number, into: Uint8Array) => void | Promise<void>;
  /** Bytes that `readPixels` takes beside the block; default 0. */
  readonly readingBytes?: number;
  /** Pixels that are best read together, because they share chunks; default 1. */
  readonly pixelsTogether?: number;
}

/** Parts of patterns that follow each other in the turned file. */
interface Pieces {
  readonly count: number;
  readonly width: number;
  readonly firstPixel: number;
}

/** Reads scattered patterns; the temporary file is as large as the array. */
export class ScatteredReader implements PatternReader {
  readonly #array: ScatteredArray;
  readonly #positions: number;
  readonly #pixels: number;
  readonly #mostBytes: number;
  #blockPixels = 0;
  /** Smaller pieces before they go to their patterns. */
  #pieces: PixelArray | undefined;
  #turning: Promise<ByteSource> | undefined;
  #turned: ByteSource | undefined;
  #closed = false;

  /** @param blockBytes memory for a block, as far as the numbers of one detector pixel are not more */
  constructor(array: ScatteredArray, blockBytes = usualBlockBytes) {
    const { scan, patternRows, patternColumns, pixelsTogether = 1 } = array;
    this.#array = array;
    this.#positions = scan.reduce((product, length) => product * length, 1);
    this.#pixels = patternRows * patternColumns;
    const together = Math.min(largestBlockBytes, pixelsTogether * this.#pixelBytes);
    this.#mostBytes = Math.max(together, Math.min(blockBytes, this.#positions * enoughPieceBytes));
  }

  /** The turning, which the first reading does without being asked. */
  get preparation(): Preparation {
    const block = this.#blockPixelsWithin(this.#mostBytes) * this.#pixelBytes;
    return {
      bytes: turningBytes(block, this.#positions) + (this.#array.readingBytes ?? 0),
      run: async (options) => void await this.#turnOnce(options),
    };
  }

  async readPatterns(first: number, count: number, into: PixelArray): Promise<void> {
    const turned = await this.#turnOnce(), pixels = this.#pixels;
    for (let firstPixel = 0; firstPixel < pixels; firstPixel += this.#blockPixels) {
      const width = Math.min(this.#blockPixels, pixels - firstPixel);
      const place = firstPixel * this.#positions + first * width;
      this.#readPieces(turned, place, { count, width, firstPixel }, into);
    }
  }

  /** Reads of `count` patterns the `width` numbers from `firstPixel` on, which lie together from number `place` of the turned file. */
  #readPieces(
    turned: ByteSource,
    place: number,
    { count, width, firstPixel }: Pieces,
    into: PixelArray,
  ): void {
    const { numbers } = this.#array, native = { numbers, swapped: false }, size = numberBytes(numbers);
    const target = (index: number) => {
      const start = index * this.#pixels + firstPixel;
      return into.subarray(start, start + width);
    };
    if (width * size >= enoughPieceBytes) {
      for (let index = 0; index < count; index++) {
        readNumbers(turned, (place + index * width) * size, native, target(index));
      }
      return;
    }
    const most = Math.ceil(togetherBytes / size / width);
    this.#pieces ??= createPixelArray(
      dtypeOfNumbers(numbers),
      Math.ceil(togetherBytes / size) + this.#blockPixels,
    );
    for (let index = 0; index < count; index += most) {
      const together = Math.min(most, count - index);
      const pieces = this.#pieces.subarray(0, together * width);
      readNumbers(turned, (place + index * width) * size, native, pieces);
      for (let i = 0; i < together; i++) target(index + i).set(pieces.subarray(i * width, (i + 1) * width));
    }
  }

  close(): void {
    this.#closed = true;
    this.#array.source.close();
    this.#turned?.close();
  }

  /** Bytes of the numbers of one detector pixel. */
  get #pixelBytes(): number {
    return this.#positions * numberBytes(this.#array.numbers);
  }

  #blockPixelsWithin(bytes: number): number {
    const { pixelsTogether = 1 } = this.#array, most = Math.floor(bytes / this.#pixelBytes);
    return Math.min(this.#pixels, Math.max(1, most > pixelsTogether ? most - most % pixelsTogether : most));
  }

  /** Turns the file unless that is done, or being done; after it was stopped, from the beginning. */
  #turnOnce(options: PreparingOptions = {}): Promise<ByteSource> {
    this.#turning ??= this.#turn(options).catch((cause) => {
      this.#turning = undefined;
      throw cause;
    });
    return this.#turning;
  }

  async #turn(options: PreparingOptions): Promise<ByteSource> {
    const { available = Infinity } = options;
    this.#blockPixels = this.#blockPixelsWithin(Math.min(this.#mostBytes, available / partOfMemory));
    const bytes = this.#pixels * this.#pixelBytes;
    const turned = await writeTemporaryFile(this.#array.source.path, bytes, this.#blocks(options));
    this.#turned = turned;
    if (!this.#closed) return turned;
    turned.close();
    throw new TypeError(`${this.#array.source.path} is already closed`);
  }

  async *#blocks({ signal, onProgress }: PreparingOptions): AsyncGenerator<Uint8Array, void> {
    const { source, numbers, swapped, firstAxisFastest } = this.#array, width = numberBytes(numbers);
    if (firstAxisFastest) source.check?.();
    const positions = this.#positions,
      places = Uint32Array.from({ length: positions }, (_, i) => this.#placeOf(i));
    const memory = await TurningMemory.create(this.#blockPixels * this.#pixelBytes, places);
    for (let first = 0; first < this.#pixels; first += this.#blockPixels) {
      if (this.#closed) throw new TypeError(`${source.path} is already closed`);
      throwIfAborted(signal);
      const rows = Math.min(this.#blockPixels, this.#pixels - first);
      const block = memory.source(rows * positions * width);
      await this.#readBlock(first, rows, block);
      if (swapped) swapBytes(block, width);
      yield memory.turn(rows, positions, width);
      onProgress?.({ stage: "turning the file", done: first + rows, total: this.#pixels });
      // A large file takes a while, and others want to be heard meanwhile.
      await new Promise((resume) => setTimeout(resume, 0));
    }
  }

  /** Reads the numbers of pixels from the `first` of a pattern on. */
  #readBlock(first: number, count: number, block: Uint8Array): void | Promise<void> {
    const { source, offset, patternRows, patternColumns, firstAxisFastest, readPixels } = this.#array;
    const bytes = this.#pixelBytes;
    if (readPixels) return readPixels(first, count, block);
    if (!firstAxisFastest) return source.readAt(offset + first * bytes, block);
    for (let index = 0; index < block.length / bytes; index++) {
      const row = Math.floor((first + index) / patternColumns), column = (first + index) % patternColumns;
      const place = column * patternRows + row;
      source.readAt(offset + place * bytes, block.subarray(index * bytes, (index + 1) * bytes));
    }
  }

  /** The position in raster order of one in the order of the file. */
  #placeOf(position: number): number {
    const { scan, firstAxisFastest } = this.#array;
    if (!firstAxisFastest) return position;
    let place = 0, left = position, stride = this.#positions;
    for (const length of scan) {
      stride /= length;
      place += left % length * stride;
      left = Math.floor(left / length);
    }
    return place;
  }
}
