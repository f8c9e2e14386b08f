/** The files that an HDF5 file refers to. */

import { dirname, resolve } from "node:path";

/** Path of a file that the file at `path` calls `name`: beside it, unless the name is absolute. */
export function linkedPath(path: string, name: string): string {
  return resolve(dirname(path), name);
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
