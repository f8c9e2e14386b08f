/** Patterns from records of raw files, read on this thread. */

import { FileSource } from "../../scan/byte_source.ts";
import { FilePool } from "../../scan/file_pool.ts";
import { bytesOf, createPixelArray, type PixelArray } from "../../scan/dtype.ts";
import { frameSpan, isInOrder, isSwapped, storedSpan } from "../../scan/frames.ts";
import { dtypeOfNumbers, keepsForm, numberBytes } from "../../scan/stored_number.ts";
import type { PatternReader } from "../../scan/pattern_reader.ts";
import { firstPositions, type FramePatterns, partAt, recordRun } from "../../scan/stored.ts";
import { swapBytes } from "../byte_order.ts";
import { convertNumbers } from "../convert_numbers.ts";
import { unpackWords } from "./unpack_words.ts";

/** Files that are kept open. */
const mostOpen = 64;

/** Records of some files, one after the other; all are of one kind. */
export class RecordReader implements PatternReader {
  readonly #parts: readonly FramePatterns[];
  /** Position of the first pattern of each part. */
  readonly #starts: Float64Array;
  readonly #files = new FilePool((path) => FileSource.openAgain(path), mostOpen);
  /** The pixels of a pattern, in the order of its record. */
  readonly #pixels: PixelArray;
  /** Their numbers as they are stored, in native byte order: the same memory, where the pixels are of that type. */
  readonly #numbers: Uint8Array;
  readonly #record: Uint8Array;
  /** What a record is unpacked from. */
  readonly #packed: Uint8Array;

  /** @throws {FileUnavailable} when the first file cannot be opened */
  constructor(parts: readonly FramePatterns[]) {
    const [{ frame, path }] = parts, count = frame.rows * frame.columns;
    this.#parts = parts;
    this.#starts = firstPositions(parts);
    this.#pixels = createPixelArray(dtypeOfNumbers(frame.numbers), count);
    this.#numbers = keepsForm(frame.numbers)
      ? bytesOf(this.#pixels)
      : new Uint8Array(count * numberBytes(frame.numbers));
    this.#record = new Uint8Array(isInOrder(frame) ? 0 : frameSpan(frame));
    this.#packed = new Uint8Array(frame.packed ? storedSpan(frame) : 0);
    this.#files.file(path);
  }

  readPatterns(first: number, count: number, into: PixelArray): void {
    const pixels = this.#pixels.length, end = first + count;
    for (let index = partAt(this.#starts, first); index < this.#parts.length; index++) {
      const start = this.#starts[index], part = this.#parts[index];
      if (start >= end) return;
      const from = Math.max(first - start, 0), to = Math.min(end - start, part.patterns);
      const done = start + from - first;
      const target = into.subarray(done * pixels, (done + to - from) * pixels);
      for (let position = from; position < to;) {
        const { record, patterns } = recordRun(part, position, to - position);
        const run = target.subarray((position - from) * pixels, (position - from + patterns) * pixels);
        if (record === undefined) run.fill(0);
        else this.#readRun(part, record, run);
        position += patterns;
      }
    }
  }

  close(): void {
    this.#files.close();
  }

  /** Fills `into` with the patterns of records from `first`. */
  #readRun(part: FramePatterns, first: number, into: PixelArray): void {
    const { path, paths, offset, recordBytes, frame } = part;
    const pixels = this.#pixels.length, count = into.length / pixels;
    const straight = !frame.packed && isInOrder(frame) && keepsForm(frame.numbers);
    if (straight && recordBytes === frameSpan(frame) && !paths) {
      this.#files.file(path).readAt(offset + first * recordBytes, bytesOf(into));
    } else {
      for (let index = 0; index < count; index++) {
        const pattern = into.subarray(index * pixels, (index + 1) * pixels);
        const file = this.#files.file(paths ? paths[first + index] : path);
        const place = paths ? offset : offset + (first + index) * recordBytes;
        if (straight) file.readAt(place, bytesOf(pattern));
        else this.#arrange(frame, file, place, pattern);
      }
    }
    if (straight && isSwapped(frame)) swapBytes(into);
  }

  /** Reads one record and puts its numbers in the order of the pattern. */
  #arrange(frame: FramePatterns["frame"], file: FileSource, place: number, pattern: PixelArray): void {
    const { rows, columns, rowBytes, numbers, flipRows, flipColumns, transposed } = frame;
    const bytes = this.#numbers, size = numberBytes(numbers), kept = columns * size, pixels = this.#pixels;
    this.#load(frame, file, place, isInOrder(frame) ? bytes : this.#record);
    if (!isInOrder(frame)) {
      for (let row = 0; row < rows; row++) {
        const source = this.#record.subarray(row * rowBytes, row * rowBytes + kept);
        bytes.set(source, (flipRows ? rows - 1 - row : row) * kept);
      }
    }
    // Before any is moved as a number: floats of the other byte order may look like NaN, which does not keep its bits.
    if (isSwapped(frame)) swapBytes(bytes, size);
    if (!keepsForm(numbers)) convertNumbers(numbers, bytes, pixels);
    if (flipColumns) {
      for (let row = 0; row < rows; row++) pixels.subarray(row * columns, (row + 1) * columns).reverse();
    }
    if (!transposed) return pattern.set(pixels);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        pattern[column * rows + row] = pixels[row * columns + column];
      }
    }
  }

  /** Reads the numbers of a record as they lie in it, or as they were packed. */
  #load(
    { packed, columns }: FramePatterns["frame"],
    file: FileSource,
    place: number,
    into: Uint8Array,
  ): void {
    if (!packed) return file.readAt(place, into);
    file.readAt(place, this.#packed);
    unpackWords(packed, this.#packed, columns, into);
  }
}
