/** What a group holds: names, and for each the object or the link behind it. */

import { expectKnown, expectLayout, Fields, type Hdf5Bytes } from "./bytes.ts";
import { FractalHeap } from "./fractal_heap.ts";
import { LocalHeap } from "./local_heap.ts";
import { type HeaderMessage, messageType, onlyMessage } from "./object_header.ts";
import { openTree } from "./tree_records.ts";

/** What a name in a group stands for. */
export type Link =
  /** An object of the same file, by the address of its header. */
  | { readonly kind: "object"; readonly address: number }
  /** Another path in the same file. */
  | { readonly kind: "soft"; readonly path: string }
  /** A path in another file. */
  | { readonly kind: "external"; readonly file: string; readonly path: string };

/** Groups with more names are none of ours. */
const mostNames = 2 ** 20;
const deepestTree = 16;
const softLinkType = 1, externalLinkType = 64;

/**
 * The links of a group by their names, in the order of the names.
 *
 * @returns `undefined` when the messages are not those of a group
 * @throws {OddLayout} when the group is damaged
 */
export function readLinks(
  file: Hdf5Bytes,
  messages: readonly HeaderMessage[],
): ReadonlyMap<string, Link> | undefined {
  const table = onlyMessage(messages, messageType.symbolTable);
  const info = onlyMessage(messages, messageType.linkInfo);
  if (!table && !info) return undefined;
  const links: [string, Link][] = [];
  const add = (name: string, link: Link) => {
    expectLayout(links.push([name, link]) <= mostNames, "a group of too many names");
  };
  if (table) {
    const tree = table.u64();
    readSymbolTree({ file, heap: new LocalHeap(file, table.u64()), seen: new Set(), add }, tree, undefined);
  } else if (info) {
    for (const { type, content } of messages) {
      if (type === messageType.link) add(...parseLink(new Fields(content.bytes)));
    }
    readDenseLinks(file, info, add);
  }
  links.sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
  return new Map(links);
}

type Add = (name: string, link: Link) => void;

/** What an older group is read with. */
interface SymbolReading {
  readonly file: Hdf5Bytes;
  readonly heap: LocalHeap;
  /** Addresses of nodes: one that comes again would be read for ever, or nearly. */
  readonly seen: Set<number>;
  readonly add: Add;
}

/** An older group: a B-tree of version 1, whose leaves are tables of symbols. */
function readSymbolTree(reading: SymbolReading, address: number, expectedLevel: number | undefined): void {
  const { file, heap, seen, add } = reading, head = file.read(address, 24);
  head.signature("TREE");
  expectLayout(head.u8() === 0, "a tree of another kind");
  const level = head.u8(), count = head.u16();
  expectLayout(level === (expectedLevel ?? level) && level < deepestTree, "a tree of an impossible shape");
  const fields = file.read(address + 24, count * 16);
  for (let index = 0; index < count; index++) {
    fields.skip(8);
    const child = fields.u64();
    expectLayout(!seen.has(child), "a tree with a node that is there twice");
    seen.add(child);
    if (level > 0) readSymbolTree(reading, child, level - 1);
    else readSymbols(file, child, heap, add);
  }
}

function readSymbols(file: Hdf5Bytes, address: number, heap: LocalHeap, add: Add): void {
  const head = file.read(address, 8);
  head.signature("SNOD");
  expectLayout(head.u8() === 1, "a table of an unknown version");
  head.skip(1);
  const count = head.u16(), fields = file.read(address + 8, count * 40);
  for (let index = 0; index < count; index++) {
    const name = heap.text(fields.u64()), object = fields.address(), cached = fields.u32();
    fields.skip(4);
    const scratch = fields.take(16);
    if (cached === 2) add(name, { kind: "soft", path: heap.text(scratch.u32()) });
    else {
      expectLayout(object !== undefined, "a name of nothing");
      add(name, { kind: "object", address: object });
    }
  }
}

/** Many links of a newer group lie in a heap, with an index by name. */
function readDenseLinks(file: Hdf5Bytes, info: Fields, add: Add): void {
  expectKnown(info.u8() === 0, "a group of an unknown version");
  if (info.u8() & 1) info.skip(8);
  const heapAddress = info.address(), index = info.address();
  if (heapAddress === undefined || index === undefined) return;
  const heap = new FractalHeap(file, heapAddress), tree = openTree(file, index);
  expectLayout(tree.type === 5 && tree.count <= mostNames, "an index of something else");
  for (const record of tree.records()) {
    record.skip(4);
    add(...parseLink(heap.object(record)));
  }
}

function parseLink(fields: Fields): [string, Link] {
  expectKnown(fields.u8() === 1, "a link of an unknown version");
  const flags = fields.u8(), type = flags & 8 ? fields.u8() : 0;
  fields.skip((flags & 4 ? 8 : 0) + (flags & 16 ? 1 : 0));
  const name = textOf(fields.take(fields.unsigned(1 << (flags & 3))));
  if (type === 0) return [name, { kind: "object", address: fields.u64() }];
  const value = fields.take(fields.u16());
  if (type === softLinkType) return [name, { kind: "soft", path: textOf(value) }];
  expectKnown(type === externalLinkType && value.u8() === 0, "a link of an unknown kind");
  const file = value.text();
  return [name, { kind: "external", file, path: value.text() }];
}

function textOf({ bytes }: Fields): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}
