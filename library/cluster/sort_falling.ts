/** Stable sorting of float32 values, largest first. */

/** Bits of a digit of the sorting keys, and number of digits. */
const digitBits = 11, digits = 2 ** digitBits;

/**
 * Places of the values by falling value, equal ones in their order; 0 and -0 are equal.
 *
 * @param values float32 without NaN
 */
export function sortFalling(values: Float32Array): Uint32Array {
  const count = values.length;
  const words = new Int32Array(values.buffer, values.byteOffset, count);
  let places = new Uint32Array(count), keys = new Uint32Array(count);
  for (let place = 0; place < count; place++) {
    // The bits of positive floats rise with them, those of negative ones fall.
    const bits = values[place] === 0 ? 0 : words[place];
    keys[place] = bits < 0 ? bits : ~bits & 0x7fffffff;
    places[place] = place;
  }
  let sortedPlaces = new Uint32Array(count), sortedKeys = new Uint32Array(count);
  // A stable counting sort by each digit, lowest first.
  for (let shift = 0; shift < 32; shift += digitBits) {
    const next = new Uint32Array(digits + 1);
    for (let i = 0; i < count; i++) next[(keys[i] >>> shift & (digits - 1)) + 1]++;
    for (let digit = 0; digit < digits; digit++) next[digit + 1] += next[digit];
    for (let i = 0; i < count; i++) {
      const place = next[keys[i] >>> shift & (digits - 1)]++;
      sortedKeys[place] = keys[i];
      sortedPlaces[place] = places[i];
    }
    [keys, sortedKeys] = [sortedKeys, keys];
    [places, sortedPlaces] = [sortedPlaces, places];
  }
  return places;
}
