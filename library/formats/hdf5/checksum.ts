/** The checksum of HDF5's newer structures: Bob Jenkins' `lookup3`, `hashlittle` with the initial value 0. */

function rotate(value: number, bits: number): number {
  return value << bits | value >>> 32 - bits;
}

/** The checksum of `bytes` as an unsigned 32-bit number. */
export function lookup3(bytes: Uint8Array): number {
  let a = 0xdeadbeef + bytes.length | 0, b = a, c = a;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  for (; bytes.length - at > 12; at += 12) {
    a = a + view.getUint32(at, true) | 0;
    b = b + view.getUint32(at + 4, true) | 0;
    c = c + view.getUint32(at + 8, true) | 0;
    a = a - c ^ rotate(c, 4), c = c + b | 0;
    b = b - a ^ rotate(a, 6), a = a + c | 0;
    c = c - b ^ rotate(b, 8), b = b + a | 0;
    a = a - c ^ rotate(c, 16), c = c + b | 0;
    b = b - a ^ rotate(a, 19), a = a + c | 0;
    c = c - b ^ rotate(b, 4), b = b + a | 0;
  }
  if (at === bytes.length) return c >>> 0;

  // The last 1 to 12 bytes, with zeros behind them.
  const rest = new Uint8Array(12);
  rest.set(bytes.subarray(at));
  const last = new DataView(rest.buffer);
  a = a + last.getUint32(0, true) | 0;
  b = b + last.getUint32(4, true) | 0;
  c = c + last.getUint32(8, true) | 0;
  c = (c ^ b) - rotate(b, 14);
  a = (a ^ c) - rotate(c, 11);
  b = (b ^ a) - rotate(a, 25);
  c = (c ^ b) - rotate(b, 16);
  a = (a ^ c) - rotate(c, 4);
  b = (b ^ a) - rotate(a, 14);
  c = (c ^ b) - rotate(b, 24);
  return c >>> 0;
}
