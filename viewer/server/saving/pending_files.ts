/** Files that appear in a folder together or not at all. */

import { join } from "node:path";
import { FileUnavailable, fromSystemError } from "../../../library/scan/errors.ts";
import { flushFile } from "../../../library/results/flush.ts";
import { olderFilesName, PartialFolder, removeLeftovers } from "../../../library/results/partial_folder.ts";

/** Files in the making: in a hidden folder beside their places, until all are complete. */
export class PendingFiles {
  readonly #folder: string;
  readonly #replace: boolean;
  readonly #names: string[] = [];
  /** Whether all files are in their places. */
  #complete = false;
  /** Where the files are written. */
  readonly #partial: PartialFolder;
  /** Older files during the exchange. */
  readonly #old: string;

  private constructor(folder: string, partial: PartialFolder, replace: boolean) {
    this.#folder = folder;
    this.#replace = replace;
    this.#partial = partial;
    this.#old = join(partial.path, olderFilesName);
  }

  /**
   * Makes the hidden folder; those of savings that were ended are removed.
   *
   * @throws {FileUnavailable} when the folder cannot be written
   */
  static async create(folder: string, replace: boolean): Promise<PendingFiles> {
    const target = join(folder, "crystallite");
    await removeLeftovers(target);
    const partial = await PartialFolder.create(target);
    try {
      await Deno.mkdir(join(partial.path, olderFilesName));
    } catch (cause) {
      throw fromSystemError(cause, folder, "write");
    }
    return new PendingFiles(folder, partial, replace);
  }

  /**
   * The path to write a file to.
   *
   * @throws {FileUnavailable} when one of its name is there and must not be replaced
   */
  async add(name: string): Promise<string> {
    await this.#check(name);
    this.#names.push(name);
    return join(this.#partial.path, name);
  }

  async #check(name: string): Promise<void> {
    const path = join(this.#folder, name), info = await lstatIfThere(path);
    if (info === null || (this.#replace && info.isFile)) return;
    throw new FileUnavailable(`${path} is there already`, {
      file: path,
      expected: "a name that is free",
      found: info.isFile ? "a file" : "a folder or a link",
      remedy: info.isFile ? "replace it, or choose another name" : "choose another name",
    });
  }

  /**
   * Puts all files into their places, then does what must succeed too. When anything fails, the folder is as before.
   *
   * @returns path and size of each
   */
  async commit(last: () => Promise<void>): Promise<{ path: string; bytes: number }[]> {
    const placed: string[] = [], aside: string[] = [], files: { path: string; bytes: number }[] = [];
    try {
      for (const name of this.#names) {
        // What lies there may have changed while the files were made.
        await this.#check(name);
        const path = join(this.#folder, name), partial = join(this.#partial.path, name);
        const { size } = await Deno.stat(partial);
        await flushFile(partial);
        if (await lstatIfThere(path)) {
          await Deno.rename(path, join(this.#old, name));
          aside.push(name);
        }
        await Deno.rename(partial, path);
        placed.push(name);
        files.push({ path, bytes: size });
      }
      await last();
      this.#complete = true;
      return files;
    } catch (cause) {
      for (const name of placed) await Deno.remove(join(this.#folder, name));
      for (const name of aside) await Deno.rename(join(this.#old, name), join(this.#folder, name));
      throw fromSystemError(cause, this.#folder, "write");
    }
  }

  /**
   * Removes what is left of the making; to be called in the end, whatever happened. Should older files not have found back to
   * their places, they stay.
   */
  async discard(): Promise<void> {
    if (this.#complete) await this.#partial.remove();
    else await this.#partial.discard();
  }
}

async function lstatIfThere(path: string): Promise<Deno.FileInfo | null> {
  try {
    return await Deno.lstat(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return null;
    throw fromSystemError(cause, path, "read");
  }
}
