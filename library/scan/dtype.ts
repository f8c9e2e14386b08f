/** Number types of diffraction patterns in memory and the typed arrays that hold them. */

/**
 * Number type of a scan's pixels: unsigned and signed integers, IEEE floats; the digits are bits. Files have more types
 * (stored_number.ts), which become these when they are read.
 */
export type DType = "u8" | "u16" | "u32" | "i16" | "i32" | "f32" | "f64";

/** Typed arrays that can hold a scan's pixels. */
export type PixelArray =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Int16Array
  | Int32Array
  | Float32Array
  | Float64Array;

const constructors = {
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  i16: Int16Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;

/** Bytes of one element. */
export function bytesPerElement(dtype: DType): number {
  return constructors[dtype].BYTES_PER_ELEMENT;
}

/** A new zeroed array of `length` elements. */
export function createPixelArray(dtype: DType, length: number): PixelArray {
  return new constructors[dtype](length);
}

/** A view of `length` elements on `buffer` from byte `offset`, which must be a multiple of the element size. */
export function viewPixels(
  dtype: DType,
  buffer: ArrayBufferLike,
  offset: number,
  length: number,
): PixelArray {
  return new (constructors[dtype] as new (
    buffer: ArrayBufferLike,
    offset: number,
    length: number,
  ) => PixelArray)(
    buffer,
    offset,
    length,
  );
}

/** The bytes of an array where they lie, in the machine's byte order; a view, not a copy. */
export function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** The {@link DType} that `array` holds. */
export function dtypeOf(array: PixelArray): DType {
  for (const [dtype, constructor] of Object.entries(constructors)) {
    if (array instanceof constructor) return dtype as DType;
  }
  throw new TypeError(`no pixel type for ${Object.prototype.toString.call(array)}`);
}

/** Name of a number type of so many bits as numpy and microscopists write it: `uint16`, `float32`. */
export function dtypeName(dtype: `${"u" | "i" | "f"}${number}`): string {
  return { u: "uint", i: "int", f: "float" }[dtype[0] as "u" | "i" | "f"] + dtype.slice(1);
}
