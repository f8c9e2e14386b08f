// Sequences of a block of Zstandard carried out (RFC 8878, section 3.1.1.4): literals are copied, and matches from what is
// there. Batches of sequences are decoded before, so that neither waits for branches of the other. Data may be hostile:
// nothing is written outside the target, nothing read but it, the literals and the 16 bytes behind both.

import { copyWild } from "./lz4";
import { BATCH, beginStream, decodeBatch, hasEnded, KEPT } from "./stream";

/** Subtracts `step` from the lanes that are not below it. */
// @ts-ignore: decorator
@inline
function reduce(lanes: v128, step: u32): v128 {
  const steps = i8x16.splat(<i8>step);
  return i8x16.sub(lanes, v128.and(steps, i8x16.ge_u(lanes, steps)));
}

/** Copies `count` bytes from `distance` < 16 before, and at most 31 behind them. */
function copyNear(to: usize, distance: usize, count: usize): void {
  const end = to + count, step = <u32>distance;
  // The remainders of 0, 1, 2, ... 15.
  let places = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  places = step == 1 ? i8x16.splat(0) : reduce(reduce(reduce(places, step << 2), step << 1), step);
  const pattern = i8x16.swizzle(v128.load(to - distance), places);
  // It fits again after as many of its repeats as there are in 16 bytes.
  const stride = 16 - 16 % distance;
  do {
    v128.store(to, pattern);
    to += stride;
  } while (to < end);
}

/** Copies `count` bytes from `distance` before, and nothing behind them. */
function copyExactly(to: usize, distance: usize, count: usize): void {
  const end = to + count;
  if (distance >= 16) for (; end - to >= 16; to += 16) v128.store(to, v128.load(to - distance));
  else if (count >= 64) {
    copyNear(to, distance, count - 32);
    to = end - 32;
  }
  for (; to < end; to++) store<u8>(to, load<u8>(to - distance));
}

/**
 * Decodes `count` sequences of the stream at start..end and carries them out. logs: the sizes of the tables, as powers of two,
 * u32 each; recent: the three last distances, u32 each. literals: 16 bytes behind them are readable.
 *
 * @returns where the output ends; 0 where the block is damaged or makes more
 */
export function carryOut(
  start: usize, end: usize, count: u32, tables: usize, logs: usize, recent: usize, stream: usize,
  literals: usize, literalsEnd: usize, first: usize, to: usize, toEnd: usize,
): usize {
  if (!beginStream(start, end, logs, stream)) return 0;
  let recent0 = load<u32>(recent), recent1 = load<u32>(recent, 4), recent2 = load<u32>(recent, 8);
  const kept = stream + KEPT;
  while (count > 0) {
    const batch = min(count, BATCH);
    count -= batch;
    if (!decodeBatch(stream, tables, batch, count == 0)) return 0;
    for (let from = kept, keptEnd = kept + (<usize>batch << 3); from < keptEnd; from += 8) {
      const sequence = load<u64>(from);
      const number = <usize>sequence & 0x1ffff, length = <usize>(sequence >> 17) & 0x3ffff;
      // Values up to three are recent distances, one later where no literals come before.
      const value = <u32>(sequence >> 35), which = value - 1 + <u32>(number == 0);
      let next = select<u32>(recent1, select<u32>(recent2, value - 3, which == 2), which == 1);
      next = select<u32>(recent0, next, which == 0);
      if (value == 3 && which == 3) next = recent0 - 1;
      recent2 = select<u32>(recent2, recent1, which < 2);
      recent1 = select<u32>(recent1, recent0, which == 0);
      recent0 = next;
      const distance = <usize>next, matched = to + number;
      // A distance of zero, which is damaged, becomes the largest.
      if (number > literalsEnd - literals || distance - 1 >= matched - first) return 0;
      if (number + length + 32 > toEnd - to) {
        if (number + length > toEnd - to) return 0;
        memory.copy(to, literals, number);
        copyExactly(matched, distance, length);
      } else {
        v128.store(to, v128.load(literals));
        if (number > 16) copyWild(to + 16, literals + 16, <u32>number - 16);
        if (distance < 16) copyNear(matched, distance, length);
        else {
          v128.store(matched, v128.load(matched - distance));
          v128.store(matched, v128.load(matched - distance, 16), 16);
          if (length > 32) copyWild(matched + 32, matched + 32 - distance, <u32>length - 32);
        }
      }
      literals += number;
      to = matched + length;
    }
  }
  if (!hasEnded(stream)) return 0;
  store<u32>(recent, recent0);
  store<u32>(recent, recent1, 4);
  store<u32>(recent, recent2, 8);
  // Literals that no sequence took follow.
  const rest = literalsEnd - literals;
  if (rest > toEnd - to) return 0;
  memory.copy(to, literals, rest);
  return to + rest;
}
