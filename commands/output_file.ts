/** Single-file results: complete or not there at all. */

import { basename, dirname, extname, join } from "node:path";
import {
  BadParameter,
  CrystalliteError,
  FileUnavailable,
  fromSystemError,
  throwIfAborted,
} from "../library/scan/errors.ts";
import { flushFile } from "../library/results/flush.ts";

/**
 * Checks where a result is to go, before any work is done.
 *
 * @param extensions allowed extensions in lower case, such as `.npy`
 * @returns the extension of `path`, in lower case
 * @throws {BadParameter} when the extension is another
 * @throws {FileUnavailable} when the folder is not there, or the path is a folder or a file that must not be replaced
 */
export async function checkOutputFile<Extension extends string>(
  path: string,
  extensions: readonly Extension[],
  force: boolean,
): Promise<Extension> {
  const extension = extensions.find((candidate) => candidate === extname(path).toLowerCase());
  if (extension === undefined) {
    const expected = `a name ending in ${extensions.join(" or ")}`;
    throw new BadParameter(`the format of ${path} cannot be told from its name`, {
      file: path,
      expected,
      remedy: `give --out ${expected}`,
    });
  }
  const folder = dirname(path);
  if ((await lookUp(folder))?.isDirectory !== true) {
    throw new FileUnavailable(`the folder ${folder} does not exist`, {
      file: path,
      remedy: "create it, or write somewhere else",
    });
  }
  await refuseTaken(path, force);
  return extension;
}

/**
 * Checks that a result does not take the place of what it is made from, even with `--force`.
 *
 * @throws {BadParameter} when both paths are of one file
 */
export async function refuseOwnInput(out: string, input: string): Promise<void> {
  const real = async (path: string) => await lookUp(path) === null ? undefined : await Deno.realPath(path);
  const taken = await real(out);
  if (taken === undefined || taken !== await real(input)) return;
  throw new BadParameter(`${out} is the scan itself`, {
    file: out,
    expected: "another file than the one that is read",
    remedy: "give --out another name",
  });
}

/** A file to be written. */
export interface Output {
  readonly path: string;
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
  signal: AbortSignal,
): Promise<void> {
  const temporaries = outputs.map(({ path }) => temporaryName(path));
  let current = 0;
  try {
    for (const [i, { write }] of outputs.entries()) {
      current = i;
      await write(temporaries[i]);
      throwIfAborted(signal);
      // The content is on the disk before the rename.
      await flushFile(temporaries[i]);
    }
    for (const { path } of outputs) await refuseTaken(path, force);
    for (const [i, { path }] of outputs.entries()) {
      current = i;
      await Deno.rename(temporaries[i], path);
    }
  } catch (cause) {
    for (const temporary of temporaries) await Deno.remove(temporary).catch(() => {});
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
  return cause instanceof CrystalliteError && cause.details.file === temporary ? cause.cause : cause;
}

async function refuseTaken(path: string, force: boolean): Promise<void> {
  const there = await lookUp(path);
  if (there === null || there.isFile && force) return;
  if (there.isDirectory) {
    throw new FileUnavailable(`${path} is a folder, not a file`, { file: path, remedy: "name a file in it" });
  }
  throw new FileUnavailable(`${path} exists already`, {
    file: path,
    parameter: "force",
    remedy: "add --force to replace it, or choose another name",
  });
}

async function lookUp(path: string): Promise<Deno.FileInfo | null> {
  try {
    return await Deno.stat(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return null;
    throw fromSystemError(cause, path, "read");
  }
}
