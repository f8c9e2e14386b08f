/** The messages of an HDF5 object header: what a file says about a group or data set, piece by piece. */

import { expectKnown, expectLayout, Fields, type Hdf5Bytes } from "./bytes.ts";

/** Numbers of the messages that we look at. */
export const messageType = {
  dataspace: 1,
  linkInfo: 2,
  datatype: 3,
  oldFillValue: 4,
  fillValue: 5,
  link: 6,
  externalFiles: 7,
  layout: 8,
  filters: 11,
  attribute: 12,
  continuation: 16,
  symbolTable: 17,
  driver: 20,
  attributeInfo: 21,
  cacheImage: 24,
} as const;

/** One message. */
export interface HeaderMessage {
  readonly type: number;
  readonly content: Fields;
}

/** Blocks of one header, and messages in all; hostile files have cycles of them. */
const mostBlocks = 64, mostMessages = 20_000;

/** A piece of a header: messages, and whether each is preceded by its own creation order. */
interface Block {
  readonly content: Fields;
  readonly version: 1 | 2;
  readonly ordered: boolean;
}

/**
 * The messages of the object header at an address. Those that lie elsewhere, because several objects share them, are
 * fetched from there.
 *
 * @throws {OddLayout} when it is no object header, or one that cannot be trusted
 */
export function readMessages(file: Hdf5Bytes, address: number): HeaderMessage[] {
  const messages: HeaderMessage[] = [];
  const first = firstBlock(file, address);
  const blocks = [first];
  let count = 1;
  for (let block = blocks.shift(); block; block = blocks.shift()) {
    for (const message of messagesOf(file, block)) {
      messages.push(message);
      expectLayout(messages.length <= mostMessages, "a header of too many messages");
      if (message.type !== messageType.continuation) continue;
      expectLayout(++count <= mostBlocks, "a header of too many pieces");
      const next = message.content.u64(), length = message.content.u64();
      blocks.push({ ...first, content: continuation(file, next, length, first.version) });
    }
  }
  return messages;
}

/** The content of a message of which an object or attribute holds only the place: {@link OddLayout} if it is not there. */
export function sharedContent(file: Hdf5Bytes, place: Fields, type: number): Fields {
  const version = place.u8(), kind = place.u8();
  expectKnown(version >= 1 && version <= 3 && (version < 3 || kind === 2), "a heap of shared messages");
  if (version === 1) place.skip(6);
  const found = ownMessages(file, place.u64()).find((message) => message.type === type);
  expectLayout(found !== undefined, "a shared message that is not there");
  return found.content;
}

/** The messages in the first block of a header, of which none is shared. */
function ownMessages(file: Hdf5Bytes, address: number): HeaderMessage[] {
  return [...messagesOf(undefined, firstBlock(file, address))];
}

function firstBlock(file: Hdf5Bytes, address: number): Block {
  const start = file.read(address, 16);
  if (start.bytes[0] === 1) {
    start.skip(8);
    return { content: file.read(address + 16, start.u32()), version: 1, ordered: false };
  }
  start.signature("OHDR");
  expectKnown(start.u8() === 2, "an object header of an unknown version");
  const flags = start.u8();
  const sizeBytes = 1 << (flags & 3);
  const prefix = 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const size = file.read(address + prefix, sizeBytes).unsigned(sizeBytes);
  const content = file.readChecked(address, prefix + sizeBytes + size + 4);
  content.skip(prefix + sizeBytes);
  return { content, version: 2, ordered: (flags & 4) !== 0 };
}

function continuation(file: Hdf5Bytes, address: number, length: number, version: 1 | 2): Fields {
  if (version === 1) return file.read(address, length);
  const content = file.readChecked(address, length);
  content.signature("OCHK");
  return content;
}

/** The messages of a block; without `file`, shared ones are left out. */
function* messagesOf(
  file: Hdf5Bytes | undefined,
  { content, version, ordered }: Block,
): Generator<HeaderMessage> {
  const headBytes = version === 1 ? 8 : ordered ? 6 : 4;
  // What is left over is a gap.
  while (content.remaining >= headBytes) {
    const type = version === 1 ? content.u16() : content.u8();
    const size = content.u16(), flags = content.u8();
    content.skip(headBytes - (version === 1 ? 5 : 4));
    const own = content.take(size);
    if ((flags & 2) === 0) yield { type, content: own };
    else if (file) yield { type, content: sharedContent(file, own, type) };
  }
}

/** A message of which there may be only one; a copy that is read from its beginning, `undefined` where there is none. */
export function onlyMessage(messages: readonly HeaderMessage[], type: number): Fields | undefined {
  const [found, ...more] = messages.filter((message) => message.type === type);
  expectLayout(more.length === 0, "several messages where one belongs");
  return found && new Fields(found.content.bytes);
}
