/** Numpy's `.npy` format as bytes; it runs in browsers too. */

import { bytesOf, bytesPerElement, type DType } from "../scan/dtype.ts";

const alignment = 64;

/** How numpy spells a number type: byte order, kind, bytes. */
function descriptor(dtype: DType): string {
  const bytes = bytesPerElement(dtype);
  return `${bytes === 1 ? "|" : "<"}${dtype[0]}${bytes}`;
}

/** Elements of an array.
 *
 * @throws {RangeError} when a length is none
 */
export function elementCount(shape: readonly number[]): number {
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`${size} is not the length of an axis`);
  }
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * What comes before the data of a `.npy` file: magic, version 1.0, length and dictionary, padded so that the data begin
 * at a multiple of 64 bytes.
 */
export function encodeNpyHeader(dtype: DType, shape: readonly number[]): Uint8Array {
  return encodeHeaderOf(descriptor(dtype), shape);
}

/** The same for numbers as numpy describes them, such as `>u2`. */
export function encodeHeaderOf(descriptor: string, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const dictionary = `{'descr': '${descriptor}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const total = Math.ceil((10 + dictionary.length + 1) / alignment) * alignment;
  const header = new Uint8Array(total).fill(0x20);
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, (total - 10) & 0xff, (total - 10) >> 8]);
  header.set(new TextEncoder().encode(dictionary), 10);
  header[total - 1] = 0x0a;
  return header;
}

/**
 * The bytes of a `.npy` file: version 1.0, little-endian, C order, data at a multiple of 64 bytes.
 *
 * @param shape lengths of the axes, slowest first; `[]` for a single number
 * @param data the elements in that order; its bytes are taken as they are
 * @throws {RangeError} when `data` does not hold exactly the elements of `shape`
 *
 * @example
 * ```ts
 * import { encodeNpy } from "crystallite";
 *
 * const bytes = encodeNpy("f32", [2, 3], new Float32Array(6));
 * console.assert(bytes.length === 128 + 24);
 * ```
 */
export function encodeNpy(dtype: DType, shape: readonly number[], data: ArrayBufferView): Uint8Array {
  const expected = elementCount(shape) * bytesPerElement(dtype);
  if (data.byteLength !== expected) {
    throw new RangeError(
      `an array of shape ${shape.join(" x ")} has ${expected} bytes, not ${data.byteLength}`,
    );
  }
  const header = encodeNpyHeader(dtype, shape);
  const file = new Uint8Array(header.length + expected);
  file.set(header);
  file.set(bytesOf(data), header.length);
  return file;
}
