// The stream of a block of Zstandard that says what is done in sequence (RFC 8878, section 3.1.1.3.2): numbers of literals,
// distances and lengths of matches, three states that share a stream of bits, which is read from its end. Every access to
// memory costs as much as four other instructions, because its place is checked: few are made. Data may be hostile: nothing
// is read but the stream and the 16 bytes before it.

/** Bytes of the tables of states: u64 for each; numbers of literals, distances, lengths of matches. */
export const NUMBERS_TABLE: usize = 0, DISTANCES_TABLE: usize = 4096, LENGTHS_TABLE: usize = 6144;
export const TABLES_BYTES: usize = 10240;

/** What is known of a stream while it waits, u32 each: place, bits used there, the states, its start; then a sequence. */
export const AT: usize = 0, USED: usize = 4, NUMBER_STATE: usize = 8, DISTANCE_STATE: usize = 12, LENGTH_STATE: usize = 16;
export const START: usize = 20;
/** Where {@link decodeOne} puts a sequence, in eight bytes: see `packed`. */
export const SEQUENCE: usize = 24;
/** Bytes of memory of a stream. */
export const STREAM_BYTES: usize = SEQUENCE + 8;

/** The `count` highest bits, 0 to 63 of them. */
// @ts-ignore: decorator
@inline
export function highest(bits: u64, count: u32): u64 {
  return (bits >> 1) >> <u64>(63 - count);
}

/**
 * What an entry of a table says (see `fillStates`): all its bits, of them extra bits and bits of the next state, what these are
 * added to, their mask, the least value. A place in a table is in bytes. Many sums and shifts look at the lowest bits only.
 */
// @ts-ignore: decorator
@inline
export function extra(entry: u64): u32 {
  return (<u32>entry >> 8) & 63;
}
// @ts-ignore: decorator
@inline
function stateBits(entry: u64): u32 {
  return (<u32>entry >> 14) & 63;
}
/** `bits`: eight for each place, and lower ones that mean nothing. */
// @ts-ignore: decorator
@inline
export function nextState(entry: u64, bits: u32): usize {
  return (<usize>entry >> 20) + <usize>(<u32>(entry >> 32) & 0xff8 & bits);
}
// @ts-ignore: decorator
@inline
export function least(entry: u64): u32 {
  return <u32>(entry >> 44);
}

/** Begins to read the stream at start..end. False where it is damaged. logs: sizes of the tables as powers of two, u32 each. */
export function beginStream(start: usize, end: usize, logs: usize, stream: usize): bool {
  if (start >= end || load<u8>(end - 1) == 0) return false;
  const numbersLog = load<u32>(logs), distancesLog = load<u32>(logs, 4), lengthsLog = load<u32>(logs, 8);
  let bits = load<u64>(end - 8), used = <u32>clz<u64>(bits) + 1;
  bits <<= <u64>used;
  store<u32>(stream, <u32>highest(bits, numbersLog) << 3, NUMBER_STATE);
  bits <<= <u64>numbersLog;
  store<u32>(stream, <u32>highest(bits, distancesLog) << 3, DISTANCE_STATE);
  bits <<= <u64>distancesLog;
  store<u32>(stream, <u32>highest(bits, lengthsLog) << 3, LENGTH_STATE);
  used += numbersLog + distancesLog + lengthsLog;
  store<u32>(stream, end - 8 - <usize>(used >> 3), AT);
  store<u32>(stream, used & 7, USED);
  store<u32>(stream, start, START);
  return true;
}

/** A sequence in eight bytes: its number of literals, from bit 17 on its length, from bit 35 on what stands for the distance. */
// @ts-ignore: decorator
@inline
function packed(number: u32, length: u32, value: u32): u64 {
  return <u64>number | (<u64>length << 17) | (<u64>value << 35);
}

/** What stands for a distance, of which the stream has all but the highest bit; `highestBits`: its next 32 bits. */
// @ts-ignore: decorator
@inline
export function valueOf(highestBits: u32, distances: u64): u32 {
  return ((highestBits >> 1) | 0x80000000) >> ~(<u32>distances >> 8);
}

/** Decodes one sequence, however many bits it takes; `last`: no states follow. False where the stream ends too early. */
export function decodeOne(stream: usize, tables: usize, last: bool): bool {
  const lowest = <usize>load<u32>(stream, START) - 8;
  let at = <usize>load<u32>(stream, AT), used = load<u32>(stream, USED);
  if (at < lowest) return false;
  const numbers = load<u64>(tables + <usize>load<u32>(stream, NUMBER_STATE));
  const distances = load<u64>(tables + <usize>load<u32>(stream, DISTANCE_STATE), DISTANCES_TABLE);
  const lengths = load<u64>(tables + <usize>load<u32>(stream, LENGTH_STATE), LENGTHS_TABLE);
  let bits = load<u64>(at) << <u64>used;
  const value = valueOf(<u32>(bits >> 32), distances);
  used += extra(distances);
  at -= <usize>(used >> 3);
  used &= 7;
  if (at < lowest) return false;
  bits = load<u64>(at) << <u64>used;
  const length = least(lengths) + <u32>highest(bits, extra(lengths));
  const number = least(numbers) + <u32>highest(bits << (lengths >> 8), extra(numbers));
  used += extra(lengths) + extra(numbers);
  at -= <usize>(used >> 3);
  used &= 7;
  if (at < lowest) return false;
  if (!last) {
    const ofDistance = stateBits(distances), ofLength = stateBits(lengths);
    const all = ofDistance + ofLength + stateBits(numbers);
    const states = <u32>highest(load<u64>(at) << <u64>used, all) << 3;
    used += all;
    at -= <usize>(used >> 3);
    used &= 7;
    store<u32>(stream, nextState(distances, states), DISTANCE_STATE);
    store<u32>(stream, nextState(lengths, states >> ofDistance), LENGTH_STATE);
    store<u32>(stream, nextState(numbers, states >> (ofDistance + ofLength)), NUMBER_STATE);
  }
  store<u32>(stream, at, AT);
  store<u32>(stream, used, USED);
  store<u64>(stream, packed(number, length, value), SEQUENCE);
  return true;
}

/** Whether the stream was read to its very end. */
export function hasEnded(stream: usize): bool {
  const at = <usize>load<u32>(stream, AT) + 8, start = <usize>load<u32>(stream, START);
  return at >= start && (at - start) << 3 == <usize>load<u32>(stream, USED);
}
