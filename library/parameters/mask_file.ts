/** Masks that lie in files: words only name them, their pixels are read once the scan's shape is known. */

import { notUnderstood } from "./number.ts";
import type { MaskInFile } from "./schema.ts";

/**
 * Reads the name of a mask's file.
 *
 * @param expected what else the word might have been, for the message
 * @throws {BadParameter} when the text is empty, or a mistyped shape rather than a file
 */
export function parseMaskFile(flag: string, text: string, expected: string): MaskInFile {
  const path = text.trim();
  // "ring:3,5" or "bf:2" given to --q-mask is a mistyped shape rather than a file; one letter may be a Windows drive
  if (path === "" || /^[a-z]{2,}:[\d.,\s-]*$/i.test(path) || path === "bf" || path === "adf") {
    throw notUnderstood(flag, text, expected);
  }
  return { kind: "path", path };
}

/**
 * The word of a file. A name that would be understood as something else gets its folder: `./auto`.
 *
 * @param means what the bare name would be understood as
 */
export function writeMaskFile(path: string, means: (text: string) => { readonly kind: string }): string {
  try {
    return means(path).kind === "path" ? path : `./${path}`;
  } catch {
    return `./${path}`;
  }
}
