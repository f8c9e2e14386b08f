/**
 * Numbers that zarrita does not know, or not in every runtime: it reads them as unsigned numbers of their size, which
 * become pixels afterwards.
 */

import { bytesOf, createPixelArray, type PixelArray } from "../../scan/dtype.ts";
import { dtypeOfNumbers, numberName, type StoredNumber } from "../../scan/stored_number.ts";
import { convertNumbers } from "../convert_numbers.ts";

const plainTypes: Partial<Record<StoredNumber, string>> = {
  bool: "uint8",
  f16: "uint16",
  u64: "uint64",
  i64: "uint64",
};

/** The type as which zarrita reads numbers. */
export function plainType(numbers: StoredNumber): string {
  return plainTypes[numbers] ?? numberName(numbers);
}

/** A fill value of the scan as zarrita needs it. */
export function plainFill(numbers: StoredNumber, fill: number): number | bigint {
  if (numbers === "u64" || numbers === "i64") {
    return Number.isFinite(fill) ? BigInt(fill) : BigInt(Math.sign(fill)) * 2n ** 62n;
  }
  return numbers === "f16" ? nearestHalf(fill) : fill;
}

/** Chunks as a scan has their numbers. */
export function pixelsOfPlain(
  numbers: StoredNumber,
  plain: ArrayBufferView & ArrayLike<unknown>,
): PixelArray {
  if (!(numbers in plainTypes)) return plain as unknown as PixelArray;
  const pixels = createPixelArray(dtypeOfNumbers(numbers), plain.length);
  convertNumbers(numbers, bytesOf(plain), pixels);
  return pixels;
}

/** The bits of the float of 16 bits that is nearest to a number. */
function nearestHalf(number: number): number {
  const all = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits), halves = new Float32Array(all.length);
  convertNumbers("f16", bytesOf(all), halves);
  let nearest = halves.findIndex((half) => Object.is(half, number));
  if (nearest >= 0) return nearest;
  const distance = (bits: number) => Math.abs(halves[bits] - number);
  nearest = 0;
  for (let bits = 1; bits < halves.length; bits++) if (distance(bits) < distance(nearest)) nearest = bits;
  return nearest;
}
