/** Bad pixels as files that we wrote name them: all pixels, nonzero = bad, or the flat indices of the bad ones. */

/**
 * The mask of a detector of so many pixels, 1 = bad.
 *
 * @returns `undefined` for what is no such list
 */
export function maskFromPixels(values: unknown, pixels: number): Uint8Array | undefined {
  if (!Array.isArray(values) || values.length !== pixels) return undefined;
  return Uint8Array.from(values, (value) => value === 0 ? 0 : 1);
}

/**
 * The same from the flat indices of bad pixels.
 *
 * @returns `undefined` for what is no list of indices of this detector
 */
export function maskFromIndices(values: unknown, pixels: number): Uint8Array | undefined {
  if (!Array.isArray(values) || values.length > pixels) return undefined;
  const mask = new Uint8Array(pixels);
  for (const index of values) {
    if (!(Number.isInteger(index) && index >= 0 && index < pixels)) return undefined;
    mask[index] = 1;
  }
  return mask;
}
