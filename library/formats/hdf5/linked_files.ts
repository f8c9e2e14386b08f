/** The files that an HDF5 file refers to. */

import { basename, dirname, resolve } from "node:path";

/** Path of a file that the file at `path` calls `name`: beside it, unless the name is absolute. */
export function linkedPath(path: string, name: string): string {
  return resolve(dirname(path), name);
}

/** Last part of a path of folders, be it one of Windows; `undefined` for a plain name. */
export function lastPart(name: string): string | undefined {
  return /[\\/:]/.test(name) ? basename(name.replace(/[\\:]/g, "/")) : undefined;
}

/** Whether there is a file at a path. */
export function isFile(path: string): boolean {
  return fileSize(path) !== undefined;
}

/** Size of the file at a path in bytes; `undefined` where there is none. */
export function fileSize(path: string): number | undefined {
  try {
    const { isFile, size } = Deno.statSync(path);
    return isFile ? size : undefined;
  } catch {
    return undefined;
  }
}
