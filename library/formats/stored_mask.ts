/** Bad pixels as files that we wrote name them: all pixels, nonzero = bad. */

/**
 * The mask of a detector of so many pixels, 1 = bad.
 *
 * @returns `undefined` for what is no such list
 */
export function maskFromPixels(values: unknown, pixels: number): Uint8Array | undefined {
  if (!(Array.isArray(values) || ArrayBuffer.isView(values))) return undefined;
  const numbers = values as ArrayLike<unknown>;
  return numbers.length === pixels ? Uint8Array.from(numbers, (value) => value === 0 ? 0 : 1) : undefined;
}
