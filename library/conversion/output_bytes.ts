/** Bytes at the end of a new file; what the system says of a failure becomes an error of ours. */

import { fromSystemError } from "../scan/errors.ts";

/** Opens a file for writing, does the work, and closes it. */
export function writeWholeFile(path: string, bytes: Uint8Array): void {
  try {
    Deno.writeFileSync(path, bytes, { createNew: true });
  } catch (cause) {
    throw fromSystemError(cause, path, "write");
  }
}

/** Writes all bytes at the place where a file stands. */
export function writeAll(file: Deno.FsFile, path: string, bytes: Uint8Array): void {
  try {
    for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
  } catch (cause) {
    throw fromSystemError(cause, path, "write");
  }
}
