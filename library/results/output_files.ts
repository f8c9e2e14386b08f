/** Single files, and folders that stand for one: complete or not there at all. */

import { basename, dirname, join } from "node:path";
import { CrystalliteError, FileUnavailable, fromSystemError, throwIfAborted } from "../scan/errors.ts";
import { statIfThere } from "./directory.ts";
import { flushDirectory, flushFile } from "./flush.ts";
import { olderFilesName, PartialFolder, removeLeftovers } from "./partial_folder.ts";

/** A file or folder to be written. */
export interface Output {
  readonly path: string;
  /** Whether it is a folder: a Zarr store, unless `marks` says what it is known by. */
  readonly folder?: boolean;
  /** Files one of which is in every such folder: without any, what lies at the path is not replaced. */
  readonly marks?: readonly string[];
  /** Writes the whole content to the path it is given, and closes it. */
  readonly write: (temporaryPath: string) => Promise<void> | void;
}

/**
 * Writes files in hidden folders beside their places and moves them when all are complete. Whatever goes wrong, nothing
 * half-written is left behind and an older file stays as it was; what runs that were ended have left is removed.
 *
 * @throws {FileUnavailable} when a file has appeared meanwhile and must not be replaced, or cannot be written
 * @throws {OutOfResources} when the disk is full
 * @throws {Aborted} when the signal fires before the renaming
 */
export async function writeOutputs(
  outputs: readonly Output[],
  force: boolean,
  signal?: AbortSignal,
): Promise<void> {
  const partials: PartialFolder[] = [], placed: string[] = [];
  let current = 0, temporary = "";
  try {
    for (const [i, { path, write }] of outputs.entries()) {
      current = i;
      await removeLeftovers(path);
      partials.push(await PartialFolder.create(path));
      temporary = temporaryOf(partials[i], path);
      await write(temporary);
      throwIfAborted(signal);
      // The content is on the disk before the rename.
      await flush(temporary, signal);
    }
    for (const { path, folder, marks } of outputs) await refuseTaken(path, force, folder, marks);
    for (const [i, { path, folder }] of outputs.entries()) {
      current = i;
      temporary = temporaryOf(partials[i], path);
      if (folder) await replaceFolder(temporary, path, partials[i]);
      else await Deno.rename(temporary, path);
      placed.push(path);
    }
  } catch (cause) {
    for (const partial of partials) await partial.discard().catch(() => {});
    const error = fromSystemError(underlying(cause, temporary), outputs[current].path, "write");
    throw placed.length > 0 ? inPlace(placed, error) : error;
  }
  try {
    for (const partial of partials) await partial.remove();
  } catch (cause) {
    throw inPlace(placed, cause);
  }
}

/** The path under which a file is written: with its own name, whose extension tells the format. */
function temporaryOf({ path: folder }: PartialFolder, path: string): string {
  return join(folder, basename(path));
}

/** What went wrong after files had found their places. */
function inPlace(placed: readonly string[], cause: unknown): unknown {
  if (!(cause instanceof CrystalliteError)) return cause;
  const { message, details } = cause, are = placed.length > 1 ? "are" : "is";
  return new FileUnavailable(`${placed.join(" and ")} ${are} in place, but ${message}`, details, { cause });
}

/** Writes bytes to one file as {@link writeOutputs} does. */
export function writeOutputBytes(
  path: string,
  bytes: Uint8Array,
  force: boolean,
  signal: AbortSignal,
): Promise<void> {
  const write = (temporary: string) => Deno.writeFile(temporary, bytes, { createNew: true });
  return writeOutputs([{ path, write }], force, signal);
}

/** What lies behind an error about the temporary file, whose name means nothing to the user. */
function underlying(cause: unknown, temporary: string): unknown {
  const within = cause instanceof CrystalliteError && cause.details.file?.startsWith(temporary);
  return within ? cause.cause ?? cause : cause;
}

/** Waits until a file, or all that is in a folder, is on the disk. */
async function flush(path: string, signal: AbortSignal | undefined): Promise<void> {
  if (!(await Deno.lstat(path)).isDirectory) return await flushFile(path);
  const waiting: Promise<void>[] = [];
  for await (const file of filesIn(path)) {
    throwIfAborted(signal);
    waiting.push(flushFile(file));
    // Some at a time: the disk takes them together, and open files are few.
    if (waiting.length === flushedTogether) await Promise.all(waiting.splice(0));
  }
  await Promise.all(waiting);
  await flushDirectory(path);
}

const flushedTogether = 16;

async function* filesIn(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* filesIn(path);
    else yield path;
  }
}

/** Puts a folder in the place of an older one, which goes with the hidden folder. */
async function replaceFolder(from: string, path: string, partial: PartialFolder): Promise<void> {
  const older = join(partial.path, olderFilesName, basename(path));
  const replaces = await statIfThere(path) !== null;
  if (replaces) {
    await Deno.mkdir(dirname(older));
    await Deno.rename(path, older);
  }
  try {
    await Deno.rename(from, path);
  } catch (cause) {
    if (replaces) await Deno.rename(older, path);
    throw cause;
  }
}

/** Files that say that a folder is a Zarr store. */
const storeFiles: readonly string[] = ["zarr.json", ".zgroup", ".zarray"];

/**
 * Checks that nothing lies at a path, or only what may be replaced: a file by a file, a folder by one of its kind.
 *
 * @param marks files one of which a folder of that kind has
 * @throws {FileUnavailable} when something else does, or `force` is off
 */
export async function refuseTaken(
  path: string,
  force: boolean,
  folder = false,
  marks = storeFiles,
): Promise<void> {
  const there = await statIfThere(path);
  if (there === null) return;
  const replaceable = folder ? await hasOneOf(path, marks) : there.isFile;
  if (force && replaceable) return;
  if (there.isDirectory && !folder) {
    throw new FileUnavailable(`${path} is a folder, not a file`, { file: path, remedy: "name a file in it" });
  }
  if (!replaceable && folder) {
    const what = marks === storeFiles ? "is no Zarr store" : `has no ${marks.join(" or ")}`;
    throw new FileUnavailable(`${path} exists and ${what}`, {
      file: path,
      remedy: "choose another name",
    });
  }
  throw new FileUnavailable(`${path} exists already`, {
    file: path,
    parameter: "force",
    remedy: "add `force` to replace it, or choose another name",
  });
}

async function hasOneOf(path: string, names: readonly string[]): Promise<boolean> {
  const found = await Promise.all(names.map((name) => statIfThere(join(path, name))));
  return found.some((info) => info?.isFile);
}
