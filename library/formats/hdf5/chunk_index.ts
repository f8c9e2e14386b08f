/** The chunks of a data set, by whatever index the file has of them. */

import { expectLayout, type Hdf5Bytes } from "./bytes.ts";
import { ChunkTaker, readFixedArray, readImplicitChunks } from "./chunk_array.ts";
import { type ChunkGrid, ChunkOrder, ChunkTable } from "./chunk_table.ts";
import { readChunkTree, readNewerChunkTree } from "./chunk_tree.ts";
import { readExtensibleArray } from "./extensible_array.ts";
import type { Layout } from "./layout_message.ts";

/** A data set in chunks, as far as their index needs it. */
export interface ChunkedArray {
  readonly layout: Extract<Layout, { kind: "chunked" }>;
  readonly shape: readonly number[];
  readonly maxshape: readonly (number | null)[];
  /** Whether any filter packs the chunks. */
  readonly packed: boolean;
}

/** The chunks that a data set is divided into. */
export function gridOf({ layout, shape, packed }: ChunkedArray, file: Hdf5Bytes): ChunkGrid {
  const { chunk, elementBytes } = layout;
  const bytes = chunk.reduce((product, length) => product * length, elementBytes);
  expectLayout(Number.isSafeInteger(bytes), "chunks of an impossible size");
  return {
    counts: shape.map((length, axis) => Math.ceil(length / chunk[axis])),
    lengths: chunk,
    bytes,
    packedBytes: packed ? [1, file.size] : [bytes, bytes],
  };
}

/**
 * Looks up all chunks of a data set.
 *
 * @throws {OddLayout} when the index is damaged, or leads out of the file
 */
export function readChunkIndex(file: Hdf5Bytes, array: ChunkedArray, grid: ChunkGrid): ChunkTable {
  const { layout: { index, plainEdges }, maxshape, packed } = array;
  const table = new ChunkTable(file, grid), { address } = index;
  if (address === undefined || table.complete) return table;
  const arrayReading = (first: number) => ({
    file,
    address,
    packed,
    chunkBytes: grid.bytes,
    taker: new ChunkTaker(new ChunkOrder(grid, maxshape, first), table),
  });
  switch (index.kind) {
    case "tree":
      readChunkTree(file, address, grid, table);
      break;
    case "single":
      expectLayout((index.bytes !== undefined) === packed || plainEdges, "a single chunk of another kind");
      table.add(0, { ...index, bytes: index.bytes ?? grid.bytes });
      break;
    case "implicit":
      expectLayout(!packed, "packed chunks without an index");
      readImplicitChunks(arrayReading(0));
      break;
    case "fixed array":
      readFixedArray(arrayReading(0));
      break;
    case "extensible array":
      readExtensibleArray(arrayReading(Math.max(0, maxshape.indexOf(null))));
      break;
    case "newer tree":
      readNewerChunkTree(file, address, packed, grid, table);
  }
  return table;
}
