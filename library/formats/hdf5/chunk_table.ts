/** Where the chunks of a data set lie, collected from whatever index the file has. */

import { expectKnown, expectLayout, type Hdf5Bytes } from "./bytes.ts";

/** What is known about the chunks of a data set before their index is read. */
export interface ChunkGrid {
  /** Chunks along each axis. */
  readonly counts: readonly number[];
  /** Elements of a chunk along each axis. */
  readonly lengths: readonly number[];
  /** Unpacked bytes of a chunk. */
  readonly bytes: number;
  /** Least and most packed bytes that a chunk may have. */
  readonly packedBytes: readonly [least: number, most: number];
}

/** A chunk as an index stores it; without address it was never written. */
export interface ChunkPlace {
  readonly address: number | undefined;
  readonly bytes: number;
  /** Bits of the filters that were left out. */
  readonly filterMask: number;
}

/** Chunks that a file may have without having written them; of more, most must be there. */
const mostMissing = 2 ** 20;
/** Bytes that an index needs for a chunk at the very least. */
const leastEntryBytes = 8;

/** Number of all chunks. */
export function chunkCount({ counts }: ChunkGrid): number {
  return counts.reduce((product, count) => product * count, 1);
}

/** Positions and sizes of chunks in raster order. */
export class ChunkTable {
  /** Position of each chunk in the file, in bytes. */
  readonly offsets: Float64Array;
  /** Packed bytes of each chunk; 0 where it was never written. */
  readonly sizes: Uint32Array;
  /** Of chunks for which filters were left out: the bits of these. */
  readonly filterMasks = new Map<number, number>();
  readonly #file: Hdf5Bytes;
  readonly #grid: ChunkGrid;
  #known = 0;

  /** @throws {OddLayout} when the file has no room for so many chunks */
  constructor(file: Hdf5Bytes, grid: ChunkGrid) {
    this.#file = file;
    this.#grid = grid;
    const count = chunkCount(grid);
    expectLayout(
      count <= Math.max(mostMissing, file.size / leastEntryBytes),
      "more chunks than the file has room for",
    );
    this.offsets = new Float64Array(count);
    this.sizes = new Uint32Array(count);
  }

  /** Number of chunks that were written. */
  get known(): number {
    return this.#known;
  }

  get complete(): boolean {
    return this.#known === this.offsets.length;
  }

  /** Adds the chunk with a raster index. */
  add(index: number, { address, bytes, filterMask }: ChunkPlace): void {
    if (address === undefined) return;
    const [least, most] = this.#grid.packedBytes;
    expectLayout(index < this.offsets.length && this.sizes[index] === 0, "a chunk that is there twice");
    expectKnown(bytes < 2 ** 32, "a chunk of more than 4 GiB");
    expectLayout(bytes >= least && bytes <= most, "a chunk of an impossible size");
    expectLayout(this.#file.contains(address, bytes), "a chunk beyond the end of the file");
    this.offsets[index] = this.#file.base + address;
    this.sizes[index] = bytes;
    if (filterMask !== 0) this.filterMasks.set(index, filterMask);
    this.#known++;
  }
}

/**
 * The order in which arrays of chunks hold them: one axis may be the slowest, whichever it is, and there are places up to
 * the largest size that the data set may grow to.
 */
export class ChunkOrder {
  /** Position behind that of the last chunk. */
  readonly end: number;
  readonly #grid: ChunkGrid;
  /** Axes from the slowest to the fastest, and places along each. */
  readonly #axes: readonly number[];
  readonly #places: readonly number[];
  readonly #steps: readonly number[];

  /**
   * @param maxshape what the lengths of the data set may grow to
   * @param first the axis that comes first
   */
  constructor(grid: ChunkGrid, maxshape: readonly (number | null)[], first: number) {
    this.#grid = grid;
    this.#axes = [first, ...grid.counts.keys().filter((axis) => axis !== first)];
    this.#places = this.#axes.map((axis, order) => {
      const most = maxshape[axis];
      expectLayout(order === 0 || most !== null, "an array of chunks that may grow along several axes");
      return most === null ? grid.counts[axis] : Math.ceil(most / grid.lengths[axis]);
    });
    const steps = grid.counts.map(() => 1);
    for (let axis = steps.length - 2; axis >= 0; axis--) {
      steps[axis] = steps[axis + 1] * grid.counts[axis + 1];
    }
    this.#steps = this.#axes.map((axis) => steps[axis]);
    this.end = chunkCount(grid) === 0 ? 0 : 1 + this.#axes.reduce(
      (position, axis, order) => position * this.#places[order] + grid.counts[axis] - 1,
      0,
    );
  }

  /** Raster index of the chunk at a position; `undefined` where the data set has not grown so far. */
  rasterIndex(position: number): number | undefined {
    let index = 0;
    for (let order = this.#axes.length - 1; order >= 0; order--) {
      const place = order === 0 ? position : position % this.#places[order];
      if (place >= this.#grid.counts[this.#axes[order]]) return undefined;
      index += place * this.#steps[order];
      position = Math.floor(position / this.#places[order]);
    }
    return index;
  }
}
