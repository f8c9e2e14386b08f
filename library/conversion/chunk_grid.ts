/**
 * How a written array is cut into chunks: runs of whole patterns of one scan row, about a megabyte. Rows, regions and
 * single patterns are then read without anything beside them, by threads without a library; a detector pixel of all
 * probes needs all chunks, in the order of the file (docs/decisions/chunks.md has figures of other cuts).
 */

import { bytesPerElement } from "../scan/dtype.ts";
import { pixelCount } from "../scan/shape.ts";
import { lengthsOf, type ScanDescription } from "./description.ts";

/** HDF5 keeps at most this much of a data set in its cache unless told otherwise. */
const largestChunk = 2 ** 20;
/** Chunks that divide a row are read faster, but smaller ones than this are not worth it. */
const smallestChunk = 2 ** 16;

/** The chunks of an array. */
export interface ChunkGrid {
  /** Lengths of the array, slowest first. */
  readonly lengths: readonly number[];
  /** Lengths of a chunk. */
  readonly chunk: readonly number[];
  /** Patterns of a chunk. */
  readonly patterns: number;
  readonly patternBytes: number;
  /** Unpacked bytes of a chunk: the last one of a row has as many, with zeros behind its patterns. */
  readonly chunkBytes: number;
  /** Chunks of a scan row. */
  readonly perRow: number;
}

/** The chunks of a scan or series. */
export function chunkGrid(description: ScanDescription): ChunkGrid {
  const { shape, dtype } = description;
  const patternBytes = pixelCount(shape) * bytesPerElement(dtype);
  const patterns = patternsPerChunk(shape.columns, patternBytes);
  const lengths = lengthsOf(description);
  return {
    lengths,
    chunk: [...lengths.slice(0, -3).map(() => 1), patterns, ...lengths.slice(-2)],
    patterns,
    patternBytes,
    chunkBytes: patterns * patternBytes,
    perRow: Math.ceil(shape.columns / patterns),
  };
}

/** The rows of an array as its chunks, for formats that have none. */
export function rowGrid(description: ScanDescription): ChunkGrid {
  const { columns } = description.shape, lengths = lengthsOf(description);
  const patternBytes = pixelCount(description.shape) * bytesPerElement(description.dtype);
  return {
    lengths,
    chunk: [...lengths.slice(0, -3).map(() => 1), ...lengths.slice(-3)],
    patterns: columns,
    patternBytes,
    chunkBytes: columns * patternBytes,
    perRow: 1,
  };
}

function patternsPerChunk(columns: number, patternBytes: number): number {
  const most = Math.max(1, Math.min(columns, Math.floor(largestChunk / patternBytes)));
  for (let patterns = most; patterns * patternBytes >= smallestChunk || patterns === most; patterns--) {
    if (patterns >= 1 && columns % patterns === 0) return patterns;
  }
  return Math.ceil(columns / Math.ceil(columns / most));
}
