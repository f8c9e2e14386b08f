/** Numbers as files have them become pixels on this thread: what the kernel `arrangeFrames` does on the others. */

import { type ByteSource, readBytes } from "../scan/byte_source.ts";
import { bytesOf, type PixelArray } from "../scan/dtype.ts";
import { keepsForm, largestWhole, numberBytes, type StoredNumber } from "../scan/stored_number.ts";
import { swapBytes } from "./byte_order.ts";

/** Bytes that are read at once where numbers are converted. */
const pieceBytes = 2 ** 20;

/**
 * Converts numbers. Every value is kept, but whole numbers of 64 bits that are beyond 2^53 become infinity of their sign;
 * booleans become 0 and 1.
 *
 * @param bytes in native byte order, from a multiple of the size of one number
 * @param into pixels of the type that `dtypeOfNumbers` says, as many as there are numbers
 */
export function convertNumbers(numbers: StoredNumber, bytes: Uint8Array, into: PixelArray): void {
  if (keepsForm(numbers)) return bytesOf(into).set(bytes);
  const { buffer, byteOffset, byteLength } = bytes;
  switch (numbers) {
    case "i8":
      return into.set(new Int8Array(buffer, byteOffset, byteLength));
    case "bool":
      for (let i = 0; i < byteLength; i++) into[i] = bytes[i] === 0 ? 0 : 1;
      return;
    case "f16":
      return convertHalves(new Uint16Array(buffer, byteOffset, byteLength / 2), into);
    case "u64":
    case "i64":
      return convertLongs(new Uint32Array(buffer, byteOffset, byteLength / 4), numbers === "i64", into);
  }
}

/**
 * Reads numbers and converts them.
 *
 * @param swapped whether the bytes of each number are in the other order than this machine's
 * @param into as for {@link convertNumbers}
 * @throws {CorruptFile} when the file ends early
 */
export function readNumbers(
  source: ByteSource,
  offset: number,
  { numbers, swapped }: { readonly numbers: StoredNumber; readonly swapped: boolean },
  into: PixelArray,
): void {
  const size = numberBytes(numbers);
  if (keepsForm(numbers)) {
    source.readAt(offset, bytesOf(into));
    if (swapped) swapBytes(into);
    return;
  }
  const most = pieceBytes / size;
  for (let first = 0; first < into.length; first += most) {
    const count = Math.min(most, into.length - first);
    const piece = readBytes(source, offset + first * size, count * size);
    if (swapped) swapBytes(piece, size);
    convertNumbers(numbers, piece, into.subarray(first, first + count));
  }
}

/** For the bits of each float of 16 bits those of the same float of 32 bits; made when first needed. */
let halves: Uint32Array | undefined;

function convertHalves(from: Uint16Array, into: PixelArray): void {
  halves ??= Uint32Array.from({ length: 2 ** 16 }, (_, bits) => bitsOfHalf(bits));
  // As bits, because a NaN that is moved as a number may lose its own.
  const target = new Uint32Array(into.buffer, into.byteOffset, into.length);
  for (let i = 0; i < from.length; i++) target[i] = halves[from[i]];
}

/** 5 bits of exponent and 10 of fraction become 8 and 23; those with the least exponent have no leading 1. */
function bitsOfHalf(bits: number): number {
  const sign = bits >> 15, exponent = bits >> 10 & 31, fraction = bits & 1023;
  if (exponent === 31) return (sign << 31 | 255 << 23 | fraction << 13) >>> 0;
  const size = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
  return new Uint32Array(Float32Array.of(sign ? -size : size).buffer)[0];
}

/** @param words of 32 bits, the lower one of each number first */
function convertLongs(words: Uint32Array, signed: boolean, into: PixelArray): void {
  const limit = largestWhole / 2 ** 32;
  for (let i = 0; i < into.length; i++) {
    const low = words[2 * i], high = signed ? words[2 * i + 1] | 0 : words[2 * i + 1];
    if (high >= -limit && (high < limit || (high === limit && low === 0))) into[i] = high * 2 ** 32 + low;
    else into[i] = high < 0 ? -Infinity : Infinity;
  }
}
