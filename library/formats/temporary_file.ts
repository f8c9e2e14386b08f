/** Bytes that are kept on the disk as long as they are read, because they are too many for memory. */

import { statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { type ByteSource, FileSource } from "../scan/byte_source.ts";
import { FileUnavailable, fromSystemError, OutOfResources } from "../scan/errors.ts";

/** Nothing may be written into the folder for temporary files, or there is none. */
export class NoTemporaryFile extends FileUnavailable {}

/**
 * Writes a file that is gone when it is closed, or when writing fails.
 *
 * @param name the path to show in messages about reading: that of the file the bytes come from
 * @param bytes how many there will be
 * @param pieces the bytes, one piece after the other; while one is written the next is asked for, which must leave it alone
 * @throws {OutOfResources} when the disk has no room
 * @throws {NoTemporaryFile} when nothing can be written there
 */
export async function writeTemporaryFile(
  name: string,
  bytes: number,
  pieces: AsyncIterable<Uint8Array>,
): Promise<ByteSource> {
  const path = makeTemporaryFile();
  try {
    requireSpace(path, bytes);
  } catch (cause) {
    Deno.removeSync(path);
    throw cause;
  }
  const kept = new TemporaryFile(path, name);
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const piece of pieces) {
      await writing;
      writing = kept.write(piece);
      // Whether it fails is asked before the next is written.
      writing.catch(() => {});
    }
    await writing;
    kept.finish();
    return kept;
  } catch (cause) {
    await writing.catch(() => {});
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
    const folder = temporaryFolder(), missing = cause instanceof Deno.errors.NotFound;
    const denied = cause instanceof Deno.errors.PermissionDenied || cause instanceof Deno.errors.NotCapable;
    if (!missing && !denied) throw fromSystemError(cause, folder, "write");
    throw new NoTemporaryFile(
      missing
        ? `the folder for temporary files, ${folder}, does not exist`
        : "a temporary file is needed and cannot be written",
      {
        file: folder,
        found: cause instanceof Error ? cause.message : String(cause),
        remedy: missing
          ? "make it, or set TMPDIR to a folder that exists"
          : "name a folder in TMPDIR that may be written to, and allow it with --allow-write",
      },
      { cause },
    );
  }
}

/** Its path, unless the system's variables may not be read either. */
function temporaryFolder(): string {
  try {
    return tmpdir();
  } catch {
    return "the folder for temporary files";
  }
}

/** Says beforehand what would else be found out after minutes; where the system does not tell, it is found out then. */
function requireSpace(path: string, bytes: number): void {
  let free: number;
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    free = bavail * bsize;
  } catch {
    return;
  }
  if (bytes <= free) return;
  throw new OutOfResources(`there is no room for a temporary file of ${Math.ceil(bytes / 1e6)} MB`, {
    file: path,
    expected: `${Math.ceil(bytes / 1e6)} MB free in ${dirname(path)}`,
    found: `${Math.floor(free / 1e6)} MB`,
    remedy: "make room, or name another folder for temporary files by the environment variable TMPDIR",
  });
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

  async write(piece: Uint8Array): Promise<void> {
    try {
      for (let written = 0; written < piece.length;) {
        written += await this.#writing!.write(piece.subarray(written));
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
