/** Corrections by hand on their way to the server, which keeps them while it runs. */

import { maxLength, object, pipe, string } from "valibot";

/** Characters of one page's corrections. */
const mostCharacters = 4 * 2 ** 20;

/** Corrections as viewer/page/editing/kept.ts writes them; the server does not look into them. */
export const correctionsRequest = object({
  text: pipe(string(), maxLength(mostCharacters, `at most ${mostCharacters} characters`)),
});
