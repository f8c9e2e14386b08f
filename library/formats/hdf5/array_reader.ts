/** Patterns of HDF5 data sets, read in bands through memory of bounded size. */

import type { PixelArray } from "../../scan/dtype.ts";
import { OutOfResources } from "../../scan/errors.ts";
import { InTurn } from "../../scan/in_turn.ts";
import type { PatternReader } from "../../scan/pattern_reader.ts";
import { numberBytes } from "../../scan/stored_number.ts";
import { convertNumbers } from "../convert_numbers.ts";
import {
  bandBytes,
  bytesToRead,
  chunkLength,
  type Hdf5Array,
  isOneChunk,
  largestKeptBytes,
  splitAxes,
} from "./array_axes.ts";
import type { BlockReader } from "./block_reader.ts";
import type { Hdf5File } from "./file.ts";
import { readBlock } from "./open_reader.ts";

/** A block of one array: whole along its last axes, `count` long from `start` on the axis before them. */
interface Block {
  readonly array: Hdf5Array;
  /** Index on each axis before the one that is cut. */
  readonly prefix: readonly number[];
  readonly start: number;
  readonly count: number;
}

function blockBytes(block: Block): number {
  const { array, prefix, count } = block;
  return array.lengths.slice(prefix.length + 1).reduce((a, b) => a * b, count * numberBytes(array.numbers));
}

/** Reads the patterns of arrays of one number type and pattern size, one array after the other. */
export class ArrayReader implements PatternReader {
  readonly readingBytes: number;
  readonly #file: Hdf5File;
  readonly #arrays: readonly Hdf5Array[];
  readonly #blocks: readonly BlockReader[];
  /** Position of each array's first pattern, and after them all. */
  readonly #starts: readonly number[];
  readonly #patternBytes: number;
  #memory = new Uint8Array(0);
  /** What the memory holds, where that is a row of chunks kept for the next call. */
  #kept: Block | undefined;
  /** The call before, which has to end first. */
  readonly #turns = new InTurn();

  constructor(file: Hdf5File, arrays: readonly Hdf5Array[], blocks: readonly BlockReader[]) {
    this.#file = file;
    this.#arrays = arrays;
    this.#blocks = blocks;
    this.readingBytes = bytesToRead(arrays);
    const starts = [0];
    for (const array of arrays) {
      starts.push(starts.at(-1)! + splitAxes(array)[0].reduce((a, b) => a * b, 1));
    }
    this.#starts = starts;
    const [array] = arrays;
    this.#patternBytes = splitAxes(array)[1].reduce((a, b) => a * b, numberBytes(array.numbers));
  }

  readPatterns(first: number, count: number, into: PixelArray): Promise<void> {
    return this.#turns.run(() => this.#read(first, count, into));
  }

  async #read(first: number, count: number, into: PixelArray): Promise<void> {
    const [{ numbers }] = this.#arrays, pixels = into.length / count;
    for (let done = 0; done < count;) {
      const index = this.#starts.findLastIndex((start) => start <= first + done);
      const array = this.#arrays[index];
      const position = first + done - this.#starts[index];
      const wanted = Math.min(count - done, this.#starts[index + 1] - this.#starts[index] - position);
      const block = this.#nextBlock(array, position, wanted);
      const patterns = blockBytes(block) / this.#patternBytes;
      const target = into.subarray(done * pixels, (done + patterns) * pixels);
      convertNumbers(numbers, await this.#bytesOf(block), target);
      done += patterns;
    }
  }

  close(): void {
    this.#memory = new Uint8Array(0);
    for (const blocks of this.#blocks) blocks.close();
  }

  /** The largest block at `position` of at most `wanted` patterns that HDF5 can read as one, within the band. */
  #nextBlock(array: Hdf5Array, position: number, wanted: number): Block {
    const most = Math.max(1, Math.floor(bandBytes / this.#patternBytes));
    const [leading] = splitAxes(array);
    const columns = leading.at(-1)!;
    const column = position % columns;
    const row = Math.floor(position / columns);
    if (leading.length === 1 || column > 0 || wanted < columns || columns > most) {
      const count = Math.min(wanted, columns - column, this.#chunkSteps(array, leading.length - 1, most));
      return { array, prefix: indices(row, leading.slice(0, -1)), start: column, count };
    }
    const rows = leading.at(-2)!;
    const rowIndex = row % rows;
    const prefix = indices(Math.floor(row / rows), leading.slice(0, -2));
    const mostRows = this.#chunkSteps(array, leading.length - 2, Math.floor(most / columns));
    return {
      array,
      prefix,
      start: rowIndex,
      count: Math.min(Math.floor(wanted / columns), rows - rowIndex, mostRows),
    };
  }

  /** `most`, or the multiple of the chunks' length on `axis` below it. */
  #chunkSteps(array: Hdf5Array, axis: number, most: number): number {
    const chunk = chunkLength(array, axis);
    return most >= chunk ? most - most % chunk : most;
  }

  /** The bytes of a block, from what is kept or from the file; a view on memory until the next call. */
  async #bytesOf(block: Block): Promise<Uint8Array> {
    const axis = block.prefix.length;
    const unit = blockBytes({ ...block, count: 1 });
    const chunk = chunkLength(block.array, axis);
    const start = block.start - block.start % chunk;
    const end = Math.min(
      Math.ceil((block.start + block.count) / chunk) * chunk,
      block.array.lengths[axis],
    );
    const aligned: Block = { ...block, start, count: end - start };
    // A single chunk is kept by whoever unpacks it.
    const keep = chunk > 1 && blockBytes(aligned) <= largestKeptBytes && !isOneChunk(block.array, axis);
    const source = keep ? aligned : block;
    if (!(this.#kept && contains(this.#kept, block))) {
      this.#kept = undefined;
      await this.#load(source);
      if (keep) this.#kept = source;
    }
    const from = (block.start - (this.#kept ?? source).start) * unit;
    return this.#memory.subarray(from, from + block.count * unit);
  }

  async #load(block: Block): Promise<void> {
    const { array, prefix, start, count } = block, bytes = blockBytes(block);
    this.#reserve(bytes, array);
    const offset = [...prefix, start, ...array.lengths.slice(prefix.length + 1).map(() => 0)];
    const counts = [...prefix.map(() => 1), count, ...array.lengths.slice(prefix.length + 1)];
    const blocks = this.#blocks[this.#arrays.indexOf(array)], into = this.#memory.subarray(0, bytes);
    await readBlock(array.owner ?? this.#file, array, blocks, offset, counts, into);
  }

  #reserve(bytes: number, array: Hdf5Array): void {
    if (bytes <= this.#memory.length) return;
    this.#memory = new Uint8Array(0);
    try {
      this.#memory = new Uint8Array(bytes);
    } catch (cause) {
      throw new OutOfResources(`one pattern of ${array.path} in ${this.#file.path} takes ${bytes} bytes`, {
        file: this.#file.path,
        dataset: array.path,
        expected: "a pattern that fits into memory",
        found: `${bytes} bytes`,
        remedy: "close other programs or read a smaller data set",
      }, { cause });
    }
  }
}

function contains(outer: Block, inner: Block): boolean {
  return outer.array === inner.array && outer.start <= inner.start &&
    outer.start + outer.count >= inner.start + inner.count &&
    outer.prefix.length === inner.prefix.length &&
    outer.prefix.every((index, axis) => index === inner.prefix[axis]);
}

/** The index on each axis of a position in raster order. */
function indices(position: number, lengths: readonly number[]): number[] {
  const result: number[] = [];
  for (const length of [...lengths].reverse()) {
    result.unshift(position % length);
    position = Math.floor(position / length);
  }
  return result;
}
