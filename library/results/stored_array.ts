/** Reading the `.npy` files of a result directory, whose number type and shape are known beforehand. */

import { swapBytes } from "../formats/byte_order.ts";
import { FileSource } from "../scan/byte_source.ts";
import { parseDescriptor, readNpyHeader } from "../formats/npy_header.ts";
import {
  bytesOf,
  bytesPerElement,
  createPixelArray,
  type DType,
  dtypeName,
  type PixelArray,
} from "../scan/dtype.ts";
import { CorruptFile } from "../scan/errors.ts";
import { numberName } from "../scan/stored_number.ts";

/**
 * Reads a whole array of a given type and shape, in C order, written by crystallite or by `numpy.save`. Type, shape and
 * length are checked before memory is taken.
 *
 * @param shape lengths of the axes, slowest first
 * @throws {FileUnavailable} when the file is missing or unreadable
 * @throws {CorruptFile} when the file holds another array or a part of one
 * @throws {UnsupportedFormat} when it holds something that is no array of plain numbers
 */
export function readStoredArray(path: string, dtype: DType, shape: readonly number[]): PixelArray {
  const source = FileSource.open(path);
  try {
    const header = readNpyHeader(source);
    const stored = parseDescriptor(header.descriptor, path);
    const elements = shape.reduce((product, size) => product * size, 1);
    const bytes = header.dataOffset + elements * bytesPerElement(dtype);
    const fits = stored.numbers === dtype && !header.fortranOrder && header.shape.join() === shape.join();
    if (!fits || source.size !== bytes) {
      throw new CorruptFile(`${path} is not the array that its result directory speaks of`, {
        file: path,
        expected: `${dtypeName(dtype)} (${shape.join(", ")}), ${bytes} bytes`,
        found: `${numberName(stored.numbers)} (${header.shape.join(", ")})${
          header.fortranOrder ? " in Fortran order" : ""
        }, ${source.size} bytes`,
        remedy: "run the clustering again",
      });
    }
    const array = createPixelArray(dtype, elements);
    source.readAt(header.dataOffset, bytesOf(array));
    if (stored.swapped) swapBytes(array);
    return array;
  } finally {
    source.close();
  }
}

/**
 * Lengths of the axes of a stored array, slowest first.
 *
 * @throws {FileUnavailable | CorruptFile | UnsupportedFormat} as {@link readStoredArray}
 */
export function storedShape(path: string): readonly number[] {
  const source = FileSource.open(path);
  try {
    return readNpyHeader(source).shape;
  } finally {
    source.close();
  }
}
