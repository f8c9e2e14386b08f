/**
 * Result directories appear whole or not at all: files are written into a hidden sibling, flushed, and renamed into
 * place. Replacing an older result renames that one aside first; a crash in between is mended by the next run.
 *
 *     .NAME.partial-TOKEN   being written
 *     .NAME.old-TOKEN       the older result during the swap; it exists only once .NAME.partial-TOKEN is complete
 */

import { dirname, join } from "node:path";
import { FileUnavailable, fromSystemError, throwIfAborted } from "../scan/errors.ts";
import { checkTarget, isResultDirectory, resolveTarget, statIfThere } from "./directory.ts";
import { flushDirectory, flushFile } from "./flush.ts";
import {
  hiddenSibling,
  PartialFolder,
  refuseLocked,
  removeIfThere,
  removeLeftovers,
  targetsIn,
  tokensOf,
} from "./partial_folder.ts";

/** Options of {@link checkResultDirectory} and {@link PendingResult.create}. */
export interface DirectoryOptions {
  /** Replace an older result of ours. */
  readonly force?: boolean;
  /** Whether the caller keeps other runs out of the folder already, by `lockFolder`. */
  readonly locked?: boolean;
}

/**
 * Checks that a result can be written to `directory`, so that a long run does not fail at its end. Mends an interrupted
 * swap of an earlier run, and removes what runs that were ended have left of their results.
 *
 * @returns paths of what was removed
 * @throws {FileUnavailable} when the parent folder is missing or unwritable, when another run writes the folder, or when a
 *   result is there and `force` is off
 * @throws {BadParameter} when something that is not a result of ours is there, or lies in the result
 */
export async function checkResultDirectory(
  directory: string,
  options: DirectoryOptions = {},
): Promise<readonly string[]> {
  const pending = await PendingResult.create(directory, options);
  await pending.discard();
  return pending.removed;
}

/**
 * Mends interrupted swaps of all results in a folder, and removes what runs that were ended have left of them: for one that
 * nobody else writes.
 *
 * @throws {FileUnavailable} when that cannot be done
 */
export async function mendResultsIn(folder: string): Promise<void> {
  for (const target of await targetsIn(folder)) {
    await mendInterruptedSwap(target);
    await removeLeftovers(target);
  }
}

/** A result directory in the making. */
export class PendingResult {
  /** Where to write the files. */
  readonly path: string;
  readonly #partial: PartialFolder;
  readonly #target: string;
  readonly #old: string;
  readonly #options: DirectoryOptions;

  private constructor(
    target: string,
    partial: PartialFolder,
    options: DirectoryOptions,
    /** Paths of what earlier runs had left. */
    readonly removed: readonly string[],
  ) {
    this.path = partial.path;
    this.#partial = partial;
    this.#old = hiddenSibling(target, "old", partial.token);
    this.#target = target;
    this.#options = options;
  }

  /**
   * Checks the target and makes the hidden directory.
   *
   * @throws as {@link checkResultDirectory}
   */
  static async create(directory: string, options: DirectoryOptions = {}): Promise<PendingResult> {
    const target = await resolveTarget(directory);
    await mendInterruptedSwap(target);
    await checkFreeTarget(target, options);
    const removed = await removeLeftovers(target);
    return new PendingResult(target, await PartialFolder.create(target), options, removed);
  }

  /**
   * Flushes all files and renames the directory into place; the older result, if any, is removed last. When this
   * throws, an older result is where it was, unless the error says that the new one is in place; call {@link discard} then.
   *
   * @throws {Aborted} when the signal fires before the renaming
   * @throws {FileUnavailable} when the result is in place, but something is left to do
   */
  async commit(signal?: AbortSignal): Promise<void> {
    let replaces: boolean;
    try {
      for await (const entry of Deno.readDir(this.path)) {
        throwIfAborted(signal);
        await flushFile(join(this.path, entry.name));
      }
      throwIfAborted(signal);
      await flushDirectory(this.path);
      // What lies there may have changed since the beginning of the run.
      replaces = await checkFreeTarget(this.#target, this.#options);
      if (replaces) await Deno.rename(this.#target, this.#old);
      try {
        await Deno.rename(this.path, this.#target);
      } catch (cause) {
        if (replaces) await Deno.rename(this.#old, this.#target);
        throw cause;
      }
    } catch (cause) {
      throw fromSystemError(cause, this.#target, "write");
    }
    this.#partial.release();
    await this.#finish(replaces);
  }

  /** What remains once the result is in place. */
  async #finish(replaces: boolean): Promise<void> {
    const target = this.#target;
    try {
      await flushDirectory(dirname(target));
    } catch (cause) {
      throw new FileUnavailable(`the result is in place in ${target}, but may not be on the disk yet`, {
        file: target,
        remedy: "look at it before the computer is switched off",
      }, { cause });
    }
    try {
      // The next run mends what it finds, so another one started just now may be removing it too.
      if (replaces) await removeIfThere(this.#old);
    } catch (cause) {
      throw new FileUnavailable(
        `the result is in place in ${target}, but the older one could not be removed`,
        {
          file: this.#old,
          remedy: `remove ${this.#old}`,
        },
        { cause },
      );
    }
  }

  /** Removes the hidden directory, if it is still there. */
  async discard(): Promise<void> {
    await this.#partial.remove();
  }
}

/** What `checkTarget` does, and that no other run holds the folder: that of a recording which is watched has no result yet. */
function checkFreeTarget(
  target: string,
  { force = false, locked = false }: DirectoryOptions,
): Promise<boolean> {
  if (!locked) refuseLocked(target);
  return checkTarget(target, force);
}

/** Finishes or undoes a swap that a crash cut in two. */
async function mendInterruptedSwap(target: string): Promise<void> {
  try {
    for (const token of await tokensOf(target, "old")) {
      const old = hiddenSibling(target, "old", token);
      if (await statIfThere(target) === null) {
        const partial = hiddenSibling(target, "partial", token);
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
    throw fromSystemError(cause, dirname(target), "write");
  }
}
