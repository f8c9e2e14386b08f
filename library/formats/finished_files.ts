/**
 * Which scans of a folder are finished, seen by looking at it again and again: network folders tell nobody that something
 * changed. Nothing is locked or written.
 */

import {
  CorruptFile,
  CrystalliteError,
  FileUnavailable,
  fromSystemError,
  ShapeUnknown,
  UnsupportedFormat,
} from "../scan/errors.ts";
import { isSeries, readPattern } from "../scan/scan.ts";
import { openFile, type OpenScanOptions } from "./open.ts";
import { scansInOrder } from "./series_frames.ts";

/** For how long a file must stay as it is, in milliseconds, to be finished. */
const quietFor = 3000;
/** The same for one that is not whole as it is, unless a later one has begun: its writer may only be slow. */
const usualPatience = 60_000;

/** A file as it was seen last. */
interface SeenFile {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
  /** Since when it has not changed. */
  readonly since: number;
}

/** How it is decided that a file is finished. */
export interface FinishedOptions {
  /** Whether a file that has come to rest is whole; default: all are. */
  readonly isWhole?: (path: string) => Promise<boolean>;
  /** For how many milliseconds one that is not is waited for; default a minute. */
  readonly patience?: number;
}

/** Looks at a folder. */
export class FinishedFiles {
  readonly #folder: string;
  readonly #isWhole: (path: string) => Promise<boolean>;
  readonly #patience: number;
  #seen = new Map<string, SeenFile>();
  readonly #given = new Set<string>();
  #waiting = 0;
  #held: string | undefined;

  /** @param known files that are not to be given again */
  constructor(
    folder: string,
    known: Iterable<string> = [],
    { isWhole = () => Promise.resolve(true), patience = usualPatience }: FinishedOptions = {},
  ) {
    this.#folder = folder;
    this.#isWhole = isWhole;
    this.#patience = Math.max(quietFor, patience);
    for (const path of known) this.#given.add(path);
  }

  /**
   * Files that have not changed for three seconds, are whole and were not given before, in natural order of their names. As a
   * recording is finished when the next has begun, one that a later file follows, of a later name and time, is waited for only
   * until it is of one size in two looks. What is not whole is given too in the end: whoever reads it says why.
   *
   * @param now milliseconds of any clock
   * @throws {FileUnavailable} when the folder cannot be read
   */
  async look(now: number): Promise<string[]> {
    this.#waiting = 0;
    this.#held = undefined;
    const there = await this.#newFiles(), finished: string[] = [], before = this.#seen;
    this.#seen = new Map();
    for (const [index, { path, size, modified }] of there.entries()) {
      const last = before.get(path), same = last?.size === size && last.modified === modified;
      const since = same ? last.since : now, rested = now - since;
      this.#seen.set(path, { path, size, modified, since });
      const followed = there.slice(index + 1).some((later) => later.modified >= modified);
      // Frames stay in their order: none is taken before one that is still being written.
      if (!same || !followed && rested < quietFor) break;
      if (rested < (followed ? quietFor : this.#patience) && !await this.#isWhole(path)) {
        if (rested >= quietFor) this.#held = path;
        break;
      }
      finished.push(path);
    }
    for (const path of finished) this.#given.add(path);
    this.#waiting = there.length - finished.length;
    return finished;
  }

  /** Files that were there at the last look, but not finished. */
  get waiting(): number {
    return this.#waiting;
  }

  /** The file that has come to rest, and is waited for because it is not whole. */
  get held(): string | undefined {
    return this.#held;
  }

  /** Files that were not given yet. */
  async #newFiles(): Promise<readonly Omit<SeenFile, "since">[]> {
    let paths: string[];
    try {
      paths = await scansInOrder(this.#folder);
    } catch (cause) {
      throw fromSystemError(cause, this.#folder, "read");
    }
    const wanted = paths.filter((path) => !this.#given.has(path));
    const infos = await Promise.all(wanted.map((path) => Deno.stat(path).catch(() => null)));
    return wanted.flatMap((path, index) => {
      const info = infos[index];
      // It may have been renamed or removed meanwhile.
      return info === null ? [] : [{ path, size: info.size, modified: info.mtime?.getTime() ?? 0 }];
    });
  }
}

/**
 * Whether a scan can be read to its last pattern, which counts something: files that have their whole size from the beginning
 * are empty where nothing was written yet. What more bytes will not mend is for whoever reads it.
 */
export async function isWholeScan(path: string, options: OpenScanOptions): Promise<boolean> {
  try {
    const opened = await openFile(path, options);
    try {
      if (isSeries(opened)) return true;
      const { rows, columns } = opened.shape;
      return (await readPattern(opened, rows - 1, columns - 1)).some((count) => count !== 0);
    } finally {
      opened.close();
    }
  } catch (cause) {
    if (!(cause instanceof CrystalliteError)) throw cause;
    return ![CorruptFile, FileUnavailable, ShapeUnknown, UnsupportedFormat].some((kind) =>
      cause instanceof kind
    );
  }
}
