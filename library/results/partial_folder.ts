/**
 * Hidden folders in which results are made, beside their places: `.NAME.partial-TOKEN`. The system holds a lock on each for as
 * long as its maker lives, however that ends, so that the next run can tell a folder that was left from one that is in use.
 */

import { basename, dirname, join } from "node:path";
import { FileUnavailable, fromSystemError } from "../scan/errors.ts";

/** Where there are no locks (other systems, some network disks, older runtimes), what rested as long was left: a day. */
const restingTime = 24 * 3600 * 1000;
/** Name of the folder in it that holds files of the user while they are exchanged. */
export const olderFilesName = "old";
/** What stands behind the name of such a folder, or of an older result. */
const tokenPattern = /^[0-9a-f]{8}$/;

/** A new token. */
function newToken(): string {
  return crypto.randomUUID().slice(0, 8);
}

/** Path of the hidden folder of a target, with its role and token. */
export function hiddenSibling(target: string, role: "partial" | "old", token: string): string {
  return join(dirname(target), `.${basename(target)}.${role}-${token}`);
}

/** Tokens of the hidden folders of a target. */
export async function tokensOf(target: string, role: "partial" | "old"): Promise<string[]> {
  const prefix = basename(hiddenSibling(target, role, "")), tokens: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(dirname(target))) {
    const token = name.slice(prefix.length);
    if (isDirectory && name.startsWith(prefix) && tokenPattern.test(token)) tokens.push(token);
  }
  return tokens.sort();
}

/** Targets in a folder of which there are hidden folders. */
export async function targetsIn(folder: string): Promise<string[]> {
  const targets = new Set<string>();
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const [, target] = /^\.(.+)\.(?:partial|old)-[0-9a-f]{8}$/.exec(name) ?? [];
    if (isDirectory && target !== undefined) targets.add(join(folder, target));
  }
  return [...targets].sort();
}

/** A hidden folder of a living run. */
export class PartialFolder {
  readonly path: string;
  readonly #lock: Deno.FsFile | null;

  private constructor(readonly token: string, path: string, lock: Deno.FsFile | null) {
    this.path = path;
    this.#lock = lock;
  }

  /**
   * Makes it.
   *
   * @throws {FileUnavailable} when the folder around it cannot be written
   */
  static async create(target: string): Promise<PartialFolder> {
    for (;;) {
      const token = newToken(), path = hiddenSibling(target, "partial", token);
      try {
        await Deno.mkdir(path);
      } catch (cause) {
        throw fromSystemError(cause, dirname(target), "write");
      }
      const lock = tryLock(path);
      // Somebody has taken it for a leftover, in the moment before it was locked.
      if (typeof lock !== "string") return new PartialFolder(token, path, lock);
    }
  }

  /** Lets go of the folder, which has found its place. */
  release(): void {
    try {
      this.#lock?.close();
    } catch {
      // It was closed before.
    }
  }

  /** Removes the folder with what is in it, if it is still there. */
  async remove(): Promise<void> {
    await removeIfThere(this.path);
    this.release();
  }

  /** The same after a failure: older files of the user stay, should they not have found back to their place. */
  async discard(): Promise<void> {
    if (await holdsFiles(join(this.path, olderFilesName))) this.release();
    else await this.remove();
  }
}

/**
 * Removes what runs that were ended have left of making a target: never what a living run makes, nor older files of the user.
 *
 * @returns paths of what was removed
 * @throws {FileUnavailable} when it cannot be removed
 */
export async function removeLeftovers(target: string): Promise<string[]> {
  const removed: string[] = [];
  for (const token of await tokensOf(target, "partial")) {
    const path = hiddenSibling(target, "partial", token), lock = tryLock(path);
    if (typeof lock === "string") continue;
    try {
      if (lock === null && !await hasRested(path)) continue;
      if (await holdsFiles(join(path, olderFilesName))) continue;
      await removeIfThere(path);
      removed.push(path);
    } finally {
      lock?.close();
    }
  }
  return removed;
}

/** Removes a folder or file, if it is there. */
export async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw fromSystemError(cause, path, "write");
  }
}

/**
 * The lock on a folder, `"taken"` where another one has it, `"gone"` where the folder is, `null` where there are no locks. It is
 * held until it is closed, or the process ends.
 *
 * @param exclusive whether nobody else may have it; else others may share it
 */
function tryLock(path: string, exclusive = true): Deno.FsFile | null | "taken" | "gone" {
  let folder: Deno.FsFile | undefined;
  try {
    folder = Deno.openSync(path, { read: true });
    // Deno 2.4 has only a lock that waits.
    const lock: { tryLockSync?(exclusive: boolean): boolean } = folder as object;
    const locked = lock.tryLockSync?.call(folder, exclusive);
    if (locked) return folder;
    folder.close();
    return locked === false ? "taken" : null;
  } catch (cause) {
    folder?.close();
    return cause instanceof Deno.errors.NotFound ? "gone" : null;
  }
}

/**
 * Keeps other runs out of a folder until it is disposed of, where there are locks.
 *
 * @param exclusive whether nobody else may write it; else others may who say so too
 * @throws {FileUnavailable} when another run writes it
 */
export function lockFolder(path: string, exclusive = true, told = path): Disposable {
  const lock = tryLock(path, exclusive);
  if (typeof lock === "string") throw writtenByAnother(told);
  return { [Symbol.dispose]: () => lock?.close() };
}

/**
 * Looks once whether another run keeps others out of a folder, if it is there.
 *
 * @throws {FileUnavailable} when one does
 */
export function refuseLocked(path: string): void {
  // Others who look at the same moment are in nobody's way.
  const lock = tryLock(path, false);
  if (lock === "taken") throw writtenByAnother(path);
  if (lock !== "gone") lock?.close();
}

function writtenByAnother(folder: string): FileUnavailable {
  return new FileUnavailable(`${folder} is being written by another run`, {
    file: folder,
    remedy: "wait until that has ended, or name another folder",
  });
}

async function hasRested(folder: string): Promise<boolean> {
  const rested = async (path: string) => {
    const { mtime } = await Deno.stat(path);
    return mtime !== null && Date.now() - mtime.getTime() > restingTime;
  };
  try {
    if (!await rested(folder)) return false;
    for await (const { name } of Deno.readDir(folder)) if (!await rested(join(folder, name))) return false;
    return true;
  } catch {
    // What changes under our eyes is in use.
    return false;
  }
}

async function holdsFiles(folder: string): Promise<boolean> {
  try {
    for await (const _ of Deno.readDir(folder)) return true;
    return false;
  } catch (cause) {
    return !(cause instanceof Deno.errors.NotFound);
  }
}
