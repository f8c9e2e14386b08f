/** The folders that are served. Whatever else is on the disk is neither read, written nor mentioned. */

import { basename, dirname, isAbsolute, resolve } from "node:path";
import { isWithin, placeOf } from "../../../library/formats/places.ts";
import { FileUnavailable, fromSystemError } from "../../../library/scan/errors.ts";
import { ServingError } from "../failures.ts";

/** A served folder: as it was named, and where it really is. */
interface Root {
  readonly named: string;
  readonly real: string;
}

/** Decides which paths are served, with all links on the way followed. */
export class Roots {
  readonly #roots: readonly Root[];

  /** @throws {FileUnavailable} when a root is missing or no folder */
  constructor(folders: readonly string[]) {
    this.#roots = folders.map((folder) => {
      const named = resolve(folder);
      try {
        const real = Deno.realPathSync(named);
        if (!Deno.statSync(real).isDirectory) throw notAFolder(named);
        return { named, real };
      } catch (cause) {
        throw fromSystemError(cause, named, "read");
      }
    });
  }

  /** Real paths of the roots, each once. */
  get folders(): readonly string[] {
    return [...new Set(this.#roots.map(({ real }) => real))];
  }

  /**
   * The real path of something that is there and served. What is outside, be it by way of links, is refused whether it is
   * there or not, so that answers do not tell.
   *
   * @throws {ServingError} when it is not served
   * @throws {FileUnavailable} when it is not there
   */
  async real(path: string): Promise<string> {
    const named = this.#lexical(path);
    if (!this.leadsInside(named)) throw notServed(path);
    try {
      return await Deno.realPath(named);
    } catch (cause) {
      throw fromSystemError(cause, named, "read");
    }
  }

  /** Whether a real path is served. */
  contains(real: string): boolean {
    return this.#roots.some((root) => isWithin(root.real, real));
  }

  /** Whether a path leads to a place that is served, whether there is something or not. */
  leadsInside(path: string): boolean {
    return this.contains(placeOf(path));
  }

  /**
   * The real path of a served folder to write into.
   *
   * @throws as {@link real}, and {FileUnavailable} when it is no folder
   */
  async folder(path: string): Promise<string> {
    const real = await this.real(path);
    if (!(await Deno.stat(real)).isDirectory) throw notAFolder(path);
    return real;
  }

  /** The real path of something that may not be there yet, in a served folder. */
  async future(path: string): Promise<string> {
    const named = this.#lexical(path);
    const future = resolve(await this.folder(dirname(named)), basename(named));
    if (!this.leadsInside(future)) throw notServed(path);
    return future;
  }

  #lexical(path: string): string {
    // Names of other computers, and of devices on Windows, begin with two slashes.
    const odd = path === "" || path.includes("\0") || /^[\\/]{2}/.test(path) || !isAbsolute(path);
    if (odd) throw notServed(path);
    const named = resolve(path);
    const served = this.#roots.some((root) => isWithin(root.named, named) || isWithin(root.real, named));
    if (!served) throw notServed(path);
    return named;
  }
}

function notServed(path: string): ServingError {
  return new ServingError(
    "Refused",
    `${JSON.stringify(path.slice(0, 300))} is not in a folder that is served`,
    {
      expected: "the absolute path of something in a served folder",
      remedy: "start crystallite serve with the folder that holds it",
    },
  );
}

function notAFolder(path: string): FileUnavailable {
  return new FileUnavailable(`${path} is a file, not a folder`, { file: path, remedy: "name a folder" });
}
