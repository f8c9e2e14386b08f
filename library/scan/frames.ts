/** How the numbers of one pattern lie in its record of a raw file, and how they become a pattern. */

import type { ScanShape } from "./shape.ts";
import { numberBytes, type StoredNumber } from "./stored_number.ts";

/** Whether the lowest byte of a number comes first on this machine. */
export const isNativeLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * Counters packed into big-endian words of 64 bits, whose lowest bits are the first pixel, as Merlin's RAW mode writes
 * them. Each row of a chip has a multiple of 64 pixels.
 */
export interface PackedWords {
  /** Bits of a counter: 6 lie in 8, 12 in 16; 24 are two frames of 12 bits after one another, the higher bits first. */
  readonly depth: 1 | 6 | 12 | 24;
  /** One chip, or four side by side of which the pattern is made: see `unpackWords` of assembly/packed.ts. */
  readonly chips: 1 | 4;
}

/** The type of the numbers that come out of words. */
export function numbersOfWords({ depth }: PackedWords): StoredNumber {
  return depth === 24 ? "u32" : depth === 12 ? "u16" : "u8";
}

/** Bytes of words that hold so many pixels. */
export function packedBytes({ depth }: PackedWords, pixels: number): number {
  return pixels * { 1: 1, 6: 8, 12: 16, 24: 32 }[depth] / 8;
}

/** The numbers of a record that make a pattern, and their order. */
export interface FrameLayout {
  /** How they are packed; all else is said of what is unpacked, in native byte order. */
  readonly packed?: PackedWords;
  /** Rows and columns as they lie in the file, those that are cropped off left out. */
  readonly rows: number;
  /** See `rows`. */
  readonly columns: number;
  /** Bytes from one row to the next. */
  readonly rowBytes: number;
  /** Type of the numbers. */
  readonly numbers: StoredNumber;
  /** Whether the first byte of a number is its highest. */
  readonly bigEndian: boolean;
  /** Whether the last row of the record is the first of the pattern. */
  readonly flipRows: boolean;
  /** Whether the last column of the record is the first of the pattern. */
  readonly flipColumns: boolean;
  /** Whether rows, flipped or not, become columns. */
  readonly transposed: boolean;
}

/**
 * Patterns in the order of memory, one after the other.
 *
 * @param swapped whether the bytes of each number are in the other order than this machine's
 */
export function plainFrame(
  rows: number,
  columns: number,
  numbers: StoredNumber,
  swapped: boolean,
): FrameLayout {
  return {
    rows,
    columns,
    rowBytes: columns * numberBytes(numbers),
    numbers,
    bigEndian: swapped === isNativeLittleEndian,
    flipRows: false,
    flipColumns: false,
    transposed: false,
  };
}

/** Sizes of the patterns that come out. */
export function patternShape(
  { rows, columns, transposed }: FrameLayout,
): Pick<ScanShape, "patternRows" | "patternColumns"> {
  return transposed
    ? { patternRows: columns, patternColumns: rows }
    : { patternRows: rows, patternColumns: columns };
}

/** Bytes from the first number to the end of the last, with what lies between them; of packed ones once they are unpacked. */
export function frameSpan({ rows, columns, rowBytes, numbers }: FrameLayout): number {
  return (rows - 1) * rowBytes + columns * numberBytes(numbers);
}

/** Bytes of a record that are read for a pattern. */
export function storedSpan(frame: FrameLayout): number {
  return frame.packed ? packedBytes(frame.packed, frame.rows * frame.columns) : frameSpan(frame);
}

/** Whether the numbers of a pattern follow each other in the record as in the pattern, whatever their bytes. */
export function isInOrder(frame: FrameLayout): boolean {
  const { columns, rowBytes, numbers, flipRows, flipColumns, transposed } = frame;
  return !flipRows && !flipColumns && !transposed && rowBytes === columns * numberBytes(numbers);
}

/** Whether the bytes of each number are in the other order than this machine's. */
export function isSwapped({ numbers, bigEndian, packed }: FrameLayout): boolean {
  return !packed && numberBytes(numbers) > 1 && bigEndian === isNativeLittleEndian;
}

/** Where the first number of a pattern lies after the first of its record, and the bytes to its neighbours. */
export interface FrameSteps {
  readonly start: number;
  /** Bytes from a number to the one below it in the pattern. */
  readonly rowStep: number;
  /** Bytes from a number to the one right of it in the pattern. */
  readonly columnStep: number;
}

/** The way through a record in the order of the pattern. */
export function frameSteps(frame: FrameLayout): FrameSteps {
  const { rows, columns, rowBytes, numbers, flipRows, flipColumns, transposed } = frame;
  const bytes = numberBytes(numbers);
  const down = flipRows ? -rowBytes : rowBytes, right = flipColumns ? -bytes : bytes;
  return {
    start: (flipRows ? (rows - 1) * rowBytes : 0) + (flipColumns ? (columns - 1) * bytes : 0),
    rowStep: transposed ? right : down,
    columnStep: transposed ? down : right,
  };
}
