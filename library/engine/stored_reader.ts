/** Patterns from where they lie in files, straight into the arena. Each thread has its own reader. */

import { type Address, at } from "./address.ts";
import { FileSource } from "../scan/byte_source.ts";
import { CorruptFile } from "../scan/errors.ts";
import {
  type FrameLayout,
  frameSpan,
  frameSteps,
  isInOrder,
  isSwapped,
  patternShape,
  storedSpan,
} from "../scan/frames.ts";
import { computedAsStored, storedNumbers } from "../scan/stored_number.ts";
import { type ChunkedPatterns, type FramePatterns, recordRun, type StoredPatterns } from "../scan/stored.ts";
import type { Kernels } from "./kernels.ts";
import { TileReader, tileScratchBytes } from "./tile_reader.ts";

/** Bytes of scratch that the `unpackBitshuffleLz4` kernel wants beside source and destination. */
const unpackScratchBytes = 2 ** 16;
/** Bytes of records that are read at once, unless one is larger: enough for the disk, little enough for the cache. */
const recordsBytes = 2 ** 18;

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
      const atOnce = recordsAtOnce(part, part.patterns);
      const unpacked = part.frame.packed && !isUnpackedInPlace(part.frame) ? frameSpan(part.frame) : 0;
      bytes = Math.max(bytes, aligned(atOnce * recordPitch(part)) + aligned(atOnce * unpacked));
      continue;
    }
    if (part.kind === "tiled") {
      bytes = Math.max(bytes, tileScratchBytes(part, patternBytes, tileRows));
      continue;
    }
    const largest = part.sizes.reduce((most, size) => Math.max(most, size), 0);
    // Loads of whole chunks are unpacked in place, parts of a chunk by way of the scratch.
    const unpacked = part.chunkPatterns > 1 ? part.chunkPatterns * patternBytes : 0;
    bytes = Math.max(bytes, aligned(largest) + aligned(unpacked) + unpackScratchBytes);
  }
  return bytes;
}

/** Patterns that are best read together, where the patterns lie in chunks of several. */
export function readingUnit(stored: StoredPatterns | undefined): number {
  return (stored ?? []).reduce(
    (unit, part) => part.kind === "chunked" ? Math.max(unit, part.chunkPatterns) : unit,
    1,
  );
}

/** Bytes from one record to the next in the scratch: as in the file, unless most of that is of no use. */
function recordPitch({ recordBytes, frame }: FramePatterns): number {
  const span = storedSpan(frame);
  return recordBytes > 2 * span ? span : recordBytes;
}

/** Whether packed numbers are a pattern once they are unpacked. */
function isUnpackedInPlace(frame: FrameLayout): boolean {
  return isInOrder(frame) && computedAsStored(frame.numbers);
}

/** How many of `wanted` records are read at once. */
function recordsAtOnce(part: FramePatterns, wanted: number): number {
  const bytes = Math.max(recordPitch(part), frameSpan(part.frame));
  return Math.max(1, Math.min(wanted, Math.floor(recordsBytes / bytes)));
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}

/** Reads patterns of one scan. */
export class StoredReader {
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  readonly #stored: StoredPatterns;
  readonly #patternBytes: number;
  readonly #files = new Map<string, FileSource>();
  readonly #tiles: TileReader;

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
    this.#patternBytes = patternBytes;
    this.#tiles = new TileReader(memory, kernels, patternBytes, tileRows);
  }

  /**
   * Reads `count` patterns from position `first` to address `pointer`.
   *
   * @param scratch address of at least {@link readScratchBytes}
   * @throws {FileUnavailable} when a file has gone
   * @throws {CorruptFile} when a file has become shorter, or a chunk cannot be unpacked
   */
  read(first: number, count: number, pointer: Address, scratch: Address): void {
    let start = 0;
    for (const part of this.#stored) {
      const from = Math.max(first - start, 0), to = Math.min(first + count - start, part.patterns);
      if (from < to) {
        const target = at(pointer, (start + from - first) * this.#patternBytes);
        if (part.kind === "chunked") this.#readChunks(part, from, to, target, scratch);
        else if (part.kind === "tiled") this.#tiles.read(part, from, to, target, scratch);
        else if (part.kind === "frames") this.#readFrames(part, from, to, target, scratch);
        else {
          const offset = part.offset + from * this.#patternBytes;
          this.#readBytes(part.path, offset, target, (to - from) * this.#patternBytes);
        }
      }
      start += part.patterns;
    }
  }

  close(): void {
    for (const file of this.#files.values()) file.close();
    this.#files.clear();
    this.#tiles.close();
  }

  #readBytes(path: string, offset: number, pointer: Address, bytes: number): void {
    let file = this.#files.get(path);
    if (!file) this.#files.set(path, file = FileSource.open(path));
    file.readAt(offset, new Uint8Array(this.#memory.buffer, pointer, bytes));
  }

  /** Reads runs of records and puts their numbers in order; `to - from` patterns of this reader's bytes. */
  #readFrames(part: FramePatterns, from: number, to: number, target: Address, scratch: Address): void {
    const { path, offset, recordBytes, frame } = part;
    const pitch = recordPitch(part), span = storedSpan(frame), atOnce = recordsAtOnce(part, to - from);
    for (let first = from; first < to;) {
      const { record, patterns } = recordRun(part, first, Math.min(atOnce, to - first));
      const pointer = at(target, (first - from) * this.#patternBytes);
      first += patterns;
      if (record === undefined) {
        new Uint8Array(this.#memory.buffer, pointer, patterns * this.#patternBytes).fill(0);
        continue;
      }
      if (pitch === recordBytes) {
        this.#readBytes(path, offset + record * recordBytes, scratch, (patterns - 1) * pitch + span);
      } else {
        for (let index = 0; index < patterns; index++) {
          this.#readBytes(path, offset + (record + index) * recordBytes, at(scratch, index * pitch), span);
        }
      }
      if (!frame.packed) this.#arrange(frame, patterns, scratch, pitch, pointer);
      else {
        const { rows, columns, packed: { depth, chips } } = frame, inPlace = isUnpackedInPlace(frame);
        const numbers = inPlace ? pointer : at(scratch, aligned(atOnce * pitch));
        this.#kernels.unpackWords(scratch, numbers, patterns, pitch, rows, columns, depth, chips);
        if (!inPlace) this.#arrange(frame, patterns, numbers, frameSpan(frame), pointer);
      }
    }
  }

  /** Makes `count` patterns of records that lie in memory, `pitch` bytes apart. */
  #arrange(frame: FrameLayout, count: number, records: Address, pitch: number, target: Address): void {
    const { start, rowStep, columnStep } = frameSteps(frame);
    const { patternRows, patternColumns } = patternShape(frame);
    this.#kernels.arrangeFrames(
      at(records, start),
      target,
      count,
      pitch,
      patternRows,
      patternColumns,
      rowStep,
      columnStep,
      storedNumbers.indexOf(frame.numbers),
      isSwapped(frame) ? 1 : 0,
    );
  }

  #readChunks(part: ChunkedPatterns, from: number, to: number, target: Address, scratch: Address): void {
    const { chunkPatterns } = part;
    for (let chunk = Math.floor(from / chunkPatterns); chunk * chunkPatterns < to; chunk++) {
      const first = Math.max(from, chunk * chunkPatterns), end = Math.min(to, (chunk + 1) * chunkPatterns);
      const pointer = at(target, (first - from) * this.#patternBytes);
      const skipped = (first - chunk * chunkPatterns) * this.#patternBytes;
      const bytes = (end - first) * this.#patternBytes;
      if (part.packing === "none") {
        this.#readBytes(part.path, part.offsets[chunk] + skipped, pointer, bytes);
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
    this.#readBytes(path, offsets[chunk], scratch, sizes[chunk]);
    const work = at(scratch, aligned(sizes[chunk]));
    const whole = bytes === chunkBytes;
    const unpacked = whole ? pointer : at(work, unpackScratchBytes);
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
