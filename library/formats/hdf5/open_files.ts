/** The HDF5 files that belong to one scan, opened when they are needed, and never too many at once. */

import { type ByteSource, FileSource } from "../../scan/byte_source.ts";
import { CorruptFile, FileUnavailable } from "../../scan/errors.ts";
import type { LazyAttribute } from "./attributes.ts";
import { Hdf5Bytes } from "./bytes.ts";
import { GlobalHeap } from "./local_heap.ts";
import type { Link } from "./group_links.ts";
import type { HeaderMessage } from "./object_header.ts";

/** A scan may have thousands of data files, and a system allows about a thousand open ones. */
const mostOpen = 64;

/** An HDF5 file with what has been read of it. */
export interface OpenFile {
  readonly bytes: Hdf5Bytes;
  /** Values of variable length. */
  readonly heap: GlobalHeap;
  /** Messages of the objects at addresses that were looked at. */
  readonly messages: Map<number, readonly HeaderMessage[]>;
  /** Links of the groups at addresses that were looked at. */
  readonly links: Map<number, ReadonlyMap<string, Link> | undefined>;
  /** Attributes of the objects at addresses that were looked at. */
  readonly attributes: Map<number, ReadonlyMap<string, LazyAttribute>>;
}

/** Opens each file once. */
export class OpenFiles {
  readonly #files = new Map<string, OpenFile>();
  /** Those that are open, the one that was used last at the end. */
  readonly #sources = new Map<string, FileSource>();
  readonly #partial: boolean;

  /** @param partial whether files that somebody writes are opened, where that was made for being read meanwhile */
  constructor(partial: boolean) {
    this.#partial = partial;
  }

  /**
   * The file at a path.
   *
   * @throws {CorruptFile} when it is shorter than it says
   * @throws {FileUnavailable} when it cannot be read, or somebody writes it
   * @throws {OddLayout} when it is no HDF5 file that we read
   */
  open(path: string): OpenFile {
    let file = this.#files.get(path);
    if (!file) {
      const bytes = new Hdf5Bytes(new SharedSource(this, path));
      requireFinished(bytes, this.#partial);
      file = {
        bytes,
        heap: new GlobalHeap(bytes),
        messages: new Map(),
        links: new Map(),
        attributes: new Map(),
      };
      this.#files.set(path, file);
    }
    return file;
  }

  /** The open file at a path, for {@link SharedSource}. */
  source(path: string): FileSource {
    const open = this.#sources.get(path) ?? FileSource.open(path);
    this.#sources.delete(path);
    this.#sources.set(path, open);
    if (this.#sources.size > mostOpen) {
      const [[oldest, source]] = this.#sources;
      source.close();
      this.#sources.delete(oldest);
    }
    return open;
  }

  close(): void {
    for (const source of this.#sources.values()) source.close();
    this.#sources.clear();
  }
}

/** A file that may be closed meanwhile. */
class SharedSource implements ByteSource {
  readonly path: string;
  readonly size: number;
  readonly #files: OpenFiles;

  constructor(files: OpenFiles, path: string) {
    this.path = path;
    this.#files = files;
    this.size = files.source(path).size;
  }

  readAt(offset: number, into: Uint8Array): void {
    this.#files.source(this.path).readAt(offset, into);
  }

  close(): void {
    this.#files.close();
  }
}

/** A writer that has died leaves a file as one that still writes does. */
function requireFinished({ path, superblock, base, size }: Hdf5Bytes, partial: boolean): void {
  if (superblock.writing && !(partial && superblock.readable)) {
    throw new FileUnavailable(`${path} is still being written, or its writer has died`, {
      file: path,
      expected: "an HDF5 file that was closed",
      found: "the mark of a program that writes",
      remedy: `wait until it is complete; if nothing writes it any more, run \`h5clear -s\` on it`,
    });
  }
  if (base + size < superblock.end) {
    throw new CorruptFile(`${path} is shorter than its HDF5 header says`, {
      file: path,
      expected: `${superblock.end} bytes`,
      found: `${base + size} bytes`,
      remedy: "wait if it is still being written or copied; otherwise copy or export it again",
    });
  }
}
