/** Attributes and small data sets of HDF5 as plain data: numbers, texts and lists of them. */

import { expectLayout, Fields } from "./bytes.ts";
import { elementCount, type Hdf5Type, numberReader, typeClass } from "./datatype.ts";
import type { GlobalHeap } from "./local_heap.ts";

/** An attribute or small data set as plain data; 64-bit integers as the nearest numbers, booleans as 0 or 1. */
export type Hdf5Value = number | string | readonly number[] | readonly string[];

/** Lengths of the axes of a value. */
type Shaped = { readonly shape: readonly number[] | null };

/** Values larger than this are data, not description. */
const largestBytes = 16 * 2 ** 20;

/** Bytes of a value; `undefined` where it is empty, large, or of no kind that becomes plain data. */
export function valueBytes(type: Hdf5Type, { shape }: Shaped): number | undefined {
  const bytes = type.size * elementCount(shape);
  return isPlain(type) && bytes > 0 && bytes <= largestBytes ? bytes : undefined;
}

/**
 * The value that lies in `data`.
 *
 * @returns `undefined` where {@link valueBytes} is
 * @throws {OddLayout} when the data end too early, or a text of variable length is not where it should be
 */
export function parseValue(
  type: Hdf5Type,
  space: Shaped,
  data: Uint8Array,
  heap: GlobalHeap,
): Hdf5Value | undefined {
  const bytes = valueBytes(type, space);
  if (bytes === undefined) return undefined;
  expectLayout(data.length >= bytes, "a value that ends too early");
  const decode = decoderOf(type, heap), { size } = type;
  const values = Array.from(
    { length: bytes / size },
    (_, index) => decode(data.subarray(index * size, (index + 1) * size)),
  );
  return space.shape!.length === 0 ? values[0] : values as Hdf5Value;
}

function isPlain(type: Hdf5Type): boolean {
  switch (type.type) {
    case typeClass.text:
      return !type.vlen || type.size === 16;
    case typeClass.integer:
    case typeClass.float:
      return numberReader(type) !== undefined;
    case typeClass.enumeration:
      return type.base?.type === typeClass.integer && type.base.size === type.size &&
        numberReader(type.base) !== undefined;
    default:
      return false;
  }
}

function decoderOf(type: Hdf5Type, heap: GlobalHeap): (element: Uint8Array) => number | string {
  if (type.type === typeClass.text) {
    return type.vlen ? (element) => variableText(new Fields(element), heap) : textOf;
  }
  const read = numberReader(type.base ?? type)!;
  return (element) => read(new DataView(element.buffer, element.byteOffset, element.byteLength));
}

function variableText(place: Fields, heap: GlobalHeap): string {
  const length = place.u32(), address = place.address(), index = place.u32();
  // Texts that were never written have no place.
  if (length === 0 || address === undefined || address === 0) return "";
  const bytes = heap.object(address, index);
  expectLayout(length <= bytes.length, "a text that ends too early");
  return textOf(bytes.subarray(0, length));
}

/** A text, which NUL or blanks may fill up. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end)).trimEnd();
}
