/** Values as HDF5 stores them: the message that describes their type, and their bytes. */

import { bytesOf } from "../../scan/dtype.ts";

/** What a data set or an attribute holds. */
export type Hdf5Values =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Uint8Array
  | BigInt64Array
  | BigUint64Array
  | { readonly truths: Uint8Array }
  | { readonly text: string }
  | { readonly texts: readonly string[] };

/** Values, ready to be put into a file. */
export interface StoredValues {
  readonly type: number[];
  readonly data: Uint8Array;
  readonly elements: number;
}

/**
 * Type message, bytes and number of elements of values.
 *
 * @param addHeap puts a heap of texts into the file, and returns where it lies
 */
export function storedValues(values: Hdf5Values, addHeap: (heap: Uint8Array) => number): StoredValues {
  if ("truths" in values) {
    // An enumeration, as h5py writes numpy's truth values: FALSE = 0, TRUE = 1.
    const names = ["FALSE", "TRUE"].flatMap((name) => [...ascii(name), ...zeros(8 - name.length)]);
    return {
      type: [0x18, ...u16(2), 0, ...u32(1), ...integer(1, true), ...names, 0, 1],
      ...{ data: values.truths, elements: values.truths.length },
    };
  }
  if ("texts" in values) return storedTexts(values.texts, addHeap);
  if ("text" in values) {
    const data = new TextEncoder().encode(`${values.text}\0`);
    return { type: [0x13, 0x10, 0, 0, ...u32(data.length)], data, elements: 1 };
  }
  return { type: typeOf(values), data: bytesOf(values), elements: values.length };
}

function typeOf(values: Exclude<Hdf5Values, { text: string } | { texts: unknown } | { truths: unknown }>) {
  // IEEE 754: place of the sign, then exponent and mantissa, whose first 1 is implied: first bits, lengths, bias.
  if (values instanceof Float64Array) {
    return [0x11, 0x20, 63, 0, ...u32(8), ...u16(0), ...u16(64), 52, 11, 0, 52, ...u32(1023)];
  }
  if (values instanceof Float32Array) {
    return [0x11, 0x20, 31, 0, ...u32(4), ...u16(0), ...u16(32), 23, 8, 0, 23, ...u32(127)];
  }
  return integer(values.BYTES_PER_ELEMENT, values instanceof Int32Array || values instanceof BigInt64Array);
}

/** Texts of any length: where each lies in a heap of its own, with the length of each. */
function storedTexts(texts: readonly string[], addHeap: (heap: Uint8Array) => number): StoredValues {
  const encoded = texts.map((text) => new TextEncoder().encode(text));
  const objects = encoded.flatMap((bytes, index) => [
    ...[...u16(index + 1), ...u16(1), ...u32(0), ...u64(bytes.length)],
    ...[...bytes, ...zeros(Math.ceil(bytes.length / 8) * 8 - bytes.length)],
  ]);
  // A collection is of 4096 bytes at least; object 0 is what is free, its own header included.
  const used = 16 + objects.length, size = Math.max(4096, used + 16);
  const free = [...u16(0), ...u16(0), ...u32(0), ...u64(size - used)];
  const heap = new Uint8Array(size);
  heap.set([...ascii("GCOL"), 1, 0, 0, 0, ...u64(size), ...objects, ...free]);
  const place = addHeap(heap);
  return {
    // Variable length: a text, of characters of one byte.
    type: [0x19, 0x01, 0x00, 0, ...u32(16), 0x13, 0x00, 0, 0, ...u32(1)],
    data: Uint8Array.from(
      encoded.flatMap((bytes, index) => [...u32(bytes.length), ...u64(place), ...u32(index + 1)]),
    ),
    elements: texts.length,
  };
}

/** Type message of little-endian integers. */
function integer(bytes: number, signed: boolean): number[] {
  return [0x10, signed ? 0x08 : 0, 0, 0, ...u32(bytes), ...u16(0), ...u16(8 * bytes)];
}

export function ascii(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}

function zeros(count: number): number[] {
  return Array<number>(count).fill(0);
}

export function u16(value: number): number[] {
  return [value & 0xff, value >>> 8];
}

export function u32(value: number): number[] {
  return [...u16(value & 0xffff), ...u16(value >>> 16)];
}

export function u64(value: number): number[] {
  return [...u32(value % 2 ** 32), ...u32(Math.floor(value / 2 ** 32))];
}
