// Packs chunks: bit planes of blocks of elements, each compressed with LZ4, as `bitshuffle.ts` unpacks them. Two containers
// hold such blocks: the HDF5 filter bitshuffle (number 32008) and Blosc 1 (compression 1, shuffle 2), which Zarr knows.

import { difference } from "./bitshuffle";
import { encodeLz4, TABLE_BYTES } from "./compress";

const BLOSC_HEAD: usize = 16;
/** Flags of Blosc: copied as it is; bit planes; each block in one piece; LZ4. */
const COPIED: u32 = 2;
const BIT_PLANES: u32 = 4 | 16 | (1 << 5);

/** Bytes 0, 2, 4, ... of a and b. */
// @ts-ignore: decorator
@inline
function even(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
}

/** Bytes 1, 3, 5, ... of a and b. */
// @ts-ignore: decorator
@inline
function odd(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
}

/** Eight planes, `stride` bytes apart, of 128 bytes: 16 bytes of each plane out. The inverse of `gatherPlanes`. */
function scatterPlanes(lane: usize, planes: usize, stride: usize): void {
  const v0 = v128.load(lane), v1 = v128.load(lane, 16), v2 = v128.load(lane, 32), v3 = v128.load(lane, 48);
  const v4 = v128.load(lane, 64), v5 = v128.load(lane, 80), v6 = v128.load(lane, 96), v7 = v128.load(lane, 112);
  const all = v128.or(v128.or(v128.or(v0, v1), v128.or(v2, v3)), v128.or(v128.or(v4, v5), v128.or(v6, v7)));
  if (!v128.any_true(all)) {
    for (let plane: usize = 0; plane < 8; plane++) v128.store(planes + plane * stride, i64x2.splat(0));
    return;
  }
  // Byte i of a..h becomes element 8 i, 8 i + 1, ... 8 i + 7.
  const e0 = even(v0, v1), e1 = even(v2, v3), e2 = even(v4, v5), e3 = even(v6, v7);
  const o0 = odd(v0, v1), o1 = odd(v2, v3), o2 = odd(v4, v5), o3 = odd(v6, v7);
  const ee0 = even(e0, e1), ee1 = even(e2, e3), eo0 = odd(e0, e1), eo1 = odd(e2, e3);
  const oe0 = even(o0, o1), oe1 = even(o2, o3), oo0 = odd(o0, o1), oo1 = odd(o2, o3);
  let a = even(ee0, ee1), b = even(oe0, oe1), c = even(eo0, eo1), d = even(oo0, oo1);
  let e = odd(ee0, ee1), f = odd(oe0, oe1), g = odd(eo0, eo1), h = odd(oo0, oo1);
  // The bits of every byte lane, eight by eight, change places; the steps undo themselves.
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
  v128.store(planes, a);
  v128.store(planes + stride, b);
  v128.store(planes + 2 * stride, c);
  v128.store(planes + 3 * stride, d);
  v128.store(planes + 4 * stride, e);
  v128.store(planes + 5 * stride, f);
  v128.store(planes + 6 * stride, g);
  v128.store(planes + 7 * stride, h);
}

/** The bytes of 128 elements, all first ones, all second ones and so on: 128 bytes each at `lanes`. */
// @ts-ignore: decorator
@inline
function separateBytes(source: usize, bytes: usize, lanes: usize): void {
  if (bytes == 2) {
    for (let i: usize = 0; i < 128; i += 16) {
      const a = v128.load(source + 2 * i), b = v128.load(source + 2 * i, 16);
      v128.store(lanes + i, even(a, b));
      v128.store(lanes + i, odd(a, b), 128);
    }
  } else if (bytes == 4) {
    for (let i: usize = 0; i < 128; i += 16) {
      const a = v128.load(source + 4 * i), b = v128.load(source + 4 * i, 16);
      const c = v128.load(source + 4 * i, 32), d = v128.load(source + 4 * i, 48);
      const evenLow = even(a, b), evenHigh = even(c, d), oddLow = odd(a, b), oddHigh = odd(c, d);
      v128.store(lanes + i, even(evenLow, evenHigh));
      v128.store(lanes + i, even(oddLow, oddHigh), 128);
      v128.store(lanes + i, odd(evenLow, evenHigh), 256);
      v128.store(lanes + i, odd(oddLow, oddHigh), 384);
    }
  } else {
    for (let i: usize = 0; i < 128; i++) {
      for (let byte: usize = 0; byte < bytes; byte++) {
        store<u8>(lanes + 128 * byte + i, load<u8>(source + i * bytes + byte));
      }
    }
  }
}

/** The bit planes of `elements` elements, a multiple of eight. lanes: 1024 bytes of scratch memory. */
function splitPlanes(source: usize, elements: usize, bytes: usize, planes: usize, lanes: usize): void {
  const stride = elements >> 3;
  let i: usize = 0;
  for (; i + 16 <= stride; i += 16) {
    const from = source + 8 * i * bytes;
    if (bytes == 1) {
      scatterPlanes(from, planes + i, stride);
      continue;
    }
    separateBytes(from, bytes, lanes);
    for (let byte: usize = 0; byte < bytes; byte++) {
      scatterPlanes(lanes + 128 * byte, planes + 8 * byte * stride + i, stride);
    }
  }
  for (; i < stride; i++) {
    for (let byte: usize = 0; byte < bytes; byte++) {
      for (let bit: usize = 0; bit < 8; bit++) {
        let value: u32 = 0;
        for (let element: usize = 0; element < 8; element++) {
          value |= ((<u32>load<u8>(source + (8 * i + element) * bytes + byte) >> <u32>bit) & 1) << <u32>element;
        }
        store<u8>(planes + (8 * byte + bit) * stride + i, <u8>value);
      }
    }
  }
}

/** Where the memory of {@link packHdf5} and {@link packBlosc} lies: lanes, table, planes. */
const TABLE_AT: usize = 1024;
const PLANES_AT: usize = TABLE_AT + TABLE_BYTES;

/**
 * Packs `bytes` bytes of elements of `elementBytes` (1, 2, 4 or 8) as a chunk of the HDF5 filter, in blocks of `blockBytes`,
 * a multiple of eight elements of at most 32768 bytes. The chunk goes to `destination`, its size (i32) to `size`; free must
 * be 12 bytes, and for each block its bytes, a 255th of them, and 36. scratch: 42240 bytes.
 */
export function packHdf5(
  source: usize, bytes: i32, elementBytes: i32, blockBytes: i32, destination: usize, size: usize, scratch: usize,
): void {
  const leftover = <usize>bytes % (8 * <usize>elementBytes);
  const end = source + <usize>bytes - leftover;
  store<u64>(destination, bswap(<u64>bytes));
  store<u32>(destination, bswap(<u32>blockBytes), 8);
  let to = destination + 12;
  const planes = scratch + PLANES_AT;
  while (source < end) {
    const block = min(<usize>blockBytes, end - source);
    splitPlanes(source, block / <usize>elementBytes, <usize>elementBytes, planes, scratch);
    const packed = encodeLz4(planes, block, to + 4, scratch + TABLE_AT);
    store<u32>(to, bswap(<u32>(packed - to - 4)));
    to = packed;
    source += block;
  }
  memory.copy(to, source, leftover);
  store<i32>(size, <i32>(to + leftover - destination));
}

/**
 * The same as a chunk of Blosc 1; as it is, if packing makes it no smaller. free must be 16 bytes, and for each block its
 * bytes, a 255th of them, and 40.
 */
export function packBlosc(
  source: usize, bytes: i32, elementBytes: i32, blockBytes: i32, destination: usize, size: usize, scratch: usize,
): void {
  const length = <usize>bytes;
  const block = min(<usize>blockBytes, length);
  const blocks = length ? (length + block - 1) / block : 0;
  const planes = scratch + PLANES_AT;
  let to = destination + BLOSC_HEAD + 4 * blocks;
  for (let index: usize = 0; index < blocks; index++) {
    const start = source + index * block;
    const part = min(block, length - index * block);
    const elements = part / <usize>elementBytes;
    // Blosc leaves blocks as they are whose elements are no multiple of eight.
    if (elements % 8) memory.copy(planes, start, part);
    else {
      const whole = elements * <usize>elementBytes;
      splitPlanes(start, elements, <usize>elementBytes, planes, scratch);
      memory.copy(planes + whole, start + whole, part - whole);
    }
    store<u32>(destination + BLOSC_HEAD + 4 * index, <u32>(to - destination));
    let packed = encodeLz4(planes, part, to + 4, scratch + TABLE_AT);
    // A block that is as large as before is one that was not compressed.
    if (packed - to - 4 >= part) {
      memory.copy(to + 4, planes, part);
      packed = to + 4 + part;
    }
    store<u32>(to, <u32>(packed - to - 4));
    to = packed;
  }
  let flags = BIT_PLANES;
  if (to - destination > BLOSC_HEAD + length) {
    flags = COPIED;
    memory.copy(destination + BLOSC_HEAD, source, length);
    to = destination + BLOSC_HEAD + length;
  }
  // Version of the container, version of LZ4.
  store<u32>(destination, 2 | (1 << 8) | (flags << 16) | (<u32>elementBytes << 24));
  store<u32>(destination, <u32>length, 4);
  store<u32>(destination, <u32>block, 8);
  store<u32>(destination, <u32>(to - destination), 12);
  store<i32>(size, <i32>(to - destination));
}
