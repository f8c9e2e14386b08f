/**
 * Attributes of the type that numpy's booleans have in HDF5, an enumeration, which the library cannot make and HyperSpy
 * insists on. A text of the same size holds the place until the file is closed. After the public specification of the HDF5
 * file format, version 3.0: "Attribute message", version 1, and "Datatype message", class 8.
 */

import type { Group } from "../results/emd.ts";
import { CorruptFile } from "../scan/errors.ts";

/** Bytes of the placeholder: those that the longer type takes, and eight for the value. */
const placeholderBytes = 40;
const markers = ["crystallite:boolean:false", "crystallite:boolean:true"]
  .map((text) => text.padEnd(placeholderBytes, "."));
/** Bytes of the type and of the dataspace of a text. */
const textTypeBytes = 8, spaceBytes = 8;

/** An enumeration of FALSE = 0 and TRUE = 1 on signed integers of one byte. */
const booleanType = Uint8Array.of(
  ...[0x18, 2, 0, 0, 1, 0, 0, 0],
  ...[0x10, 8, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0],
  ...new TextEncoder().encode("FALSE\0\0\0TRUE\0\0\0\0"),
  ...[0, 1],
);

/** Creates an attribute that {@link settleBooleans} makes a boolean. */
export function createBooleanAttribute(group: Group, name: string, value: boolean): void {
  group.create_attribute(name, markers[Number(value)], [], `S${placeholderBytes}`);
}

/**
 * Gives all such attributes their type, in the bytes of a closed file.
 *
 * @throws {CorruptFile} when the library has written something else
 */
export function settleBooleans(path: string, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const [value, marker] of markers.entries()) {
    const wanted = new TextEncoder().encode(marker);
    for (let at = bytes.indexOf(wanted[0]); at >= 0; at = bytes.indexOf(wanted[0], at + 1)) {
      if (!wanted.every((byte, index) => bytes[at + index] === byte)) continue;
      settle(path, view, at, value);
    }
  }
}

/** @param at place of the value */
function settle(path: string, view: DataView, at: number, value: number): void {
  const typeAt = at - spaceBytes - textTypeBytes;
  const head = findHead(view, typeAt);
  if (head === undefined) {
    throw new CorruptFile(`the HDF5 library has made ${path} otherwise than it is known to`, {
      file: path,
      expected: "attributes of version 1",
      remedy: "write another format, and tell us which versions of crystallite and Deno you have",
    });
  }
  const bytes = new Uint8Array(
    view.buffer,
    view.byteOffset + typeAt,
    textTypeBytes + spaceBytes + placeholderBytes,
  );
  const space = bytes.slice(textTypeBytes, textTypeBytes + spaceBytes);
  bytes.fill(0);
  bytes.set(booleanType);
  const spaceAt = 8 * Math.ceil(booleanType.length / 8);
  bytes.set(space, spaceAt);
  bytes[spaceAt + spaceBytes] = value;
  view.setUint16(head + 4, booleanType.length, true);
}

/** Where the message begins: version 1, and sizes of name, type and dataspace that lead to the type. */
function findHead(view: DataView, typeAt: number): number | undefined {
  for (let head = typeAt - 16; head >= Math.max(0, typeAt - 72); head -= 8) {
    const nameBytes = view.getUint16(head + 2, true);
    const fits = view.getUint16(head, true) === 1 && view.getUint16(head + 4, true) === textTypeBytes &&
      view.getUint16(head + 6, true) === spaceBytes && head + 8 + 8 * Math.ceil(nameBytes / 8) === typeAt;
    if (fits) return head;
  }
  return undefined;
}
