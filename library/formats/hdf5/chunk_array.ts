/** Newer indices of chunks, for data sets of known size: arrays of addresses. */

import { expectLayout, type Fields, type Hdf5Bytes } from "./bytes.ts";
import type { ChunkOrder, ChunkPlace, ChunkTable } from "./chunk_table.ts";

const fixedArrayHeadBytes = 28, blockPrefixBytes = 14, checksumBytes = 4;

/** Takes chunks that lie one behind the other. */
export function readImplicitChunks({ address, chunkBytes, taker }: ChunkArrayReading): void {
  for (let place = address; !taker.done; place += chunkBytes) {
    taker.take({ address: place, bytes: chunkBytes, filterMask: 0 });
  }
}

/** How an array stores a chunk: its address, and where chunks are packed also their size and filter mask. */
export class ChunkElement {
  readonly bytes: number;
  readonly #chunkBytes: number;
  readonly #packed: boolean;

  /**
   * @param client 0 for chunks as they are, 1 for packed ones
   * @param bytes size of one element of the array
   */
  constructor(client: number, bytes: number, packed: boolean, chunkBytes: number) {
    expectLayout(client === (packed ? 1 : 0), "an array of something else");
    expectLayout(packed ? bytes > 12 && bytes <= 20 : bytes === 8, "array elements of an impossible size");
    this.bytes = bytes;
    this.#chunkBytes = chunkBytes;
    this.#packed = packed;
  }

  /** The next chunk. */
  read(fields: Fields): ChunkPlace {
    const address = fields.address();
    if (!this.#packed) return { address, bytes: this.#chunkBytes, filterMask: 0 };
    const bytes = fields.unsigned(this.bytes - 12);
    return { address, bytes, filterMask: fields.u32() };
  }
}

/** Takes chunks in the order of an array, and knows when it has all. */
export class ChunkTaker {
  readonly #order: ChunkOrder;
  readonly #table: ChunkTable;
  #position = 0;

  constructor(order: ChunkOrder, table: ChunkTable) {
    this.#order = order;
    this.#table = table;
  }

  get done(): boolean {
    return this.#position >= this.#order.end;
  }

  take(place: ChunkPlace): void {
    const index = this.#order.rasterIndex(this.#position++);
    if (index !== undefined) this.#table.add(index, place);
  }

  /** Passes chunks that were never written. */
  pass(count: number): void {
    this.#position += count;
  }
}

/** What all arrays of chunks are read with. */
export interface ChunkArrayReading {
  readonly file: Hdf5Bytes;
  /** Address of the array. */
  readonly address: number;
  /** Whether chunks are packed by a filter. */
  readonly packed: boolean;
  readonly chunkBytes: number;
  readonly taker: ChunkTaker;
}

/** Takes all chunks of the fixed array at an address. */
export function readFixedArray({ file, address, packed, chunkBytes, taker }: ChunkArrayReading): void {
  const head = file.readChecked(address, fixedArrayHeadBytes);
  head.signature("FAHD");
  expectLayout(head.u8() === 0, "a fixed array of an unknown version");
  const client = head.u8();
  const element = new ChunkElement(client, head.u8(), packed, chunkBytes);
  const pageBits = head.u8(), count = head.u64(), block = head.address();
  expectLayout(pageBits < 32, "a fixed array of an impossible shape");
  if (block === undefined) return;
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
    while (!taker.done) taker.take(element.read(first));
    return;
  }
  const bitmap = first.take(bitmapBytes).bytes;
  for (let page = 0; page < pages && !taker.done; page++) {
    const elements = Math.min(pageElements, count - page * pageElements);
    if (!isSet(bitmap, page)) {
      taker.pass(elements);
      continue;
    }
    const start = block + firstBytes + page * (pageElements * element.bytes + checksumBytes);
    const fields = file.readChecked(start, elements * element.bytes + checksumBytes, file.size);
    for (let index = 0; index < elements && !taker.done; index++) taker.take(element.read(fields));
  }
  expectLayout(taker.done, "a fixed array of another data set");
}

/** A bit of a map of pages that were written, the highest bit of each byte first. */
export function isSet(bitmap: Uint8Array, index: number): boolean {
  return (bitmap[index >> 3] & 0x80 >> (index & 7)) !== 0;
}
