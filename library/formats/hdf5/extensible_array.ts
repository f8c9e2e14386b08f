/** The newer index of chunks for data sets that may grow along one axis: an array of blocks that become larger. */

import { expectLayout, type Fields, type Hdf5Bytes } from "./bytes.ts";
import { ChunkElement } from "./chunk_array.ts";
import type { ChunkGrid, ChunkTable } from "./chunk_table.ts";

const headBytes = 72, prefixBytes = 14, addressBytes = 8, checksumBytes = 4;

/** What the head of an array says about its blocks. */
interface Head {
  readonly address: number;
  readonly client: number;
  readonly element: ChunkElement;
  /** Elements that lie in the index block itself. */
  readonly indexElements: number;
  /** Elements of the smallest data block. */
  readonly blockElements: number;
  /** Data blocks of the first super block that is not part of the index block. */
  readonly superBlocks: number;
  /** Elements of a page, into which larger data blocks are divided. */
  readonly pageElements: number;
  /** Bytes of the place of a block in the array. */
  readonly placeBytes: number;
  readonly indexBlock: number;
}

/** Adds all chunks of the extensible array at an address. */
export function readExtensibleArray(
  file: Hdf5Bytes,
  address: number,
  packed: boolean,
  grid: ChunkGrid,
  table: ChunkTable,
): void {
  const { head, bits } = readHead(file, address, packed, grid);
  // Super block n has 2^(n / 2) data blocks of blockElements 2^((n + 1) / 2) elements; the first ones have no block
  // of their own, but their addresses in the index block.
  const direct = 2 * Math.log2(head.superBlocks);
  const directBlocks = 2 * (head.superBlocks - 1);
  const superBlocks = 1 + bits - Math.log2(head.blockElements) - direct;
  expectLayout(superBlocks >= 0, "an extensible array of an impossible shape");
  const bytes = prefixBytes + head.indexElements * head.element.bytes +
    (directBlocks + superBlocks) * addressBytes + checksumBytes;
  const index = file.readChecked(head.indexBlock, bytes);
  checkPrefix(index, "EAIB", head);
  for (let n = 0; n < head.indexElements && !table.complete; n++) head.element.read(index, table);
  for (let n = 0; !table.complete; n++) {
    const blocks = 2 ** Math.floor(n / 2), elements = head.blockElements * 2 ** Math.floor((n + 1) / 2);
    expectLayout(n < direct + superBlocks, "an extensible array that is too small");
    const addresses = n < direct ? index : readSuperBlock(file, index.u64(), head, blocks, elements);
    for (let block = 0; block < blocks && !table.complete; block++) {
      readDataBlock(file, addresses.u64(), head, elements, table);
    }
  }
}

function readHead(file: Hdf5Bytes, address: number, packed: boolean, grid: ChunkGrid) {
  const fields = file.readChecked(address, headBytes);
  fields.signature("EAHD");
  expectLayout(fields.u8() === 0, "an extensible array of an unknown version");
  const client = fields.u8();
  const element = new ChunkElement(client, fields.u8(), packed, grid.bytes);
  const bits = fields.u8(), indexElements = fields.u8(), blockElements = fields.u8();
  const superBlocks = fields.u8(), pageBits = fields.u8();
  expectLayout(bits <= 64 && pageBits <= 32, "an extensible array of an impossible shape");
  expectLayout(isPowerOfTwo(blockElements) && isPowerOfTwo(superBlocks), "blocks of an impossible size");
  fields.skip(6 * 8);
  const head: Head = {
    address,
    client,
    element,
    indexElements,
    blockElements,
    superBlocks,
    pageElements: 2 ** pageBits,
    placeBytes: Math.ceil(bits / 8),
    indexBlock: fields.u64(),
  };
  return { head, bits };
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && (value & value - 1) === 0;
}

function checkPrefix(fields: Fields, signature: string, head: Head): void {
  fields.signature(signature);
  expectLayout(fields.u8() === 0 && fields.u8() === head.client, "a block of another array");
  expectLayout(fields.u64() === head.address, "a block of another array");
}

/** The addresses of the data blocks of a super block. */
function readSuperBlock(
  file: Hdf5Bytes,
  address: number,
  head: Head,
  blocks: number,
  elements: number,
): Fields {
  const pages = elements > head.pageElements ? elements / head.pageElements : 0;
  const bitmapBytes = blocks * Math.ceil(pages / 8);
  const bytes = prefixBytes + head.placeBytes + bitmapBytes + blocks * addressBytes + checksumBytes;
  const fields = file.readChecked(address, bytes, file.size);
  checkPrefix(fields, "EASB", head);
  // Pages that were never written have wrong checksums.
  fields.skip(head.placeBytes + bitmapBytes);
  return fields;
}

function readDataBlock(
  file: Hdf5Bytes,
  address: number,
  head: Head,
  elements: number,
  table: ChunkTable,
): void {
  const { element, pageElements, placeBytes } = head;
  const paged = elements > pageElements;
  const firstBytes = prefixBytes + placeBytes + (paged ? 0 : elements * element.bytes) + checksumBytes;
  const first = file.readChecked(address, firstBytes, file.size);
  checkPrefix(first, "EADB", head);
  first.skip(placeBytes);
  if (!paged) {
    for (let n = 0; n < elements && !table.complete; n++) element.read(first, table);
    return;
  }
  const pageBytes = pageElements * element.bytes + checksumBytes;
  for (let page = 0; page < elements / pageElements && !table.complete; page++) {
    const fields = file.readChecked(address + firstBytes + page * pageBytes, pageBytes, file.size);
    for (let n = 0; n < pageElements && !table.complete; n++) element.read(fields, table);
  }
}
