// Sequences of a block of Zstandard carried out (RFC 8878, section 3.1.1.4): literals are copied, and matches from what is
// there. Each is carried out as soon as it is decoded: its copies need not be awaited to decode the next. Data may be
// hostile: nothing is written outside the target, nothing read but it, the literals and the 16 bytes behind both.

import { copyWild } from "./lz4";
import {
  AT, beginStream, decodeOne, DISTANCE_STATE, DISTANCES_TABLE, extra, hasEnded, highest, least, LENGTH_STATE,
  LENGTHS_TABLE, nextState, NUMBER_STATE, SEQUENCE, START, USED, valueOf,
} from "./stream";

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

/** Copies the bytes up to `end` from `distance` >= 16 before, and at most 31 behind them. */
// @ts-ignore: decorator
@inline
function copyLong(to: usize, distance: usize, end: usize): void {
  do {
    v128.store(to, v128.load(to - distance));
    v128.store(to, v128.load(to - distance, 16), 16);
    to += 32;
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
  const streamStart = <usize>load<u32>(stream, START);
  let at = <usize>load<u32>(stream, AT), used = load<u32>(stream, USED);
  let numberState = <usize>load<u32>(stream, NUMBER_STATE), distanceState = <usize>load<u32>(stream, DISTANCE_STATE);
  let lengthState = <usize>load<u32>(stream, LENGTH_STATE);
  for (; count > 0; count--) {
    let number: usize, length: usize, value: u32;
    const numbers = load<u64>(tables + numberState), distances = load<u64>(tables + distanceState, DISTANCES_TABLE);
    const lengths = load<u64>(tables + lengthState, LENGTHS_TABLE);
    const both = <u32>distances + <u32>lengths, sums = both + <u32>numbers, all = sums & 255;
    // One that takes more bits than a reading has, or none, which is as rare; that may lead before the start; the last one.
    if (all - 1 > 55 || at < streamStart || count == 1) {
      store<u32>(stream, at, AT);
      store<u32>(stream, used, USED);
      store<u32>(stream, numberState, NUMBER_STATE);
      store<u32>(stream, distanceState, DISTANCE_STATE);
      store<u32>(stream, lengthState, LENGTH_STATE);
      if (!decodeOne(stream, tables, count == 1)) return 0;
      at = <usize>load<u32>(stream, AT);
      used = load<u32>(stream, USED);
      numberState = <usize>load<u32>(stream, NUMBER_STATE);
      distanceState = <usize>load<u32>(stream, DISTANCE_STATE);
      lengthState = <usize>load<u32>(stream, LENGTH_STATE);
      const sequence = load<u64>(stream, SEQUENCE);
      number = <usize>sequence & 0x1ffff;
      length = <usize>(sequence >> 17) & 0x3ffff;
      value = <u32>(sequence >> 35);
    } else {
      // Shifts look at the lowest bits only of what they are given. What leads to the next states has the fewest steps.
      const bits = load<u64>(at) << <u64>used, states = <u32>rotl<u64>(rotl<u64>(bits, 3), <u64>sums);
      value = valueOf(<u32>(bits >> 32), distances);
      distanceState = nextState(distances, states);
      lengthState = nextState(lengths, states >> (<u32>distances >> 14));
      numberState = nextState(numbers, states >> (both >> 14));
      // Lengths with more bits cannot be foreseen: zero bits are read as well.
      const behind = bits << (distances >> 8);
      length = least(lengths) + <u32>((behind >> 1) >> ~(lengths >> 8));
      number = least(numbers);
      if (extra(numbers)) number += <u32>highest(behind << (lengths >> 8), extra(numbers));
      used += all;
      at -= <usize>(used >> 3);
      used &= 7;
    }
    // Values up to three are recent distances, one later where no literals come before.
    const which = value - 1 + <u32>(number == 0);
    let next = select<u32>(recent1, select<u32>(recent2, value - 3, which == 2), which == 1);
    next = select<u32>(recent0, next, which == 0);
    if (value == 3 && which == 3) next = recent0 - 1;
    recent2 = select<u32>(recent2, recent1, which < 2);
    recent1 = select<u32>(recent1, recent0, which == 0);
    recent0 = next;
    const distance = <usize>next, matched = to + number;
    // A distance of zero, which is damaged, becomes the largest.
    if (number > literalsEnd - literals || distance - 1 >= matched - first) return 0;
    if (number + length + 64 > toEnd - to) {
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
        if (length > 32) copyLong(matched + 32, distance, matched + length);
      }
    }
    literals += number;
    to = matched + length;
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
