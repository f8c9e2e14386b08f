/** Texts of files. */

import { fromSystemError } from "./errors.ts";

/** What is said of a file that is too large. */
type Refusal = (expected: string, found: string) => Error;

/**
 * The text of a file.
 *
 * @param most bytes that it may have
 * @param refuse makes the error for a larger one
 * @throws {FileUnavailable} when it cannot be read
 */
export async function readText(path: string, most = Infinity, refuse?: Refusal): Promise<string> {
  try {
    if (refuse) {
      const { size } = await Deno.stat(path);
      if (size > most) throw refuse(`at most ${most} bytes`, `${size} bytes`);
    }
    return await Deno.readTextFile(path);
  } catch (cause) {
    throw fromSystemError(cause, path, "read");
  }
}
