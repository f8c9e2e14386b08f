/** The older places of names and variable-length values: local heaps of groups, global heaps of files. */

import { expectLayout, Fields, type Hdf5Bytes } from "./bytes.ts";

/** Collections of names or values larger than this are damaged. */
const largestHeap = 64 * 2 ** 20;

/** Names of the members of an older group. */
export class LocalHeap {
  readonly #data: Uint8Array;

  constructor(file: Hdf5Bytes, address: number) {
    const head = file.read(address, 32);
    head.signature("HEAP");
    expectLayout(head.u8() === 0, "a heap of an unknown version");
    head.skip(3);
    const size = head.u64();
    head.skip(8);
    this.#data = file.read(head.u64(), size, largestHeap).bytes;
  }

  /** The text at an offset. */
  text(offset: number): string {
    expectLayout(offset < this.#data.length, "a name outside its heap");
    return new Fields(this.#data.subarray(offset)).text();
  }
}

/** Values of variable length, in collections that are read once each. */
export class GlobalHeap {
  readonly #file: Hdf5Bytes;
  readonly #collections = new Map<number, Map<number, Uint8Array>>();

  constructor(file: Hdf5Bytes) {
    this.#file = file;
  }

  /** The object with a number in the collection at an address. */
  object(address: number, index: number): Uint8Array {
    let collection = this.#collections.get(address);
    if (!collection) this.#collections.set(address, collection = this.#read(address));
    const found = collection.get(index);
    expectLayout(found !== undefined, "a value that is not in its heap");
    return found;
  }

  #read(address: number): Map<number, Uint8Array> {
    const head = this.#file.read(address, 16);
    head.signature("GCOL");
    expectLayout(head.u8() === 1, "a heap of an unknown version");
    head.skip(3);
    const size = head.u64();
    const fields = this.#file.read(address, size, largestHeap), objects = new Map<number, Uint8Array>();
    fields.skip(16);
    // Each object takes at least the 16 bytes of its head, so that this ends.
    while (fields.remaining >= 16) {
      const index = fields.u16();
      fields.skip(6);
      const bytes = fields.u64();
      // Number 0 is what is free, up to the end.
      if (index === 0) break;
      expectLayout(!objects.has(index), "two values of one number in a heap");
      objects.set(index, fields.take(bytes).bytes);
      fields.align();
    }
    return objects;
  }
}
