/** Where a series is written: a folder that grows frame by frame, and is known for ours at any moment. */

import { join } from "node:path";
import { isResultDirectory, resolveTarget, statIfThere } from "../../library/results/directory.ts";
import { lockFolder } from "../../library/results/partial_folder.ts";
import { mendResultsIn } from "../../library/results/pending_result.ts";
import { isSeriesDirectory, seriesRecordName } from "../../library/results/series/record.ts";
import { BadParameter, fromSystemError } from "../../library/scan/errors.ts";

/**
 * Makes the folder with `frames` in it, or checks that it is a series of ours, whole or begun; and keeps other runs out until
 * it is disposed of, where the system has locks. What runs that were ended have left of frames is removed.
 *
 * @param use `shared`: others may share it that say so too, as each makes a frame of its own; `looked`: that no other run writes it
 *   is looked at once, for threads, which keep what they hold when they are ended by force
 * @throws {BadParameter} when something else is there
 * @throws {FileUnavailable} when it cannot be written, or another run writes it
 */
export async function prepareSeriesDirectory(
  directory: string,
  use: "alone" | "shared" | "looked" = "alone",
): Promise<Disposable> {
  try {
    await resolveTarget(directory);
    const there = await statIfThere(directory);
    if (there && !await isOurs(directory, there)) {
      throw new BadParameter(`${directory} exists and is not a series of crystallite`, {
        file: directory,
        expected: `a new folder, or one with ${seriesRecordName} or frames that a series began with`,
        remedy: "name another folder",
      });
    }
    await Deno.mkdir(directory, { recursive: false }).catch(ignoreExisting);
    const frames = join(directory, "frames");
    await Deno.mkdir(frames).catch(ignoreExisting);
    const lock = lockFolder(frames, use !== "shared", directory);
    // Who shares the folder is making results in it.
    if (use !== "shared") await mendResultsIn(frames);
    if (use !== "looked") return lock;
    lock[Symbol.dispose]();
    return { [Symbol.dispose]() {} };
  } catch (cause) {
    throw fromSystemError(cause, directory, "write");
  }
}

async function isOurs(directory: string, there: Deno.FileInfo): Promise<boolean> {
  if (!there.isDirectory) return false;
  if (await isSeriesDirectory(directory)) return true;
  // An interrupted run has frames but no record yet.
  const names: string[] = [];
  for await (const { name } of Deno.readDir(directory)) names.push(name);
  if (names.some((name) => name !== "frames" && !name.startsWith("."))) return false;
  if (!names.includes("frames")) return names.length === 0;
  for await (const { name } of Deno.readDir(join(directory, "frames"))) {
    if (!name.startsWith(".") && !await isResultDirectory(join(directory, "frames", name))) return false;
  }
  return true;
}

function ignoreExisting(cause: unknown): void {
  if (!(cause instanceof Deno.errors.AlreadyExists)) throw cause;
}
