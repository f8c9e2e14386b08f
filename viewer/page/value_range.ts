/** Lowest and highest of many values. */

export function rangeOf(values: Float32Array): readonly [number, number] {
  let low = Infinity, high = -Infinity;
  // By place: iterators take ten times as long until they are compiled, and the first map waits for this.
  for (let place = 0; place < values.length; place++) {
    const value = values[place];
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}
