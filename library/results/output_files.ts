/** Single files, and folders that stand for one: complete or not there at all. */

import { basename, dirname, extname, join } from "node:path";
import { CrystalliteError, FileUnavailable, fromSystemError, throwIfAborted } from "../scan/errors.ts";
import { statIfThere } from "./directory.ts";
import { flushDirectory, flushFile } from "./flush.ts";

/** A file or folder to be written. */
export interface Output {
  readonly path: string;
  /** Whether it is a folder: a Zarr store. */
  readonly folder?: boolean;
  /** Writes the whole content to the path it is given, and closes it. */
  readonly write: (temporaryPath: string) => Promise<void> | void;
}

/**
 * Writes files under temporary names beside their own and renames them when all are complete. Whatever goes wrong,
 * nothing half-written is left behind and an older file stays as it was.
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
  const temporaries = outputs.map(({ path }) => temporaryName(path));
  let current = 0;
  try {
    for (const [i, { write }] of outputs.entries()) {
      current = i;
      await write(temporaries[i]);
      throwIfAborted(signal);
      // The content is on the disk before the rename.
      await flush(temporaries[i], signal);
    }
    for (const { path, folder } of outputs) await refuseTaken(path, force, folder);
    for (const [i, { path, folder }] of outputs.entries()) {
      current = i;
      if (folder) await replaceFolder(temporaries[i], path);
      else await Deno.rename(temporaries[i], path);
    }
  } catch (cause) {
    for (const temporary of temporaries) await Deno.remove(temporary, { recursive: true }).catch(() => {});
    throw fromSystemError(underlying(cause, temporaries[current]), outputs[current].path, "write");
  }
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

/** Hidden, in the same folder (a rename cannot cross disks), and with the extension that tells the format. */
function temporaryName(path: string): string {
  const extension = extname(path);
  const tag = crypto.randomUUID().slice(0, 8);
  return join(dirname(path), `.${basename(path, extension)}.${tag}.partial${extension}`);
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

/** Puts a folder in the place of an older one, which is removed last. */
async function replaceFolder(from: string, path: string): Promise<void> {
  const older = temporaryName(path);
  const replaces = await statIfThere(path) !== null;
  if (replaces) await Deno.rename(path, older);
  try {
    await Deno.rename(from, path);
  } catch (cause) {
    if (replaces) await Deno.rename(older, path);
    throw cause;
  }
  if (replaces) await Deno.remove(older, { recursive: true });
}

/** Files that say that a folder is a Zarr store. */
const storeFiles = ["zarr.json", ".zgroup", ".zarray"];

/**
 * Checks that nothing lies at a path, or only what may be replaced: a file by a file, a Zarr store by a folder.
 *
 * @throws {FileUnavailable} when something else does, or `force` is off
 */
export async function refuseTaken(path: string, force: boolean, folder = false): Promise<void> {
  const there = await statIfThere(path);
  if (there === null || force && (folder ? await isStore(path) : there.isFile)) return;
  if (there.isDirectory && !folder) {
    throw new FileUnavailable(`${path} is a folder, not a file`, { file: path, remedy: "name a file in it" });
  }
  if (folder && !await isStore(path)) {
    throw new FileUnavailable(`${path} exists and is no Zarr store`, {
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

async function isStore(path: string): Promise<boolean> {
  const found = await Promise.all(storeFiles.map((name) => statIfThere(join(path, name))));
  return found.some((info) => info?.isFile);
}
