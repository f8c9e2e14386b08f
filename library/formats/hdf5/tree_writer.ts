/**
 * Small HDF5 files without the HDF5 library: groups, arrays and texts, uncompressed and whole in memory. Their bytes hold
 * no time and no machine, so equal content gives equal files; and they know truth values, which the library cannot write.
 *
 * Layout by the HDF5 file format specification, version 3.0: superblock and object headers of version 2, links in the
 * headers of their groups, contiguous data.
 */

import { lookup3 } from "./checksum.ts";
import { ascii, type Hdf5Values, storedValues, u16, u32, u64 } from "./stored_values.ts";

/** Attributes by name: one element each, or an axis of several; a text is one element. */
export type Hdf5Attributes = Readonly<Record<string, Hdf5Values>>;

/** A data set; `text` is one of one element. */
export interface Hdf5Leaf {
  readonly values: Hdf5Values;
  readonly attributes?: Hdf5Attributes;
  /** Lengths of the axes, slowest first; default: one axis with all values. */
  readonly shape?: readonly number[];
}

/** A group by the names of what is in it; names are not empty and hold no `/`. */
export interface Hdf5Tree {
  readonly [name: string]: Hdf5Leaf | Hdf5Tree | Hdf5Group;
}

/** A group with attributes. */
export class Hdf5Group {
  /** Puts both together. */
  constructor(readonly tree: Hdf5Tree, readonly attributes: Hdf5Attributes) {}
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
  attribute: 12,
} as const;

/**
 * The bytes of a file.
 *
 * @throws {RangeError} when a shape does not hold its values, or a name is none
 */
export function encodeHdf5(tree: Hdf5Tree | Hdf5Group): Uint8Array {
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
function writeGroup(pieces: Pieces, group: Hdf5Tree | Hdf5Group): number {
  const { tree, attributes } = group instanceof Hdf5Group ? group : { tree: group, attributes: {} };
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
    ...attributeMessages(pieces, attributes),
  ]));
}

function isLeaf(child: Hdf5Leaf | Hdf5Tree | Hdf5Group): child is Hdf5Leaf {
  return !(child instanceof Hdf5Group) && "values" in child;
}

function attributeMessages(pieces: Pieces, attributes: Hdf5Attributes): number[][] {
  return Object.entries(attributes).map(([name, values]) => {
    const { type, data, elements } = storedValues(values, (heap) => pieces.add(heap));
    const space = dataspace(elements === 1 ? [] : [elements]), text = [...new TextEncoder().encode(name), 0];
    // Version 3, with the name's character set: UTF-8.
    const sizes = [...u16(text.length), ...u16(type.length), ...u16(space.length)];
    return message(messages.attribute, [3, 0, ...sizes, 1, ...text, ...type, ...space, ...data]);
  });
}

/** The axes of values; without any they are one element. */
function dataspace(lengths: readonly number[]): number[] {
  return [2, lengths.length, 0, lengths.length > 0 ? 1 : 0, ...lengths.flatMap(u64)];
}

/** Writes the values of a data set, then its header; returns where that lies. */
function writeLeaf(pieces: Pieces, { values, shape, attributes = {} }: Hdf5Leaf): number {
  const { type, data, elements } = storedValues(values, (heap) => pieces.add(heap)),
    lengths = shape ?? [elements];
  if (lengths.reduce((product, length) => product * length, 1) !== elements) {
    throw new RangeError(`(${lengths.join(", ")}) does not hold ${elements} values`);
  }
  const place = data.length > 0 ? u64(pieces.add(data)) : nowhere;
  return pieces.add(objectHeader([
    message(messages.dataspace, dataspace(lengths)),
    message(messages.datatype, type),
    // Version 3: allocated late, filled only where a value is given, and none is.
    message(messages.fill, [3, 0x0a]),
    message(messages.layout, [3, 1, ...place, ...u64(data.length)]),
    ...attributeMessages(pieces, attributes),
  ]));
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
