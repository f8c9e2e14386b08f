/** Streams of the server: pieces of {@link Parts}, each behind its length in bytes (uint32, little-endian). */

import { decodeParts, encodeParts, type Parts } from "./parts.ts";
import { messageLimit } from "./limits.ts";

/** One piece of a stream. */
export function encodeMessage(parts: Parts): Uint8Array<ArrayBuffer> {
  const body = encodeParts(parts);
  const message = new Uint8Array(4 + body.length);
  new DataView(message.buffer).setUint32(0, body.length, true);
  message.set(body, 4);
  return message;
}

/**
 * The pieces of a stream as they come, however the network cut it.
 *
 * @throws {RangeError} when a piece is larger than any that the server sends, damaged, or cut off
 */
export async function* readMessages<Header>(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Parts<Header>> {
  const reader = body.getReader();
  let pending: Uint8Array<ArrayBuffer>[] = [], held = 0;
  /** Takes bytes off the front; they are there. */
  const take = (length: number) => {
    const taken = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const [first] = pending, part = first.subarray(0, length - filled);
      taken.set(part, filled);
      filled += part.length;
      if (part.length === first.length) pending = pending.slice(1);
      else pending[0] = first.subarray(part.length);
    }
    held -= length;
    return taken;
  };
  let wanted: number | null = null;
  try {
    while (true) {
      while (held >= (wanted ?? 4)) {
        if (wanted === null) {
          wanted = new DataView(take(4).buffer).getUint32(0, true);
          if (wanted > messageLimit) {
            throw new RangeError(`the stream is damaged: a piece of ${wanted} bytes`);
          }
          continue;
        }
        const body = take(wanted);
        wanted = null;
        yield decodeParts<Header>(body.buffer);
      }
      const { done, value } = await reader.read();
      if (done) break;
      pending.push(value);
      held += value.length;
    }
    if (held > 0 || wanted !== null) throw new RangeError("the stream is damaged: it ends within a piece");
  } finally {
    await reader.cancel().catch(() => {});
  }
}
