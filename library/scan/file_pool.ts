/** A few open files out of many: systems allow some hundreds, and a scan may have a file for each pattern. */

import type { FileSource } from "./byte_source.ts";

/** Files by their paths; when one too many is wanted, the one opened first is closed. */
export class FilePool {
  readonly #open: (path: string) => FileSource;
  readonly #most: number;
  /** Those opened last at the end. */
  readonly #files = new Map<string, FileSource>();

  /** @param most files that are open at a time */
  constructor(open: (path: string) => FileSource, most: number) {
    this.#open = open;
    this.#most = most;
  }

  /**
   * The file at a path.
   *
   * @throws what opening throws
   */
  file(path: string): FileSource {
    const open = this.#files.get(path);
    if (open) return open;
    if (this.#files.size >= this.#most) {
      const [[oldest, file]] = this.#files;
      file.close();
      this.#files.delete(oldest);
    }
    const file = this.#open(path);
    this.#files.set(path, file);
    return file;
  }

  close(): void {
    for (const file of this.#files.values()) file.close();
    this.#files.clear();
  }
}
