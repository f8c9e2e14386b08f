/** Patterns from chunks that may hold parts of them, put together in the arena. Each thread has its own reader. */

import { FileSource } from "../scan/byte_source.ts";
import { CrystalliteError } from "../scan/errors.ts";
import { computedAsStored, numberBytes, storedNumbers } from "../scan/stored_number.ts";
import { stepsOfChunk, tileBytes, type TiledPatterns } from "../scan/tiles.ts";
import { type Address, at, wholeLines } from "./address.ts";
import { ChunkUnpacker } from "./chunk_unpacker.ts";
import type { Kernels } from "./kernels.ts";
import { wideBytes } from "./record_loader.ts";
import { columnsAt, damaged, fileOf, rowsAt, type Run, runAt } from "./tile_runs.ts";
import { unpackScratchBytes } from "./unpack_scratch.ts";

/** Bytes of scratch that {@link TileReader.read} wants where it keeps `rows` rows of the patterns that share chunks. */
export function tileScratchBytes(part: TiledPatterns, patternBytes: number, rows: number): number {
  return chunkScratchBytes(part, numberOf(part, patternBytes)) +
    wholeLines(keptBytes(part, patternBytes, rows));
}

/** Bytes of one number of the patterns that are made: as they are computed, or float64. */
function numberOf({ lengths }: TiledPatterns, patternBytes: number): number {
  return patternBytes / (lengths.at(-2)! * lengths.at(-1)!);
}

/** Bytes of patterns that share chunks: so many rows of them. */
function keptBytes({ chunks }: TiledPatterns, patternBytes: number, rows: number): number {
  const [across] = chunks.slice(-3);
  return rows * across * patternBytes;
}

function chunkScratchBytes(part: TiledPatterns, number: number): number {
  const bytes = tileBytes(part);
  const converted = isConverted(part) ? wholeLines(number * bytes / numberBytes(part.numbers)) : 0;
  return wholeLines(unpackScratchBytes(stepsOfChunk(part), mostPacked(part), bytes)) + converted;
}

/** Known once for each table, which parts may share: there may be many chunks. */
const largestChunks = new WeakMap<Uint32Array, number>();

function mostPacked({ sizes }: TiledPatterns): number {
  let most = largestChunks.get(sizes);
  if (most === undefined) {
    largestChunks.set(sizes, most = sizes.reduce((largest, size) => Math.max(largest, size), 0));
  }
  return most;
}

function isConverted({ numbers, swapped }: TiledPatterns): boolean {
  return !computedAsStored(numbers) || (swapped && numbers !== "u8");
}

/** Views of numbers of so many bytes. */
const viewsOf = { 1: Uint8Array, 2: Uint16Array, 4: Float32Array, [wideBytes]: Float64Array };

/** Rows of patterns that share chunks, as they are kept in the scratch. */
interface Kept {
  readonly part: TiledPatterns;
  readonly key: string;
  /** Within the chunk. */
  readonly firstRow: number;
  readonly endRow: number;
}

/** Reads patterns; what it decodes of a row of chunks it keeps for the rows that are read next. */
export class TileReader {
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  readonly #unpacker: ChunkUnpacker;
  readonly #patternBytes: number;
  readonly #rows: number;
  #file: FileSource | undefined;
  #kept: Kept | undefined;

  /** @param rows rows of patterns that share chunks that the scratch has room for */
  constructor(memory: WebAssembly.Memory, kernels: Kernels, patternBytes: number, rows: number) {
    this.#memory = memory;
    this.#kernels = kernels;
    this.#unpacker = new ChunkUnpacker(memory, kernels);
    this.#patternBytes = patternBytes;
    this.#rows = rows;
  }

  /**
   * Reads patterns from..to-1 of a part to address `target`.
   *
   * @param scratch address of at least {@link tileScratchBytes}, the same in every call
   * @throws {FileUnavailable} when a file has gone
   * @throws {CorruptFile} when a file has become shorter, or a chunk cannot be unpacked
   */
  read(part: TiledPatterns, from: number, to: number, target: Address, scratch: Address): void {
    for (let position = from; position < to;) {
      const run = runAt(part, part.first + position, to - position);
      this.#readRun(part, run, at(target, (position - from) * this.#patternBytes), scratch);
      position += run.count;
    }
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  #readRun(part: TiledPatterns, run: Run, target: Address, scratch: Address): void {
    const axis = part.lengths.length - 3, { within, count } = run;
    const rowsOfChunk = axis > 0 ? part.chunks[axis - 1] : 1, across = part.chunks[axis];
    const row = axis > 0 ? within[axis - 1] : 0, column = within[axis];
    if (rowsOfChunk === 1 && count === columnsAt(part, run)) {
      return this.#assemble(part, run, [row, row + 1], target, scratch);
    }
    const key = [...run.chunk, "/", ...within.slice(0, Math.max(0, axis - 1))].join();
    const kept = this.#kept, cache = at(scratch, chunkScratchBytes(part, numberOf(part, this.#patternBytes)));
    let firstRow = kept?.firstRow ?? 0;
    if (!kept || kept.part !== part || kept.key !== key || row < kept.firstRow || row >= kept.endRow) {
      this.#kept = undefined;
      firstRow = row;
      const endRow = Math.min(row - row % this.#rows + this.#rows, rowsAt(part, run));
      this.#assemble(part, run, [firstRow, endRow], cache, scratch);
      this.#kept = { part, key, firstRow, endRow };
    }
    const source = at(cache, ((row - firstRow) * across + column) * this.#patternBytes);
    // The kernel, because the runtime copies within shared memory word by word.
    const bytes = this.#patternBytes, step = [bytes, bytes, bytes, bytes] as const;
    this.#kernels.placeTile(source, target, count, 1, bytes, ...step);
  }

  /** Unpacks all chunks of a run and puts their parts of patterns together, those of rows first..end-1 of the chunk. */
  #assemble(
    part: TiledPatterns,
    { chunk, within }: Run,
    [first, end]: readonly [number, number],
    target: Address,
    scratch: Address,
  ): void {
    const { lengths, chunks } = part, axis = lengths.length - 3;
    const [height, width] = lengths.slice(-2), [chunkHeight, chunkWidth] = chunks.slice(-2);
    const across = chunks[axis], columns = columnsAt(part, { chunk });
    const number = numberOf(part, this.#patternBytes), tile = chunkHeight * chunkWidth * number;
    // Axes before those of rows and columns: one position of each.
    const before = within.slice(0, Math.max(0, axis - 1)).reduce((sum, at, i) => sum * chunks[i] + at, 0);
    const rows = axis > 0 ? chunks[axis - 1] : 1;
    const skipped = (before * rows + first) * across * tile;
    // A chunk of nothing else may be unpacked to where its patterns go.
    const whole = chunkHeight === height && chunkWidth === width && columns === across &&
      (end - first) * across * tile === tileBytes(part) && !isConverted(part);
    for (let top = 0; top < height; top += chunkHeight) {
      for (let left = 0; left < width; left += chunkWidth) {
        const index = [...chunk, top / chunkHeight, left / chunkWidth];
        const source = this.#chunk(part, index, scratch, whole ? target : undefined);
        if (source === target) continue;
        const runs = Math.min(chunkHeight, height - top);
        const bytes = Math.min(chunkWidth, width - left) * number;
        const place = at(target, (top * width + left) * number);
        const steps = [chunkWidth * number, this.#patternBytes, width * number] as const;
        if (columns === across) {
          const patterns = (end - first) * across;
          this.#kernels.placeTile(at(source, skipped), place, patterns, runs, bytes, tile, ...steps);
          continue;
        }
        for (let row = 0; row < end - first; row++) {
          const from = at(source, skipped + row * across * tile);
          const to = at(place, row * across * this.#patternBytes);
          this.#kernels.placeTile(from, to, columns, runs, bytes, tile, ...steps);
        }
      }
    }
  }

  /** The address of an unpacked chunk, its numbers as they are computed; `target` is one that would suit. */
  #chunk(part: TiledPatterns, index: readonly number[], scratch: Address, target?: Address): Address {
    const { lengths, chunks, sizes, numbers, swapped, fill } = part;
    const made = numberOf(part, this.#patternBytes) as keyof typeof viewsOf;
    const number = index.reduce((sum, at, axis) => sum * Math.ceil(lengths[axis] / chunks[axis]) + at, 0);
    const bytes = tileBytes(part), count = bytes / numberBytes(numbers), packed = sizes[number];
    const converted = at(
      scratch,
      wholeLines(unpackScratchBytes(stepsOfChunk(part), mostPacked(part), bytes)),
    );
    if (packed === 0) {
      const target = isConverted(part) ? converted : scratch;
      new viewsOf[made](this.#memory.buffer, target, count).fill(fill);
      return target;
    }
    let unpacked: Address;
    try {
      const steps = stepsOfChunk(part, number);
      // What is not packed is read to where it goes.
      const place = target !== undefined && steps.length === 0 && packed === bytes ? target : scratch;
      this.#readPacked(part, number, index, place, packed);
      if (place === target) return target;
      unpacked = this.#unpacker.unpack(steps, scratch, packed, mostPacked(part), bytes, target);
    } catch (cause) {
      if (cause instanceof CrystalliteError) throw cause;
      throw damaged(part, number, index, cause);
    }
    if (!isConverted(part)) return unpacked;
    const width = numberBytes(numbers), code = storedNumbers.indexOf(numbers);
    const layout = [1, bytes, 1, count, bytes, width] as const;
    this.#kernels[made === wideBytes ? "widenFrames" : "arrangeFrames"](
      unpacked,
      converted,
      ...layout,
      code,
      swapped ? 1 : 0,
    );
    return converted;
  }

  #readPacked(
    part: TiledPatterns,
    number: number,
    index: readonly number[],
    to: Address,
    bytes: number,
  ): void {
    const name = fileOf(part, index);
    if (this.#file?.path !== name) {
      this.close();
      this.#file = FileSource.openAgain(name);
    }
    this.#file.readAt(part.offsets[number], this.#bytes(to, bytes));
    // Of many small files none is read again soon.
    if (part.separator !== undefined && part.perFile === undefined) this.close();
  }

  #bytes(pointer: number, bytes: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, pointer, bytes);
  }
}
