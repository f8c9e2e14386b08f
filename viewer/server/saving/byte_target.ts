/** Bytes that are put down in any order: in a file, or in memory. */

import { fromSystemError } from "../../../library/scan/errors.ts";

/** Somewhere to put bytes. */
export interface ByteTarget {
  put(offset: number, bytes: Uint8Array): void;
  close(): void;
}

/** A new file. */
export class FileTarget implements ByteTarget {
  readonly #path: string;
  readonly #file: Deno.FsFile;

  /** @throws {FileUnavailable} when it cannot be written */
  constructor(path: string) {
    this.#path = path;
    try {
      this.#file = Deno.openSync(path, { write: true, create: true, truncate: true });
    } catch (cause) {
      throw fromSystemError(cause, path, "write");
    }
  }

  put(offset: number, bytes: Uint8Array): void {
    try {
      this.#file.seekSync(offset, Deno.SeekMode.Start);
      for (let written = 0; written < bytes.length;) {
        written += this.#file.writeSync(bytes.subarray(written));
      }
    } catch (cause) {
      throw fromSystemError(cause, this.#path, "write");
    }
  }

  close(): void {
    this.#file.close();
  }
}

/** Memory of a size that is known before. */
export class MemoryTarget implements ByteTarget {
  readonly bytes: Uint8Array<ArrayBuffer>;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
  }

  put(offset: number, bytes: Uint8Array): void {
    this.bytes.set(bytes, offset);
  }

  close(): void {
    // Memory needs no closing.
  }
}
