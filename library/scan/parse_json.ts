/** JSON that others wrote, which may be made to take for ever. */

/** Deeper objects and lists than any file of ours or others has. */
const deepest = 256;

/**
 * The value of a text. Nested a million times it would take seconds to understand, and as long for each who looks at it.
 *
 * @throws {SyntaxError} when it is no JSON, or deeply nested
 */
export function parseJson(text: string): unknown {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at) - 1;
    else if (code === openingBracket || code === openingBrace) {
      if (++depth > deepest) throw new SyntaxError(`JSON of more than ${deepest} levels`);
    } else if (code === closingBracket || code === closingBrace) depth--;
  }
  return JSON.parse(text);
}

const [quote, backslash, openingBracket, closingBracket, openingBrace, closingBrace] = Array.from(
  '"\\[]{}',
  (character) => character.charCodeAt(0),
);

/** Where a string that begins at `start` is over, behind its quote; the end of the text where it is never. */
export function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === backslash) at++;
    else if (code === quote) return at + 1;
  }
  return text.length;
}
