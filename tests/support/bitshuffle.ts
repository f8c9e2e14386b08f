/** Plain twins of the unpacking kernel: packs and unpacks chunks of the bitshuffle-LZ4 filter, one bit at a time. */

/** How a plain LZ4 block is made: literals only, or with matches of at most so many bytes from at most so far back. */
export interface MatchLimits {
  readonly longest: number;
  readonly farthest: number;
}

/** Bit planes of a block: byte i of plane 8 b + k holds bit k of byte b of the elements 8 i to 8 i + 7. */
function toPlanes(block: Uint8Array, elementBytes: number): Uint8Array {
  const planes = new Uint8Array(block.length);
  const elements = block.length / elementBytes;
  for (let element = 0; element < elements; element++) {
    for (let byte = 0; byte < elementBytes; byte++) {
      for (let bit = 0; bit < 8; bit++) {
        const set = block[element * elementBytes + byte] >> bit & 1;
        planes[(8 * byte + bit) * elements / 8 + (element >> 3)] |= set << (element & 7);
      }
    }
  }
  return planes;
}

/** An LZ4 block: at each position the longest match within the limits, or else a literal. */
function packLz4(bytes: Uint8Array, { longest, farthest }: MatchLimits): Uint8Array {
  const packed: number[] = [];
  const writeLength = (length: number) => {
    for (length -= 15; length >= 255; length -= 255) packed.push(255);
    packed.push(length);
  };
  const writeSequence = (literals: Uint8Array, offset: number, length: number) => {
    const more = Math.max(0, length - 4);
    packed.push(Math.min(15, literals.length) << 4 | Math.min(15, more));
    if (literals.length >= 15) writeLength(literals.length);
    packed.push(...literals);
    if (length === 0) return;
    packed.push(offset & 255, offset >> 8);
    if (more >= 15) writeLength(more);
  };
  let start = 0;
  // The format wants the last five bytes to be literals.
  for (let at = 0; at < bytes.length - 12;) {
    let best = 0, bestOffset = 0;
    for (let offset = 1; offset <= Math.min(at, farthest); offset++) {
      let length = 0;
      const most = Math.min(longest, bytes.length - 5 - at);
      while (length < most && bytes[at + length] === bytes[at + length - offset]) length++;
      if (length > best) [best, bestOffset] = [length, offset];
    }
    if (best < 4) {
      at++;
      continue;
    }
    writeSequence(bytes.subarray(start, at), bestOffset, best);
    at += best;
    start = at;
  }
  writeSequence(bytes.subarray(start), 0, 0);
  return Uint8Array.from(packed);
}

/** The bytes of an LZ4 block, or `undefined` where it is damaged or does not give exactly `length` bytes. */
export function unpackLz4(packed: Uint8Array, length: number): Uint8Array | undefined {
  const bytes: number[] = [];
  let at = 0;
  const readLength = (nibble: number) => {
    let count = nibble;
    if (nibble === 15) {
      let more = 255;
      while (more === 255) {
        more = packed[at++] ?? NaN;
        count += more;
      }
    }
    return count;
  };
  while (at < packed.length) {
    const token = packed[at++];
    const literals = readLength(token >> 4);
    if (!(at + literals <= packed.length)) return undefined;
    for (let i = 0; i < literals; i++) bytes.push(packed[at++]);
    if (at === packed.length) return bytes.length === length ? Uint8Array.from(bytes) : undefined;
    const offset = packed[at] + 256 * (packed[at + 1] ?? NaN);
    at += 2;
    const count = readLength(token & 15) + 4;
    if (!(offset > 0 && offset <= bytes.length && bytes.length + count <= length)) return undefined;
    for (let i = 0; i < count; i++) bytes.push(bytes[bytes.length - offset]);
  }
  return undefined;
}

/** A chunk of the filter. */
export function packChunk(
  bytes: Uint8Array,
  elementBytes: number,
  blockBytes: number,
  limits: MatchLimits,
): Uint8Array {
  const parts: Uint8Array[] = [];
  const head = new DataView(new ArrayBuffer(12));
  head.setBigUint64(0, BigInt(bytes.length));
  head.setUint32(8, blockBytes);
  parts.push(new Uint8Array(head.buffer));
  const leftover = bytes.length % (8 * elementBytes);
  const end = bytes.length - leftover;
  for (let at = 0; at < end; at += blockBytes || 8192) {
    const block = bytes.subarray(at, Math.min(end, at + (blockBytes || 8192)));
    const packed = packLz4(toPlanes(block, elementBytes), limits);
    const size = new DataView(new ArrayBuffer(4));
    size.setUint32(0, packed.length);
    parts.push(new Uint8Array(size.buffer), packed);
  }
  parts.push(bytes.subarray(end));
  const chunk = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let to = 0;
  for (const part of parts) {
    chunk.set(part, to);
    to += part.length;
  }
  return chunk;
}

/** What a chunk unpacks to, one bit at a time; `undefined` where it is damaged. */
export function unpackChunk(chunk: Uint8Array, bytes: number, elementBytes: number): Uint8Array | undefined {
  if (chunk.length < 12) return undefined;
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const blockBytes = view.getUint32(8) || 8192;
  if (view.getBigUint64(0) !== BigInt(bytes)) return undefined;
  if (blockBytes > 32768 || blockBytes % (8 * elementBytes) !== 0) return undefined;
  const result = new Uint8Array(bytes);
  const leftover = bytes % (8 * elementBytes);
  let from = 12;
  for (let to = 0; to < bytes - leftover;) {
    const length = Math.min(blockBytes, bytes - leftover - to);
    if (from + 4 > chunk.length) return undefined;
    const size = view.getUint32(from);
    from += 4;
    if (from + size > chunk.length) return undefined;
    const planes = unpackLz4(chunk.subarray(from, from + size), length);
    if (!planes) return undefined;
    const elements = length / elementBytes;
    for (let index = 0; index < 8 * length; index++) {
      const plane = Math.floor(index / elements), element = index % elements;
      const set = planes[index >> 3] >> (index & 7) & 1;
      result[to + element * elementBytes + (plane >> 3)] |= set << (plane & 7);
    }
    from += size;
    to += length;
  }
  if (from + leftover > chunk.length) return undefined;
  result.set(chunk.subarray(from, from + leftover), bytes - leftover);
  return result;
}
