/**
 * The tags of a DigitalMicrograph file: a tree of groups. Arrays, the image data among them, stay in the file; the tree
 * says where they lie.
 */

import { type ByteSource, readBytes } from "../../scan/byte_source.ts";
import { TagCursor } from "./tag_cursor.ts";

/** Real files have some ten levels and a few thousand tags; what is larger would only cost memory. */
const deepest = 64, mostTags = 500_000, mostNameBytes = 32 * 2 ** 20;
/** Numbers that describe a type: the largest are those of structures, two for each field. */
const mostTypeWords = 1024;
/** Longer texts are no names, units or words. */
const longestText = 1000;

/** Numbers or text in the file. */
export interface TagArray {
  /** Code of the type of its numbers; 4 for text, 15 for structures. */
  readonly type: number;
  readonly count: number;
  /** Byte at which the first lies. */
  readonly offset: number;
  readonly bytes: number;
}

/** A value: a number, a truth, numbers in the file, or a group. */
export type Tag = number | boolean | TagArray | TagGroup;

/** Tags with names, and tags in order, whose names may be empty. */
export class TagGroup {
  /** All tags in the order of the file. */
  readonly tags: Tag[] = [];
  readonly #named = new Map<string, Tag>();

  /** The first tag of a name counts. */
  add(name: string, tag: Tag): void {
    this.tags.push(tag);
    if (name !== "" && !this.#named.has(name)) this.#named.set(name, tag);
  }

  /** The tag at the end of a path of names, if there is one. */
  at(...path: readonly string[]): Tag | undefined {
    const last = path.at(-1);
    return last === undefined ? this : this.group(...path.slice(0, -1)).#named.get(last);
  }

  /** The group at the end of a path; an empty one where there is none. */
  group(...path: readonly string[]): TagGroup {
    const tag = this.at(...path);
    return tag instanceof TagGroup ? tag : new TagGroup();
  }

  /** The number at the end of a path, if there is one. */
  number(...path: readonly string[]): number | undefined {
    const tag = this.at(...path);
    return typeof tag === "number" ? tag : undefined;
  }
}

/** The tags of a file, and how its numbers lie. */
export interface TagFile {
  readonly version: 3 | 4;
  readonly littleEndian: boolean;
  readonly root: TagGroup;
}

/** Whether bytes begin as a file of version 3 or 4 does: version, size, byte order, and two truths of the first group. */
export function hasTagHeader(head: Uint8Array): boolean {
  if (head.length < 24 || head[0] !== 0 || head[1] !== 0 || head[2] !== 0) return false;
  const orderAt = head[3] === 3 ? 8 : 12,
    [a, b, c, order, sorted, open] = head.subarray(orderAt, orderAt + 6);
  return (head[3] === 3 || head[3] === 4) && a + b + c === 0 && order <= 1 && sorted <= 1 && open <= 1;
}

/**
 * Reads the tags.
 *
 * @throws {CorruptFile} when they are cut off or contradict the length of the file, or are more than any file has
 */
export function readTags(source: ByteSource): TagFile {
  const cursor = new TagCursor(source);
  const version = cursor.unsigned(4);
  if (version !== 3 && version !== 4) throw cursor.damaged("version 3 or 4", String(version), 4);
  cursor.wordBytes = version === 3 ? 4 : 8;
  // The length that the file gives is that of its tags alone, by one count or another.
  cursor.word();
  cursor.littleEndian = cursor.unsigned(4) === 1;
  return { version, littleEndian: cursor.littleEndian, root: new TagReader(cursor, version).group(0) };
}

/** The text of an array, if it is one; longer ones than a thousand characters are none of ours. */
export function textOf(
  source: ByteSource,
  { littleEndian }: TagFile,
  tag: Tag | undefined,
): string | undefined {
  if (typeof tag !== "object" || tag instanceof TagGroup || tag.type !== 4 || tag.count > longestText) return;
  const view = new DataView(readBytes(source, tag.offset, tag.bytes).buffer);
  const codes = Array.from({ length: tag.count }, (_, index) => view.getUint16(2 * index, littleEndian));
  return String.fromCharCode(...codes).replace(/\0+$/, "");
}

class TagReader {
  readonly #cursor: TagCursor;
  /** The fewest bytes of a tag: of a group without name and tags in version 4, a value without words in version 3. */
  readonly #leastBytes: number;
  #tags = 0;
  #nameBytes = 0;

  constructor(cursor: TagCursor, version: 3 | 4) {
    this.#cursor = cursor;
    this.#leastBytes = version === 3 ? 9 : 21;
  }

  group(depth: number): TagGroup {
    const cursor = this.#cursor, group = new TagGroup();
    if (depth > deepest) throw cursor.damaged(`groups of at most ${deepest} levels`, "more");
    cursor.skip(2);
    const count = cursor.word();
    if (count * this.#leastBytes > cursor.left) {
      throw cursor.damaged(`tags in ${cursor.left} bytes`, `${count} tags`, cursor.wordBytes);
    }
    for (let index = 0; index < count; index++) this.#entry(group, depth);
    return group;
  }

  #entry(group: TagGroup, depth: number): void {
    const cursor = this.#cursor, kind = cursor.unsigned(1), nameBytes = cursor.unsigned(2);
    if (kind !== 20 && kind !== 21) throw cursor.damaged("a group (20) or a value (21)", String(kind), 3);
    this.#tags++;
    this.#nameBytes += nameBytes;
    if (this.#tags > mostTags || this.#nameBytes > mostNameBytes) {
      throw cursor.damaged(`at most ${mostTags} tags with names of ${mostNameBytes} bytes`, "more");
    }
    const name = cursor.latin1(nameBytes);
    // Version 4 says the length of each tag once more. Its parts say it too, and each is checked.
    if (cursor.wordBytes === 8) cursor.word();
    group.add(name, kind === 20 ? this.group(depth + 1) : this.#value());
  }

  #value(): Tag {
    const cursor = this.#cursor, mark = cursor.latin1(4);
    if (mark !== "%%%%") throw cursor.damaged("%%%%", JSON.stringify(mark), 4);
    const words = cursor.word();
    if (words < 1 || words > mostTypeWords) {
      throw cursor.damaged("a type", `${words} words`, cursor.wordBytes);
    }
    const type = Array.from({ length: words }, () => cursor.word());
    if (words === 1) return cursor.scalar(type[0]);
    if (type[0] === 15) return this.#array(15, 1, this.#structureBytes(type));
    if (type[0] === 18 && words === 2) return this.#text(type[1]);
    if (type[0] !== 20 || words < 3) throw cursor.damaged("a type", `type ${type.slice(0, 3).join(", ")}`);
    const count = type[words - 1], inner = type.slice(1, -1);
    return inner[0] === 15
      ? this.#array(15, count, this.#structureBytes(inner))
      : this.#array(inner[0], count, cursor.bytesOf(inner[0]));
  }

  /** Bytes of a structure: 15, bytes of its name, number of fields, and for each bytes of its name and its type. */
  #structureBytes(type: readonly number[]): number {
    const cursor = this.#cursor, [, , fields] = type;
    if (type.length !== 3 + 2 * fields) {
      throw cursor.damaged("two words for each field", `${type.length} words`);
    }
    let bytes = 0;
    for (let field = 0; field < fields; field++) bytes += cursor.bytesOf(type[4 + 2 * field]);
    return bytes;
  }

  /** The other kind of text, whose length is in bytes. */
  #text(length: number): TagArray {
    const offset = this.#cursor.position, count = Math.floor(length / 2);
    this.#cursor.skip(length);
    return { type: 4, count, offset, bytes: 2 * count };
  }

  #array(type: number, count: number, elementBytes: number): TagArray {
    const offset = this.#cursor.position, bytes = count * elementBytes;
    this.#cursor.skip(bytes);
    return { type, count, offset, bytes };
  }
}
