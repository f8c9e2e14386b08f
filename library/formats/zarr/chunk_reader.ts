/** Patterns from the chunks of a Zarr array. Each chunk is unpacked once for a call, and kept for the next ones. */

import { bytesPerElement, type PixelArray } from "../../scan/dtype.ts";
import { CorruptFile, CrystalliteError } from "../../scan/errors.ts";
import type { PatternReader } from "../../scan/pattern_reader.ts";
import { dtypeOfNumbers } from "../../scan/stored_number.ts";
import { largestStage } from "../../scan/tiles.ts";
import { registerCodecs, type Registry } from "./codecs.ts";
import type { ByteRange, ZarrFiles } from "./files.ts";
import { isPacked, storedBytes, type ZarrArray } from "./metadata.ts";
import { pixelsOfPlain } from "./plain_numbers.ts";
import { fileOf } from "./tree.ts";

/** The chunks of a scan row are kept up to this size together, so that none is unpacked again for each row in it. */
const largestKeptBytes = 128 * 2 ** 20;

/** Reading that takes less beside what is asked for takes no more than that of any format. */
const fewBytes = 64 * 2 ** 20;

/** Bytes that unpacking a chunk takes: the chunk, what it was packed in, and what a codec holds of both while it works. */
function bytesToUnpack(array: ZarrArray): number {
  const stored = array.chunks.reduce((product, length) => product * length, storedBytes(array));
  return (isPacked(array) ? 4 : 2) * stored;
}

/** Numbers of a chunk and the steps along its axes. */
export interface Chunk {
  readonly data: PixelArray;
  readonly stride: readonly number[];
}

/** Unpacks the chunk at an index on each axis. */
export type GetChunk = (index: readonly number[]) => Promise<Chunk>;

/** Makes zarrita unpack chunks of an array; whatever goes wrong in one is an error that names it. */
export async function chunkGetter(files: ZarrFiles, array: ZarrArray): Promise<GetChunk> {
  const { ZarritaArray, registry } = await import("./packages.ts");
  registerCodecs(registry as unknown as Registry);
  const count = array.chunks.reduce((product, length) => product * length, 1);
  const most = largestStage(count * storedBytes(array));
  const inFile = (key: string) => fileOf(array.path, key.slice(1));
  const store = {
    get: (key: string) => files.read(inFile(key), most),
    // Zarrita looks for the index of a shard at its end, and for chunks by offset.
    getRange(key: string, range: ByteRange) {
      const place = array.indexFirst && "suffixLength" in range
        ? { offset: 0, length: range.suffixLength }
        : range;
      return files.read(inFile(key), "suffixLength" in range ? Infinity : most, place);
    },
  };
  const zarr = new ZarritaArray(store, "/", array.metadata);
  return async (index) => {
    try {
      const { data, stride } = await zarr.getChunk([...index]);
      const numbers = data as ArrayBufferView & ArrayLike<unknown>;
      if (numbers.length !== count) throw new Error(`${numbers.length} numbers in place of ${count}`);
      return { data: pixelsOfPlain(array.numbers, numbers), stride };
    } catch (cause) {
      if (cause instanceof CrystalliteError) throw cause;
      throw new CorruptFile(`a chunk of ${array.path} in ${array.file} cannot be unpacked`, {
        file: array.file,
        dataset: array.path,
        expected: `chunk ${index.join(", ")}`,
        found: reasonOf(cause),
        remedy: "copy or save the store again",
      }, { cause });
    }
  };
}

function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return (inner instanceof Error ? inner.message : String(inner)).replace(/\s+/g, " ").slice(0, 200) ||
    "damaged bytes";
}

/** An array and its chunks without axes of one element; `axes` are those that stay, by number. */
export function withAxes(array: ZarrArray, get: GetChunk, axes: readonly number[]): [ZarrArray, GetChunk] {
  if (axes.length === array.lengths.length) return [array, get];
  const pick = (all: readonly number[]) => axes.map((axis) => all[axis]);
  return [
    { ...array, lengths: pick(array.lengths), chunks: pick(array.chunks) },
    async (index) => {
      const all = array.lengths.map(() => 0);
      axes.forEach((axis, place) => all[axis] = index[place]);
      const { data, stride } = await get(all);
      return { data, stride: pick(stride) };
    },
  ];
}

/** Patterns that follow each other along the last axis before those of the detector. */
interface Run {
  /** Position among those that were asked for. */
  readonly place: number;
  /** Index in the chunk on each axis before those of the detector. */
  readonly within: readonly number[];
  readonly count: number;
}

/** Reads patterns; the last two axes are the detector. */
export class ChunkReader implements PatternReader {
  readonly #array: ZarrArray;
  readonly #get: GetChunk;
  readonly #close: () => void;
  /** Chunks that are kept; none where those of a scan row are too large. */
  readonly #mostKept: number;
  /** Those used last come last. */
  readonly #kept = new Map<string, Promise<Chunk>>();

  readonly readingBytes?: number;

  constructor(array: ZarrArray, get: GetChunk, close: () => void) {
    this.#array = array;
    this.#get = get;
    this.#close = close;
    const pixelBytes = bytesPerElement(dtypeOfNumbers(array.numbers));
    const chunkBytes = array.chunks.reduce((product, length) => product * length, pixelBytes);
    const { lengths, chunks } = array, column = Math.max(0, lengths.length - 3);
    const inRow = lengths.slice(column)
      .reduce((count, length, axis) => count * Math.ceil(length / chunks[column + axis]), 1);
    this.#mostKept = inRow * chunkBytes <= largestKeptBytes ? inRow : 0;
    // A single chunk that is kept is the one that was unpacked.
    const bytes = bytesToUnpack(array) + (this.#mostKept > 1 ? this.#mostKept * chunkBytes : 0);
    if (bytes > fewBytes) this.readingBytes = bytes;
  }

  async readPatterns(first: number, count: number, into: PixelArray): Promise<void> {
    const { lengths, chunks } = this.#array;
    const [height, width] = lengths.slice(-2), [chunkHeight, chunkWidth] = chunks.slice(-2);
    for (const [leading, runs] of this.#runsByChunk(first, count)) {
      for (let row = 0; row * chunkHeight < height; row++) {
        for (let column = 0; column * chunkWidth < width; column++) {
          const chunk = await this.#chunk([...leading, row, column]);
          for (const run of runs) this.#copy(chunk, run, row * chunkHeight, column * chunkWidth, into);
        }
      }
    }
  }

  close(): void {
    this.#kept.clear();
    this.#close();
  }

  /** What each chunk has of the patterns, by the index of the chunk on each axis before those of the detector. */
  #runsByChunk(first: number, count: number): Iterable<readonly [index: readonly number[], runs: Run[]]> {
    const lengths = this.#array.lengths.slice(0, -2), chunks = this.#array.chunks;
    const found = new Map<string, readonly [readonly number[], Run[]]>();
    for (let place = 0; place < count;) {
      const position: number[] = [];
      for (let axis = lengths.length - 1, rest = first + place; axis >= 0; axis--) {
        position[axis] = rest % lengths[axis];
        rest = Math.floor(rest / lengths[axis]);
      }
      const index = position.map((at, axis) => Math.floor(at / chunks[axis]));
      const within = position.map((at, axis) => at % chunks[axis]);
      const last = lengths.length - 1;
      const left = Math.min(chunks[last] - within[last], lengths[last] - position[last], count - place);
      const key = index.join(), known = found.get(key);
      const run = { place, within, count: left };
      if (known) known[1].push(run);
      else found.set(key, [index, [run]]);
      place += left;
    }
    return found.values();
  }

  #chunk(index: readonly number[]): Promise<Chunk> {
    const key = index.join(), kept = this.#kept.get(key);
    if (kept) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return kept;
    }
    const chunk = this.#get(index);
    if (this.#mostKept === 0) return chunk;
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size < this.#mostKept) break;
      this.#kept.delete(oldest);
    }
    this.#kept.set(key, chunk);
    chunk.catch(() => this.#kept.delete(key));
    return chunk;
  }

  #copy({ data, stride }: Chunk, run: Run, top: number, left: number, into: PixelArray): void {
    const { lengths, chunks } = this.#array, axes = lengths.length;
    const [height, width] = lengths.slice(-2);
    const rows = Math.min(chunks[axes - 2], height - top), columns = Math.min(chunks[axes - 1], width - left);
    const [step, rowStep, columnStep] = stride.slice(-3);
    const start = run.within.reduce((sum, at, axis) => sum + at * stride[axis], 0);
    const whole = columns === width && columnStep === 1;
    // Together where numbers of several rows, or of several patterns, follow each other in the chunk as well.
    const together = whole && (rows === 1 || rowStep === width) ? rows : 1;
    const patterns = together === height && step === height * width ? run.count : 1;
    for (let pattern = 0; pattern < run.count; pattern += patterns) {
      for (let row = 0; row < rows; row += together) {
        const source = start + pattern * step + row * rowStep;
        const target = ((run.place + pattern) * height + top + row) * width + left;
        if (columnStep === 1) {
          into.set(data.subarray(source, source + patterns * together * columns), target);
        } else {
          for (let column = 0; column < columns; column++) {
            into[target + column] = data[source + column * columnStep];
          }
        }
      }
    }
  }
}
