/** Writing numpy's `.npy` files: whole arrays at once, or piece by piece where the array does not fit in memory. */

import { bytesOf, bytesPerElement, type DType } from "../scan/dtype.ts";
import { fromSystemError } from "../scan/errors.ts";
import { elementCount, encodeNpyHeader } from "./npy_encoding.ts";

export { encodeHeaderOf, encodeNpy, encodeNpyHeader } from "./npy_encoding.ts";

/** Writes one `.npy` file piece by piece, in C order, without holding the array in memory. */
export class NpyWriter {
  readonly #file: Deno.FsFile;
  readonly #path: string;
  readonly #headerBytes: number;
  readonly #elementBytes: number;
  readonly #bytes: number;
  #bytesLeft: number;
  #closed = false;

  private constructor(
    file: Deno.FsFile,
    path: string,
    layout: { headerBytes: number; elementBytes: number; bytes: number },
  ) {
    this.#file = file;
    this.#path = path;
    this.#headerBytes = layout.headerBytes;
    this.#elementBytes = layout.elementBytes;
    this.#bytes = this.#bytesLeft = layout.bytes;
  }

  /**
   * Creates or empties the file and writes the header.
   *
   * @param shape lengths of the axes, slowest first
   * @throws {FileUnavailable} when the file cannot be created
   * @throws {OutOfResources} when the disk is full
   */
  static create(path: string, dtype: DType, shape: readonly number[]): NpyWriter {
    const bytes = elementCount(shape) * bytesPerElement(dtype);
    let file: Deno.FsFile;
    try {
      file = Deno.openSync(path, { write: true, create: true, truncate: true });
    } catch (cause) {
      throw fromSystemError(cause, path, "write");
    }
    const header = encodeNpyHeader(dtype, shape);
    const layout = { headerBytes: header.length, elementBytes: bytesPerElement(dtype), bytes };
    const writer = new NpyWriter(file, path, layout);
    try {
      writer.#append(header);
    } catch (cause) {
      file.close();
      throw cause;
    }
    return writer;
  }

  /**
   * Appends elements to those written last, or writes them at index `first` of the array, so that pieces can come in any
   * order; each element must come once. `data` may lie on shared memory.
   *
   * @param first flat index of the first element
   * @throws {RangeError} when the array would grow beyond its shape
   * @throws {OutOfResources} when the disk is full
   */
  write(data: ArrayBufferView, first?: number): void {
    if (this.#closed) throw new TypeError(`${this.#path} is already closed`);
    if (data.byteLength > this.#bytesLeft) {
      throw new RangeError(
        `${data.byteLength} bytes do not fit into the ${this.#bytesLeft} left of ${this.#path}`,
      );
    }
    if (first !== undefined) {
      const end = first * this.#elementBytes + data.byteLength;
      if (!(Number.isInteger(first) && first >= 0 && end <= this.#bytes)) {
        throw new RangeError(`${data.byteLength} bytes from element ${first} are not inside ${this.#path}`);
      }
      this.#file.seekSync(this.#headerBytes + first * this.#elementBytes, Deno.SeekMode.Start);
    }
    this.#append(bytesOf(data));
    this.#bytesLeft -= data.byteLength;
  }

  /**
   * Closes the file; closing twice does nothing. The file is closed even when this throws.
   *
   * @throws {RangeError} when elements are missing
   */
  close(): void {
    if (this.#closed) return;
    this.abort();
    if (this.#bytesLeft > 0) throw new RangeError(`${this.#path} lacks its last ${this.#bytesLeft} bytes`);
  }

  /** Closes the file without asking whether it is complete, for the way out after another failure. */
  abort(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#file.close();
  }

  #append(bytes: Uint8Array): void {
    try {
      for (let written = 0; written < bytes.length;) {
        written += this.#file.writeSync(bytes.subarray(written));
      }
    } catch (cause) {
      throw fromSystemError(cause, this.#path, "write");
    }
  }
}
