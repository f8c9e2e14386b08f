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

/** The bits of a number that a float of 16 bits holds exactly. */
function bitsOfHalf(value: number): number {
  for (let bits = 0; bits < 2 ** 16; bits++) if (Object.is(half(bits), value)) return bits;
  throw new RangeError(`${value} is no float of 16 bits`);
}

/** What float64 holds for certain, and infinity of its sign for the rest. */
function whole(value: bigint): number {
  if (value > 2n ** 53n) return Infinity;
  return value < -(2n ** 53n) ? -Infinity : Number(value);
}

/** The ends of the range of each type and what lies about zero; of 64 bits, the largest that fit float64 and those beyond. */
export function extremes(numbers: StoredNumber): readonly (number | bigint)[] {
  const bits = 8 * numberBytes(numbers), least = 2 ** -24;
  if (numbers === "bool") return [0, 1, 0, 1, 1];
  if (numbers === "f16") {
    return [0, -0, 1, -1, least, -least, 1023 * least, 2 ** -14, 65504, -65504, 0.333251953125, 2049 - 1];
  }
  if (numbers[0] === "f") return [0, -0, 1, -1, 2 ** -149, -(2 ** -126), 2 ** 127, 0.5, 16777216];
  const whole = [0, 1, 2, 77, ...(numbers[0] === "i" ? [-1, -2, -77] : [])];
  if (bits === 64) {
    const fits = [2 ** 24 + 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 53];
    return [...whole, ...fits, ...(numbers[0] === "i" ? fits.map((value) => -value) : [])];
  }
  return numbers[0] === "u"
    ? [...whole, 2 ** bits - 1, 2 ** (bits - 1)]
    : [...whole, 2 ** (bits - 1) - 1, -(2 ** (bits - 1))];
}
