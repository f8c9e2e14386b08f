// Frames of Zstandard (RFC 8878, section 3.1) without dictionaries. Data may be hostile: see `unpackZstandard`.

import { beginFrame, decodeBlock, LARGEST_BLOCK } from "./blocks";
import { checkSum } from "./xxhash";

const ENDS_EARLY: i32 = -1, TOO_LARGE: i32 = -2, DAMAGED: i32 = -3, NO_FRAME: i32 = -4, WRONG_SUM: i32 = -5;
const DICTIONARY: i32 = -6;

const FRAME: u32 = 0xfd2fb528, SKIPPED: u32 = 0x184d2a50;

/** A number of `bytes` (0, 1, 2, 4 or 8). */
// @ts-ignore: decorator
@inline
function sizedNumber(at: usize, bytes: u32): u64 {
  if (bytes == 0) return 0;
  const word = load<u64>(at);
  return bytes == 8 ? word : word & ((<u64>1 << (8 * bytes)) - 1);
}

/**
 * Unpacks the frames of `sourceBytes` at `source` to at most `targetBytes` at `target`. Writes nothing but these and the
 * scratch memory, reads nothing but them and the 32 bytes behind the source, whatever the frames say; what is read behind the
 * source changes nothing. Checksums are held against the bytes. scratch: 163840 bytes.
 *
 * @returns bytes that came out; -1 where a frame ends early, -2 where more came out, -3 where it is damaged, -4 where there
 * is no frame, -5 where a checksum is wrong, -6 where a dictionary is needed
 */
export function unpackZstandard(source: usize, sourceBytes: i32, target: usize, targetBytes: i32, scratch: usize): i32 {
  const end = source + <usize>sourceBytes, targetEnd = target + <usize>targetBytes;
  let to = target, frames = 0;
  while (source < end) {
    if (end - source < 5) return frames ? DAMAGED : ENDS_EARLY;
    const magic = load<u32>(source);
    if ((magic & ~15) == SKIPPED) {
      if (end - source < 8) return ENDS_EARLY;
      const skipped = <usize>load<u32>(source, 4);
      source += 8;
      if (skipped > end - source) return ENDS_EARLY;
      source += skipped;
      continue;
    }
    if (magic != FRAME) return NO_FRAME;
    frames++;
    const descriptor = <u32>load<u8>(source, 4), single = (descriptor >> 5) & 1, sizeCode = descriptor >> 6;
    if (descriptor & 8) return DAMAGED;
    const dictionaryBytes: u32 = (1 << (descriptor & 3)) >> 1, windowBytes = 1 - single;
    const sizeBytes: u32 = sizeCode == 0 ? single : 1 << sizeCode;
    source += 5;
    if (<usize>(windowBytes + dictionaryBytes + sizeBytes) > end - source) return ENDS_EARLY;
    source += windowBytes;
    if (sizedNumber(source, dictionaryBytes) != 0) return DICTIONARY;
    source += dictionaryBytes;
    const size = sizedNumber(source, sizeBytes) + (sizeBytes == 2 ? 256 : 0);
    source += sizeBytes;
    if (size > <u64>(targetEnd - to)) return TOO_LARGE;

    const first = to;
    beginFrame(scratch);
    let last = false;
    do {
      if (end - source < 3) return ENDS_EARLY;
      const head = <u32>load<u32>(source) & 0xffffff, kind = (head >> 1) & 3, bytes = <usize>(head >> 3);
      last = (head & 1) != 0;
      source += 3;
      if (bytes > LARGEST_BLOCK || kind == 3) return DAMAGED;
      if ((kind == 1 ? 1 : bytes) > end - source) return ENDS_EARLY;
      if (kind == 2) {
        const room = min(targetEnd - to, LARGEST_BLOCK);
        to = decodeBlock(source, source + bytes, first, to, to + room, scratch);
        if (to == 0) return DAMAGED;
        source += bytes;
        continue;
      }
      if (bytes > targetEnd - to) return TOO_LARGE;
      if (kind == 1) {
        memory.fill(to, load<u8>(source++), bytes);
      } else {
        memory.copy(to, source, bytes);
        source += bytes;
      }
      to += bytes;
    } while (!last);
    if (sizeBytes != 0 && <u64>(to - first) != size) return DAMAGED;
    if (descriptor & 4) {
      if (end - source < 4) return ENDS_EARLY;
      if (load<u32>(source) != <u32>checkSum(first, to - first)) return WRONG_SUM;
      source += 4;
    }
  }
  return frames ? <i32>(to - target) : NO_FRAME;
}
