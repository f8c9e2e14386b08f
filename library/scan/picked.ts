/** Where chosen patterns of a scan lie in files, in a chosen order. */

import type { DType } from "./dtype.ts";
import type { Scan } from "./scan.ts";
import type { ScanShape } from "./shape.ts";
import {
  asRecords,
  type ChunkedPatterns,
  type ContiguousPatterns,
  firstPositions,
  type FramePatterns,
  type RecordedPart,
  recordedParts,
  recordsFrom,
  storedFrames,
  type StoredPatterns,
} from "./stored.ts";
import type { TiledPatterns } from "./tiles.ts";

/** With more parts a thread would look for its patterns for longer than it reads them. */
const mostParts = 2 ** 14;

/**
 * The parts in which patterns `order[0]`, `order[1]`, ... of a scan lie; `undefined` where that is not known, patterns of
 * a chunk are wanted without the others or in another order, or there would be too many parts.
 */
export function pickStored({ stored, shape, dtype }: Scan, order: Uint32Array): StoredPatterns | undefined {
  if (!stored) return undefined;
  const [only] = stored;
  if (only?.kind !== "binned") return pickParts(recordedParts(stored), { shape, dtype }, order);
  const parts = pickParts(only.parts, { shape: only.recorded, dtype: only.recorded.dtype }, order);
  return parts && [{ ...only, parts, patterns: order.length }];
}

/** Sizes and number type of patterns as they were recorded. */
interface Recorded {
  readonly shape: Pick<ScanShape, "patternRows" | "patternColumns">;
  readonly dtype: DType;
}

function pickParts(
  stored: readonly RecordedPart[],
  recorded: Recorded,
  order: Uint32Array,
): readonly RecordedPart[] | undefined {
  const starts = firstPositions(stored);
  const picked: RecordedPart[] = [];
  for (let probe = 0, place = 0; probe < order.length;) {
    while (order[probe] < starts[place]) place--;
    while (order[probe] >= starts[place] + stored[place].patterns) place++;
    const part = stored[place], start = starts[place], end = start + part.patterns;
    const from = probe;
    while (probe < order.length && order[probe] >= start && order[probe] < end) probe++;
    const inside = Int32Array.from(order.subarray(from, probe), (pattern) => pattern - start);
    const parts = part.kind === "tiled"
      ? pickTiles(part, inside)
      : part.kind === "chunked"
      ? pickChunks(part, inside)
      : [pickRecords(recorded, part, inside)];
    if (!parts || picked.length + parts.length > mostParts) return undefined;
    picked.push(...parts);
  }
  return picked;
}

/**
 * Columns first..last-1 of all rows, where these lie in chunks of an array that has the rows and columns of the scan;
 * `undefined` where they do not.
 *
 * @param stored whole rows
 * @param columns those of the scan
 */
export function pickColumns(
  stored: StoredPatterns,
  columns: number,
  [first, last]: readonly [number, number],
): StoredPatterns | undefined {
  const [only] = stored, count = last - first, picked: TiledPatterns[] = [];
  for (const part of recordedParts(stored)) {
    if (part.kind !== "tiled" || part.window || part.lengths.length < 4) return undefined;
    if (part.lengths.at(-3) !== columns || part.first % columns !== 0) return undefined;
    const rows = part.patterns / columns;
    if (!Number.isInteger(rows)) return undefined;
    const window = { first, count };
    picked.push({ ...part, window, first: part.first / columns * count, patterns: rows * count });
  }
  if (only?.kind !== "binned") return picked;
  return [{ ...only, parts: picked, patterns: only.patterns / columns * count }];
}

function pickRecords(
  recorded: Recorded,
  part: ContiguousPatterns | FramePatterns,
  inside: Int32Array,
): RecordedPart {
  const records = asRecords(part, recorded), patterns = inside.length;
  const { order } = records;
  if (order) return { ...records, order: inside.map((pattern) => order[pattern]), patterns };
  if (runFrom(inside, 0) < patterns) return { ...records, order: inside, patterns };
  return storedFrames({ ...recordsFrom(records, inside[0], patterns), patterns });
}

/** How many patterns from `place` on follow each other. */
function runFrom(inside: Int32Array, place: number): number {
  let end = place + 1;
  while (end < inside.length && inside[end] === inside[end - 1] + 1) end++;
  return end - place;
}

/** In another order than that of the file, or where scan rows share chunks, these would be unpacked again and again. */
function pickTiles(part: TiledPatterns, inside: Int32Array): RecordedPart[] | undefined {
  const { lengths, chunks, window, first } = part, axis = lengths.length - 3;
  const across = Math.ceil(lengths[axis] / chunks[axis]);
  if (window) return undefined;
  const chunkAt = (pattern: number) =>
    Math.floor(pattern / lengths[axis]) * across + Math.floor(pattern % lengths[axis] / chunks[axis]);
  const parts: RecordedPart[] = [];
  for (let place = 0, last = -1; place < inside.length;) {
    const patterns = runFrom(inside, place), start = first + inside[place];
    if (place > 0 && (chunkAt(start) <= last || (axis > 0 && chunks[axis - 1] > 1))) return undefined;
    parts.push({ ...part, first: start, patterns });
    last = chunkAt(start + patterns - 1);
    place += patterns;
  }
  return parts;
}

/** Chunks of one pattern can be taken in any order, larger ones from their beginning only. */
function pickChunks(part: ChunkedPatterns, inside: Int32Array): RecordedPart[] | undefined {
  const { chunkPatterns, offsets, sizes } = part;
  if (chunkPatterns === 1) {
    return [{
      ...part,
      offsets: Float64Array.from(inside, (pattern) => offsets[pattern]),
      sizes: Uint32Array.from(inside, (pattern) => sizes[pattern]),
      patterns: inside.length,
    }];
  }
  const parts: RecordedPart[] = [];
  for (let place = 0; place < inside.length;) {
    const patterns = runFrom(inside, place), chunk = inside[place] / chunkPatterns;
    if (!Number.isInteger(chunk)) return undefined;
    const end = chunk + Math.ceil(patterns / chunkPatterns);
    parts.push({ ...part, offsets: offsets.slice(chunk, end), sizes: sizes.slice(chunk, end), patterns });
    place += patterns;
  }
  return parts;
}
