/** Arrays in HDF5 files: their axes, their chunks, and the memory that reading them takes. */

import { numberBytes, type StoredNumber } from "../../scan/stored_number.ts";
import type { Hdf5Dataset, Hdf5File } from "./file.ts";

/** Bytes that are read at once, unless one pattern or one row of chunks is larger. */
export const bandBytes = 32 * 2 ** 20;
/** Rows of chunks up to this size are kept, so that a chunk is not unpacked again for each scan row in it. */
export const largestKeptBytes = 128 * 2 ** 20;

/** A number array in an HDF5 file. */
export interface Hdf5Array {
  readonly path: string;
  readonly dataset: Hdf5Dataset;
  /** Type of the numbers, whatever their byte order in the file. */
  readonly numbers: StoredNumber;
  /** Lengths of the axes, slowest first. */
  readonly lengths: readonly number[];
  /** The file that it lies in, where that is not the one that was opened, which has adopted it. */
  readonly owner?: Hdf5File;
  /** How many of the last axes are a pattern, where those of one element are among them; default 2. */
  readonly patternAxes?: number;
}

/** Lengths of the axes of an array that count patterns, and of those that are one. */
export function splitAxes(
  { lengths, patternAxes = 2 }: Hdf5Array,
): readonly [readonly number[], readonly number[]] {
  const first = lengths.length - patternAxes;
  return [lengths.slice(0, first), lengths.slice(first)];
}

/** Length of the chunks on an axis; 1 where the data set is in one piece. */
export function chunkLength(array: Hdf5Array, axis: number): number {
  return array.dataset.metadata.chunks?.[axis] ?? 1;
}

/** Whether one chunk is the whole of the array along all axes behind one. */
export function isOneChunk({ dataset, lengths }: Hdf5Array, axis: number): boolean {
  const { chunks } = dataset.metadata;
  return chunks !== null && lengths.every((length, behind) => behind <= axis || chunks[behind] >= length);
}

/** Bytes that unpacking a chunk takes: the chunk, what it was unpacked from, and what its filters leave between them. */
export function bytesToUnpack({ dataset: { metadata: { chunks }, filters }, numbers }: Hdf5Array): number {
  if (!chunks) return 0;
  return (filters.length > 0 ? 3 : 1) *
    chunks.reduce((product, length) => product * length, numberBytes(numbers));
}

/**
 * Bytes that reading arrays takes: a chunk with what it was unpacked from and what its filters leave between them, and a
 * row of chunks that is kept. Without large chunks it is no more than any format takes: 0.
 */
export function bytesToRead(arrays: readonly Hdf5Array[]): number {
  const most = arrays.reduce((most, array) => {
    const { chunks } = array.dataset.metadata, size = numberBytes(array.numbers);
    if (!chunks) return most;
    const axis = Math.max(0, splitAxes(array)[0].length - 1);
    const row = array.lengths.slice(axis + 1).reduce(
      (product, length) => product * length,
      size * chunks[axis],
    );
    const kept = isOneChunk(array, axis) || row > largestKeptBytes ? 0 : row;
    return Math.max(most, bytesToUnpack(array) + kept);
  }, 0);
  return most > 2 * bandBytes ? most : 0;
}
