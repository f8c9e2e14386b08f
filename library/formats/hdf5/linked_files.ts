/** The files that an HDF5 file refers to, and which of them may be opened. */

import { basename, dirname, isAbsolute, resolve } from "node:path";
import { FileUnavailable } from "../../scan/errors.ts";
import { isFile } from "../file_at.ts";
import type { Admit } from "../folder.ts";
import { isWithin, placeOf } from "../places.ts";

/** Path of a file that the file at `path` calls `name`: beside it, unless the name is absolute. */
export function linkedPath(path: string, name: string): string {
  return resolve(dirname(path), name);
}

/** Last part of a path of folders, be it one of Windows; `undefined` for a plain name. */
export function lastPart(name: string): string | undefined {
  return /[\\/:]/.test(name) ? basename(name.replace(/[\\:]/g, "/")) : undefined;
}

/** A file that another one leads to and that must not be opened. */
export class ForeignFile extends FileUnavailable {}

/** What decides which files one file may lead to; plain data. */
export interface LinkRules {
  /** Whether the user allows links out of the folder of the file. */
  readonly followLinks?: boolean;
  /** Real paths of the folders that a viewer serves: these are allowed, and nothing else. */
  readonly served?: readonly string[];
  /** Whether files are opened that somebody writes in the way of SWMR, which may be read meanwhile. */
  readonly partial?: boolean;
}

/** The rules that hold for a file which somebody opens. */
export function linkRules(
  { followLinks, partial }: Pick<LinkRules, "followLinks" | "partial">,
  admit: Admit | undefined,
): LinkRules {
  return { followLinks, partial, served: admit?.served };
}

/**
 * Finds the files that one file leads to, links, views and raw data alike. They lie beside it or in folders below, with
 * all symbolic links on the way followed, unless the user allows more. The working folder means nothing.
 */
export class LinkedFiles {
  readonly #path: string;
  readonly #folders: readonly string[];
  readonly #rules: LinkRules;
  readonly #note: (path: string) => void;

  /**
   * @param path the file that was opened by name
   * @param note told of each file that may be opened, before it is
   */
  constructor(path: string, rules: LinkRules, note: (path: string) => void = () => {}) {
    this.#path = path;
    this.#note = note;
    this.#rules = rules;
    const named = dirname(resolve(path));
    const real = realPath(path);
    this.#folders = rules.served ??
      [named, realPath(named), real && dirname(real)].filter((folder) => folder !== undefined);
  }

  /** See {@link LinkRules.partial}. */
  get partial(): boolean {
    return this.#rules.partial ?? false;
  }

  /**
   * The real path of a file.
   *
   * @param from path of the file that refers to it
   * @returns `undefined` where there is no such file
   * @throws {ForeignFile} when it must not be opened
   */
  find(from: string, name: string): string | undefined {
    const places = [linkedPath(from, name)];
    const real = realPath(from);
    if (real !== undefined && !isAbsolute(name)) places.push(linkedPath(real, name));
    // Whoever moves files that name each other by absolute paths moves them together.
    if (isAbsolute(name)) places.push(linkedPath(from, basename(name)));
    let outside = false;
    for (const place of new Set(places)) {
      // Whether there is something is asked last: what is outside is refused either way.
      const found = this.#allows(place) ? placeOf(place) : undefined;
      if (found === undefined || !this.#allows(found)) outside = true;
      else if (isFile(found)) {
        this.#note(found);
        return found;
      }
    }
    if (outside) throw this.#refusal(name);
    return undefined;
  }

  /**
   * The real path of a file of raw numbers. Whatever files are, they can be read as such, so that a viewer has none.
   *
   * @returns and throws as {@link find}
   */
  findRaw(from: string, name: string): string | undefined {
    if (this.#rules.served) throw this.#refusal(name);
    return this.find(from, name);
  }

  /** The real path of a file that somebody wants to open by its full path; see {@link find}. */
  admit(path: string): string | undefined {
    return this.find(this.#path, path);
  }

  #allows(path: string): boolean {
    if (this.#rules.followLinks && !this.#rules.served) return true;
    return this.#folders.some((folder) => isWithin(folder, path));
  }

  #refusal(name: string): ForeignFile {
    const { served } = this.#rules;
    return new ForeignFile(
      `${this.#path} leads to the file "${name}", which is not in ${
        served ? "a folder that is served" : "its folder"
      }`,
      {
        file: this.#path,
        expected: served ? "files that are served" : "files in the folder of the file, or in folders below",
        found: `a link to "${name}"`,
        ...(!served && { parameter: "followLinks" }),
        remedy: served
          ? "start crystallite serve with the folder that holds all its files"
          : "if you trust the file, give `followLinks`",
      },
    );
  }
}

/** `undefined` for what is not there. */
function realPath(path: string): string | undefined {
  try {
    return Deno.realPathSync(path);
  } catch {
    return undefined;
  }
}
