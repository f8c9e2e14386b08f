/** Parts of an array in a `.npy` file of ours, without reading the rest. */

import { parseDescriptor, readNpyHeader } from "../formats/npy_header.ts";
import { swapBytes } from "../formats/byte_order.ts";
import { FileSource } from "../scan/byte_source.ts";
import { bytesOf, bytesPerElement, createPixelArray, type DType, type PixelArray } from "../scan/dtype.ts";
import { CorruptFile } from "../scan/errors.ts";

/** An open file. Close it. */
export class NpyReader {
  private constructor(
    readonly source: FileSource,
    readonly dtype: DType,
    readonly dataOffset: number,
    readonly swapped: boolean,
  ) {}

  /**
   * Opens a file that holds an array of a given type and shape.
   *
   * @throws {FileUnavailable} when it is missing
   * @throws {CorruptFile} when it holds something else
   */
  static open(path: string, dtype: DType, shape: readonly number[]): NpyReader {
    const source = FileSource.open(path);
    try {
      const header = readNpyHeader(source);
      const stored = parseDescriptor(header.descriptor, path);
      const bytes = shape.reduce((product, size) => product * size, bytesPerElement(dtype));
      const fits = stored.numbers === dtype && header.shape.join() === shape.join() && !header.fortranOrder &&
        source.size === header.dataOffset + bytes;
      if (fits) return new NpyReader(source, dtype, header.dataOffset, stored.swapped);
      throw new CorruptFile(`${path} is not the array that its result directory speaks of`, {
        file: path,
        expected: `(${shape.join(", ")}), ${bytes} bytes`,
        found: `(${header.shape.join(", ")}), ${source.size - header.dataOffset} bytes`,
        remedy: "make the result again",
      });
    } catch (cause) {
      source.close();
      throw cause;
    }
  }

  /** Elements from a flat index on. */
  read(first: number, count: number): PixelArray {
    const array = createPixelArray(this.dtype, count);
    this.source.readAt(this.dataOffset + first * bytesPerElement(this.dtype), bytesOf(array));
    if (this.swapped) swapBytes(array);
    return array;
  }

  close(): void {
    this.source.close();
  }
}
