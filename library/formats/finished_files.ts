/**
 * Which scans of a folder are finished, seen by looking at it again and again: network folders tell nobody that something
 * changed. Nothing is locked or written.
 */

import { fromSystemError } from "../scan/errors.ts";
import { scansInOrder } from "./series_frames.ts";

/** For how long a file must stay as it is, in milliseconds, to be finished. */
const quietFor = 3000;

/** A file as it was seen last. */
interface SeenFile {
  readonly size: number;
  readonly modified: number;
  /** Since when it has not changed. */
  readonly since: number;
}

/** Looks at a folder. */
export class FinishedFiles {
  readonly #folder: string;
  readonly #seen = new Map<string, SeenFile>();
  readonly #given = new Set<string>();

  /** @param known files that are not to be given again */
  constructor(folder: string, known: Iterable<string> = []) {
    this.#folder = folder;
    for (const path of known) this.#given.add(path);
  }

  /**
   * Files that have not changed for three seconds and were not given before, in natural order of their names. As a
   * recording is finished when the next has begun, one that a later file follows is waited for only until it is of one size
   * in two looks.
   *
   * @param now milliseconds of any clock
   * @throws {FileUnavailable} when the folder cannot be read
   */
  async look(now: number): Promise<string[]> {
    let paths: string[];
    try {
      paths = await scansInOrder(this.#folder);
    } catch (cause) {
      throw fromSystemError(cause, this.#folder, "read");
    }
    const finished: string[] = [];
    for (const [index, path] of paths.entries()) {
      if (this.#given.has(path)) continue;
      const info = await Deno.stat(path).catch(() => null);
      // It may have been renamed or removed meanwhile.
      if (info === null) continue;
      const modified = info.mtime?.getTime() ?? 0, before = this.#seen.get(path);
      const same = before?.size === info.size && before.modified === modified;
      const since = same ? before.since : now;
      this.#seen.set(path, { size: info.size, modified, since });
      const followed = index < paths.length - 1;
      // Frames stay in their order: none is taken before one that is still being written.
      if (!same || !followed && now - since < quietFor) break;
      finished.push(path);
    }
    for (const path of finished) this.#given.add(path);
    return finished;
  }

  /** Files that are there but not finished. */
  get waiting(): number {
    return Array.from(this.#seen.keys()).filter((path) => !this.#given.has(path)).length;
  }
}
