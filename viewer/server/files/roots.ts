/** The folders that are served. Whatever else is on the disk is neither read, written nor mentioned. */

import { basename, dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { FileUnavailable, fromSystemError } from "../../../library/scan/errors.ts";
import { ServingError } from "../failures.ts";

/** A served folder: as it was named, and where it really is. */
interface Root {
  readonly named: string;
  readonly real: string;
}

/** Whether a path lies in a folder or is it. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
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
   * The real path of something that is there and served. What is outside is refused before anything is asked of the disk,
   * so that answers do not tell what is there.
   *
   * @throws {ServingError} when it is not served
   * @throws {FileUnavailable} when it is not there
   */
  async real(path: string): Promise<string> {
    const named = this.#lexical(path);
    let real: string;
    try {
      real = await Deno.realPath(named);
    } catch (cause) {
      throw fromSystemError(cause, named, "read");
    }
    if (!this.contains(real)) throw notServed(path);
    return real;
  }

  /** Whether a real path is served. */
  contains(real: string): boolean {
    return this.#roots.some((root) => isWithin(root.real, real));
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
    return resolve(await this.folder(dirname(named)), basename(named));
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
