// Literals of Zstandard in Huffman's code (RFC 8878, section 4.2): a table of codes of at most 11 bits, and one or four
// streams of bits, read from their ends. Data may be hostile. 16 bytes before each stream may be looked at.

import { dealSymbols, fillStates, readCounts } from "./states";

/** Bits of the longest code. */
const LONGEST: u32 = 11;
/** Bytes of the table of codes: what the next bits say, as length of the code and, from bit 8 on, symbol. */
export const CODE_BYTES: usize = 2 << LONGEST;

/** Where the scratch memory of {@link readCodes} has what: 4096 bytes. */
const WEIGHTS: usize = 0, COUNTS: usize = 512, NEXT: usize = 1024, CELLS: usize = 1536, STATES: usize = 2048;
const FACTS: usize = 2560, STARTS: usize = 2816;
const LARGEST_WEIGHTS: u32 = 255;

/** Weights coded by two states in turn; returns how many, 0 where they are damaged. */
function readWeights(source: usize, end: usize, scratch: usize): u32 {
  const head = readCounts(source, end, scratch + COUNTS, 12, 6);
  if (head == 0) return 0;
  const log = (head >> 16) & 255, start = source + <usize>(head & 0xffff);
  if (start >= end || load<u8>(end - 1) == 0) return 0;
  dealSymbols(scratch + COUNTS, head >> 24, log, scratch + CELLS, scratch + NEXT);
  for (let symbol: u32 = 0; symbol <= 12; symbol++) store<u64>(scratch + FACTS + (<usize>symbol << 3), <u64>symbol << 44);
  fillStates(log, scratch + CELLS, scratch + NEXT, scratch + FACTS, scratch + STATES);
  // Bits that are left; those before the first are zeros.
  let left = <i32>((end - start) << 3) - <i32>(clz<u32>(<u32>load<u8>(end - 1)) - 23);
  let even: u32 = 0, odd: u32 = 0, count: u32 = 0;
  left -= <i32>log;
  if (left < 0) return 0;
  even = weightBits(start, left, log);
  left -= <i32>log;
  if (left < 0) return 0;
  odd = weightBits(start, left, log);
  while (true) {
    const entry = load<u64>(scratch + STATES + (<usize>even << 3)), bits = <u32>entry & 255;
    if (count >= LARGEST_WEIGHTS) return 0;
    store<u8>(scratch + WEIGHTS + count++, <u8>(entry >> 44));
    left -= <i32>bits;
    if (left < 0) {
      if (count >= LARGEST_WEIGHTS) return 0;
      store<u8>(scratch + WEIGHTS + count++, <u8>(load<u64>(scratch + STATES + (<usize>odd << 3)) >> 44));
      return count;
    }
    even = odd;
    odd = (<u32>entry >> 23) + weightBits(start, left, bits);
  }
}

/** `count` bits from bit `bit` after start. */
// @ts-ignore: decorator
@inline
function weightBits(start: usize, bit: i32, count: u32): u32 {
  // Maybe one byte behind the stream, of which nothing is used.
  const at = start + <usize>(bit >> 3);
  return ((<u32>load<u16>(at)) >> (bit & 7)) & ((1 << count) - 1);
}

/**
 * Reads the lengths of the codes and makes their table. scratch: 4096 bytes.
 *
 * @returns bytes that this took, from bit 16 on the bits of the longest code; 0 where the bytes are damaged
 */
export function readCodes(source: usize, end: usize, table: usize, scratch: usize): u32 {
  if (source >= end) return 0;
  const head = <u32>load<u8>(source++);
  const weights = scratch + WEIGHTS, starts = scratch + STARTS;
  let count: u32, bytes: u32;
  if (head < 128) {
    bytes = head;
    if (<usize>bytes > end - source) return 0;
    count = readWeights(source, source + bytes, scratch);
    if (count == 0) return 0;
  } else {
    count = head - 127;
    bytes = (count + 1) >> 1;
    if (<usize>bytes > end - source) return 0;
    for (let i: u32 = 0; i < count; i++) {
      const pair = load<u8>(source + <usize>(i >> 1));
      store<u8>(weights + i, i & 1 ? pair & 15 : pair >> 4);
    }
  }
  memory.fill(starts, 0, 64);
  let total: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const weight = <u32>load<u8>(weights + i);
    if (weight > LONGEST + 1) return 0;
    total += (1 << weight) >> 1;
    const place = starts + (<usize>weight << 2);
    store<u32>(place, load<u32>(place) + ((1 << weight) >> 1));
  }
  if (total == 0) return 0;
  // The last weight is what is lacking to a power of two.
  const log: u32 = 32 - clz<u32>(total), missing: u32 = (1 << log) - total;
  if (log > LONGEST || (missing & (missing - 1)) != 0) return 0;
  const last = 32 - clz<u32>(missing), lastPlace = starts + (<usize>last << 2);
  store<u8>(weights + count++, <u8>last);
  store<u32>(lastPlace, load<u32>(lastPlace) + missing);
  // Codes of the least weight come first.
  let place: u32 = 0;
  for (let weight: usize = 1; weight <= 12; weight++) {
    const cells = load<u32>(starts + (weight << 2));
    store<u32>(starts + (weight << 2), place);
    place += cells;
  }
  for (let symbol: u32 = 0; symbol < count; symbol++) {
    const weight = <u32>load<u8>(weights + symbol);
    if (weight == 0) continue;
    const slot = starts + (<usize>weight << 2), first = load<u32>(slot), cells: u32 = 1 << (weight - 1);
    store<u32>(slot, first + cells);
    const entry = <u16>((log + 1 - weight) | (symbol << 8));
    const to = table + (<usize>first << 1);
    if (cells < 8) for (let i: u32 = 0; i < cells; i++) store<u16>(to + (<usize>i << 1), entry);
    else for (let i: u32 = 0; i < cells; i += 8) v128.store(to + (<usize>i << 1), i16x8.splat(<i16>entry));
  }
  return (1 + bytes) | (log << 16);
}

/** Decodes `count` symbols from where a stream was left: `used` bits before at + 8. False unless that is all of it. */
function finishStream(start: usize, at: usize, used: u32, table: usize, log: u32, to: usize, count: u32): bool {
  const shift = <u64>(64 - log);
  for (let i: u32 = 0; i < count; i++) {
    at -= <usize>(used >> 3);
    used &= 7;
    if (at + 8 < start) return false;
    const entry = <u32>load<u16>(table + (<usize>((load<u64>(at) << <u64>used) >> shift) << 1));
    store<u8>(to + i, <u8>(entry >> 8));
    used += entry & 255;
  }
  at -= <usize>(used >> 3);
  return at + 8 >= start && (at + 8 - start) << 3 == <usize>(used & 7);
}

/** Decodes `count` symbols of a single stream at start..end. */
export function decodeStream(start: usize, end: usize, table: usize, log: u32, to: usize, count: u32): bool {
  if (start >= end || load<u8>(end - 1) == 0) return false;
  return finishStream(start, end - 8, <u32>clz<u64>(load<u64>(end - 8)) + 1, table, log, to, count);
}

/** The bits of a stream that ends at `end`, the next one highest; below the last one there is a 1. */
// @ts-ignore: decorator
@inline
function firstBits(end: usize): u64 {
  const bits = load<u64>(end - 8);
  return (bits | 1) << (clz<u64>(bits) + 1);
}

/** The symbol that the next bits stand for, as its entry. */
// @ts-ignore: decorator
@inline
function entryOf(bits: u64, table: usize, shift: u64): u64 {
  return <u64>load<u16>(table + (<usize>(bits >> shift) << 1));
}

/** Five symbols from each of four streams, `rounds` times; places and bits are kept at `states`. */
function decodeRounds(states: usize, rounds: u32, table: usize, log: u32, to: usize, segment: usize): void {
  const shift = <u64>(64 - log);
  let at0 = <usize>load<u32>(states), at1 = <usize>load<u32>(states, 4);
  let at2 = <usize>load<u32>(states, 8), at3 = <usize>load<u32>(states, 12);
  let bits0 = load<u64>(states, 16), bits1 = load<u64>(states, 24), bits2 = load<u64>(states, 32);
  let bits3 = load<u64>(states, 40);
  const to1 = to + segment, to2 = to1 + segment, to3 = to2 + segment;
  for (let done: usize = 0, all = <usize>rounds * 5; done < all; done += 5) {
    for (let i: usize = 0; i < 5; i++) {
      const entry0 = entryOf(bits0, table, shift), entry1 = entryOf(bits1, table, shift);
      const entry2 = entryOf(bits2, table, shift), entry3 = entryOf(bits3, table, shift);
      // Shifts take the lowest six bits of what they are given.
      bits0 <<= entry0;
      bits1 <<= entry1;
      bits2 <<= entry2;
      bits3 <<= entry3;
      store<u8>(to + done + i, <u8>(entry0 >> 8));
      store<u8>(to1 + done + i, <u8>(entry1 >> 8));
      store<u8>(to2 + done + i, <u8>(entry2 >> 8));
      store<u8>(to3 + done + i, <u8>(entry3 >> 8));
    }
    let used = ctz(bits0);
    at0 -= <usize>(used >> 3);
    bits0 = (load<u64>(at0) | 1) << (used & 7);
    used = ctz(bits1);
    at1 -= <usize>(used >> 3);
    bits1 = (load<u64>(at1) | 1) << (used & 7);
    used = ctz(bits2);
    at2 -= <usize>(used >> 3);
    bits2 = (load<u64>(at2) | 1) << (used & 7);
    used = ctz(bits3);
    at3 -= <usize>(used >> 3);
    bits3 = (load<u64>(at3) | 1) << (used & 7);
  }
  store<u32>(states, at0);
  store<u32>(states, at1, 4);
  store<u32>(states, at2, 8);
  store<u32>(states, at3, 12);
  store<u64>(states, bits0, 16);
  store<u64>(states, bits1, 24);
  store<u64>(states, bits2, 32);
  store<u64>(states, bits3, 40);
}

/** Decodes `count` symbols of four streams at source..end, behind the sizes of the first three. states: 48 bytes. */
export function decodeStreams(
  source: usize, end: usize, table: usize, log: u32, to: usize, count: u32, states: usize,
): bool {
  if (end - source < 10 || count < 6) return false;
  const segment = <usize>((count + 3) >> 2), start0 = source + 6;
  const bytes0 = <usize>load<u16>(source), bytes1 = <usize>load<u16>(source, 2), bytes2 = <usize>load<u16>(source, 4);
  if (bytes0 + bytes1 + bytes2 >= end - start0 || !bytes0 || !bytes1 || !bytes2 || segment * 3 > <usize>count) return false;
  const start1 = start0 + bytes0, start2 = start1 + bytes1, start3 = start2 + bytes2;
  if (!load<u8>(start1 - 1) || !load<u8>(start2 - 1) || !load<u8>(start3 - 1) || !load<u8>(end - 1)) return false;
  store<u32>(states, start1 - 8);
  store<u32>(states, start2 - 8, 4);
  store<u32>(states, start3 - 8, 8);
  store<u32>(states, end - 8, 12);
  store<u64>(states, firstBits(start1), 16);
  store<u64>(states, firstBits(start2), 24);
  store<u64>(states, firstBits(start3), 32);
  store<u64>(states, firstBits(end), 40);
  const lastCount = count - <u32>segment * 3;
  let done: u32 = 0;
  while (true) {
    // The first stream is read by itself where it has come near its start; no place falls more than 7 bytes in a round.
    const first = load<u32>(states);
    const rounds = min((lastCount - done) / 5, first > start0 ? <u32>(first - start0) / 7 : 0);
    if (rounds == 0) break;
    decodeRounds(states, rounds, table, log, to + done, segment);
    done += rounds * 5;
    // Streams that came before their own starts are damaged; the bytes there are others of the chunk.
    if (load<u32>(states, 4) + 8 < start1 || load<u32>(states, 8) + 8 < start2 || load<u32>(states, 12) + 8 < start3) {
      return false;
    }
  }
  for (let stream: usize = 0; stream < 4; stream++) {
    const start = stream == 0 ? start0 : stream == 1 ? start1 : stream == 2 ? start2 : start3;
    const at = load<u32>(states + (stream << 2)), used = <u32>ctz(load<u64>(states + 16 + (stream << 3)));
    const rest = (stream == 3 ? lastCount : <u32>segment) - done;
    if (!finishStream(start, at, used, table, log, to + stream * segment + done, rest)) return false;
  }
  return true;
}
