/** What is a word or the name of a file: where there is no such file, the word may be misspelt. */

import { FileUnavailable } from "./errors.ts";

/** What is no path: a word, or a number that may have a unit. */
const word = /^[\w-]+$/, quantity = /^[\d.]+ ?\w*$/;

/**
 * Reads a file in whose place one of a few words may stand.
 *
 * @param text what was given
 * @param parameter of the library that it is for
 * @param words what may be given
 * @throws {FileUnavailable} when it is not there; naming the words, unless it can only be a path
 * @throws as `read`
 */
export async function readUnlessWord<Content>(
  text: string,
  parameter: string,
  words: string,
  read: (path: string) => Promise<Content>,
): Promise<Content> {
  try {
    return await read(text);
  } catch (cause) {
    if (!(cause instanceof FileUnavailable) || !(word.test(text) || quantity.test(text))) throw cause;
    const remedy = `check the path, or give \`${parameter}\` one of these words`;
    throw new FileUnavailable(cause.message, { ...cause.details, expected: words, parameter, remedy }, {
      cause,
    });
  }
}
