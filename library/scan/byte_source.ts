/** Bytes at an offset: a file, or the part of one that is another file. */

import { CorruptFile, FileUnavailable, fromSystemError } from "./errors.ts";

/** Something that bytes are read from at any offset. */
export interface ByteSource {
  /** The file, for messages. */
  readonly path: string;
  /** Number of bytes. */
  readonly size: number;
  /**
   * Fills `into`, which may lie on shared memory, from byte `offset`.
   *
   * @throws {CorruptFile} when the source ends before `into` is full
   */
  readAt(offset: number, into: Uint8Array): void;
  /**
   * Where the bytes have a checksum that is looked at as they are read from front to back: reads what is left of them, for
   * who reads in another order.
   *
   * @throws {CorruptFile} when it is wrong
   */
  check?(): void;
  /** Releases the file; closing twice does nothing. */
  close(): void;
}

/** A file on disk, opened for reading. */
export class FileSource implements ByteSource {
  readonly path: string;
  readonly #file: Deno.FsFile;
  #info: Deno.FileInfo | undefined;
  #closed = false;
  /** Where the next reading begins by itself; NaN where that is not known. */
  #position = 0;

  private constructor(path: string, file: Deno.FsFile) {
    this.path = path;
    this.#file = file;
  }

  /**
   * Opens a file.
   *
   * @param name path to show in messages, where it differs from `path`
   * @throws {FileUnavailable} when it is missing, unreadable, a folder, or a pipe or device
   */
  static open(path: string, name: string = path): FileSource {
    try {
      refuseOtherThanFiles(Deno.statSync(path), name);
    } catch (cause) {
      throw fromSystemError(cause, name, "read");
    }
    const file = FileSource.openAgain(path, name);
    try {
      void file.info;
    } catch (cause) {
      file.close();
      throw cause;
    }
    return file;
  }

  /**
   * Opens a path that is known to be that of a file: it is not looked at once more, which takes half as long as opening it.
   *
   * @param name as for {@link open}
   * @throws {FileUnavailable} when it is missing or unreadable
   */
  static openAgain(path: string, name: string = path): FileSource {
    try {
      // Without options, which take as long to look at as the file to open.
      return new FileSource(name, Deno.openSync(path));
    } catch (cause) {
      throw fromSystemError(cause, name, "read");
    }
  }

  /** Number of bytes; of a file that was opened again, when that is first asked for. */
  get size(): number {
    return this.info.size;
  }

  /**
   * What the system says of it; asked when it is first wanted.
   *
   * @throws {FileUnavailable} when it says nothing
   */
  get info(): Deno.FileInfo {
    try {
      return this.#info ??= this.#file.statSync();
    } catch (cause) {
      throw fromSystemError(cause, this.path, "read");
    }
  }

  readAt(offset: number, into: Uint8Array): void {
    let filled = 0;
    try {
      if (offset !== this.#position) this.#file.seekSync(offset, Deno.SeekMode.Start);
      this.#position = NaN;
      while (filled < into.length) {
        // A read beyond 2 GiB comes back short on every system; the loop makes up for it.
        const read = this.#file.readSync(into.subarray(filled));
        if (read === null) break;
        filled += read;
      }
    } catch (cause) {
      throw fromSystemError(cause, this.path, "read");
    }
    if (filled < into.length) throw endsEarly(this.path, offset, into.length, filled);
    this.#position = offset + filled;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#file.close();
  }
}

/** Opening a pipe would wait for its writer, with nothing that could interrupt it; and neither has a size. */
function refuseOtherThanFiles({ isFile, isDirectory }: Deno.FileInfo, name: string): void {
  if (isDirectory) throw new Deno.errors.IsADirectory("is a directory");
  if (isFile) return;
  throw new FileUnavailable(`${name} is a pipe or a device, not a file`, {
    file: name,
    expected: "a file, of which any part can be read at any time",
    remedy: "save the data to a file first",
  });
}

/** The error of a file that ends inside `length` bytes wanted at `offset`, of which it has `found`. */
export function endsEarly(file: string, offset: number, length: number, found: number): CorruptFile {
  const present = Math.max(0, found), missing = length - present;
  const known = Number.isSafeInteger(missing)
    ? `: ${missing} ${missing === 1 ? "byte is" : "bytes are"} missing`
    : "";
  return new CorruptFile(`${file} ends too early${known}`, {
    file,
    offset,
    expected: `${length} bytes at byte ${offset}`,
    found: `${present} bytes`,
    remedy: "copy or export the file again, and compare its size with that of the original",
  });
}

/** Bytes `offset..offset+length` of a source, for small pieces such as headers. */
export function readBytes(source: ByteSource, offset: number, length: number): Uint8Array {
  if (offset < 0 || offset + length > source.size) {
    throw endsEarly(source.path, offset, length, source.size - offset);
  }
  const bytes = new Uint8Array(length);
  source.readAt(offset, bytes);
  return bytes;
}

/** Bytes that {@link throughWindow} reads at once. */
const windowBytes = 2 ** 14;

/** The same bytes, for many small readings that lie beside each other: a piece of the file is kept. It is not closed. */
export function throughWindow(source: ByteSource): ByteSource {
  const piece = new Uint8Array(Math.min(windowBytes, source.size));
  let start = 0, filled = 0;
  return {
    path: source.path,
    size: source.size,
    readAt(offset, into) {
      if (into.length > piece.length) return source.readAt(offset, into);
      if (offset < start || offset + into.length > start + filled) {
        const length = Math.min(piece.length, source.size - offset);
        filled = 0;
        source.readAt(offset, piece.subarray(0, length));
        [start, filled] = [offset, length];
      }
      if (offset + into.length > start + filled) {
        throw endsEarly(source.path, offset, into.length, start + filled - offset);
      }
      into.set(piece.subarray(offset - start, offset - start + into.length));
    },
    close() {},
  };
}

/** Opens something on top of `resource`, which is closed when that fails. */
export async function orClose<Result>(
  resource: { close(): void },
  open: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await open();
  } catch (cause) {
    resource.close();
    throw cause;
  }
}

/**
 * The size of a file in bytes.
 *
 * @throws {FileUnavailable} when it cannot be opened
 */
export function fileSize(path: string): number {
  const file = FileSource.open(path);
  file.close();
  return file.size;
}
