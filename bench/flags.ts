/** Numbers on the command lines of measurements. */

/**
 * A whole number of at least 1.
 *
 * @throws {Error} when the text is anything else
 */
export function wholeNumber(text: string, flag: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${flag} takes a whole number, not ${text}`);
  return value;
}
