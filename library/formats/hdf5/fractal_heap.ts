/** The newer place of many links or attributes: a heap of blocks that become larger. */

import { expectKnown, expectLayout, Fields, type Hdf5Bytes } from "./bytes.ts";
import { bytesFor, openTree } from "./tree_records.ts";

const headBytes = 146, addressBytes = 8, checksumBytes = 4;
const managedKind = 0, hugeKind = 1, tinyKind = 2;
/** Objects that have a block of their own are no description any more above this. */
const largestObject = 16 * 2 ** 20;
const deepestHeap = 32;

/** A heap whose objects are found by their identifiers. */
export class FractalHeap {
  readonly #file: Hdf5Bytes;
  readonly #address: number;
  readonly #offsetBytes: number;
  readonly #lengthBytes: number;
  readonly #width: number;
  readonly #firstBlock: number;
  readonly #directRows: number;
  readonly #root: number | undefined;
  readonly #rows: number;
  readonly #hugeTree: number | undefined;
  readonly #idBytes: number;
  readonly #blocks = new Map<number, Fields>();
  #huge: Map<number, readonly [address: number, length: number]> | undefined;

  constructor(file: Hdf5Bytes, address: number) {
    this.#file = file;
    this.#address = address;
    const head = file.readChecked(address, headBytes);
    head.signature("FRHP");
    expectLayout(head.u8() === 0, "a heap of an unknown version");
    this.#idBytes = head.u16();
    expectKnown(head.u16() === 0, "a heap that is compressed");
    head.skip(1);
    const largestManaged = head.u32();
    head.skip(8);
    this.#hugeTree = head.address();
    head.skip(10 * 8);
    this.#width = head.u16();
    this.#firstBlock = head.u64();
    const largestBlock = head.u64(), bits = head.u16();
    head.skip(2);
    this.#root = head.address();
    this.#rows = head.u16();
    expectLayout(
      this.#width > 0 && this.#firstBlock > 0 && largestBlock >= this.#firstBlock && bits <= 64,
      "a heap of an impossible shape",
    );
    this.#directRows = Math.log2(largestBlock) - Math.log2(this.#firstBlock) + 2;
    this.#offsetBytes = Math.ceil(bits / 8);
    this.#lengthBytes = Math.min(Math.ceil(Math.log2(largestBlock) / 8), bytesFor(largestManaged));
  }

  /** The object with an identifier. */
  object(id: Fields): Fields {
    const first = id.u8(), kind = first >> 4 & 3;
    expectLayout(first >> 6 === 0, "an identifier of an unknown version");
    if (kind === tinyKind) return id.take((first & 15) + 1);
    if (kind === hugeKind) return this.#hugeObject(id);
    expectLayout(kind === managedKind, "an identifier of an unknown kind");
    const offset = id.unsigned(this.#offsetBytes), length = id.unsigned(this.#lengthBytes);
    const { block, start } = this.#findBlock(offset);
    expectLayout(offset - start + length <= block.bytes.length, "an object beyond its block");
    return new Fields(block.bytes.subarray(offset - start, offset - start + length));
  }

  #hugeObject(id: Fields): Fields {
    // Identifiers with enough room hold the place itself.
    if (this.#idBytes >= 1 + 2 * addressBytes) return this.#file.read(id.u64(), id.u64(), largestObject);
    expectLayout(this.#hugeTree !== undefined, "a large object without an index");
    if (!this.#huge) {
      const tree = openTree(this.#file, this.#hugeTree);
      expectKnown(tree.type === 1, "large objects that are compressed");
      this.#huge = new Map();
      for (const record of tree.records()) {
        const place = [record.u64(), record.u64()] as const;
        this.#huge.set(record.u64(), place);
      }
    }
    const place = this.#huge.get(id.unsigned(Math.min(8, this.#idBytes - 1)));
    expectLayout(place !== undefined, "a large object that is not there");
    return this.#file.read(place[0], place[1], largestObject);
  }

  /** The block that holds an offset of the heap, and the offset at which it begins. */
  #findBlock(offset: number): { block: Fields; start: number } {
    expectLayout(this.#root !== undefined, "an empty heap");
    let address = this.#root, rows = this.#rows, start = 0;
    if (rows === 0) return { block: this.#block(address, this.#firstBlock, start), start };
    for (let depth = 0; depth < deepestHeap; depth++) {
      const row = this.#rowOf(offset - start), bytes = this.#blockBytes(row);
      expectLayout(row < rows, "an object outside its heap");
      const inRow = offset - start - this.#rowStart(row), column = Math.floor(inRow / bytes);
      const child = this.#child(address, rows, start, row * this.#width + column);
      start += this.#rowStart(row) + column * bytes;
      if (row < this.#directRows) return { block: this.#block(child, bytes, start), start };
      address = child;
      rows = Math.log2(bytes) - Math.log2(this.#firstBlock) - Math.log2(this.#width) + 1;
    }
    expectLayout(false, "a heap that is too deep");
  }

  /** Row 0 and 1 have blocks of the first size, and each row after them blocks of twice the size. */
  #rowOf(offset: number): number {
    const first = this.#width * this.#firstBlock;
    return offset < first ? 0 : Math.floor(Math.log2(offset / first)) + 1;
  }

  #rowStart(row: number): number {
    return row === 0 ? 0 : this.#width * this.#firstBlock * 2 ** (row - 1);
  }

  #blockBytes(row: number): number {
    return this.#firstBlock * 2 ** Math.max(0, row - 1);
  }

  /** Address of a child of the indirect block at an address. */
  #child(address: number, rows: number, start: number, index: number): number {
    const bytes = 5 + addressBytes + this.#offsetBytes + rows * this.#width * addressBytes + checksumBytes;
    const fields = this.#file.readChecked(address, bytes);
    this.#checkPrefix(fields, "FHIB", start);
    fields.skip(index * addressBytes);
    return fields.u64();
  }

  #block(address: number, bytes: number, start: number): Fields {
    let block = this.#blocks.get(address);
    if (!block) {
      block = this.#file.read(address, bytes, largestObject);
      this.#checkPrefix(block, "FHDB", start);
      this.#blocks.set(address, block);
    }
    return block;
  }

  #checkPrefix(fields: Fields, signature: string, start: number): void {
    fields.signature(signature);
    expectLayout(fields.u8() === 0 && fields.u64() === this.#address, "a block of another heap");
    expectLayout(fields.unsigned(this.#offsetBytes) === start, "a block at another place of its heap");
  }
}
