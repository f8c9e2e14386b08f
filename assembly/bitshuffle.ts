// Chunks of the HDF5 filter bitshuffle (number 32008) with LZ4. A chunk is a header, the unpacked size in bytes (u64)
// and the size of a block (u32), then blocks of elements; all numbers big-endian. The last block may be shorter, by
// multiples of 8 elements; the up to 7 elements after it follow as they are. Each block is its packed size (u32) and an
// LZ4 block. Unpacked, a block of n elements holds bit planes: byte i of plane 8 b + k holds bit k of byte b of the
// elements 8 i to 8 i + 7, lowest bit first; each plane has n / 8 bytes.
//
// Data may be hostile: see the bounds of `unpackBitshuffleLz4`.

import { decodeLz4, SLACK } from "./lz4";

/** Largest block that we unpack, in bytes; the filter makes blocks of 8 KiB unless it is told otherwise. */
const LARGEST_BLOCK: usize = 32768;

const WRONG_SIZE: i32 = 1;
const ENDS_EARLY: i32 = 2;
const DAMAGED: i32 = 3;

/** Where the upper `shift` bits of each group of 2 `shift` bits in a differ from the lower ones in b; mask: the lower. */
// @ts-ignore: decorator
@inline
export function difference(a: v128, b: v128, shift: i32, mask: i8): v128 {
  return v128.and(v128.xor(i16x8.shr_u(a, shift), b), i8x16.splat(mask));
}

/**
 * Bytes of 128 elements from eight planes `stride` bytes apart: 16 bytes of each plane in, 128 bytes out, in the order
 * of the elements; widen, a constant: 128 numbers of 16 bits out. An 8 x 8 transposition of bits in every byte lane,
 * then one of bytes.
 */
// @ts-ignore: decorator
@inline
function gatherPlanes(planes: usize, stride: usize, out: usize, widen: bool): void {
  let a = v128.load(planes), b = v128.load(planes + stride);
  let c = v128.load(planes + 2 * stride), d = v128.load(planes + 3 * stride);
  let e = v128.load(planes + 4 * stride), f = v128.load(planes + 5 * stride);
  let g = v128.load(planes + 6 * stride), h = v128.load(planes + 7 * stride);
  let t = difference(a, e, 4, 0x0f); e = v128.xor(e, t); a = v128.xor(a, i16x8.shl(t, 4));
  t = difference(b, f, 4, 0x0f); f = v128.xor(f, t); b = v128.xor(b, i16x8.shl(t, 4));
  t = difference(c, g, 4, 0x0f); g = v128.xor(g, t); c = v128.xor(c, i16x8.shl(t, 4));
  t = difference(d, h, 4, 0x0f); h = v128.xor(h, t); d = v128.xor(d, i16x8.shl(t, 4));
  t = difference(a, c, 2, 0x33); c = v128.xor(c, t); a = v128.xor(a, i16x8.shl(t, 2));
  t = difference(b, d, 2, 0x33); d = v128.xor(d, t); b = v128.xor(b, i16x8.shl(t, 2));
  t = difference(e, g, 2, 0x33); g = v128.xor(g, t); e = v128.xor(e, i16x8.shl(t, 2));
  t = difference(f, h, 2, 0x33); h = v128.xor(h, t); f = v128.xor(f, i16x8.shl(t, 2));
  t = difference(a, b, 1, 0x55); b = v128.xor(b, t); a = v128.xor(a, i16x8.shl(t, 1));
  t = difference(c, d, 1, 0x55); d = v128.xor(d, t); c = v128.xor(c, i16x8.shl(t, 1));
  t = difference(e, f, 1, 0x55); f = v128.xor(f, t); e = v128.xor(e, i16x8.shl(t, 1));
  t = difference(g, h, 1, 0x55); h = v128.xor(h, t); g = v128.xor(g, i16x8.shl(t, 1));
  // Byte i of a..h is now element 8 i, 8 i + 1, ... 8 i + 7.
  const abLow = low8(a, b), abHigh = high8(a, b), cdLow = low8(c, d), cdHigh = high8(c, d);
  const efLow = low8(e, f), efHigh = high8(e, f), ghLow = low8(g, h), ghHigh = high8(g, h);
  const step: usize = widen ? 64 : 32;
  put(low16(abLow, cdLow), low16(efLow, ghLow), out, widen);
  put(high16(abLow, cdLow), high16(efLow, ghLow), out + step, widen);
  put(low16(abHigh, cdHigh), low16(efHigh, ghHigh), out + 2 * step, widen);
  put(high16(abHigh, cdHigh), high16(efHigh, ghHigh), out + 3 * step, widen);
}

/** Writes 32 bytes, of which a and b hold groups of four in turn, as they are or widened to 16 bits. */
// @ts-ignore: decorator
@inline
function put(a: v128, b: v128, out: usize, widen: bool): void {
  const low = low32(a, b), high = high32(a, b);
  if (widen) {
    v128.store(out, v128.extend_low<u8>(low));
    v128.store(out, v128.extend_high<u8>(low), 16);
    v128.store(out, v128.extend_low<u8>(high), 32);
    v128.store(out, v128.extend_high<u8>(high), 48);
  } else {
    v128.store(out, low);
    v128.store(out, high, 16);
  }
}

// @ts-ignore: decorator
@inline
export function low8(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
// @ts-ignore: decorator
@inline
export function high8(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}
// @ts-ignore: decorator
@inline
export function low16(a: v128, b: v128): v128 {
  return v128.shuffle<u16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}
// @ts-ignore: decorator
@inline
export function high16(a: v128, b: v128): v128 {
  return v128.shuffle<u16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}
// @ts-ignore: decorator
@inline
export function low32(a: v128, b: v128): v128 {
  return v128.shuffle<u32>(a, b, 0, 4, 1, 5);
}
// @ts-ignore: decorator
@inline
export function high32(a: v128, b: v128): v128 {
  return v128.shuffle<u32>(a, b, 2, 6, 3, 7);
}

/** Whether 16 bytes of each of eight planes are all zero. */
// @ts-ignore: decorator
@inline
function arePlanesZero(planes: usize, stride: usize): bool {
  const low = v128.or(
    v128.or(v128.load(planes), v128.load(planes + stride)),
    v128.or(v128.load(planes + 2 * stride), v128.load(planes + 3 * stride)),
  );
  const high = v128.or(
    v128.or(v128.load(planes + 4 * stride), v128.load(planes + 5 * stride)),
    v128.or(v128.load(planes + 6 * stride), v128.load(planes + 7 * stride)),
  );
  return !v128.any_true(v128.or(low, high));
}

/** 128 16-bit elements from sixteen planes; the upper bytes of small counts are zero, and quickly dealt with. */
function joinU16(planes: usize, stride: usize, out: usize, lanes: usize): void {
  const upper = planes + 8 * stride;
  if (arePlanesZero(upper, stride)) {
    gatherPlanes(planes, stride, out, true);
    return;
  }
  gatherPlanes(planes, stride, lanes, false);
  gatherPlanes(upper, stride, lanes + 128, false);
  for (let i: usize = 0; i < 128; i += 16) {
    const low = v128.load(lanes + i), high = v128.load(lanes + i, 128);
    v128.store(out + 2 * i, low8(low, high));
    v128.store(out + 2 * i, high8(low, high), 16);
  }
}

/** 128 32-bit elements from 32 planes. */
function joinU32(planes: usize, stride: usize, out: usize, lanes: usize): void {
  gatherPlanes(planes, stride, lanes, false);
  gatherPlanes(planes + 8 * stride, stride, lanes + 128, false);
  gatherPlanes(planes + 16 * stride, stride, lanes + 256, false);
  gatherPlanes(planes + 24 * stride, stride, lanes + 384, false);
  for (let i: usize = 0; i < 128; i += 16) {
    const a = v128.load(lanes + i), b = v128.load(lanes + i, 128);
    const c = v128.load(lanes + i, 256), d = v128.load(lanes + i, 384);
    const abLow = low8(a, b), abHigh = high8(a, b), cdLow = low8(c, d), cdHigh = high8(c, d);
    v128.store(out + 4 * i, low16(abLow, cdLow));
    v128.store(out + 4 * i, high16(abLow, cdLow), 16);
    v128.store(out + 4 * i, low16(abHigh, cdHigh), 32);
    v128.store(out + 4 * i, high16(abHigh, cdHigh), 48);
  }
}

/** Elements of `bytes` bytes from the bit planes of a block. lanes: 512 bytes of scratch memory. */
export function joinPlanes(planes: usize, elements: usize, bytes: usize, out: usize, lanes: usize): void {
  const stride = elements >> 3;
  // Numbers of other sizes are rare.
  const whole = bytes == 1 || bytes == 2 || bytes == 4 ? stride & ~15 : 0;
  let i: usize = 0;
  for (; i < whole; i += 16) {
    if (bytes == 2) joinU16(planes + i, stride, out + 16 * i, lanes);
    else if (bytes == 4) joinU32(planes + i, stride, out + 32 * i, lanes);
    else gatherPlanes(planes + i, stride, out + 8 * i, false);
  }
  for (; i < stride; i++) {
    for (let byte: usize = 0; byte < bytes; byte++) {
      for (let element: usize = 0; element < 8; element++) {
        let value: u32 = 0;
        for (let bit: usize = 0; bit < 8; bit++) {
          value |= ((<u32>load<u8>(planes + (8 * byte + bit) * stride + i) >> <u32>element) & 1) << <u32>bit;
        }
        store<u8>(out + (8 * i + element) * bytes + byte, <u8>value);
      }
    }
  }
}

/**
 * Unpacks the chunk of `sourceBytes` at `source` into `elements` elements of `elementBytes` (1, 2 or 4) at
 * `destination`. Reads nothing but the chunk, writes nothing but these elements and the scratch memory, whatever the
 * chunk says. scratch: 65536 bytes.
 *
 * @returns 0; 1 when the chunk is of another size or has blocks that are too large; 2 when it ends early; 3 when its
 * LZ4 blocks are damaged
 */
export function unpackBitshuffleLz4(
  source: usize, sourceBytes: i32, destination: usize, elements: i32, elementBytes: i32, scratch: usize,
): i32 {
  if (sourceBytes < 12) return ENDS_EARLY;
  const end = source + <usize>sourceBytes;
  const size = <usize>elementBytes;
  const total = <usize>elements * size;
  if (bswap(load<u64>(source)) != <u64>elements * <u64>elementBytes) return WRONG_SIZE;
  let blockBytes = <usize>bswap(load<u32>(source, 8));
  if (blockBytes == 0) blockBytes = 8192;
  if (blockBytes > LARGEST_BLOCK || blockBytes % (8 * size) != 0) return WRONG_SIZE;
  source += 12;

  const planes = scratch + 512;
  const leftover = total % (8 * size);
  const destinationEnd = destination + total - leftover;
  while (destination < destinationEnd) {
    const bytes = min(blockBytes, destinationEnd - destination);
    if (end - source < 4) return ENDS_EARLY;
    const packed = <usize>bswap(load<u32>(source));
    source += 4;
    if (packed > end - source) return ENDS_EARLY;
    if (!decodeLz4(source, source + packed, end, planes, planes + bytes)) return DAMAGED;
    joinPlanes(planes, bytes / size, size, destination, scratch);
    source += packed;
    destination += bytes;
  }
  if (end - source < leftover) return ENDS_EARLY;
  memory.copy(destination, source, leftover);
  return 0;
}
