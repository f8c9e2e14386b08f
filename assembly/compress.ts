// Makes one block of LZ4: at each position the last place with the same four bytes is looked for, and what follows there
// alike is left out of the block.

import { copyWild } from "./lz4";

/** Bytes of the table of places, by a hash of the four bytes that begin there. */
export const TABLE_BYTES: usize = 8192;

/** The format's own rule: the last five bytes are literals, and no match begins in the last twelve. */
const LITERAL_END: usize = 5;
const MATCH_END: usize = 12;

/** How many positions without a match make the steps longer by one. */
const PATIENCE: u32 = 6;

/** Place in the table for four bytes. */
// @ts-ignore: decorator
@inline
function slotOf(table: usize, word: u32): usize {
  return table + (<usize>((word * 2654435761) >> 20) << 1);
}

/** Where bytes from `at` on stop to be those from `from` on; not behind `end`. */
// @ts-ignore: decorator
@inline
function alikeUntil(at: usize, from: usize, end: usize): usize {
  while (at + 8 <= end) {
    const difference = load<u64>(at) ^ load<u64>(from);
    if (difference) return at + <usize>(ctz(difference) >> 3);
    at += 8;
    from += 8;
  }
  while (at < end && load<u8>(at) == load<u8>(from)) {
    at++;
    from++;
  }
  return at;
}

/** What is left of a length that does not fit into its half of the token. */
// @ts-ignore: decorator
@inline
function writeLength(to: usize, rest: usize): usize {
  while (rest >= 255) {
    store<u8>(to++, 255);
    rest -= 255;
  }
  store<u8>(to++, <u8>rest);
  return to;
}

/** Writes the token and the literals of a sequence; `more`: what the token says of the match. */
// @ts-ignore: decorator
@inline
function writeLiterals(to: usize, from: usize, count: usize, more: usize): usize {
  store<u8>(to++, <u8>((min<usize>(15, count) << 4) | min<usize>(15, more)));
  if (count >= 15) to = writeLength(to, count - 15);
  if (count) copyWild(to, from, <u32>count);
  return to + count;
}

/**
 * Packs `bytes` <= 32768 bytes at `source` to `to`, where these and a 255th of them and 32 bytes must be free; 16 bytes
 * behind the source may be read. table: {@link TABLE_BYTES} of scratch memory.
 *
 * @returns the end of the block
 */
export function encodeLz4(source: usize, bytes: usize, to: usize, table: usize): usize {
  const end = source + bytes;
  let anchor = source;
  if (bytes > MATCH_END) {
    memory.fill(table, 0, TABLE_BYTES);
    const last = end - MATCH_END;
    let at = source + 1;
    let misses: u32 = 0;
    while (at <= last) {
      const word = load<u32>(at);
      const slot = slotOf(table, word);
      let from = source + <usize>load<u16>(slot);
      store<u16>(slot, <u16>(at - source));
      if (load<u32>(from) != word) {
        at += 1 + <usize>(misses++ >> PATIENCE);
        continue;
      }
      misses = 0;
      while (at > anchor && from > source && load<u8>(at - 1) == load<u8>(from - 1)) {
        at--;
        from--;
      }
      const until = alikeUntil(at + 4, from + 4, end - LITERAL_END);
      const more = until - at - 4;
      to = writeLiterals(to, anchor, at - anchor, more);
      store<u16>(to, <u16>(at - from));
      to += 2;
      if (more >= 15) to = writeLength(to, more - 15);
      at = anchor = until;
      if (at <= last) store<u16>(slotOf(table, load<u32>(at - 2)), <u16>(at - 2 - source));
    }
  }
  return writeLiterals(to, anchor, end - anchor, 0);
}
