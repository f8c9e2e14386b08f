/** Result directories: what makes a folder one of ours, and where one may be written. */

import { basename, dirname, join, resolve } from "node:path";
import { BadParameter, FileUnavailable, fromSystemError } from "../scan/errors.ts";
import { parseJson } from "../scan/parse_json.ts";

/** Name of the file that makes a directory a result of ours. */
export const runRecordName = "run.json";

/** Name of the file that makes a directory one in which a result will be: of a scan that is still recorded. */
export const liveRecordName = "live.json";

/** Value of `program` in {@link runRecordName}. */
export const programName = "crystallite";

/** A run record larger than this is not one of ours. */
const largestRunRecord = 256 * 2 ** 20;

/** What looking at a folder leaves in it. */
const leftByFileManagers = /^(\.DS_Store|\._.*|\.directory|Thumbs\.db|desktop\.ini)$/i;

/** Whether `directory` holds a run record of ours. */
export async function isResultDirectory(directory: string): Promise<boolean> {
  return await readOwnNames(directory, runRecordName) !== null;
}

/** Names of the files that a record lists, and its own; `null` where there is no record of ours. */
async function readOwnNames(directory: string, record: string): Promise<Set<string> | null> {
  const path = join(directory, record);
  try {
    const info = await Deno.stat(path);
    if (!info.isFile || info.size > largestRunRecord) return null;
    const said: unknown = parseJson(await Deno.readTextFile(path));
    const isOurs = typeof said === "object" && said !== null && "program" in said &&
      said.program === programName;
    if (!isOurs) return null;
    const files: unknown[] = "files" in said && Array.isArray(said.files) ? said.files : [];
    const names = files.map((file) =>
      typeof file === "object" && file !== null && "name" in file ? String(file.name) : ""
    );
    return new Set([...names, record]);
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

/**
 * The real path of the target, so that a swap happens beside what a link points to.
 *
 * @throws {FileUnavailable} when the parent folder is missing
 * @throws {BadParameter} when the path names no folder
 */
export async function resolveTarget(directory: string): Promise<string> {
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

/**
 * Whether there is an older result to replace.
 *
 * @throws {FileUnavailable} when a result is there and `force` is off
 * @throws {BadParameter} when the target is taken by anything else
 */
export async function checkTarget(target: string, force: boolean): Promise<boolean> {
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
  const own = await readOwnNames(target, runRecordName) ?? await readOwnNames(target, liveRecordName);
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

/** What lies at a path; `null` where nothing does. */
export async function statIfThere(path: string): Promise<Deno.FileInfo | null> {
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
