/** How large the dots of a PNG are on paper. Pure. */

/** Bytes of the signature and of the first chunk, IHDR, which pHYs may follow at once. */
const afterHeader = 8 + 25;

/**
 * A PNG with its density (chunk pHYs), so that what places it knows its size in millimetres.
 *
 * @param png without such a chunk
 * @param dots per metre
 */
export function withDensity(png: Uint8Array, dots: number): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(21), view = new DataView(chunk.buffer);
  view.setUint32(0, 9);
  chunk.set([..."pHYs"].map((letter) => letter.charCodeAt(0)), 4);
  view.setUint32(8, Math.round(dots));
  view.setUint32(12, Math.round(dots));
  // In metres.
  chunk[16] = 1;
  view.setUint32(17, checksum(chunk.subarray(4, 17)));
  const result = new Uint8Array(png.length + chunk.length);
  result.set(png.subarray(0, afterHeader));
  result.set(chunk, afterHeader);
  result.set(png.subarray(afterHeader), afterHeader + chunk.length);
  return result;
}

/** CRC-32 as PNG has it. */
function checksum(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >>> 1 ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
