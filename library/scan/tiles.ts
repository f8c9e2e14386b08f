/** Patterns in chunks that may hold parts of them, as plain data that can cross to a worker. */

import type { ScanShape } from "./shape.ts";
import { numberBytes, type StoredNumber } from "./stored_number.ts";

/**
 * How to undo one step of what packed a chunk. `lz4` has its unpacked size as u32 before the block, `lz4-blocks` is the
 * HDF5 filter 32004, `blosc` a chunk of Blosc 1, `shuffle` all first bytes of numbers before all second ones, `crc32c` a
 * checksum that follows the bytes, `deflate` what zip files do without anything around it.
 */
export interface UnpackStep {
  /** Tells the steps apart. */
  readonly kind:
    | "zstd"
    | "zlib"
    | "gzip"
    | "lz4"
    | "lz4-blocks"
    | "bitshuffle-lz4"
    | "blosc"
    | "shuffle"
    | "crc32c"
    | "deflate";
  /** Bytes of one number, for the steps that want to know. */
  readonly elementBytes: number;
  /** For `deflate`: the CRC-32 of what is given. */
  readonly sum?: number;
}

/**
 * Patterns in chunks along any axes, each chunk of its full size in C order. Places were checked against the length of
 * the file, or of each chunk's own file.
 */
export interface TiledPatterns {
  /** Tells the kinds of parts apart. */
  readonly kind: "tiled";
  /** The file, or what the names of the chunks' files begin with. */
  readonly path: string;
  /** Where each chunk is a file: its indices, with this between them, follow on `path`. */
  readonly separator?: string;
  /** Where several chunks share such a file: how many along each axis. */
  readonly perFile?: readonly number[];
  /** Of chunks that a zip file has deflated once more: the CRC-32 of what this is undone to; -1 for the others. */
  readonly deflated?: Float64Array;
  /** Lengths of the axes, the slowest first; the last two are the detector, those before them count patterns. */
  readonly lengths: readonly number[];
  /** Lengths of a chunk. */
  readonly chunks: readonly number[];
  /** Position of each chunk in its file in bytes, in raster order. */
  readonly offsets: Float64Array;
  /** Packed bytes of each chunk; 0 where it was never written. */
  readonly sizes: Uint32Array;
  /** What stands in chunks that were never written. */
  readonly fill: number;
  /** Type of the numbers in the file. */
  readonly numbers: StoredNumber;
  /** Whether the bytes of each number are in the other order than this machine's. */
  readonly swapped: boolean;
  /** What is to be done with the bytes of a chunk, in this order. */
  readonly steps: readonly UnpackStep[];
  /** The columns of the scan that are taken, where not all are; it has a row for each position of the axis before. */
  readonly window?: { readonly first: number; readonly count: number };
  /** Position of the first pattern of this part, of those in the window where there is one. */
  readonly first: number;
  /** Number of patterns. */
  readonly patterns: number;
}

/** Most bytes that a chunk has between its steps: packing may make noise a little longer. */
export function largestStage(bytes: number): number {
  return Math.ceil(bytes * 1.1) + 4096;
}

/** What is to be done with the bytes of a chunk, the most that may be asked of any where no number is given. */
export function stepsOfChunk({ steps, deflated }: TiledPatterns, number?: number): readonly UnpackStep[] {
  const sum = number === undefined ? 0 : deflated?.[number] ?? -1;
  return deflated && sum >= 0 ? [{ kind: "deflate", elementBytes: 1, sum }, ...steps] : steps;
}

/** Larger chunks are not read on threads: each would need room for several. */
export const largestTile = 16 * 2 ** 20;

/** Whether threads can read a scan of some shape by chunks of an array with these axes without unpacking them all the time. */
export function fitsTiles(lengths: readonly number[], { columns }: Pick<ScanShape, "columns">): boolean {
  const leading = lengths.slice(0, -2);
  return leading.length === 1 || leading.at(-1) === columns;
}

/** Bytes of a chunk as stored. */
export function tileBytes({ chunks, numbers }: Pick<TiledPatterns, "chunks" | "numbers">): number {
  return chunks.reduce((product, length) => product * length, numberBytes(numbers));
}

/** Probe positions that share chunks: rows and columns of a scan whose columns are the last axis before the detector. */
export interface TileGrid {
  readonly rows: number;
  readonly columns: number;
  /** Rows of the first tile that lie before the scan. */
  readonly rowsBefore: number;
  /** Columns of the first tile that lie before it. */
  readonly columnsBefore: number;
  /** Where chunks run on over the ends of rows: patterns of the first tile that lie before the scan. */
  readonly runsOn?: number;
}

/** How the chunks of one part divide a scan of so many columns. */
export function tileGrid({ lengths, chunks, window, first }: TiledPatterns, columns: number): TileGrid {
  const axis = lengths.length - 3, across = chunks[axis];
  if (axis === 0 || (window?.count ?? lengths[axis]) !== columns) {
    return { rows: 1, columns: across, rowsBefore: 0, columnsBefore: 0, runsOn: first % across };
  }
  const row = Math.floor(first / columns) % lengths[axis - 1], rows = chunks[axis - 1];
  const columnsBefore = window ? window.first % across : 0;
  return { rows, columns: across, rowsBefore: row % rows, columnsBefore };
}
