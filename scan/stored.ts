/** Where patterns lie in files, as plain data that can cross to a worker: threads then read by themselves. */

/** Patterns that lie one after the other in a file, in native byte order, as they are in memory. */
export interface ContiguousPatterns {
  readonly kind: "contiguous";
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
  readonly kind: "chunked";
  readonly path: string;
  /** How each chunk is packed: not at all, or bit planes of 8 KiB blocks compressed with LZ4. */
  readonly packing: "none" | "bitshuffle-lz4";
  /** Patterns in each chunk; the last chunk may stand for fewer, but holds as many. */
  readonly chunkPatterns: number;
  /** Position of each chunk in the file, in bytes. */
  readonly offsets: Float64Array;
  /** Packed bytes of each chunk. */
  readonly sizes: Uint32Array;
  /** Number of patterns. */
  readonly patterns: number;
}

/** All patterns of a scan or series, in raster order: the parts follow each other. */
export type StoredPatterns = readonly (ContiguousPatterns | ChunkedPatterns)[];
