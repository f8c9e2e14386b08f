/** B-trees of chunks, whose keys are the chunks' places in the data set. */

import { expectLayout, type Fields, type Hdf5Bytes } from "./bytes.ts";
import type { ChunkGrid, ChunkTable } from "./chunk_table.ts";
import { openTree } from "./tree_records.ts";

const headBytes = 24;
const deepestTree = 16;
const plainChunks = 10, packedChunks = 11;

/** One key of the older trees: a chunk, or at the end of a node what lies behind its chunks. */
interface Key {
  readonly bytes: number;
  readonly filterMask: number;
  /** First element of the chunk along each axis. */
  readonly offset: readonly number[];
}

/**
 * Adds all chunks of the tree of version 1 at an address to the table. They must be in order, and below the keys that lead
 * to them: whoever searches for one finds the same.
 */
export function readChunkTree(file: Hdf5Bytes, address: number, grid: ChunkGrid, table: ChunkTable): void {
  const level = file.read(address, headBytes).bytes[5];
  expectLayout(level < deepestTree, "a tree that is too deep");
  let last: Key | undefined;
  const readNode = (address: number, level: number, from: Key | undefined, to: Key | undefined): void => {
    const { keys, children } = parseNode(file, address, level, grid.lengths.length);
    if (from) expectLayout(compare(keys[0], from) >= 0, "chunks that are out of order");
    if (to) expectLayout(compare(keys.at(-1)!, to) <= 0, "chunks that are out of order");
    children.forEach((child, index) => {
      const key = keys[index];
      // What lies behind the last chunk of all may be named by its own place.
      const order = compare(key, keys[index + 1]);
      expectLayout(
        order < 0 || (order === 0 && index === children.length - 1),
        "chunks that are out of order",
      );
      if (level > 0) return readNode(child, level - 1, key, keys[index + 1]);
      expectLayout(!last || compare(last, key) < 0, "chunks that are out of order");
      last = key;
      table.add(indexOf(key.offset, grid), { ...key, address: child });
    });
  };
  readNode(address, level, undefined, undefined);
}

function parseNode(
  file: Hdf5Bytes,
  address: number,
  level: number,
  axes: number,
): { keys: Key[]; children: number[] } {
  const head = file.read(address, headBytes);
  head.signature("TREE");
  expectLayout(head.u8() === 1 && head.u8() === level, "a tree of another kind");
  const count = head.u16();
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
  const bytes = fields.u32(), filterMask = fields.u32();
  const offset = Array.from({ length: axes }, () => fields.u64());
  expectLayout(fields.u64() === 0 || bytes === 0, "a chunk that begins inside an element");
  return { bytes, filterMask, offset };
}

function compare(a: Key, b: Key): number {
  const axis = a.offset.findIndex((place, axis) => place !== b.offset[axis]);
  return axis < 0 ? 0 : a.offset[axis] - b.offset[axis];
}

/** Raster index of the chunk whose first element is given. */
function indexOf(offset: readonly number[], { counts, lengths }: ChunkGrid): number {
  let index = 0;
  lengths.forEach((length, axis) => {
    const place = offset[axis] / length;
    expectLayout(Number.isInteger(place) && place < counts[axis], "a chunk outside the data set");
    index = index * counts[axis] + place;
  });
  return index;
}

/**
 * Adds all chunks of the tree of version 2 at an address, which data sets have that may grow along several axes.
 *
 * @param packed whether chunks are packed by a filter
 */
export function readNewerChunkTree(
  file: Hdf5Bytes,
  address: number,
  packed: boolean,
  grid: ChunkGrid,
  table: ChunkTable,
): void {
  const tree = openTree(file, address), { lengths } = grid;
  expectLayout(tree.type === (packed ? packedChunks : plainChunks), "a tree of something else");
  const sizeBytes = tree.recordBytes - 8 - 4 - 8 * lengths.length;
  expectLayout(
    packed ? sizeBytes > 0 && sizeBytes <= 8 : tree.recordBytes === 8 + 8 * lengths.length,
    "records of an impossible size",
  );
  for (const record of tree.records()) {
    const address = record.u64();
    const bytes = packed ? record.unsigned(sizeBytes) : grid.bytes, filterMask = packed ? record.u32() : 0;
    const offset = lengths.map((length) => record.u64() * length);
    table.add(indexOf(offset, grid), { address, bytes, filterMask });
  }
}
