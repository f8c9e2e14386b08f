/** Bytes that are kept on the disk as long as they are read, because they are too many for memory. */

import { tmpdir } from "node:os";
import { type ByteSource, FileSource } from "../scan/byte_source.ts";
import { FileUnavailable, fromSystemError } from "../scan/errors.ts";

/**
 * Writes a file that is gone when it is closed, or when writing fails.
 *
 * @param name the path to show in messages about reading: that of the file the bytes come from
 * @param pieces the bytes, one piece after the other; each is written before the next is asked for
 * @throws {OutOfResources} when the disk has no room
 * @throws {FileUnavailable} when nothing can be written there
 */
export async function writeTemporaryFile(
  name: string,
  pieces: AsyncIterable<Uint8Array>,
): Promise<ByteSource> {
  const path = makeTemporaryFile(), kept = new TemporaryFile(path, name);
  try {
    for await (const piece of pieces) kept.write(piece);
    kept.finish();
    return kept;
  } catch (cause) {
    kept.close();
    throw cause;
  }
}

function makeTemporaryFile(): string {
  return inTemporaryFolder(() => Deno.makeTempFileSync({ prefix: "crystallite-" }));
}

/**
 * Makes something in the folder for temporary files, which its failures name.
 *
 * @throws {FileUnavailable} when the folder is missing, or nothing can be written there
 * @throws {OutOfResources} when the disk is full
 */
export function inTemporaryFolder<Result>(make: () => Result): Result {
  try {
    return make();
  } catch (cause) {
    const folder = tmpdir();
    if (!(cause instanceof Deno.errors.NotFound)) throw fromSystemError(cause, folder, "write");
    throw new FileUnavailable(`the folder for temporary files, ${folder}, does not exist`, {
      file: folder,
      remedy: "make it, or set TMPDIR to a folder that exists",
    }, { cause });
  }
}

/** Where the system allows it, the name disappears at once. */
class TemporaryFile implements ByteSource {
  readonly path: string;
  readonly #temporaryPath: string;
  readonly #reading: FileSource;
  #writing: Deno.FsFile | undefined;
  #size = 0;
  #closed = false;

  constructor(temporaryPath: string, name: string) {
    this.path = name;
    this.#temporaryPath = temporaryPath;
    this.#reading = FileSource.open(temporaryPath, name);
    this.#writing = Deno.openSync(temporaryPath, { write: true });
    // A run that is killed then leaves nothing behind. Windows cannot remove a file that is open.
    if (Deno.build.os !== "windows") Deno.removeSync(temporaryPath);
  }

  get size(): number {
    return this.#size;
  }

  write(piece: Uint8Array): void {
    try {
      for (let written = 0; written < piece.length;) {
        written += this.#writing!.writeSync(piece.subarray(written));
      }
    } catch (cause) {
      throw fromSystemError(cause, this.#temporaryPath, "write");
    }
    this.#size += piece.length;
  }

  /** Nothing more is written. */
  finish(): void {
    this.#writing?.close();
    this.#writing = undefined;
  }

  readAt(offset: number, into: Uint8Array): void {
    this.#reading.readAt(offset, into);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.finish();
    this.#reading.close();
    if (Deno.build.os === "windows") Deno.removeSync(this.#temporaryPath);
  }
}
