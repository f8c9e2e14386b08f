/** The files that one thread reads into the arena, the last few of them open. */

import { FileSource } from "../scan/byte_source.ts";
import type { Address } from "./address.ts";

/** Files that are kept open: systems allow some hundreds to all threads, and a scan may have a file for each pattern. */
const mostOpen = 32;

/** Reads bytes of files by their paths. */
export class OpenFiles {
  readonly #memory: WebAssembly.Memory;
  /** Those opened last at the end. */
  readonly #files = new Map<string, FileSource>();

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
    this.#file(path).readAt(offset, new Uint8Array(this.#memory.buffer, pointer, bytes));
  }

  close(): void {
    for (const file of this.#files.values()) file.close();
    this.#files.clear();
  }

  #file(path: string): FileSource {
    const open = this.#files.get(path);
    if (open) return open;
    if (this.#files.size >= mostOpen) {
      const [[oldest, file]] = this.#files;
      file.close();
      this.#files.delete(oldest);
    }
    const file = FileSource.openAgain(path);
    this.#files.set(path, file);
    return file;
  }
}
