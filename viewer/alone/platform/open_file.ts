/** A file of the page as the library reads and writes it. */

import type { FileContent } from "./file_content.ts";

/** Bytes that are read at once where somebody reads from front to back, at least and at most. */
const leastAhead = 2 ** 16, mostAhead = 4 * 2 ** 20;

/** What is said of a file or folder, as far as the library asks. */
export function describe(content: FileContent | null) {
  return {
    isFile: content !== null,
    isDirectory: content === null,
    isSymlink: false,
    size: content?.size ?? 0,
    mtime: content ? new Date(content.changed) : null,
    dev: 0,
    ino: content?.number ?? 0,
  };
}

/**
 * An open file. To ask a browser for bytes takes a millisecond, however few they are: who reads from front to back is
 * given them out of pieces that grow.
 */
export class OpenFile {
  readonly #content: FileContent;
  #position = 0;
  #piece: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #pieceStart = 0;
  #ahead = leastAhead;

  constructor(content: FileContent) {
    this.#content = content;
  }

  statSync() {
    return describe(this.#content);
  }

  /** Positions count from the beginning of the file, which is all that the library asks for. */
  seekSync(offset: number): number {
    return this.#position = offset;
  }

  /** Fills `into` as far as the file goes; `null` at its end. */
  readSync(into: Uint8Array): number | null {
    const start = this.#position, end = Math.min(start + into.length, this.#content.size);
    if (into.length === 0) return 0;
    if (start >= end) return null;
    const pieceEnd = this.#pieceStart + this.#piece.length;
    if (start < this.#pieceStart || end > pieceEnd) {
      this.#ahead = start === pieceEnd ? Math.min(2 * this.#ahead, mostAhead) : leastAhead;
      const length = Math.max(end - start, this.#ahead);
      this.#piece = this.#content.read(start, start + length);
      this.#pieceStart = start;
    }
    const from = start - this.#pieceStart;
    const found = this.#piece.subarray(from, from + end - start);
    into.set(found);
    this.#position += found.length;
    return found.length;
  }

  writeSync(bytes: Uint8Array): number {
    this.#content.append(bytes);
    return bytes.length;
  }

  read(into: Uint8Array): Promise<number | null> {
    return Promise.resolve(this.readSync(into));
  }

  close(): void {
    this.#piece = new Uint8Array(0);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
