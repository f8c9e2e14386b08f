/** Patterns from where they lie in files, straight into the arena. Each thread has its own reader. */

import { type Address, at, wholeLines } from "./address.ts";
import { CorruptFile } from "../scan/errors.ts";
import {
  type BinnedPatterns,
  type ChunkedPatterns,
  firstPositions,
  partAt,
  recordedParts,
  type StoredPatterns,
} from "../scan/stored.ts";
import { recordedAtOnce, recordedBytes, summingBytes, sumPixels } from "./binned_patterns.ts";
import type { Kernels } from "./kernels.ts";
import { OpenFiles } from "./open_files.ts";
import { RecordLoader, recordScratchBytes } from "./record_loader.ts";
import { TileReader, tileScratchBytes } from "./tile_reader.ts";
import { bitScratchBytes } from "./unpack_scratch.ts";

/**
 * Bytes of scratch that {@link StoredReader.read} wants.
 *
 * @param tileRows rows of patterns that share chunks that are kept for the next reading
 */
export function readScratchBytes(
  stored: StoredPatterns | undefined,
  patternBytes: number,
  tileRows: number,
): number {
  let bytes = 0;
  for (const part of stored ?? []) {
    if (part.kind === "contiguous") continue;
    if (part.kind === "frames") {
      bytes = Math.max(bytes, recordScratchBytes(part));
      continue;
    }
    if (part.kind === "tiled") {
      bytes = Math.max(bytes, tileScratchBytes(part, patternBytes, tileRows));
      continue;
    }
    if (part.kind === "binned") {
      const before = summingBytes(part, recordedAtOnce(part, readingUnit(part.parts)));
      bytes = Math.max(bytes, before + readScratchBytes(part.parts, recordedBytes(part), tileRows));
      continue;
    }
    const largest = part.sizes.reduce((most, size) => Math.max(most, size), 0);
    // Loads of whole chunks are unpacked in place, parts of a chunk by way of the scratch.
    const unpacked = part.chunkPatterns > 1 ? part.chunkPatterns * patternBytes : 0;
    bytes = Math.max(bytes, wholeLines(largest) + wholeLines(unpacked) + bitScratchBytes);
  }
  return bytes;
}

/** Patterns that are best read together, where the patterns lie in chunks of several. */
export function readingUnit(stored: StoredPatterns | undefined): number {
  return recordedParts(stored ?? []).reduce(
    (unit, part) => part.kind === "chunked" ? Math.max(unit, part.chunkPatterns) : unit,
    1,
  );
}

/** Reads patterns of one scan. */
export class StoredReader {
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  readonly #stored: StoredPatterns;
  /** Position of the first pattern of each part. */
  readonly #starts: Float64Array;
  readonly #patternBytes: number;
  readonly #files: OpenFiles;
  readonly #records: RecordLoader;
  readonly #tiles: TileReader;
  readonly #tileRows: number;
  /** Reads patterns whose pixels are summed, as they were recorded. */
  #recorded: StoredReader | undefined;

  /** @param tileRows see {@link readScratchBytes} */
  constructor(
    memory: WebAssembly.Memory,
    kernels: Kernels,
    stored: StoredPatterns,
    patternBytes: number,
    tileRows: number,
  ) {
    this.#memory = memory;
    this.#kernels = kernels;
    this.#stored = stored;
    this.#starts = firstPositions(stored);
    this.#patternBytes = patternBytes;
    this.#files = new OpenFiles(memory);
    this.#records = new RecordLoader(memory, kernels, this.#files, patternBytes);
    this.#tiles = new TileReader(memory, kernels, patternBytes, tileRows);
    this.#tileRows = tileRows;
  }

  /**
   * Reads `count` patterns from position `first` to address `pointer`.
   *
   * @param scratch address of at least {@link readScratchBytes}
   * @throws {FileUnavailable} when a file has gone
   * @throws {CorruptFile} when a file has become shorter, or a chunk cannot be unpacked
   */
  read(first: number, count: number, pointer: Address, scratch: Address): void {
    const end = first + count;
    for (let index = partAt(this.#starts, first); index < this.#stored.length; index++) {
      const part = this.#stored[index], start = this.#starts[index];
      if (start >= end) return;
      const from = Math.max(first - start, 0), to = Math.min(end - start, part.patterns);
      const target = at(pointer, (start + from - first) * this.#patternBytes);
      if (part.kind === "chunked") this.#readChunks(part, from, to, target, scratch);
      else if (part.kind === "tiled") this.#tiles.read(part, from, to, target, scratch);
      else if (part.kind === "binned") this.#readBinned(part, from, to, target, scratch);
      else if (part.kind === "frames") this.#records.read(part, from, to, target, scratch);
      else {
        const offset = part.offset + from * this.#patternBytes;
        this.#files.read(part.path, offset, target, (to - from) * this.#patternBytes);
      }
    }
  }

  close(): void {
    this.#files.close();
    this.#tiles.close();
    this.#recorded?.close();
  }

  /** Reads patterns as they were recorded, some at a time, and sums their pixels. */
  #readBinned(part: BinnedPatterns, from: number, to: number, target: Address, scratch: Address): void {
    const unit = readingUnit(part.parts), most = recordedAtOnce(part, unit);
    const work = at(scratch, summingBytes(part, most));
    this.#recorded ??= new StoredReader(
      this.#memory,
      this.#kernels,
      part.parts,
      recordedBytes(part),
      this.#tileRows,
    );
    for (let first = from; first < to;) {
      const count = Math.min(to - first, most - first % unit);
      this.#recorded.read(first, count, scratch, work);
      const pointer = at(target, (first - from) * this.#patternBytes);
      sumPixels(this.#kernels, part, count, scratch, pointer, this.#patternBytes);
      first += count;
    }
  }

  #readChunks(part: ChunkedPatterns, from: number, to: number, target: Address, scratch: Address): void {
    const { chunkPatterns } = part;
    for (let chunk = Math.floor(from / chunkPatterns); chunk * chunkPatterns < to; chunk++) {
      const first = Math.max(from, chunk * chunkPatterns), end = Math.min(to, (chunk + 1) * chunkPatterns);
      const pointer = at(target, (first - from) * this.#patternBytes);
      const skipped = (first - chunk * chunkPatterns) * this.#patternBytes;
      const bytes = (end - first) * this.#patternBytes;
      if (part.packing === "none") {
        this.#files.read(part.path, part.offsets[chunk] + skipped, pointer, bytes);
      } else this.#unpack(part, chunk, pointer, bytes, skipped, scratch);
    }
  }

  /** Unpacks a chunk, or `bytes` of it after `skipped` bytes, to `pointer`. */
  #unpack(
    part: ChunkedPatterns,
    chunk: number,
    pointer: Address,
    bytes: number,
    skipped: number,
    scratch: Address,
  ): void {
    const { path, chunkPatterns, offsets, sizes, elementBytes } = part;
    const chunkBytes = chunkPatterns * this.#patternBytes;
    this.#files.read(path, offsets[chunk], scratch, sizes[chunk]);
    const work = at(scratch, wholeLines(sizes[chunk]));
    const whole = bytes === chunkBytes;
    const unpacked = whole ? pointer : at(work, bitScratchBytes);
    const status = this.#kernels.unpackBitshuffleLz4(
      scratch,
      sizes[chunk],
      unpacked,
      chunkBytes / elementBytes,
      elementBytes,
      work,
    );
    if (status !== 0) {
      throw new CorruptFile(`${path} holds a damaged chunk of patterns`, {
        file: path,
        offset: offsets[chunk],
        expected: `${chunkBytes} bytes packed with bitshuffle and LZ4`,
        found: `${sizes[chunk]} bytes that cannot be unpacked (code ${status})`,
        remedy: "copy or export the file again",
      });
    }
    if (!whole) {
      const buffer = new Uint8Array(this.#memory.buffer);
      buffer.copyWithin(pointer, unpacked + skipped, unpacked + skipped + bytes);
    }
  }
}
