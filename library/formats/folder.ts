/** One folder as a format may look at it: names, and files that are opened only by permission. */

import { FileSource, readBytes } from "../scan/byte_source.ts";
import { CorruptFile, fromSystemError } from "../scan/errors.ts";
import { isFile } from "./file_at.ts";

/**
 * Asked with the path of each file that a format wants to read beside or in what was named, if there is such a name, and before
 * a link is followed to see what is behind it; throws where that is not allowed. A viewer that serves some folders allows no link out of them.
 */
export interface Admit {
  (path: string): void;
  /** Told of each file that was admitted and is there, with what the system says of it where it was opened. */
  readonly note?: (path: string, info?: Deno.FileInfo) => void;
  /** Real paths of the folders in which all of these files lie, where that is the rule. */
  readonly served?: readonly string[];
}

/** Larger text files have nothing to do with how a scan was recorded. */
const largestText = 4 * 2 ** 20;

/** A folder. Whatever names lead out of it stand for nothing. */
export class Folder {
  /** What comes before the names in it: empty, or a path with a slash at its end. */
  readonly #prefix: string;
  readonly #admit: Admit | undefined;
  #names: readonly string[] | undefined;
  /** Those of the names that are files themselves, not links to some. */
  #files: ReadonlySet<string> | undefined;

  /** @param prefix path up to the names in it, with the slash; empty for the working directory */
  constructor(prefix: string, admit?: Admit) {
    this.#prefix = prefix;
    this.#admit = admit;
  }

  /**
   * Names of the files and folders in it, sorted; looked up when first asked for.
   *
   * @throws {FileUnavailable} when the folder cannot be read
   */
  names(): readonly string[] {
    if (this.#names) return this.#names;
    try {
      const entries = Array.from(Deno.readDirSync(this.#prefix || "."));
      this.#files = new Set(entries.filter(({ isFile }) => isFile).map(({ name }) => name));
      return this.#names = entries.map(({ name }) => name).sort();
    } catch (cause) {
      throw fromSystemError(cause, this.#prefix, "read");
    }
  }

  /**
   * Path of a file in it or in folders below, such as `scan.hdr` or `0/c/1`; `undefined` where there is no such file.
   *
   * @throws whatever the {@link Admit} of this folder throws
   */
  file(name: string): string | undefined {
    const path = this.#admitted(name);
    if (path !== undefined) this.#admit?.note?.(path);
    return path;
  }

  /** Path of a file that may be opened. */
  #admitted(name: string): string | undefined {
    if (!leadsInside(name)) return undefined;
    const path = this.#prefix + name;
    // Of thousands of frames none is looked at twice.
    const listed = this.#files?.has(name) === true;
    if (!listed && !this.#isNamed(name)) return undefined;
    this.#admit?.(path);
    return listed || isFile(path) ? path : undefined;
  }

  /**
   * A folder in it or in folders below; `undefined` where there is none.
   *
   * @throws as {@link file}
   */
  folder(name: string): Folder | undefined {
    if (!leadsInside(name)) return undefined;
    const path = this.#prefix + name;
    if (!this.#isNamed(name)) return undefined;
    this.#admit?.(path);
    if (!isFolder(path)) return undefined;
    return new Folder(`${path}/`, this.#admit);
  }

  /** Whether there is something of that name, or a link on the way to it, which may lead anywhere. */
  #isNamed(name: string): boolean {
    let path = this.#prefix;
    for (const part of name.split("/")) {
      path += part;
      const info = entryAt(path);
      if (info === undefined || info.isSymlink) return info !== undefined;
      path += "/";
    }
    return true;
  }

  /** Opens a file, where there is one; see {@link file}. The caller closes it. */
  open(name: string): FileSource | undefined {
    const path = this.#admitted(name);
    if (path === undefined) return undefined;
    const file = FileSource.openAgain(path);
    try {
      this.#admit?.note?.(path, file.info);
    } catch (cause) {
      file.close();
      throw cause;
    }
    return file;
  }

  /**
   * The text of a small file, where there is one; see {@link file}.
   *
   * @param most bytes that it may have
   * @throws {CorruptFile} when the file is larger than any description of a scan
   */
  text(name: string, most = largestText): string | undefined {
    const file = this.open(name);
    if (!file) return undefined;
    try {
      if (file.size > most) {
        throw new CorruptFile(`${file.path} is too large for what it should be`, {
          file: file.path,
          expected: `a text of at most ${most} bytes`,
          found: `${file.size} bytes`,
          remedy: "put the file that belongs to the scan beside it",
        });
      }
      return new TextDecoder().decode(readBytes(file, 0, file.size));
    } finally {
      file.close();
    }
  }
}

/** What has a path as its name, be it a link; `undefined` where nothing has or nobody may look. */
function entryAt(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch {
    return undefined;
  }
}

/** Whether there is a folder at a path. What cannot be looked at is none: opening it will say what is wrong. */
export function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

const windows = Deno.build.os === "windows";

function leadsInside(name: string): boolean {
  if (name.includes("\0") || (windows && /[\\:]/.test(name))) return false;
  return name.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}
