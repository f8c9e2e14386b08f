// Blocks of Zstandard (RFC 8878, section 3.1.1.3): literals, then the tables of the states that sequences are read by.

import { dealSymbols, fillStates, readCounts } from "./states";
import { CODE_BYTES, decodeStream, decodeStreams, readCodes } from "./huffman";
import { DISTANCES_TABLE, LENGTHS_TABLE, NUMBERS_TABLE, STREAM_BYTES, TABLES_BYTES } from "./stream";
import { carryOut } from "./sequences";

/** Most bytes that a block makes. */
export const LARGEST_BLOCK: usize = 131072;
/** A block cannot have more: each makes three bytes at least. */
const MOST_SEQUENCES: u32 = 43690;
/** Symbols of distances beyond half a gigabyte are not believed. */
const LAST_DISTANCE: usize = 28;

/** What each kind of symbol says: extra bits, twice (see `fillStates`), and from bit 44 on what they are added to. */
const NUMBER_FACTS: usize = TABLES_BYTES, DISTANCE_FACTS: usize = NUMBER_FACTS + 36 * 8;
const LENGTH_FACTS: usize = DISTANCE_FACTS + 32 * 8, CODES: usize = LENGTH_FACTS + 53 * 8;
/** Sizes of the tables, recent distances, the longest code, which tables there are, place and number of the literals. */
const LOGS: usize = CODES + CODE_BYTES, RECENT: usize = LOGS + 12, LONGEST: usize = RECENT + 12;
const KNOWN: usize = LONGEST + 4, PLACE: usize = KNOWN + 4, COUNT: usize = PLACE + 4, WORK: usize = COUNT + 4;
/** Memory that tables are made in, sequences on their way, literals. */
const SEQUENCES: usize = WORK + 4096;
const LITERALS: usize = (SEQUENCES + STREAM_BYTES + 63) & ~63;

/**
 * Writes what symbols mean: `first` of them that mean themselves and `least` more, then those with extra bits, four bits for
 * each in `low` and `high`; 0 stands for 16 and is the last.
 */
function fillFacts(facts: usize, least: u32, first: u32, low: u64, high: u64): void {
  let value = least;
  for (let symbol: u32 = 0; symbol < first; symbol++) store<u64>(facts + (<usize>symbol << 3), <u64>(value++) << 44);
  facts += <usize>first << 3;
  while (true) {
    const bits = low & 15;
    store<u64>(facts, (<u64>value << 44) | (bits == 0 ? 0x1010 : bits * 0x101));
    if (bits == 0) return;
    facts += 8;
    value += <u32>1 << <u32>bits;
    low = (low >> 4) | (high << 60);
    high >>= 4;
  }
}

/** Makes a frame's scratch memory ready: no tables, the first recent distances. */
export function beginFrame(scratch: usize): void {
  fillFacts(scratch + NUMBER_FACTS, 0, 16, 0xcba9876433221111, 0xfed);
  fillFacts(scratch + LENGTH_FACTS, 3, 32, 0xba98754433221111, 0xfedc);
  for (let code: usize = 0; code <= LAST_DISTANCE; code++) {
    store<u64>(scratch + DISTANCE_FACTS + (code << 3), <u64>code * 0x101);
  }
  store<u32>(scratch + RECENT, 1);
  store<u32>(scratch + RECENT, 4, 4);
  store<u32>(scratch + RECENT, 8, 8);
  store<u32>(scratch + LONGEST, 0);
  store<u32>(scratch + KNOWN, 0);
}

/** Reads the literals of the block at source..end. Returns where their section ends; 0 where it is damaged. */
function readLiterals(source: usize, end: usize, scratch: usize): usize {
  if (end - source < 2) return 0;
  const head = <u32>load<u8>(source), kind = head & 3, form = (head >> 2) & 3, buffer = scratch + LITERALS;
  const word = load<u64>(source);
  if (kind < 2) {
    const headBytes: usize = form == 1 ? 2 : form == 3 ? 3 : 1;
    const count = <usize>(form == 1 ? (word >> 4) & 0xfff : form == 3 ? (word >> 4) & 0xfffff : head >> 3);
    const bytes = headBytes + (kind == 0 ? count : 1);
    if (count > LARGEST_BLOCK || bytes > end - source) return 0;
    if (kind == 1) memory.fill(buffer, load<u8>(source + headBytes), count);
    store<u32>(scratch + PLACE, kind == 0 ? source + headBytes : buffer);
    store<u32>(scratch + COUNT, count);
    return source + bytes;
  }
  const width: u64 = form < 2 ? 10 : form == 2 ? 14 : 18, mask = (<u64>1 << width) - 1;
  const count = <usize>((word >> 4) & mask), bytes = <usize>((word >> (4 + width)) & mask);
  source += form < 2 ? 3 : form == 2 ? 4 : 5;
  if (source > end || bytes > end - source || count > LARGEST_BLOCK) return 0;
  const sectionEnd = source + bytes;
  if (kind == 2) {
    const codes = readCodes(source, sectionEnd, scratch + CODES, scratch + WORK);
    if (codes == 0) return 0;
    source += <usize>(codes & 0xffff);
    store<u32>(scratch + LONGEST, codes >> 16);
  }
  const longest = load<u32>(scratch + LONGEST), codes = scratch + CODES;
  if (longest == 0) return 0;
  const sound = form == 0
    ? decodeStream(source, sectionEnd, codes, longest, buffer, <u32>count)
    : decodeStreams(source, sectionEnd, codes, longest, buffer, <u32>count, scratch + WORK);
  store<u32>(scratch + PLACE, buffer);
  store<u32>(scratch + COUNT, count);
  return sound ? sectionEnd : 0;
}

/** How often symbols stand in the tables that need not be told, four bits each; 15 stands for less than once. */
function usualCounts(kind: u32, counts: usize): u32 {
  const last: u32 = kind == 0 ? 35 : kind == 1 ? 28 : 52;
  for (let symbol: u32 = 0; symbol <= last; symbol++) {
    const part = symbol >> 4;
    let packed: u64;
    if (kind == 0) packed = part == 0 ? 0x1112222222222234 : part == 1 ? 0x1111123222222222 : 0xffff;
    else if (kind == 1) packed = part == 0 ? 0x1111111222111111 : 0xfffff11111111;
    else packed = part == 0 ? 0x1111111222222341 : part == 1 ? 0x1111111111111111 : part == 2 ? 0xff11111111111111 : 0xfffff;
    const count = (packed >> <u64>((symbol & 15) << 2)) & 15;
    store<i16>(counts + (<usize>symbol << 1), count == 15 ? -1 : <i16>count);
  }
  return last;
}

/** Makes a table of a block: kind 0 numbers, 1 distances, 2 lengths. Returns where its description ends; 0 where it is damaged. */
function readTable(kind: u32, mode: u32, source: usize, end: usize, scratch: usize): usize {
  const last: u32 = kind == 0 ? 35 : kind == 1 ? <u32>LAST_DISTANCE : 52, log = scratch + LOGS + (<usize>kind << 2);
  const table = scratch + (kind == 0 ? NUMBERS_TABLE : kind == 1 ? DISTANCES_TABLE : LENGTHS_TABLE);
  const facts = scratch + (kind == 0 ? NUMBER_FACTS : kind == 1 ? DISTANCE_FACTS : LENGTH_FACTS);
  const known = load<u32>(scratch + KNOWN), bit: u32 = 1 << kind;
  if (mode == 3) return known & bit ? source : 0;
  store<u32>(scratch + KNOWN, known | bit);
  if (mode == 1) {
    if (source >= end || <u32>load<u8>(source) > last) return 0;
    store<u64>(table, load<u64>(facts + (<usize>load<u8>(source) << 3)));
    store<u32>(log, 0);
    return source + 1;
  }
  const counts = scratch + WORK, next = counts + 256, cells = next + 256;
  let size: u32 = kind == 1 ? 5 : 6, highest: u32;
  if (mode == 0) highest = usualCounts(kind, counts);
  else {
    const read = readCounts(source, end, counts, last, kind == 1 ? 8 : 9);
    if (read == 0) return 0;
    source += <usize>(read & 0xffff);
    size = (read >> 16) & 255;
    highest = read >> 24;
  }
  dealSymbols(counts, highest, size, cells, next);
  fillStates(size, cells, next, facts, table);
  store<u32>(log, size);
  return source;
}

/**
 * Decodes the compressed block at source..end to `to`, at most up to toEnd. Its frame began at `first`; 32 bytes behind the
 * block are readable.
 *
 * @returns where its bytes end; 0 where it is damaged or makes more
 */
export function decodeBlock(source: usize, end: usize, first: usize, to: usize, toEnd: usize, scratch: usize): usize {
  source = readLiterals(source, end, scratch);
  if (source == 0 || source >= end) return 0;
  const literals = <usize>load<u32>(scratch + PLACE), count = <usize>load<u32>(scratch + COUNT);
  let sequences = <u32>load<u8>(source++);
  if (sequences == 0) {
    if (source != end || count > toEnd - to) return 0;
    memory.copy(to, literals, count);
    return to + count;
  }
  if (sequences == 255) {
    if (end - source < 2) return 0;
    sequences = <u32>load<u16>(source) + 0x7f00;
    source += 2;
  } else if (sequences > 127) {
    if (source >= end) return 0;
    sequences = ((sequences - 128) << 8) + <u32>load<u8>(source++);
  }
  if (source >= end || sequences > MOST_SEQUENCES) return 0;
  const modes = <u32>load<u8>(source++);
  if (modes & 3) return 0;
  for (let kind: u32 = 0; kind < 3; kind++) {
    source = readTable(kind, (modes >> (6 - 2 * kind)) & 3, source, end, scratch);
    if (source == 0) return 0;
  }
  if (sequences == 0) return 0;
  return carryOut(
    source, end, sequences, scratch, scratch + LOGS, scratch + RECENT, scratch + SEQUENCES,
    literals, literals + count, first, to, toEnd,
  );
}
