// Tables of finite-state entropy coding, as Zstandard has them (RFC 8878, section 4.1). A state stands for a symbol, the
// bits that are to be read and what they are added to for the next state. Data may be hostile: every place is checked.

/** Bits from the lowest of a byte on, from bit `bit` after source: at least 32; zeros behind the end. */
// @ts-ignore: decorator
@inline
function bitsAt(source: usize, end: usize, bit: u32): u64 {
  let at = source + <usize>(bit >> 3);
  if (at < end && end - at >= 8) return load<u64>(at) >> (bit & 7);
  let bits: u64 = 0;
  for (let shift: u64 = 0; at < end && shift < 64; shift += 8) bits |= <u64>load<u8>(at++) << shift;
  return bits >> (bit & 7);
}

/**
 * Reads how often each symbol stands in a table, -1 for less than once, as i16 at `counts` (room for `most` + 1 of them).
 *
 * @returns bytes that this took, from bit 16 on the size of the table as a power of two, from bit 24 on the last symbol; 0
 * where the bytes are damaged
 */
export function readCounts(source: usize, end: usize, counts: usize, most: u32, mostLog: u32): u32 {
  if (source >= end) return 0;
  const log = (<u32>load<u8>(source) & 15) + 5;
  if (log > mostLog) return 0;
  const bitEnd = <u32>min<usize>(end - source, 4096) << 3;
  let bit: u32 = 4, symbol: u32 = 0;
  let rest: i32 = 1 << log;
  while (rest > 0) {
    if (symbol > most || bit > bitEnd) return 0;
    const bits = 32 - clz<u32>(rest + 1), lower: u32 = (1 << (bits - 1)) - 1;
    const small: u32 = (1 << bits) - 2 - <u32>rest;
    const read = <u32>bitsAt(source, end, bit);
    let value = read & lower;
    if (value < small) bit += bits - 1;
    else {
      value = read & (2 * lower + 1);
      if (value > lower) value -= small;
      bit += bits;
    }
    const count = <i32>value - 1;
    rest -= count < 0 ? 1 : count;
    store<i16>(counts + (<usize>(symbol++) << 1), <i16>count);
    if (count != 0) continue;
    let zeros: u32;
    do {
      zeros = <u32>bitsAt(source, end, bit) & 3;
      bit += 2;
      if (symbol + zeros > most + 1 || bit > bitEnd) return 0;
      for (let i: u32 = 0; i < zeros; i++) store<i16>(counts + (<usize>(symbol++) << 1), 0);
    } while (zeros == 3);
  }
  if (rest < 0 || bit > bitEnd) return 0;
  return ((bit + 7) >> 3) | (log << 16) | ((symbol - 1) << 24);
}

/** Deals the symbols 0 to `last` out to the 2^log states: a byte for each at `cells`; `next` gets the counts as u16. */
export function dealSymbols(counts: usize, last: u32, log: u32, cells: usize, next: usize): void {
  const size: u32 = 1 << log, step = (size >> 1) + (size >> 3) + 3, mask = size - 1;
  let high = size;
  for (let symbol: u32 = 0; symbol <= last; symbol++) {
    const count = load<i16>(counts + (<usize>symbol << 1));
    if (count < 0) store<u8>(cells + --high, <u8>symbol);
    store<u16>(next + (<usize>symbol << 1), count < 0 ? 1 : <u16>count);
  }
  let place: u32 = 0;
  for (let symbol: u32 = 0; symbol <= last; symbol++) {
    for (let i: i32 = load<i16>(counts + (<usize>symbol << 1)); i > 0; i--) {
      store<u8>(cells + place, <u8>symbol);
      do place = (place + step) & mask; while (place >= high);
    }
  }
}

/**
 * Makes the table of 2^log states of symbols dealt out. An entry (u64) has all its bits, those of `facts` (u64 for each
 * symbol) and those of the next state, from bit 0 on; the former from bit 8 on and the latter from bit 14 on; what these are
 * added to and their mask from bits 20 and 32 on, in bytes of the table; and the highest 20 bits of the facts, whose lowest 14
 * say their bits twice.
 */
export function fillStates(log: u32, cells: usize, next: usize, facts: usize, table: usize): void {
  const size: u32 = 1 << log;
  for (let state: u32 = 0; state < size; state++) {
    const symbol = <usize>load<u8>(cells + state), counter = next + (symbol << 1);
    const count = <u32>load<u16>(counter);
    store<u16>(counter, <u16>(count + 1));
    const bits = log - (31 - clz<u32>(count));
    const states = bits + (bits << 14) + (((count << bits) - size) << 23), mask = <u64>((1 << bits) - 1) << 35;
    store<u64>(table + (<usize>state << 3), load<u64>(facts + (symbol << 3)) + <u64>states + mask);
  }
}
