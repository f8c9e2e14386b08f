/**
 * Small HDF5 files without the HDF5 library: groups, arrays and texts, uncompressed and whole in memory. Their bytes hold
 * no time and no machine, so equal content gives equal files; and they know truth values, which the library cannot write.
 *
 * Layout by the HDF5 file format specification, version 3.0: superblock and object headers of version 2, links in the
 * headers of their groups, contiguous data.
 */

import { bytesOf } from "../../scan/dtype.ts";
import { lookup3 } from "./checksum.ts";

/** What a data set holds. */
export type Hdf5Values = Float64Array | Int32Array | { readonly truths: Uint8Array } | {
  readonly text: string;
};

/** A data set; texts are those of one element. */
export interface Hdf5Leaf {
  readonly values: Hdf5Values;
  /** Lengths of the axes, slowest first; default: one axis with all values. */
  readonly shape?: readonly number[];
}

/** A group by the names of what is in it; names are not empty and hold no `/`. */
export interface Hdf5Tree {
  readonly [name: string]: Hdf5Leaf | Hdf5Tree;
}

/** No such place in the file. */
const nowhere = Array<number>(8).fill(0xff);
const superblockBytes = 48;
/** Codes of the messages of object headers. */
const messages = {
  dataspace: 1,
  linkInfo: 2,
  datatype: 3,
  fill: 5,
  link: 6,
  layout: 8,
  groupInfo: 10,
} as const;

/**
 * The bytes of a file.
 *
 * @throws {RangeError} when a shape does not hold its values, or a name is none
 */
export function encodeHdf5(tree: Hdf5Tree): Uint8Array {
  const pieces = new Pieces(), root = writeGroup(pieces, tree);
  const body = [
    0x89,
    ...ascii("HDF\r\n"),
    0x1a,
    0x0a,
    2,
    8,
    8,
    0,
    ...u64(0),
    ...nowhere,
    ...u64(pieces.end),
    ...u64(root),
  ];
  return pieces.join(withChecksum(body));
}

/** The parts of the file behind its superblock. */
class Pieces {
  readonly #pieces: Uint8Array[] = [];
  end = superblockBytes;

  /** Adds a piece, padded to 8 bytes; returns where it lies. */
  add(bytes: Uint8Array): number {
    const place = this.end, padded = Math.ceil(bytes.length / 8) * 8;
    this.#pieces.push(bytes, new Uint8Array(padded - bytes.length));
    this.end += padded;
    return place;
  }

  join(superblock: Uint8Array): Uint8Array {
    const file = new Uint8Array(this.end);
    file.set(superblock);
    let place = superblockBytes;
    for (const piece of this.#pieces) {
      file.set(piece, place);
      place += piece.length;
    }
    return file;
  }
}

/** Writes what is in a group, then its header; returns where that lies. */
function writeGroup(pieces: Pieces, tree: Hdf5Tree): number {
  const links = Object.entries(tree).map(([name, child]) => {
    const text = new TextEncoder().encode(name);
    if (text.length === 0 || text.length > 255 || name.includes("/")) {
      throw new RangeError(`"${name}" is not a name in an HDF5 file`);
    }
    const place = isLeaf(child) ? writeLeaf(pieces, child) : writeGroup(pieces, child);
    // Version 1, a hard link with its character set: UTF-8.
    return message(messages.link, [1, 0x10, 1, text.length, ...text, ...u64(place)]);
  });
  return pieces.add(objectHeader([
    message(messages.linkInfo, [0, 0, ...nowhere, ...nowhere]),
    message(messages.groupInfo, [0, 0]),
    ...links,
  ]));
}

function isLeaf(child: Hdf5Leaf | Hdf5Tree): child is Hdf5Leaf {
  return "values" in child;
}

/** Writes the values of a data set, then its header; returns where that lies. */
function writeLeaf(pieces: Pieces, { values, shape }: Hdf5Leaf): number {
  const { type, data, elements } = stored(values), lengths = shape ?? [elements];
  if (lengths.reduce((product, length) => product * length, 1) !== elements) {
    throw new RangeError(`(${lengths.join(", ")}) does not hold ${elements} values`);
  }
  const place = data.length > 0 ? u64(pieces.add(data)) : nowhere;
  return pieces.add(objectHeader([
    message(messages.dataspace, [2, lengths.length, 0, lengths.length > 0 ? 1 : 0, ...lengths.flatMap(u64)]),
    message(messages.datatype, type),
    // Version 3: allocated late, filled only where a value is given, and none is.
    message(messages.fill, [3, 0x0a]),
    message(messages.layout, [3, 1, ...place, ...u64(data.length)]),
  ]));
}

/** Type message, bytes and number of elements of values. */
function stored(values: Hdf5Values): { type: number[]; data: Uint8Array; elements: number } {
  if (values instanceof Float64Array) {
    // IEEE 754: sign in bit 63, 11 bits of exponent with bias 1023, 52 bits of mantissa whose first 1 is implied.
    const layout = [...u16(0), ...u16(64), 52, 11, 0, 52, ...u32(1023)];
    return {
      type: [0x11, 0x20, 63, 0, ...u32(8), ...layout],
      data: bytesOf(values),
      elements: values.length,
    };
  }
  if (values instanceof Int32Array) {
    return { type: integer(4), data: bytesOf(values), elements: values.length };
  }
  if ("truths" in values) {
    // An enumeration, as h5py writes numpy's truth values: FALSE = 0, TRUE = 1.
    const names = ["FALSE", "TRUE"].flatMap((
      name,
    ) => [...ascii(name), ...Array<number>(8 - name.length).fill(0)]);
    return {
      type: [0x18, ...u16(2), 0, ...u32(1), ...integer(1), ...names, 0, 1],
      data: values.truths,
      elements: values.truths.length,
    };
  }
  const text = new TextEncoder().encode(`${values.text}\0`);
  return { type: [0x13, 0x10, 0, 0, ...u32(text.length)], data: text, elements: 1 };
}

/** Type message of signed little-endian integers. */
function integer(bytes: number): number[] {
  return [0x10, 0x08, 0, 0, ...u32(bytes), ...u16(0), ...u16(8 * bytes)];
}

function message(kind: number, body: readonly number[]): number[] {
  return [kind, ...u16(body.length), 0, ...body];
}

function objectHeader(list: readonly number[][]): Uint8Array {
  const body = list.flat();
  // Version 2, with four bytes for the size of what follows.
  return withChecksum([...ascii("OHDR"), 2, 2, ...u32(body.length), ...body]);
}

function withChecksum(body: readonly number[]): Uint8Array {
  const bytes = Uint8Array.from(body);
  return Uint8Array.from([...bytes, ...u32(lookup3(bytes))]);
}

function ascii(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}

function u16(value: number): number[] {
  return [value & 0xff, value >>> 8];
}

function u32(value: number): number[] {
  return [...u16(value & 0xffff), ...u16(value >>> 16)];
}

function u64(value: number): number[] {
  return [...u32(value % 2 ** 32), ...u32(Math.floor(value / 2 ** 32))];
}
