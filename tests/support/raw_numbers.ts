/** Numbers of any type of files, put into bytes and taken out of them one by one. */

import { numberBytes, type StoredNumber } from "../../library/scan/stored_number.ts";

/** Writes one number at byte `offset`. */
export function setNumber(
  view: DataView,
  numbers: StoredNumber,
  offset: number,
  value: number | bigint,
  bigEndian: boolean,
): void {
  const number = Number(value), little = !bigEndian;
  const set = {
    u8: () => view.setUint8(offset, number),
    i8: () => view.setInt8(offset, number),
    u16: () => view.setUint16(offset, number, little),
    i16: () => view.setInt16(offset, number, little),
    u32: () => view.setUint32(offset, number, little),
    i32: () => view.setInt32(offset, number, little),
    f32: () => view.setFloat32(offset, number, little),
    f64: () => view.setFloat64(offset, number, little),
    bool: () => view.setUint8(offset, number),
    f16: () => view.setUint16(offset, bitsOfHalf(number), little),
    u64: () => view.setBigUint64(offset, BigInt(value), little),
    i64: () => view.setBigInt64(offset, BigInt(value), little),
  };
  set[numbers]();
}

/** The number at byte `offset` as a scan must have it, before float32. */
export function numberAt(view: DataView, numbers: StoredNumber, offset: number, bigEndian: boolean): number {
  const little = !bigEndian;
  const get = {
    u8: () => view.getUint8(offset),
    i8: () => view.getInt8(offset),
    u16: () => view.getUint16(offset, little),
    i16: () => view.getInt16(offset, little),
    u32: () => view.getUint32(offset, little),
    i32: () => view.getInt32(offset, little),
    f32: () => view.getFloat32(offset, little),
    f64: () => view.getFloat64(offset, little),
    bool: () => view.getUint8(offset) === 0 ? 0 : 1,
    f16: () => half(view.getUint16(offset, little)),
    u64: () => whole(view.getBigUint64(offset, little)),
    i64: () => whole(view.getBigInt64(offset, little)),
  };
  return get[numbers]();
}

/** A float of 16 bits by its definition. */
export function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1, exponent = bits >> 10 & 31, fraction = (bits & 1023) / 1024;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? 2 ** -14 * fraction : 2 ** (exponent - 15) * (1 + fraction));
}

/** The bits of all floats of 16 bits but NaN. */
const halves = new Map<number | "-0", number>();
for (let bits = 0; bits < 2 ** 16; bits++) halves.set(Object.is(half(bits), -0) ? "-0" : half(bits), bits);

/** The bits of a number that a float of 16 bits holds exactly. */
function bitsOfHalf(value: number): number {
  const bits = halves.get(Object.is(value, -0) ? "-0" : value);
  if (bits === undefined) throw new RangeError(`${value} is no float of 16 bits`);
  return bits;
}

/** What float64 holds for certain, and infinity of its sign for the rest. */
function whole(value: bigint): number {
  if (value > 2n ** 53n) return Infinity;
  return value < -(2n ** 53n) ? -Infinity : Number(value);
}

/**
 * The ends of the range of each type and what lies about zero: of 64 bits, also the ends of what is read exactly.
 * tests/python/write_hdf5_number_types.py has the same.
 */
export function extremes(numbers: StoredNumber): readonly (number | bigint)[] {
  const bits = BigInt(8 * numberBytes(numbers)), tiny = { f16: -24, f32: -149, f64: -1074 };
  if (numbers === "bool") return [0, 1, 1, 0, 1];
  if (numbers === "f16" || numbers === "f32" || numbers === "f64") {
    const least = 2 ** tiny[numbers],
      common = [0, -0, 1, -1, least, -least, 3 * least, 0.333251953125, -1536];
    return [
      ...common,
      ...(numbers === "f16" ? [65504, -65504, 1023 * least, 2 ** -14] : [2 ** 127, -(2 ** -126)]),
    ];
  }
  const signed = numbers[0] === "i",
    top = 2n ** (signed ? bits - 1n : bits) - 1n,
    low = signed ? -top - 1n : 0n;
  const exact = bits === 64n ? [2n ** 53n, 2n ** 53n - 1n, signed ? -(2n ** 53n) : 16777217n] : [];
  return [0n, 1n, 2n, 77n, top, top - 1n, low, low + 1n, top / 2n, ...exact];
}

/** So many numbers from the list, over and over, as a file has them. */
export function encodeExtremes(
  numbers: StoredNumber,
  count: number,
  bigEndian: boolean,
): Uint8Array<ArrayBuffer> {
  const values = extremes(numbers), size = numberBytes(numbers), bytes = new Uint8Array(count * size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < count; i++) setNumber(view, numbers, i * size, values[i % values.length], bigEndian);
  return bytes;
}
