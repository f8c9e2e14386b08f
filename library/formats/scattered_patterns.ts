/**
 * Patterns that are scattered over a file: the numbers of one detector pixel lie together for all probe positions. This
 * is how arrays in Fortran order and the older scans of DigitalMicrograph lie.
 *
 * To read one pattern is to touch the whole file. So it is turned once, before the first reading: block by block, each of
 * some detector pixels, which lies in one piece in the file and goes in one piece to a temporary file, the pixels of each
 * position now together. A row of patterns is then one piece of each block.
 */

import type { ByteSource } from "../scan/byte_source.ts";
import { createPixelArray, type PixelArray } from "../scan/dtype.ts";
import { dtypeOfNumbers, numberBytes, type StoredNumber } from "../scan/stored_number.ts";
import type { PatternReader } from "../scan/pattern_reader.ts";
import { swapBytes } from "./byte_order.ts";
import { readNumbers } from "./convert_numbers.ts";
import { writeTemporaryFile } from "./temporary_file.ts";
import { turnBlock, type Words } from "./turn_block.ts";

/** Bytes of a block; it is in memory twice. Smaller ones make more pieces of a row of patterns. */
const usualBlockBytes = 64 * 2 ** 20;

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
}

/** Reads scattered patterns; the temporary file is as large as the array. */
export class ScatteredReader implements PatternReader {
  readonly #array: ScatteredArray;
  readonly #positions: number;
  readonly #pixels: number;
  readonly #blockPixels: number;
  /** For a pixel in the order of the file, its place in the pattern; none where the orders are the same. */
  readonly #places: Uint32Array | undefined;
  #turning: Promise<ByteSource> | undefined;
  #turned: ByteSource | undefined;
  #closed = false;

  /** @param blockBytes memory for a block, as far as the numbers of one detector pixel are not more */
  constructor(array: ScatteredArray, blockBytes = usualBlockBytes) {
    const { scan, patternRows, patternColumns, numbers, firstAxisFastest } = array;
    this.#array = array;
    this.#positions = scan.reduce((product, length) => product * length, 1);
    this.#pixels = patternRows * patternColumns;
    const pixelBytes = this.#positions * numberBytes(numbers);
    this.#blockPixels = Math.min(this.#pixels, Math.max(1, Math.floor(blockBytes / pixelBytes)));
    if (!firstAxisFastest) return;
    this.#places = Uint32Array.from(
      { length: this.#pixels },
      (_, pixel) => pixel % patternRows * patternColumns + Math.floor(pixel / patternRows),
    );
  }

  async readPatterns(first: number, count: number, into: PixelArray): Promise<void> {
    this.#turning ??= this.#turn();
    const turned = await this.#turning, { numbers } = this.#array, pixels = this.#pixels;
    const native = { numbers, swapped: false }, size = numberBytes(numbers);
    for (let firstPixel = 0; firstPixel < pixels; firstPixel += this.#blockPixels) {
      const width = Math.min(this.#blockPixels, pixels - firstPixel);
      const piece = createPixelArray(dtypeOfNumbers(numbers), count * width);
      const before = firstPixel * this.#positions + first * width;
      readNumbers(turned, before * size, native, piece);
      for (let index = 0; index < count; index++) {
        const start = index * pixels;
        if (this.#places) {
          for (let pixel = 0; pixel < width; pixel++) {
            into[start + this.#places[firstPixel + pixel]] = piece[index * width + pixel];
          }
        } else {
          into.set(piece.subarray(index * width, (index + 1) * width), start + firstPixel);
        }
      }
    }
  }

  close(): void {
    this.#closed = true;
    this.#array.source.close();
    this.#turned?.close();
  }

  async #turn(): Promise<ByteSource> {
    const turned = await writeTemporaryFile(this.#array.source.path, this.#blocks());
    if (this.#closed) turned.close();
    this.#turned = turned;
    return turned;
  }

  async *#blocks(): AsyncGenerator<Uint8Array, void> {
    const { source, offset, numbers, swapped } = this.#array, positions = this.#positions;
    const size = numberBytes(numbers), bytes = this.#blockPixels * positions * size;
    const lying = new Uint8Array(bytes), standing = new Uint8Array(bytes);
    for (let first = 0; first < this.#pixels; first += this.#blockPixels) {
      const rows = Math.min(this.#blockPixels, this.#pixels - first), count = rows * positions;
      const block = lying.subarray(0, count * size);
      source.readAt(offset + first * positions * size, block);
      if (swapped) swapBytes(block, size);
      turnBlock(
        wordsOf(lying, size),
        wordsOf(standing, size),
        { rows, columns: positions, words: size === 8 ? 2 : 1 },
        (column) => this.#placeOf(column),
      );
      yield standing.subarray(0, count * size);
      // A large file takes a while, and others want to be heard meanwhile.
      await new Promise((resume) => setTimeout(resume, 0));
      if (this.#closed) throw new TypeError(`${source.path} is already closed`);
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

function wordsOf({ buffer }: Uint8Array, numberBytes: number): Words {
  return numberBytes === 1
    ? new Uint8Array(buffer)
    : numberBytes === 2
    ? new Uint16Array(buffer)
    : new Uint32Array(buffer);
}
