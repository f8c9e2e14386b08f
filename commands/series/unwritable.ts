/** Where nothing can be written: no fault of any frame, and true of all that would come after. */

import { join, resolve, sep } from "node:path";
import { PartialFolder } from "../../library/results/partial_folder.ts";
import { type CrystalliteError, FileUnavailable, OutOfResources } from "../../library/scan/errors.ts";
import { formatBytes } from "../console/format_quantity.ts";

/** A frame that failed, and those that were to come. */
export interface FailedFrame {
  /** The folder of the series. */
  readonly directory: string;
  /** Its number, and its name for people. */
  readonly frame: number;
  readonly name: string;
  /** Frames that have no result, this one among them, where that is known. */
  readonly missing?: number;
  /** Result directory of a frame that is done, below that of the series. */
  readonly done?: string;
}

/**
 * What ends a series: that there is no room for its frames, or their folder cannot be written.
 *
 * @returns `undefined` where the failure is that of the frame
 */
export async function endOfSeries(
  cause: CrystalliteError,
  failed: FailedFrame,
): Promise<CrystalliteError | undefined> {
  const { directory, frame, name } = failed, frames = join(directory, "frames");
  if (cause instanceof OutOfResources && await isBelow(cause.details.file, directory)) {
    const [trouble] = cause.message.split(" while writing "), bytes = await bytesMissing(failed);
    const remedy = trouble === "the disk is full" && bytes !== undefined
      ? `free at least ${bytes} there`
      : cause.details.remedy;
    return new OutOfResources(`${trouble}: frame ${frame}, ${name}, could not be written to ${directory}`, {
      file: directory,
      remedy: `${remedy}, and run the same command again: frames that have a result are kept`,
    }, { cause });
  }
  if (!(cause instanceof FileUnavailable)) return undefined;
  const obstacle = await writingFails(frames);
  return obstacle &&
    new FileUnavailable(`frame ${frame}, ${name}, could not be written: ${obstacle.message}`, {
      file: directory,
      remedy: "make the folder writable and run the same command again: frames that have a result are kept",
    }, { cause });
}

/** What could not be written when all frames were done: they stay. */
export function afterFrames(cause: unknown): unknown {
  if (!(cause instanceof OutOfResources) || !cause.message.includes(" while writing ")) return cause;
  const how = cause.message.startsWith("the disk is full") ? "free some space" : cause.details.remedy;
  const remedy = `${how}, and run the same command again: all frames are kept`;
  return new OutOfResources(cause.message, { ...cause.details, remedy }, { cause });
}

/** Why nothing can be written into a folder. */
async function writingFails(folder: string): Promise<CrystalliteError | undefined> {
  try {
    const trial = await PartialFolder.create(join(folder, "trial"));
    await trial.remove();
    return undefined;
  } catch (cause) {
    return cause as CrystalliteError;
  }
}

async function isBelow(file: string | undefined, directory: string): Promise<boolean> {
  if (file === undefined) return false;
  const real = await Deno.realPath(directory).catch(() => directory);
  return [directory, real].some((folder) => `${resolve(file)}${sep}`.startsWith(`${resolve(folder)}${sep}`));
}

/** What the frames that are missing will take, if they are as large as one that is done. */
async function bytesMissing({ directory, missing, done }: FailedFrame): Promise<string | undefined> {
  if (missing === undefined || done === undefined) return undefined;
  let bytes = 0;
  try {
    for await (const { name } of Deno.readDir(join(directory, done))) {
      bytes += (await Deno.stat(join(directory, done, name))).size;
    }
  } catch {
    return undefined;
  }
  return formatBytes(missing * bytes);
}
