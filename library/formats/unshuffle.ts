/** Undoes what filters do to the order of bytes and bits before they compress. */

/** First bytes of all elements, then second ones, and so on; what is left over at the end lies as it is. */
export function unshuffleBytes(source: Uint8Array, target: Uint8Array, elementBytes: number): void {
  const elements = Math.floor(source.length / elementBytes);
  // Damaged files have elements of gigabytes, each of whose bytes would be looked for.
  if (elements === 0) return target.set(source);
  for (let byte = 0; byte < elementBytes; byte++) {
    for (let i = byte * elements, to = byte; i < (byte + 1) * elements; i++, to += elementBytes) {
      target[to] = source[i];
    }
  }
  target.set(source.subarray(elements * elementBytes), elements * elementBytes);
}

/**
 * The lowest bits of all elements, then second ones, and so on: only where the elements are a multiple of eight. `target` is
 * zero before.
 */
export function unshuffleBits(source: Uint8Array, target: Uint8Array, elementBytes: number): void {
  const elements = Math.floor(source.length / elementBytes), rowBytes = elements / 8;
  if (elements % 8 !== 0) return target.set(source);
  for (let byte = 0; byte < elementBytes; byte++) {
    const plane = byte * 8 * rowBytes;
    for (let group = 0; group < rowBytes; group++) {
      const at = plane + group;
      // Eight bytes, each with one bit of eight elements, are a square of bits that is turned over.
      let low = source[at] | source[at + rowBytes] << 8 | source[at + 2 * rowBytes] << 16 |
        source[at + 3 * rowBytes] << 24;
      let high = source[at + 4 * rowBytes] | source[at + 5 * rowBytes] << 8 |
        source[at + 6 * rowBytes] << 16 |
        source[at + 7 * rowBytes] << 24;
      if ((low | high) === 0) continue;
      let swap = (low ^ low >>> 7) & 0x00aa00aa;
      low ^= swap ^ swap << 7;
      swap = (high ^ high >>> 7) & 0x00aa00aa;
      high ^= swap ^ swap << 7;
      swap = (low ^ low >>> 14) & 0x0000cccc;
      low ^= swap ^ swap << 14;
      swap = (high ^ high >>> 14) & 0x0000cccc;
      high ^= swap ^ swap << 14;
      const first = low & 0x0f0f0f0f | (high & 0x0f0f0f0f) << 4;
      const second = low >>> 4 & 0x0f0f0f0f | high & 0xf0f0f0f0;
      let to = group * 8 * elementBytes + byte;
      for (let i = 0; i < 4; i++, to += elementBytes) target[to] = first >>> 8 * i;
      for (let i = 0; i < 4; i++, to += elementBytes) target[to] = second >>> 8 * i;
    }
  }
  target.set(source.subarray(elements * elementBytes), elements * elementBytes);
}
