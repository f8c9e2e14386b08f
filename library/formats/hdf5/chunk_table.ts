/** Where the chunks of a data set lie, collected from whatever index the file has. */

import { expectLayout, type Hdf5Bytes } from "./bytes.ts";

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

/** Number of all chunks. */
export function chunkCount({ counts }: ChunkGrid): number {
  return counts.reduce((product, count) => product * count, 1);
}

/** Positions and sizes of chunks, which an index gives one after the other in raster order. */
export class ChunkTable {
  /** Position of each chunk in the file. */
  readonly offsets: Float64Array;
  /** Packed bytes of each chunk. */
  readonly sizes: Uint32Array;
  readonly #file: Hdf5Bytes;
  readonly #grid: ChunkGrid;
  #known = 0;

  /** @throws {OddLayout} when the file has no room for so many chunks */
  constructor(file: Hdf5Bytes, grid: ChunkGrid) {
    this.#file = file;
    this.#grid = grid;
    const count = chunkCount(grid);
    expectLayout(count * grid.packedBytes[0] <= file.size, "more chunks than the file has room for");
    this.offsets = new Float64Array(count);
    this.sizes = new Uint32Array(count);
  }

  /** Number of chunks that are known: the raster index of the next. */
  get known(): number {
    return this.#known;
  }

  get complete(): boolean {
    return this.#known === this.offsets.length;
  }

  /**
   * Adds the next chunk.
   *
   * @param filterMask bits of the filters that were left out
   */
  add(address: number, size: number, filterMask: number): void {
    const [least, most] = this.#grid.packedBytes;
    expectLayout(!this.complete, "more chunks than the data set has");
    expectLayout(filterMask === 0, "a chunk that is packed in its own way");
    expectLayout(size >= least && size <= most, "a chunk of an impossible size");
    expectLayout(this.#file.contains(address, size), "a chunk beyond the end of the file");
    this.offsets[this.#known] = this.#file.base + address;
    this.sizes[this.#known++] = size;
  }
}
