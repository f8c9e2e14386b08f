/**
 * Unpacks bzip2, which the HDF5 library's plugin does not do within bounds: damaged bytes make it run for ever. Blocks of
 * run lengths, sorted by the Burrows-Wheeler transform, their symbols moved to the front and coded by Huffman.
 */

const blockMark = 0x314159265359, endMark = 0x177245385090;
const runA = 0, runB = 1, groupSymbols = 50, longestCode = 20;
const mostTables = 6, mostSelectors = 18002;

/**
 * Unpacks a stream.
 *
 * @param most bytes that may come out
 * @throws {Error} when it is damaged
 */
export function unpackBzip2(source: Uint8Array, most: number): Uint8Array {
  const bits = new Bits(source);
  if (bits.read(24) !== 0x425a68) throw new Error("no bzip2");
  const blockBytes = (bits.read(8) - 0x30) * 100_000;
  if (blockBytes < 100_000 || blockBytes > 900_000) throw new Error("bzip2 of an impossible block size");
  const target = new Uint8Array(most);
  let filled = 0;
  for (let mark = bits.mark(); mark !== endMark; mark = bits.mark()) {
    if (mark !== blockMark) throw new Error("a damaged bzip2 block");
    const checksum = bits.read(32), start = filled;
    filled = unpackBlock(bits, blockBytes, target, filled);
    if (checksumOf(target.subarray(start, filled)) !== checksum) throw new Error("a wrong bzip2 checksum");
  }
  return target.subarray(0, filled);
}

/** Bits from the highest of each byte on. */
class Bits {
  readonly #bytes: Uint8Array;
  #at = 0;
  #held = 0;
  #count = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** At most 32 bits. */
  read(count: number): number {
    if (count > 24) return this.read(count - 16) * 65536 + this.read(16);
    while (this.#count < count) {
      if (this.#at >= this.#bytes.length) throw new Error("bzip2 that ends too early");
      this.#held = this.#held << 8 & 0x7fffffff | this.#bytes[this.#at++];
      this.#count += 8;
    }
    this.#count -= count;
    return this.#held >>> this.#count & (1 << count) - 1;
  }

  /** The 48 bits that a block begins with. */
  mark(): number {
    return this.read(24) * 2 ** 24 + this.read(24);
  }
}

/** One Huffman code: the largest code of each length, what is taken off to get an index, and symbols by index. */
interface Code {
  readonly limit: Int32Array;
  readonly base: Int32Array;
  readonly symbols: Uint16Array;
}

function unpackBlock(bits: Bits, blockBytes: number, target: Uint8Array, filled: number): number {
  if (bits.read(1) !== 0) throw new Error("bzip2 of a kind that nobody writes");
  const origin = bits.read(24), used = readUsed(bits), symbols = used.length + 2;
  if (used.length === 0) throw new Error("an empty bzip2 block");
  const tables = bits.read(3), count = bits.read(15);
  if (tables < 2 || tables > mostTables || count < 1) throw new Error("bzip2 of an impossible code");
  const selectors = readSelectors(bits, tables, count);
  const codes = Array.from({ length: tables }, () => readCode(bits, symbols));
  const block = new Uint32Array(blockBytes), length = readSymbols(bits, selectors, codes, used, block);
  if (origin >= length) throw new Error("a bzip2 block that begins outside itself");
  return unsort(block.subarray(0, length), origin, target, filled);
}

/** The bytes that occur in a block. */
function readUsed(bits: Bits): number[] {
  const groups = bits.read(16), used: number[] = [];
  for (let group = 0; group < 16; group++) {
    if (!(groups & 0x8000 >> group)) continue;
    const members = bits.read(16);
    for (let byte = 0; byte < 16; byte++) if (members & 0x8000 >> byte) used.push(group * 16 + byte);
  }
  return used;
}

/** Which table each group of symbols is coded by. */
function readSelectors(bits: Bits, tables: number, count: number): Uint8Array {
  const recent = Array.from({ length: tables }, (_, index) => index);
  const selectors = new Uint8Array(Math.min(count, mostSelectors));
  for (let index = 0; index < count; index++) {
    let back = 0;
    while (bits.read(1) === 1) if (++back >= tables) throw new Error("bzip2 of an impossible code");
    recent.unshift(...recent.splice(back, 1));
    if (index < selectors.length) selectors[index] = recent[0];
  }
  return selectors;
}

function readCode(bits: Bits, count: number): Code {
  const lengths = new Uint8Array(count);
  let length = bits.read(5);
  for (let symbol = 0; symbol < count; symbol++) {
    while (bits.read(1) === 1) length += bits.read(1) === 0 ? 1 : -1;
    if (length < 1 || length > longestCode) throw new Error("bzip2 of an impossible code");
    lengths[symbol] = length;
  }
  const limit = new Int32Array(longestCode + 2).fill(-1), base = new Int32Array(longestCode + 2);
  const symbols = new Uint16Array(count);
  let code = 0, index = 0;
  for (let bitCount = 1; bitCount <= longestCode; bitCount++) {
    base[bitCount] = code - index;
    for (let symbol = 0; symbol < count; symbol++) {
      if (lengths[symbol] !== bitCount) continue;
      symbols[index++] = symbol;
      limit[bitCount] = code++;
    }
    code <<= 1;
  }
  return { limit, base, symbols };
}

/** Decodes the symbols of a block into bytes; returns how many. */
function readSymbols(
  bits: Bits,
  selectors: Uint8Array,
  codes: readonly Code[],
  used: readonly number[],
  block: Uint32Array,
): number {
  const recent = [...used], end = used.length + 1;
  let length = 0, run = 0, weight = 1;
  for (let group = 0;; group++) {
    if (group >= selectors.length) throw new Error("a bzip2 block without an end");
    const code = codes[selectors[group]];
    for (let n = 0; n < groupSymbols; n++) {
      const symbol = readSymbol(bits, code);
      if (symbol === runA || symbol === runB) {
        run += weight * (symbol === runA ? 1 : 2);
        weight *= 2;
        if (run > block.length) throw new Error("a bzip2 block that is too long");
        continue;
      }
      if (run > 0) {
        if (length + run > block.length) throw new Error("a bzip2 block that is too long");
        block.fill(recent[0], length, length += run);
        run = 0;
        weight = 1;
      }
      if (symbol === end) return length;
      if (length >= block.length) throw new Error("a bzip2 block that is too long");
      recent.unshift(...recent.splice(symbol - 1, 1));
      block[length++] = recent[0];
    }
  }
}

function readSymbol(bits: Bits, { limit, base, symbols }: Code): number {
  let code = 0;
  for (let length = 1; length <= longestCode; length++) {
    code = code << 1 | bits.read(1);
    if (code <= limit[length] && code - base[length] >= 0) return symbols[code - base[length]];
  }
  throw new Error("bzip2 of an impossible code");
}

/** Undoes the sorting, and the runs below it: after four equal bytes comes how often they follow. */
function unsort(block: Uint32Array, origin: number, target: Uint8Array, filled: number): number {
  const starts = new Uint32Array(256);
  for (const byte of block) starts[byte]++;
  for (let byte = 0, sum = 0; byte < 256; byte++) {
    const count = starts[byte];
    starts[byte] = sum;
    sum += count;
  }
  for (let at = 0; at < block.length; at++) block[starts[block[at] & 255]++] |= at << 8;
  let equal = 0, last = -1;
  for (let n = 0, at = block[origin] >>> 8; n < block.length; n++) {
    const byte = block[at] & 255;
    at = block[at] >>> 8;
    const times = equal === 4 ? byte : 1, value = equal === 4 ? last : byte;
    if (filled + times > target.length) throw new Error("bzip2 of more bytes than a chunk has");
    target.fill(value, filled, filled += times);
    equal = equal === 4 ? 0 : byte === last ? equal + 1 : 1;
    last = equal === 0 ? -1 : byte;
  }
  return filled;
}

const checksums = Uint32Array.from({ length: 256 }, (_, value) => {
  let sum = value << 24;
  for (let bit = 0; bit < 8; bit++) sum = sum & 0x80000000 ? sum << 1 ^ 0x04c11db7 : sum << 1;
  return sum >>> 0;
});

function checksumOf(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = sum << 8 ^ checksums[(sum >>> 24 ^ byte) & 255];
  return ~sum >>> 0;
}
