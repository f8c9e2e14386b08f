/** Parts of a data set's numbers that the file stores in chunks. */

import { CorruptFile } from "../../scan/errors.ts";
import { type BlockReader, fillWith } from "./block_reader.ts";
import { expectLayout } from "./bytes.ts";
import { type ChunkedArray, gridOf, readChunkIndex } from "./chunk_index.ts";
import { chunkCount, type ChunkGrid, type ChunkTable } from "./chunk_table.ts";
import type { Hdf5Dataset } from "./description.ts";
import { unpackChunk } from "./unpack_chunk.ts";

/** Most bytes that a packed byte becomes, by the filters of which that is known. */
const mostUnpacked = 1100;
const boundedFilters: ReadonlySet<number> = new Set([1, 2, 3, 32000, 32004]);

/** Nothing takes memory for chunks that are far larger than what the file has of them could become. */
function requireRoom({ sizes }: ChunkTable, grid: ChunkGrid, { filters }: Hdf5Dataset): void {
  const bounded = filters.every(({ id, cd_values: [, , , , compression] }) =>
    boundedFilters.has(id) || (id === 32008 && compression !== 3)
  );
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  expectLayout(
    !bounded || largest === 0 || grid.bytes <= largest * mostUnpacked,
    "chunks that are larger than what is stored of them could become",
  );
}

/** Data in chunks, each of which is unpacked whole; the last one is kept. */
export class ChunkBlocks implements BlockReader {
  readonly missing;
  readonly #dataset: Hdf5Dataset;
  readonly #array: ChunkedArray;
  readonly #grid: ChunkGrid;
  readonly #table: ChunkTable;
  readonly #fill: Uint8Array | undefined;
  #kept: { readonly index: number; readonly bytes: Uint8Array } | undefined;

  constructor(dataset: Hdf5Dataset, array: ChunkedArray) {
    const { bytes } = dataset.file;
    this.#dataset = dataset;
    this.#array = array;
    this.#grid = gridOf(array, bytes);
    this.#table = readChunkIndex(bytes, array, this.#grid);
    this.#fill = dataset.fillValue;
    requireRoom(this.#table, this.#grid, dataset);
    const of = chunkCount(this.#grid), chunks = of - this.#table.known;
    this.missing = chunks > 0 ? { chunks, of } : undefined;
  }

  read(offset: readonly number[], count: readonly number[], into: Uint8Array): void {
    const { lengths, counts } = this.#grid, axes = lengths.length, { size } = this.#dataset.type;
    if (this.missing) fillWith(into, this.#fill);
    const first = offset.map((start, axis) => Math.floor(start / lengths[axis]));
    const end = offset.map((start, axis) => Math.ceil((start + count[axis]) / lengths[axis]));
    const place = [...first];
    for (let axis = axes - 1; axis >= 0;) {
      const index = place.reduce((index, place, axis) => index * counts[axis] + place, 0);
      if (this.#table.sizes[index] > 0) {
        const from = place.map((place, axis) => Math.max(place * lengths[axis], offset[axis]));
        const extent = from.map((from, axis) =>
          Math.min((place[axis] + 1) * lengths[axis], offset[axis] + count[axis]) - from
        );
        const source = {
          bytes: this.#chunk(index, place),
          lengths,
          start: from.map((at, axis) => at - place[axis] * lengths[axis]),
        };
        copyBox(
          source,
          { bytes: into, lengths: count, start: from.map((at, axis) => at - offset[axis]) },
          extent,
          size,
        );
      }
      for (axis = axes - 1; axis >= 0 && ++place[axis] === end[axis]; axis--) place[axis] = first[axis];
    }
  }

  #chunk(index: number, place: readonly number[]): Uint8Array {
    if (this.#kept?.index === index) return this.#kept.bytes;
    const { file: { bytes }, filters } = this.#dataset, { offsets, sizes, filterMasks } = this.#table;
    this.#kept = undefined;
    const packed = new Uint8Array(sizes[index]);
    bytes.readInto(offsets[index] - bytes.base, packed);
    const { shape, layout: { plainEdges } } = this.#array;
    const isEdge = plainEdges && place.some((at, axis) => (at + 1) * this.#grid.lengths[axis] > shape[axis]);
    try {
      const unpacked = unpackChunk(
        packed,
        isEdge ? [] : filters,
        filterMasks.get(index) ?? 0,
        this.#grid.bytes,
      );
      this.#kept = { index, bytes: unpacked };
      return unpacked;
    } catch (cause) {
      throw this.#damaged(index, cause);
    }
  }

  #damaged(index: number, cause: unknown): CorruptFile {
    const { path } = this.#dataset.file.bytes;
    return new CorruptFile(`${this.#dataset.path} in ${path} cannot be read: one of its chunks is damaged`, {
      file: path,
      dataset: this.#dataset.path,
      offset: this.#table.offsets[index],
      expected: `a chunk of ${this.#grid.bytes} bytes`,
      found: cause instanceof Error ? cause.message : String(cause),
      remedy: "copy or export the file again",
    }, { cause });
  }

  close(): void {
    this.#kept = undefined;
  }
}

/** Bytes of an array, and where in it a box begins. */
interface Box {
  readonly bytes: Uint8Array;
  readonly lengths: readonly number[];
  readonly start: readonly number[];
}

/** Copies a box of `extent` elements from one array to another. */
function copyBox(source: Box, target: Box, extent: readonly number[], elementBytes: number): void {
  // Axes along which both arrays are no longer than the box make one run together with the axis before them.
  let axis = extent.length - 1, run = elementBytes;
  for (; axis > 0 && extent[axis] === source.lengths[axis] && extent[axis] === target.lengths[axis]; axis--) {
    run *= extent[axis];
  }
  const step = run;
  run *= extent[Math.max(0, axis)] ?? 1;
  const copy = (outer: number, from: number, to: number): void => {
    if (outer === axis || axis < 0) {
      const begin = axis < 0 ? 0 : (from * source.lengths[axis] + source.start[axis]) * step;
      const place = axis < 0 ? 0 : (to * target.lengths[axis] + target.start[axis]) * step;
      target.bytes.set(source.bytes.subarray(begin, begin + run), place);
      return;
    }
    for (let index = 0; index < extent[outer]; index++) {
      copy(
        outer + 1,
        from * source.lengths[outer] + source.start[outer] + index,
        to * target.lengths[outer] + target.start[outer] + index,
      );
    }
  };
  copy(0, 0, 0);
}
