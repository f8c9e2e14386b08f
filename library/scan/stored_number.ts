/**
 * Number types as files have them, all in one place: their sizes and names, and the type in which a scan has them. Few
 * types have kernels of their own; numbers of the others are converted where they are read, by threads
 * (assembly/frames.ts) or on the main thread (library/formats/convert_numbers.ts), to a type that holds them exactly.
 */

import { type DType, dtypeName } from "./dtype.ts";

/** Number type in a file: unsigned and signed integers, IEEE floats; the digits are bits. Booleans are bytes. */
export type StoredNumber =
  | "u8"
  | "i8"
  | "u16"
  | "i16"
  | "u32"
  | "i32"
  | "f32"
  | "f64"
  | "bool"
  | "f16"
  | "u64"
  | "i64";

/** What is known of a type. */
interface NumberFacts {
  /** Bytes of one number. */
  readonly bytes: number;
  /** The type of a scan's pixels: the same, or one that holds all its values; all up to {@link largestWhole} of 64 bits. */
  readonly dtype: DType;
}

/** In the order of their codes for the `arrangeFrames` kernel. */
const facts: Readonly<Record<StoredNumber, NumberFacts>> = {
  u8: { bytes: 1, dtype: "u8" },
  i8: { bytes: 1, dtype: "i16" },
  u16: { bytes: 2, dtype: "u16" },
  i16: { bytes: 2, dtype: "i16" },
  u32: { bytes: 4, dtype: "u32" },
  i32: { bytes: 4, dtype: "i32" },
  f32: { bytes: 4, dtype: "f32" },
  f64: { bytes: 8, dtype: "f64" },
  bool: { bytes: 1, dtype: "u8" },
  f16: { bytes: 2, dtype: "f32" },
  u64: { bytes: 8, dtype: "f64" },
  i64: { bytes: 8, dtype: "f64" },
};

/** The number types in the order of their codes for the `arrangeFrames` kernel. */
export const storedNumbers = Object.keys(facts) as readonly StoredNumber[];

/**
 * Whole numbers of 64 bits are read exactly from -2^53 to 2^53. Those beyond are read as infinity of their sign, so that
 * they are treated as all values that are no counts: a run names the pattern, unless the pixel is one of the bad ones.
 */
export const largestWhole = 2 ** 53;

/** Bytes of one number. */
export function numberBytes(numbers: StoredNumber): number {
  return facts[numbers].bytes;
}

/** The type in which a scan has such numbers: their own, or one that holds them. */
export function dtypeOfNumbers(numbers: StoredNumber): DType {
  return facts[numbers].dtype;
}

/** Whether a scan has such numbers as they are stored. */
export function keepsForm(numbers: StoredNumber): numbers is DType {
  return facts[numbers].dtype === numbers;
}

/** Whether numbers of a type are computed as they are; all others as float32, booleans as counts of 0 and 1. */
export function computedAsStored(numbers: StoredNumber): boolean {
  return numbers === "u8" || numbers === "u16" || numbers === "f32";
}

/** Whether numbers may be too large for the type in which a scan has them: see {@link largestWhole}. */
export function mayNotFit(numbers: StoredNumber): boolean {
  return numbers === "u64" || numbers === "i64";
}

/** Name of a number type as numpy, HDF5 and Zarr 3 have it, and as users write it: `uint16`, `bool`. */
export function numberName(numbers: StoredNumber): string {
  return numbers === "bool" ? numbers : dtypeName(numbers);
}

/** The type of a scan's pixels, and before it that of its file where it is another one: `int64, read as float64`. */
export function describeType(dtype: DType, stored: StoredNumber | undefined): string {
  return stored ? `${numberName(stored)}, read as ${dtypeName(dtype)}` : dtypeName(dtype);
}

/** The number type of a name: `uint16`, `bool`. */
export function numberNamed(name: string): StoredNumber | undefined {
  return storedNumbers.find((numbers) => numberName(numbers) === name);
}

/** The number type of a kind and a size as TIFF and Zarr 2 have them: `u` unsigned, `i` signed, `f` float, `b` boolean. */
export function numberOfKind(kind: string, bytes: number): StoredNumber | undefined {
  if (kind === "b") return bytes === 1 ? "bool" : undefined;
  return storedNumbers.find((numbers) => numbers === `${kind}${8 * bytes}`);
}

/** Names of all number types, for messages. */
export const numberNames = storedNumbers.map(numberName).join(", ");

/** What to do about complex numbers, which are no intensities. */
export const complexRemedy =
  "take the intensity first, such as numpy.abs(data) ** 2, or the modulus, numpy.abs(data), and save that";
