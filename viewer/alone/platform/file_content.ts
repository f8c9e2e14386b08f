/** What is in a file of the page: a file of the disk that somebody has picked, or bytes that were written since. */

/** Bytes that are put together before the browser gets them to keep: it may put them on the disk. */
const pieceBytes = 4 * 2 ** 20;

let numbered = 0;

/** Bytes that can be read anywhere, and written at their end. */
export class FileContent {
  /** Tells files apart, as the number of a file on a disk does. */
  readonly number = ++numbered;
  /** Milliseconds since 1970. */
  readonly changed: number;
  #kept: Blob;
  #pending: Uint8Array<ArrayBuffer>[] = [];
  #pendingBytes = 0;

  constructor(kept: Blob = new Blob(), changed: number = Date.now()) {
    this.#kept = kept;
    this.changed = changed;
  }

  /** Number of bytes. */
  get size(): number {
    return this.#kept.size + this.#pendingBytes;
  }

  /** All of it, to be read elsewhere. */
  get blob(): Blob {
    this.#keep();
    return this.#kept;
  }

  /** Adds bytes. */
  append(bytes: Uint8Array): void {
    this.#pending.push(new Uint8Array(bytes));
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes >= pieceBytes) this.#keep();
  }

  /** Bytes from `start` to before `end`, fewer where the file ends earlier. */
  read(start: number, end: number): Uint8Array<ArrayBuffer> {
    this.#keep();
    try {
      return new Uint8Array(new FileReaderSync().readAsArrayBuffer(this.#kept.slice(start, end)));
    } catch (cause) {
      // A page gets no more of a file that was written to, moved or removed after it was picked.
      throw Object.assign(new Error("it was changed or moved after it was picked", { cause }), {
        code: "EIO",
      });
    }
  }

  #keep(): void {
    if (this.#pendingBytes === 0) return;
    this.#kept = new Blob([this.#kept, ...this.#pending]);
    [this.#pending, this.#pendingBytes] = [[], 0];
  }
}

/** What threads of a browser have to read blobs with; no library of types that is used here names it. */
declare class FileReaderSync {
  readAsArrayBuffer(blob: Blob): ArrayBuffer;
}
