/** Counters packed into words of 64 bits, and out of them again: one by one, by what is said of the words. */

import { numbersOfWords, packedBytes, type PackedWords } from "../../library/scan/frames.ts";
import { createPixelArray, type PixelArray } from "../../library/scan/dtype.ts";

/** Where pixel `index` of a frame as the detector sends it lies in a pattern of rows x columns. */
function placeOf(index: number, rows: number, columns: number, chips: number): number {
  if (chips === 1) return index;
  const side = columns / 2, row = Math.floor(index / (4 * side)), column = index % side;
  const chip = Math.floor(index / side) % 4;
  // Lower right, lower left, upper right, upper left; the lower ones turned by half a turn.
  const [downwards, rightwards] = [[true, true], [true, false], [false, true], [false, false]][chip];
  const [ownRow, ownColumn] = downwards ? [rows / 2 - 1 - row, side - 1 - column] : [row, column];
  return (ownRow + (downwards ? rows / 2 : 0)) * columns + ownColumn + (rightwards ? side : 0);
}

/** Visits the bits of each pixel: the word, the lowest bit in it, and how many there are. */
function fieldsOf(
  { depth }: PackedWords,
  index: number,
  pixels: number,
): { word: number; shift: bigint; bits: bigint }[] {
  const each = { 1: 1, 6: 8, 12: 16, 24: 16 }[depth], inWord = 64 / each;
  const field = {
    word: Math.floor(index / inWord),
    shift: BigInt(index % inWord * each),
    bits: BigInt(each),
  };
  return depth === 24 ? [{ ...field, word: field.word + pixels / inWord }, field] : [field];
}

/** The pattern of rows x columns that words hold. */
export function plainUnpack(
  packed: PackedWords,
  words: Uint8Array,
  rows: number,
  columns: number,
): PixelArray {
  const view = new DataView(words.buffer, words.byteOffset, words.byteLength), pixels = rows * columns;
  const pattern = createPixelArray(numbersOfWords(packed) as "u8" | "u16" | "u32", pixels);
  for (let index = 0; index < pixels; index++) {
    const numbers = fieldsOf(packed, index, pixels).map(({ word, shift, bits }) =>
      Number(view.getBigUint64(8 * word) >> shift & (1n << bits) - 1n)
    );
    const [low, high = 0] = numbers;
    pattern[placeOf(index, rows, columns, packed.chips)] = (high << 12 | low) >>> 0;
  }
  return pattern;
}

/** The words of a pattern. */
export function plainPack(
  packed: PackedWords,
  pattern: ArrayLike<number>,
  rows: number,
  columns: number,
): Uint8Array {
  const pixels = rows * columns, words = new Uint8Array(packedBytes(packed, pixels));
  const view = new DataView(words.buffer);
  for (let index = 0; index < pixels; index++) {
    const value = pattern[placeOf(index, rows, columns, packed.chips)];
    const parts = packed.depth === 24 ? [value & 0xfff, value >> 12] : [value];
    fieldsOf(packed, index, pixels).forEach(({ word, shift }, part) => {
      view.setBigUint64(8 * word, view.getBigUint64(8 * word) | BigInt(parts[part]) << shift);
    });
  }
  return words;
}
