/**
 * Result directories appear whole or not at all: files are written into a hidden sibling, flushed, and renamed into
 * place. Replacing an older result renames that one aside first; a crash in between is mended by the next run.
 *
 *     .NAME.partial-TOKEN   being written
 *     .NAME.old-TOKEN       the older result during the swap; it exists only once .NAME.partial-TOKEN is complete
 */

import { basename, dirname, join } from "node:path";
import { fromSystemError, throwIfAborted } from "../scan/errors.ts";
import { checkTarget, isResultDirectory, resolveTarget, statIfThere } from "./directory.ts";
import { flushDirectory, flushFile } from "./flush.ts";

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
        await flushFile(join(this.path, entry.name));
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

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw fromSystemError(cause, path, "write");
  }
}
