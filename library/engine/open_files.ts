/** The files that one thread reads into the arena. */

import { FileSource } from "../scan/byte_source.ts";
import { FilePool } from "../scan/file_pool.ts";
import type { Address } from "./address.ts";

/** Files that a thread keeps open. */
const mostOpen = 32;

/** Reads bytes of files by their paths. */
export class OpenFiles {
  readonly #memory: WebAssembly.Memory;
  readonly #files = new FilePool((path) => FileSource.openAgain(path), mostOpen);

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
  }

  /**
   * Reads `bytes` bytes from byte `offset` of a file, which was looked at when the scan was opened, to address `pointer`.
   *
   * @throws {FileUnavailable} when the file has gone
   * @throws {CorruptFile} when it has become shorter
   */
  read(path: string, offset: number, pointer: Address, bytes: number): void {
    this.#files.file(path).readAt(offset, new Uint8Array(this.#memory.buffer, pointer, bytes));
  }

  /** The same of a file that is not read again soon. */
  readOnce(path: string, offset: number, pointer: Address, bytes: number): void {
    const file = FileSource.openAgain(path);
    try {
      file.readAt(offset, new Uint8Array(this.#memory.buffer, pointer, bytes));
    } finally {
      file.close();
    }
  }

  close(): void {
    this.#files.close();
  }
}
