/** The attributes of an object: small values with names. */

import { expectKnown, Fields, type Hdf5Bytes } from "./bytes.ts";
import { type Hdf5Space, type Hdf5Type, parseSpace, parseType } from "./datatype.ts";
import { FractalHeap } from "./fractal_heap.ts";
import { type HeaderMessage, messageType, onlyMessage, sharedContent } from "./object_header.ts";
import { openTree } from "./tree_records.ts";

/** An attribute as the file stores it. */
export interface Attribute {
  readonly type: Hdf5Type;
  readonly space: Hdf5Space;
  readonly data: Uint8Array;
}

/** Objects with more attributes are none of ours. */
const mostAttributes = 2 ** 16;

/** An attribute whose value has not been looked at: a damaged one harms no other. */
export type LazyAttribute = () => Attribute;

/**
 * The attributes of an object by their names.
 *
 * @throws {OddLayout} when they are damaged so that even names are unknown
 */
export function readAttributes(
  file: Hdf5Bytes,
  messages: readonly HeaderMessage[],
): ReadonlyMap<string, LazyAttribute> {
  const attributes = new Map<string, LazyAttribute>();
  const add = (content: Fields) => {
    const [name, attribute] = parseAttribute(file, content);
    attributes.set(name, attribute);
  };
  for (const { type, content } of messages) {
    if (type === messageType.attribute) add(new Fields(content.bytes));
  }
  const info = onlyMessage(messages, messageType.attributeInfo);
  if (!info) return attributes;
  expectKnown(info.u8() === 0, "attributes of an unknown version");
  if (info.u8() & 1) info.skip(2);
  const heapAddress = info.address(), index = info.address();
  if (heapAddress === undefined || index === undefined) return attributes;
  const heap = new FractalHeap(file, heapAddress), tree = openTree(file, index);
  expectKnown(tree.type === 8 && tree.count <= mostAttributes, "an index of something else");
  for (const record of tree.records()) {
    const id = record.take(8), flags = record.u8();
    const object = heap.object(id);
    add(flags & 2 ? sharedContent(file, object, messageType.attribute) : object);
  }
  return attributes;
}

function parseAttribute(file: Hdf5Bytes, fields: Fields): [string, LazyAttribute] {
  const version = fields.u8(), flags = fields.u8();
  expectKnown(version >= 1 && version <= 3, "an attribute of an unknown version");
  const nameBytes = fields.u16(), typeBytes = fields.u16(), spaceBytes = fields.u16();
  if (version === 3) fields.skip(1);
  const next = (bytes: number) => {
    const part = fields.take(version === 1 ? Math.ceil(bytes / 8) * 8 : bytes);
    return new Fields(part.bytes.subarray(0, bytes));
  };
  const name = next(nameBytes).text(), type = next(typeBytes), space = next(spaceBytes);
  const data = fields.bytes.subarray(fields.position);
  const own = (part: Fields, shared: boolean, kind: number) =>
    new Fields((shared ? sharedContent(file, new Fields(part.bytes), kind) : part).bytes);
  const parse = () => ({
    type: parseType(own(type, version > 1 && (flags & 1) !== 0, messageType.datatype)),
    space: parseSpace(own(space, version > 1 && (flags & 2) !== 0, messageType.dataspace)),
    data,
  });
  return [name, parse];
}
