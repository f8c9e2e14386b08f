/** Adding to a result what a later analysis found. */

import { join } from "node:path";
import { fromSystemError, throwIfAborted } from "../scan/errors.ts";
import { runRecordName } from "./directory.ts";
import { PendingResult } from "./pending_result.ts";
import type { StoredResult } from "./read.ts";
import type { StoredFile } from "./run_record.ts";

/** What is added. */
export interface ResultAddition {
  /** Files by name; those of the same name are replaced. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Names of files of an earlier run of the same analysis that do not hold any more. */
  readonly outdated: (name: string) => boolean;
  /** Fields of the run record, by name. */
  readonly record: Readonly<Record<string, unknown>>;
}

/**
 * Writes a result anew with more in it, in its own place: whole or not at all. Everything else stays as it is.
 *
 * @throws {FileUnavailable} when the folder cannot be written
 * @throws {BadParameter} when the folder holds other files, which would be deleted
 * @throws {OutOfResources} when the disk is full
 * @throws {Aborted} when the signal fires
 */
export async function addToResult(
  { directory, run }: StoredResult,
  { files, outdated, record }: ResultAddition,
  signal?: AbortSignal,
): Promise<void> {
  const pending = await PendingResult.create(directory, { force: true });
  try {
    const kept = run.files.filter(({ name }) => !files.has(name) && !outdated(name));
    for (const { name } of kept) {
      throwIfAborted(signal);
      await written(
        join(directory, name),
        () => Deno.copyFile(join(directory, name), join(pending.path, name)),
      );
    }
    for (const [name, bytes] of files) {
      const path = join(pending.path, name);
      await written(path, () => Deno.writeFile(path, bytes, { createNew: true }));
    }
    const added: StoredFile[] = Array.from(files, ([name, bytes]) => ({ name, bytes: bytes.length }));
    const all = [...kept, ...added].sort((one, other) => one.name < other.name ? -1 : 1);
    const complete = { ...run, ...record, files: all };
    const path = join(pending.path, runRecordName);
    const text = `${JSON.stringify(complete, null, 2)}\n`;
    await written(path, () => Deno.writeTextFile(path, text, { createNew: true }));
    throwIfAborted(signal);
    await pending.commit(signal);
  } finally {
    await pending.discard();
  }
}

async function written(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    throw fromSystemError(cause, path, "write");
  }
}
