/**
 * Result directories appear whole or not at all: files are written into a hidden sibling, flushed, and renamed into
 * place. Replacing an older result renames that one aside first; a crash in between is mended by the next run.
 *
 *     .NAME.partial-TOKEN   being written
 *     .NAME.old-TOKEN       the older result during the swap; it exists only once .NAME.partial-TOKEN is complete
 */

import { basename, dirname, join, resolve } from "node:path";
import { BadParameter, FileUnavailable, fromSystemError, throwIfAborted } from "../scan/errors.ts";

/** Name of the file that makes a directory a result of ours. */
export const runRecordName = "run.json";

/** Value of `program` in {@link runRecordName}. */
export const programName = "crystallite";

/** A run record larger than this is not one of ours. */
const largestRunRecord = 256 * 2 ** 20;

/** What looking at a folder leaves in it. */
const leftByFileManagers = /^(\.DS_Store|\._.*|\.directory|Thumbs\.db|desktop\.ini)$/i;

const tokenPattern = "[0-9a-f]{8}";

/** Options of {@link checkResultDirectory} and {@link PendingResult.create}. */
export interface DirectoryOptions {
  /** Replace an older result of ours. */
  readonly force?: boolean;
}

/**
 * Checks that a result can be written to `directory`, so that a long run does not fail at its end. Mends an interrupted
 * swap of an earlier run.
 *
 * @throws {FileUnavailable} when the parent folder is missing or unwritable, or a result is there and `force` is off
 * @throws {BadParameter} when something that is not a result of ours is there, or lies in the result
 */
export async function checkResultDirectory(directory: string, options: DirectoryOptions = {}): Promise<void> {
  const pending = await PendingResult.create(directory, options);
  await pending.discard();
}

/** Whether `directory` holds a run record of ours. */
export async function isResultDirectory(directory: string): Promise<boolean> {
  return await readOwnNames(directory) !== null;
}

/** Names of the files that the run record lists, and its own; `null` where there is no record of ours. */
async function readOwnNames(directory: string): Promise<Set<string> | null> {
  const path = join(directory, runRecordName);
  try {
    const info = await Deno.stat(path);
    if (!info.isFile || info.size > largestRunRecord) return null;
    const record: unknown = JSON.parse(await Deno.readTextFile(path));
    const isOurs = typeof record === "object" && record !== null && "program" in record &&
      record.program === programName;
    if (!isOurs) return null;
    const files: unknown[] = "files" in record && Array.isArray(record.files) ? record.files : [];
    const names = files.map((file) =>
      typeof file === "object" && file !== null && "name" in file ? String(file.name) : ""
    );
    return new Set([...names, runRecordName]);
  } catch (cause) {
    if (cause instanceof SyntaxError || isMissing(cause)) return null;
    throw fromSystemError(cause, path, "read");
  }
}

/** The first thing in a result that the run did not write: a scan, a drawn mask, notes. */
async function findForeign(directory: string, own: ReadonlySet<string>): Promise<string | undefined> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(directory)) {
    if (!own.has(name) && !leftByFileManagers.test(name)) names.push(name);
  }
  return names.sort()[0];
}

/** A result directory in the making. */
export class PendingResult {
  /** Where to write the files. */
  readonly path: string;
  readonly #target: string;
  readonly #old: string;
  readonly #force: boolean;

  private constructor(target: string, token: string, force: boolean) {
    this.path = sibling(target, "partial", token);
    this.#old = sibling(target, "old", token);
    this.#target = target;
    this.#force = force;
  }

  /**
   * Checks the target and makes the hidden directory.
   *
   * @throws as {@link checkResultDirectory}
   */
  static async create(directory: string, { force = false }: DirectoryOptions = {}): Promise<PendingResult> {
    const target = await resolveTarget(directory);
    await mendInterruptedSwap(target);
    await checkTarget(target, force);
    const token = crypto.randomUUID().slice(0, 8);
    const pending = new PendingResult(target, token, force);
    try {
      await Deno.mkdir(pending.path);
    } catch (cause) {
      throw fromSystemError(cause, dirname(target), "write");
    }
    return pending;
  }

  /**
   * Flushes all files and renames the directory into place; the older result, if any, is removed last. When this
   * throws, an older result is where it was; call {@link discard} then.
   *
   * @throws {Aborted} when the signal fires before the renaming
   */
  async commit(signal?: AbortSignal): Promise<void> {
    try {
      for await (const entry of Deno.readDir(this.path)) {
        throwIfAborted(signal);
        await flush(join(this.path, entry.name));
      }
      throwIfAborted(signal);
      await flushDirectory(this.path);
      // What lies there may have changed since the beginning of the run.
      const replaces = await checkTarget(this.#target, this.#force);
      if (replaces) await Deno.rename(this.#target, this.#old);
      try {
        await Deno.rename(this.path, this.#target);
      } catch (cause) {
        if (replaces) await Deno.rename(this.#old, this.#target);
        throw cause;
      }
      await flushDirectory(dirname(this.#target));
      // The next run mends what it finds, so another one started just now may be removing it too.
      if (replaces) await removeIfThere(this.#old);
    } catch (cause) {
      throw fromSystemError(cause, this.#target, "write");
    }
  }

  /** Removes the hidden directory, if it is still there. */
  async discard(): Promise<void> {
    await removeIfThere(this.path);
  }
}

/** The real path of the target, so that a swap happens beside what a link points to. */
async function resolveTarget(directory: string): Promise<string> {
  const path = resolve(directory);
  if (directory === "" || basename(path) === "") {
    throw new BadParameter(`"${directory}" cannot be a result directory`, {
      found: directory,
      expected: "the path of a folder",
      remedy: "name a new folder",
    });
  }
  const parent = dirname(path);
  const parentInfo = await statIfThere(parent);
  if (parentInfo === null) {
    throw new FileUnavailable(`the folder ${parent} does not exist`, {
      file: parent,
      remedy: "create it, or name a folder inside an existing one",
    });
  }
  if (!parentInfo.isDirectory) {
    throw new FileUnavailable(`${parent} is a file, not a folder`, {
      file: parent,
      remedy: "name a folder inside an existing one",
    });
  }
  const info = await statIfThere(path);
  try {
    return info === null ? join(await Deno.realPath(parent), basename(path)) : await Deno.realPath(path);
  } catch (cause) {
    // Another run may replace the folder at this moment.
    throw fromSystemError(cause, path, "read");
  }
}

/** Whether there is an older result to replace; throws when the target is taken by anything else. */
async function checkTarget(target: string, force: boolean): Promise<boolean> {
  let info: Deno.FileInfo;
  try {
    info = await Deno.lstat(target);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw fromSystemError(cause, target, "write");
  }
  if (!info.isDirectory) {
    // The target is resolved already, so a link that is left leads nowhere.
    const what = info.isSymlink ? "a broken link" : "a file";
    throw new BadParameter(`${target} is ${what}, not a folder`, {
      file: target,
      expected: "a new folder",
      remedy: "name another folder",
    });
  }
  const own = await readOwnNames(target);
  if (own === null) {
    throw new BadParameter(`${target} exists and is not a result of crystallite`, {
      file: target,
      expected: `a new folder, or one that holds our ${runRecordName}`,
      remedy: "name another folder",
    });
  }
  if (!force) {
    throw new FileUnavailable(`${target} already holds a result`, {
      file: target,
      parameter: "force",
      remedy: "add `force` to replace it, or name another folder",
    });
  }
  const foreign = await findForeign(target, own);
  if (foreign !== undefined) {
    throw new BadParameter(
      `${target} holds ${foreign}, which is not part of the result and would be deleted`,
      {
        file: join(target, foreign),
        expected: "a folder with nothing but the older result",
        remedy: "move that elsewhere, or name another folder",
      },
    );
  }
  return true;
}

/** Finishes or undoes a swap that a crash cut in two. */
async function mendInterruptedSwap(target: string): Promise<void> {
  const parent = dirname(target);
  const prefix = sibling(basename(target), "old", "");
  try {
    for await (const { name } of Deno.readDir(parent)) {
      const token = name.startsWith(prefix) ? name.slice(prefix.length) : "";
      if (!new RegExp(`^${tokenPattern}$`).test(token)) continue;
      const old = join(parent, name);
      if (await statIfThere(target) === null) {
        const partial = sibling(target, "partial", token);
        if (await isResultDirectory(partial)) {
          await Deno.rename(partial, target);
        } else {
          await Deno.rename(old, target);
          continue;
        }
      }
      // Beside a result of ours, an old one is what remains of a removal; beside anything else it is the only copy.
      if (await isResultDirectory(target)) await removeIfThere(old);
    }
  } catch (cause) {
    throw fromSystemError(cause, parent, "write");
  }
}

function sibling(target: string, role: "partial" | "old", token: string): string {
  const name = `.${basename(target)}.${role}-${token}`;
  return dirname(target) === "." ? name : join(dirname(target), name);
}

async function statIfThere(path: string): Promise<Deno.FileInfo | null> {
  try {
    return await Deno.stat(path);
  } catch (cause) {
    if (isMissing(cause)) return null;
    throw fromSystemError(cause, path, "read");
  }
}

function isMissing(cause: unknown): boolean {
  // A path below a file gives ENOTDIR, which Deno names differently from version to version.
  return cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory ||
    (cause instanceof Error && "code" in cause && cause.code === "ENOTDIR");
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw fromSystemError(cause, path, "write");
  }
}

async function flush(path: string): Promise<void> {
  using file = await Deno.open(path, { read: true, write: true });
  await file.sync();
}

async function flushDirectory(path: string): Promise<void> {
  // Windows neither can nor needs to flush a directory.
  if (Deno.build.os === "windows") return;
  using directory = await Deno.open(path, { read: true });
  await directory.sync();
}
