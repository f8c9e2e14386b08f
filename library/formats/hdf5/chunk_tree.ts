/** The older index of chunks: a B-tree of version 1, whose keys are the chunks' places in the data set. */

import { expectLayout, type Fields, type Hdf5Bytes } from "./bytes.ts";
import type { ChunkGrid, ChunkTable } from "./chunk_table.ts";

const headBytes = 24;
const deepestTree = 16;

/** One key: a chunk, or at the end of a node what lies behind its chunks. */
interface Key {
  readonly size: number;
  readonly filterMask: number;
  /** First element of the chunk along each axis, and a 0 that is the first byte of the element. */
  readonly offset: readonly number[];
}

/** A node and all below it. */
interface Node {
  readonly keys: readonly Key[];
  readonly children: readonly number[];
}

/**
 * Adds all chunks of the tree at an address to the table. The keys must be those that lead the HDF5 library's search
 * to the same chunks.
 */
export function readChunkTree(file: Hdf5Bytes, address: number, grid: ChunkGrid, table: ChunkTable): void {
  const level = file.read(address, headBytes).bytes[5];
  expectLayout(level < deepestTree, "a tree that is too deep");
  readNode(file, address, level, grid, table);
}

function readNode(file: Hdf5Bytes, address: number, level: number, grid: ChunkGrid, table: ChunkTable): void {
  const { keys, children } = parseNode(file, address, level, grid.lengths.length);
  children.forEach((child, index) => {
    const key = keys[index];
    expectLayout(indexOf(key, grid) === table.known, "chunks that are missing or out of order");
    if (level > 0) readNode(file, child, level - 1, grid, table);
    else table.add(child, key.size, key.filterMask);
  });
  expectLayout(isBehind(keys.at(-1)!, table.known - 1, grid), "a tree that ends before its last chunk");
}

function parseNode(file: Hdf5Bytes, address: number, level: number, axes: number): Node {
  const head = file.read(address, headBytes);
  head.signature("TREE");
  expectLayout(head.u8() === 1 && head.u8() === level, "a tree of another kind");
  const count = head.u16();
  expectLayout(count > 0, "an empty node");
  const keyBytes = 8 + 8 * (axes + 1);
  const fields = file.read(address + headBytes, count * (keyBytes + 8) + keyBytes);
  const keys: Key[] = [], children: number[] = [];
  for (let index = 0; index < count; index++) {
    keys.push(parseKey(fields, axes));
    children.push(fields.u64());
  }
  keys.push(parseKey(fields, axes));
  return { keys, children };
}

function parseKey(fields: Fields, axes: number): Key {
  const size = fields.u32(), filterMask = fields.u32();
  return { size, filterMask, offset: Array.from({ length: axes + 1 }, () => fields.u64()) };
}

/** Raster index of the chunk that a key names. */
function indexOf({ offset }: Key, { counts, lengths }: ChunkGrid): number {
  let index = 0;
  lengths.forEach((length, axis) => {
    const place = offset[axis] / length;
    expectLayout(Number.isInteger(place) && place < counts[axis], "a chunk outside the data set");
    index = index * counts[axis] + place;
  });
  expectLayout(offset[lengths.length] === 0, "a chunk that begins inside an element");
  return index;
}

/** Whether a key lies behind the chunk with a raster index. */
function isBehind(key: Key, index: number, { counts, lengths }: ChunkGrid): boolean {
  const places: number[] = [];
  for (let axis = counts.length - 1; axis >= 0; axis--) {
    places[axis] = index % counts[axis];
    index = Math.floor(index / counts[axis]);
  }
  for (let axis = 0; axis < places.length; axis++) {
    const place = Math.floor(key.offset[axis] / lengths[axis]);
    if (place !== places[axis]) return place > places[axis];
  }
  return false;
}
