/** The newer index of chunks for data sets that may grow along one axis: an array of blocks that become larger. */

import { expectLayout, type Fields } from "./bytes.ts";
import { type ChunkArrayReading, ChunkElement, isSet } from "./chunk_array.ts";

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
  readonly indexBlock: number | undefined;
}

/** Takes all chunks of the extensible array at an address. */
export function readExtensibleArray(reading: ChunkArrayReading): void {
  const { file, taker } = reading;
  const { head, bits } = readHead(reading);
  if (head.indexBlock === undefined) return;
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
  for (let n = 0; n < head.indexElements && !taker.done; n++) taker.take(head.element.read(index));
  for (let n = 0; !taker.done; n++) {
    const blocks = 2 ** Math.floor(n / 2), elements = head.blockElements * 2 ** Math.floor((n + 1) / 2);
    expectLayout(n < direct + superBlocks, "an extensible array that is too small");
    if (n < direct) {
      for (let block = 0; block < blocks; block++) readDataBlock(reading, index.address(), head, elements);
    } else readSuperBlock(reading, index.address(), head, blocks, elements);
  }
}

function readHead({ file, address, packed, chunkBytes }: ChunkArrayReading) {
  const fields = file.readChecked(address, headBytes);
  fields.signature("EAHD");
  expectLayout(fields.u8() === 0, "an extensible array of an unknown version");
  const client = fields.u8();
  const element = new ChunkElement(client, fields.u8(), packed, chunkBytes);
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
    indexBlock: fields.address(),
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

/** Takes the chunks of a super block: data blocks, of whose pages a map says which were written. */
function readSuperBlock(
  reading: ChunkArrayReading,
  address: number | undefined,
  head: Head,
  blocks: number,
  elements: number,
): void {
  if (address === undefined) return reading.taker.pass(blocks * elements);
  const { file, taker } = reading;
  const pages = elements > head.pageElements ? elements / head.pageElements : 0;
  const bitmapBytes = Math.ceil(pages / 8);
  const bytes = prefixBytes + head.placeBytes + blocks * (bitmapBytes + addressBytes) + checksumBytes;
  const fields = file.readChecked(address, bytes, file.size);
  checkPrefix(fields, "EASB", head);
  fields.skip(head.placeBytes);
  const maps = Array.from({ length: blocks }, () => fields.take(bitmapBytes).bytes);
  for (let block = 0; block < blocks && !taker.done; block++) {
    readDataBlock(reading, fields.address(), head, elements, maps[block]);
  }
}

function readDataBlock(
  { file, taker }: ChunkArrayReading,
  address: number | undefined,
  head: Head,
  elements: number,
  written?: Uint8Array,
): void {
  if (address === undefined) return taker.pass(elements);
  const { element, pageElements, placeBytes } = head;
  const paged = elements > pageElements;
  const firstBytes = prefixBytes + placeBytes + (paged ? 0 : elements * element.bytes) + checksumBytes;
  const first = file.readChecked(address, firstBytes, file.size);
  checkPrefix(first, "EADB", head);
  first.skip(placeBytes);
  if (!paged) {
    for (let n = 0; n < elements && !taker.done; n++) taker.take(element.read(first));
    return;
  }
  const pageBytes = pageElements * element.bytes + checksumBytes;
  for (let page = 0; page < elements / pageElements && !taker.done; page++) {
    if (written && !isSet(written, page)) {
      taker.pass(pageElements);
      continue;
    }
    const fields = file.readChecked(address + firstBytes + page * pageBytes, pageBytes, file.size);
    for (let n = 0; n < pageElements && !taker.done; n++) taker.take(element.read(fields));
  }
}
