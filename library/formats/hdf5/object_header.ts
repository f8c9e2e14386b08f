/** The messages of an HDF5 object header: what a file says about a data set, piece by piece. */

import { expectLayout, type Fields, type Hdf5Bytes } from "./bytes.ts";

/** Numbers of the messages that we look at. */
export const messageType = {
  numberType: 3,
  externalFiles: 7,
  layout: 8,
  continuation: 16,
  driver: 20,
  cacheImage: 24,
} as const;

/** One message. */
export interface HeaderMessage {
  readonly type: number;
  readonly content: Fields;
}

/** Blocks of one header; hostile files have cycles of them. */
const mostBlocks = 64;

/** A piece of a header: messages, and whether each is preceded by its own creation order. */
interface Block {
  readonly content: Fields;
  readonly version: 1 | 2;
  readonly ordered: boolean;
}

/**
 * The messages of the object header at an address.
 *
 * @throws {OddLayout} when it is no object header, or one that cannot be trusted
 */
export function readMessages(file: Hdf5Bytes, address: number): HeaderMessage[] {
  const messages: HeaderMessage[] = [];
  const first = firstBlock(file, address);
  const blocks = [first];
  let count = 1;
  for (let block = blocks.shift(); block; block = blocks.shift()) {
    for (const message of messagesOf(block)) {
      messages.push(message);
      if (message.type !== messageType.continuation) continue;
      expectLayout(++count <= mostBlocks, "a header of too many pieces");
      const next = message.content.u64(), length = message.content.u64();
      blocks.push({ ...first, content: continuation(file, next, length, first.version) });
    }
  }
  return messages;
}

function firstBlock(file: Hdf5Bytes, address: number): Block {
  const start = file.read(address, 16);
  if (start.bytes[0] === 1) {
    start.skip(8);
    return { content: file.read(address + 16, start.u32()), version: 1, ordered: false };
  }
  start.signature("OHDR");
  expectLayout(start.u8() === 2, "an object header of an unknown version");
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

function* messagesOf({ content, version, ordered }: Block): Generator<HeaderMessage> {
  const headBytes = version === 1 ? 8 : ordered ? 6 : 4;
  // What is left over is a gap.
  while (content.remaining >= headBytes) {
    const type = version === 1 ? content.u16() : content.u8();
    const size = content.u16(), flags = content.u8();
    content.skip(headBytes - (version === 1 ? 5 : 4));
    const message = { type, content: content.take(size) };
    expectLayout((flags & 2) === 0 || type !== messageType.layout, "a layout that lies elsewhere");
    yield message;
  }
}
