/** Newer indices of chunks, for data sets of known size: arrays of addresses in raster order. */

import { expectLayout, type Fields, type Hdf5Bytes } from "./bytes.ts";
import { chunkCount, type ChunkGrid, type ChunkTable } from "./chunk_table.ts";

const fixedArrayHeadBytes = 28, blockPrefixBytes = 14, checksumBytes = 4;

/** Adds chunks that lie one behind the other. */
export function readImplicitChunks(address: number, grid: ChunkGrid, table: ChunkTable): void {
  for (let index = 0; !table.complete; index++) table.add(address + index * grid.bytes, grid.bytes, 0);
}

/** How an array stores a chunk: its address, and where chunks are packed also their size and filter mask. */
export class ChunkElement {
  readonly bytes: number;
  readonly #chunkBytes: number;
  readonly #filtered: boolean;

  /**
   * @param client 0 for chunks as they are, 1 for packed ones
   * @param bytes size of one element of the array
   */
  constructor(client: number, bytes: number, packed: boolean, chunkBytes: number) {
    expectLayout(client === (packed ? 1 : 0), "an array of something else");
    expectLayout(packed ? bytes > 12 && bytes <= 20 : bytes === 8, "array elements of an impossible size");
    this.bytes = bytes;
    this.#chunkBytes = chunkBytes;
    this.#filtered = packed;
  }

  /** Adds the next chunk. */
  read(fields: Fields, table: ChunkTable): void {
    const address = fields.u64();
    if (!this.#filtered) return table.add(address, this.#chunkBytes, 0);
    const size = fields.unsigned(this.bytes - 12);
    table.add(address, size, fields.u32());
  }
}

/**
 * Adds all chunks of the fixed array at an address.
 *
 * @param packed whether chunks are packed by a filter
 */
export function readFixedArray(
  file: Hdf5Bytes,
  address: number,
  packed: boolean,
  grid: ChunkGrid,
  table: ChunkTable,
): void {
  const head = file.readChecked(address, fixedArrayHeadBytes);
  head.signature("FAHD");
  expectLayout(head.u8() === 0, "a fixed array of an unknown version");
  const client = head.u8();
  const element = new ChunkElement(client, head.u8(), packed, grid.bytes);
  const pageBits = head.u8(), count = head.u64(), block = head.u64();
  expectLayout(count >= chunkCount(grid) && pageBits < 32, "a fixed array of another data set");
  expectLayout(count * element.bytes <= file.size, "an array larger than the file");

  const pageElements = 2 ** pageBits;
  const pages = count > pageElements ? Math.ceil(count / pageElements) : 0;
  const bitmapBytes = Math.ceil(pages / 8);
  const prefixBytes = blockPrefixBytes + bitmapBytes;
  const firstBytes = prefixBytes + (pages > 0 ? 0 : count * element.bytes) + checksumBytes;
  const first = file.readChecked(block, firstBytes, file.size);
  first.signature("FADB");
  expectLayout(first.u8() === 0 && first.u8() === client, "a data block of another array");
  expectLayout(first.u64() === address, "a data block of another array");
  if (pages === 0) {
    while (!table.complete) element.read(first, table);
    return;
  }
  const bitmap = first.take(bitmapBytes).bytes;
  for (let page = 0; !table.complete; page++) {
    expectLayout((bitmap[page >> 3] & 0x80 >> (page & 7)) !== 0, "a page that was never written");
    const elements = Math.min(pageElements, count - page * pageElements);
    const start = block + firstBytes + page * (pageElements * element.bytes + checksumBytes);
    const fields = file.readChecked(start, elements * element.bytes + checksumBytes, file.size);
    for (let index = 0; index < elements && !table.complete; index++) element.read(fields, table);
  }
}
