/** Words of a command line, as requests hold them. */

import { array, check, maxLength, pipe, string } from "valibot";

/** More words, or longer ones, than any command line has. */
const mostWords = 200, longestWord = 4096;

const word = pipe(
  string(),
  maxLength(longestWord, `at most ${longestWord} characters`),
  check((text) => !text.includes("\0"), "text without NUL"),
);

/** Words of a command line. */
export const words = pipe(array(word), maxLength(mostWords, `at most ${mostWords} words`));

/** A path, whether or not there is anything. */
export const path = pipe(string(), maxLength(longestWord, `at most ${longestWord} characters`));
