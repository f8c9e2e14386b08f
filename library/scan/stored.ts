/** Where patterns lie in files, as plain data that can cross to a worker: threads then read by themselves. */

import { bytesPerElement, type DType } from "./dtype.ts";
import { type FrameLayout, frameSpan, isInOrder, isSwapped, plainFrame } from "./frames.ts";
import { computedAsStored } from "./stored_number.ts";
import { pixelCount, type ScanShape } from "./shape.ts";
import type { TiledPatterns } from "./tiles.ts";

/** Patterns that lie one after the other in a file, in native byte order, as they are in memory. */
export interface ContiguousPatterns {
  /** Tells the kinds of parts apart. */
  readonly kind: "contiguous";
  /** Path of the file. */
  readonly path: string;
  /** Bytes before the first pattern. */
  readonly offset: number;
  /** Number of patterns. */
  readonly patterns: number;
}

/**
 * Patterns in chunks of a file, each chunk a run of whole patterns in native byte order, maybe packed. Offsets and
 * sizes were checked against the length of the file.
 */
export interface ChunkedPatterns {
  /** Tells the kinds of parts apart. */
  readonly kind: "chunked";
  /** Path of the file. */
  readonly path: string;
  /** How each chunk is packed: not at all, or bit planes of 8 KiB blocks compressed with LZ4. */
  readonly packing: "none" | "bitshuffle-lz4";
  /** Bytes of one number, which the packing wants to know. */
  readonly elementBytes: number;
  /** Patterns in each chunk; the last chunk may stand for fewer, but holds as many. */
  readonly chunkPatterns: number;
  /** Position of each chunk in the file, in bytes. */
  readonly offsets: Float64Array;
  /** Packed bytes of each chunk. */
  readonly sizes: Uint32Array;
  /** Number of patterns. */
  readonly patterns: number;
}

/**
 * Patterns in records of one size: with headers, footers, rows or columns that are left out, in another order, of either
 * byte order and any number type. The file was checked to be as long.
 */
export interface FramePatterns {
  /** Tells the kinds of parts apart. */
  readonly kind: "frames";
  /** Path of the file. */
  readonly path: string;
  /** Byte at which the first number of the first record lies, of those that are not left out. */
  readonly offset: number;
  /** Bytes from one record to the next. */
  readonly recordBytes: number;
  /** The numbers of a record and their order. */
  readonly frame: FrameLayout;
  /** Number of patterns. */
  readonly patterns: number;
  /**
   * For each pattern the number of its record, counted from the one at `offset`, or -1 where none was recorded: such
   * patterns are zero. Absent where patterns lie in order.
   */
  readonly order?: Int32Array;
  /** Paths of the records where each is a file of its own: `path` is the first of them, `offset` the same in each. */
  readonly paths?: readonly string[];
}

/** Patterns as they were recorded, which lie together in one file, or in files that are alike. */
export type RecordedPart = ContiguousPatterns | ChunkedPatterns | FramePatterns | TiledPatterns;

/** Patterns whose squares of pixels are summed as they are read: all of a scan, there are no parts beside it. */
export interface BinnedPatterns {
  /** Tells the kinds of parts apart. */
  readonly kind: "binned";
  /** Pixels, per side, that are summed into one: see `binPatterns`. */
  readonly factor: number;
  /** What is summed: sizes and number type. */
  readonly recorded: Pick<ScanShape, "patternRows" | "patternColumns"> & { readonly dtype: DType };
  /** Where that lies. */
  readonly parts: readonly RecordedPart[];
  /** Number of patterns. */
  readonly patterns: number;
}

/** Patterns that are read in one way. */
export type StoredPart = RecordedPart | BinnedPatterns;

/** All patterns of a scan or series, in raster order: the parts follow each other. */
export type StoredPatterns = readonly StoredPart[];

/** The parts as they were recorded, whether or not their pixels are summed. */
export function recordedParts(stored: StoredPatterns): readonly RecordedPart[] {
  return stored.flatMap((part): readonly RecordedPart[] => part.kind === "binned" ? part.parts : [part]);
}

/** Whether threads can make what is computed of patterns of a scan of this number type. */
export function threadsRead(stored: StoredPatterns, dtype: DType): boolean {
  return computedAsStored(dtype) || stored.every(({ kind }) => kind !== "contiguous" && kind !== "chunked");
}

/** Paths of the files that a part lies in, or of what the names of the files of its chunks begin with. */
export function filesOf(part: StoredPart): readonly string[] {
  if (part.kind === "binned") return part.parts.flatMap(filesOf);
  return part.kind === "frames" && part.paths ? part.paths : [part.path];
}

/** Position of the first pattern of each part, where parts follow each other. */
export function firstPositions(parts: readonly { readonly patterns: number }[]): Float64Array {
  const starts = new Float64Array(parts.length);
  for (let index = 1; index < parts.length; index++) {
    starts[index] = starts[index - 1] + parts[index - 1].patterns;
  }
  return starts;
}

/** Index of the part with the pattern at a position. */
export function partAt(starts: Float64Array, position: number): number {
  let low = 0, high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= position) low = middle;
    else high = middle;
  }
  return low;
}

/** Patterns whose records follow each other in the file; without `record`, none was recorded for them. */
export interface RecordRun {
  readonly record?: number;
  readonly patterns: number;
}

/** The run that begins with pattern `first`, of at most `most` patterns. */
export function recordRun({ order }: FramePatterns, first: number, most: number): RecordRun {
  if (!order) return { record: first, patterns: most };
  const record = order[first], step = record < 0 ? 0 : 1;
  let patterns = 1;
  while (patterns < most && order[first + patterns] === record + step * patterns) patterns++;
  return record < 0 ? { patterns } : { record, patterns };
}

/** Patterns in records, as what they are at the simplest: those that lie as in memory, without a gap, are read as they lie. */
export function storedFrames(frames: Omit<FramePatterns, "kind">): ContiguousPatterns | FramePatterns {
  const { path, offset, recordBytes, frame, patterns, order, paths } = frames;
  const plain = !frame.packed && isInOrder(frame) && !isSwapped(frame) && computedAsStored(frame.numbers);
  return plain && !order && !paths && recordBytes === frameSpan(frame)
    ? { kind: "contiguous", path, offset, patterns }
    : { ...frames, kind: "frames" };
}

/** The part that begins with record `first` of one that takes its records in order, and has no more than `count`. */
export function recordsFrom(part: FramePatterns, first: number, count: number): FramePatterns {
  if (!part.paths) return { ...part, offset: part.offset + first * part.recordBytes };
  const paths = part.paths.slice(first, first + count);
  return { ...part, path: paths[0], paths };
}

/** Patterns that lie as in memory as records of a file, for what changes how they are read. */
export function asRecords(
  part: ContiguousPatterns | FramePatterns,
  { shape, dtype }: {
    readonly shape: Pick<ScanShape, "patternRows" | "patternColumns">;
    readonly dtype: DType;
  },
): FramePatterns {
  if (part.kind === "frames") return part;
  const frame = plainFrame(shape.patternRows, shape.patternColumns, dtype, false);
  return { ...part, kind: "frames", recordBytes: frameSpan(frame), frame };
}

/**
 * The `count` patterns of `patternBytes` from position `first`, or `undefined` where they begin inside a chunk: parts
 * begin where chunks do.
 */
export function sliceStored(
  stored: StoredPatterns,
  first: number,
  count: number,
  patternBytes: number,
): StoredPatterns | undefined {
  const [only] = stored;
  if (only?.kind === "binned") {
    const { recorded } = only, bytes = pixelCount(recorded) * bytesPerElement(recorded.dtype);
    const parts = sliceRecorded(only.parts, first, count, bytes);
    return parts && [{ ...only, parts, patterns: count }];
  }
  return sliceRecorded(recordedParts(stored), first, count, patternBytes);
}

function sliceRecorded(
  stored: readonly RecordedPart[],
  first: number,
  count: number,
  patternBytes: number,
): readonly RecordedPart[] | undefined {
  const parts: RecordedPart[] = [];
  let start = 0;
  for (const part of stored) {
    const from = Math.max(first - start, 0), to = Math.min(first + count - start, part.patterns);
    start += part.patterns;
    if (from >= to) continue;
    const patterns = to - from;
    if (part.kind === "contiguous") {
      parts.push({ ...part, offset: part.offset + from * patternBytes, patterns });
      continue;
    }
    if (part.kind === "tiled") {
      parts.push({ ...part, first: part.first + from, patterns });
      continue;
    }
    if (part.kind === "frames") {
      // A copy, because a thread would get all of the memory that a part of it is a view of.
      if (part.order) parts.push({ ...part, order: part.order.slice(from, to), patterns });
      else parts.push({ ...recordsFrom(part, from, patterns), patterns });
      continue;
    }
    const { chunkPatterns, offsets, sizes } = part;
    if (from % chunkPatterns !== 0) return undefined;
    const chunk = from / chunkPatterns, end = Math.ceil(to / chunkPatterns);
    parts.push({ ...part, offsets: offsets.slice(chunk, end), sizes: sizes.slice(chunk, end), patterns });
  }
  return parts;
}
