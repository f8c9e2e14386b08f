/** Patterns from records of raw files to the arena: read to where they go, or by way of the scratch. */

import {
  type FrameLayout,
  frameSpan,
  frameSteps,
  isInOrder,
  isSwapped,
  patternShape,
  storedSpan,
} from "../scan/frames.ts";
import { type FramePatterns, recordRun } from "../scan/stored.ts";
import { computedAsStored, storedNumbers } from "../scan/stored_number.ts";
import { type Address, at, wholeLines } from "./address.ts";
import type { Kernels } from "./kernels.ts";
import type { OpenFiles } from "./open_files.ts";

/** Bytes of records that are read at once, unless one is larger: enough for the disk, little enough for the cache. */
const recordsBytes = 2 ** 18;

/** Bytes of a number that is summed before it becomes what is computed. */
export const wideBytes = 8;

/** Bytes of scratch that {@link RecordLoader.read} wants. */
export function recordScratchBytes(part: FramePatterns): number {
  if (isReadInPlace(part)) return 0;
  const atOnce = recordsAtOnce(part, part.patterns);
  const unpacked = part.frame.packed && !isUnpackedInPlace(part.frame) ? frameSpan(part.frame) : 0;
  return wholeLines(atOnce * recordPitch(part)) + wholeLines(atOnce * unpacked);
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

/** Records of fewer bytes are read together with what lies between them: a call costs as much as copying so many. */
const leastAlone = 2 ** 14;

/**
 * Whether records become patterns where the patterns go: numbers lie in order and stay as wide as they are, and each record
 * is worth a call of its own, or needs one, or nothing lies between them. That saves a copy of all.
 */
function isReadInPlace({ frame, recordBytes, paths }: FramePatterns): boolean {
  const { packed, numbers } = frame, span = storedSpan(frame);
  const asWide = !packed || (packed.chips === 1 && span === frameSpan(frame));
  return asWide && isInOrder(frame) && computedAsStored(numbers) &&
    (recordBytes === span || paths !== undefined || span >= leastAlone);
}

/** How many of `wanted` records are read at once. */
function recordsAtOnce(part: FramePatterns, wanted: number): number {
  const bytes = Math.max(recordPitch(part), frameSpan(part.frame));
  return Math.max(1, Math.min(wanted, Math.floor(recordsBytes / bytes)));
}

/** Whether records are read with what lies between them, which goes when their bytes are put in order. */
function isMoved({ frame, recordBytes, paths }: FramePatterns): boolean {
  return !paths && recordBytes < 2 * storedSpan(frame) && (isSwapped(frame) || frame.packed !== undefined);
}

/** How many records fit where `patterns` patterns go together with what lies between them; all, where that is not read. */
function movedAtOnce(part: FramePatterns, patterns: number): number {
  if (!isReadInPlace(part) || !isMoved(part)) return patterns;
  const { recordBytes, frame } = part, span = storedSpan(frame);
  return 1 + Math.floor((patterns - 1) * span / recordBytes);
}

/** Reads records of one scan. */
export class RecordLoader {
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  readonly #files: OpenFiles;
  readonly #patternBytes: number;

  /** @param patternBytes bytes of a pattern as it is computed, or of one in float64, which it then becomes */
  constructor(memory: WebAssembly.Memory, kernels: Kernels, files: OpenFiles, patternBytes: number) {
    this.#memory = memory;
    this.#kernels = kernels;
    this.#files = files;
    this.#patternBytes = patternBytes;
  }

  /**
   * Reads patterns from..to-1 of a part to address `target`.
   *
   * @param scratch address of at least {@link recordScratchBytes}
   * @throws {FileUnavailable} when a file has gone
   * @throws {CorruptFile} when a file has become shorter
   */
  read(part: FramePatterns, from: number, to: number, target: Address, scratch: Address): void {
    const inPlace = isReadInPlace(part), atOnce = recordsAtOnce(part, to - from);
    for (let first = from; first < to;) {
      const most = Math.min(atOnce, movedAtOnce(part, to - first));
      const { record, patterns } = recordRun(part, first, most);
      const pointer = at(target, (first - from) * this.#patternBytes);
      first += patterns;
      if (record === undefined) {
        new Uint8Array(this.#memory.buffer, pointer, patterns * this.#patternBytes).fill(0);
      } else if (inPlace) this.#readInPlace(part, record, patterns, pointer);
      else {this.#readByScratch(
          part,
          record,
          patterns,
          pointer,
          scratch,
          at(scratch, wholeLines(atOnce * recordPitch(part))),
        );}
    }
  }

  /** Reads a run of records to where the patterns go, and puts the bytes of their numbers in order there. */
  #readInPlace(part: FramePatterns, record: number, patterns: number, target: Address): void {
    const { frame, recordBytes } = part, { packed, rows, columns } = frame, span = storedSpan(frame);
    const together = !part.paths && (recordBytes === span || isMoved(part)),
      pitch = together ? recordBytes : span;
    if (together) {
      const bytes = (patterns - 1) * recordBytes + span;
      this.#files.read(part.path, part.offset + record * recordBytes, target, bytes);
    } else this.#readEach(part, record, patterns, target, span);
    if (packed) {
      this.#kernels.unpackWords(target, target, patterns, pitch, rows, columns, packed.depth, packed.chips);
    } else if (isSwapped(frame)) this.#arrange(frame, patterns, target, pitch, target);
  }

  /** Reads a run of records to the scratch, and puts their numbers in order. */
  #readByScratch(
    part: FramePatterns,
    record: number,
    patterns: number,
    target: Address,
    scratch: Address,
    unpacked: Address,
  ): void {
    const { path, offset, recordBytes, frame } = part, pitch = recordPitch(part), span = storedSpan(frame);
    if (pitch === recordBytes && !part.paths) {
      this.#files.read(path, offset + record * recordBytes, scratch, (patterns - 1) * pitch + span);
    } else this.#readEach(part, record, patterns, scratch, pitch);
    if (!frame.packed) return this.#arrange(frame, patterns, scratch, pitch, target);
    const { rows, columns, packed: { depth, chips } } = frame, inPlace = isUnpackedInPlace(frame);
    const numbers = inPlace ? target : unpacked;
    this.#kernels.unpackWords(scratch, numbers, patterns, pitch, rows, columns, depth, chips);
    if (!inPlace) this.#arrange(frame, patterns, numbers, frameSpan(frame), target);
  }

  /** Reads what is kept of records one by one to places that are `pitch` bytes apart. */
  #readEach(part: FramePatterns, record: number, count: number, target: Address, pitch: number): void {
    const { path, paths, offset, recordBytes } = part, span = storedSpan(part.frame);
    for (let index = 0; index < count; index++) {
      const place = at(target, index * pitch), number = record + index;
      if (paths) this.#files.readOnce(paths[number], offset, place, span);
      else this.#files.read(path, offset + number * recordBytes, place, span);
    }
  }

  /** Makes `count` patterns of records that lie in memory, `pitch` bytes apart. */
  #arrange(frame: FrameLayout, count: number, records: Address, pitch: number, target: Address): void {
    const { start, rowStep, columnStep } = frameSteps(frame);
    const { patternRows, patternColumns } = patternShape(frame);
    const wide = this.#patternBytes === patternRows * patternColumns * wideBytes;
    this.#kernels[wide ? "widenFrames" : "arrangeFrames"](
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
}
