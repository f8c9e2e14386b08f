/** Pixels that are missing in one pattern: values that no detector counts, in places where nothing else is bright. */

/** Bright spots fade: a quarter of the pixels around have at least this part of the value. */
const fading = 1 / 8;

/** Whether what stands around a region is bright enough for the region to be a spot of light, saturated or not. */
export function fadesInto(around: readonly number[], value: number): boolean {
  const falling = around.slice().sort((a, b) => b - a);
  return falling.length > 0 && falling[falling.length >> 2] >= fading * value;
}

/**
 * Fills, in place, what stands at or above `limit` in a pattern and is no bright spot: regions of such pixels, corners
 * touching, beside which hardly any pixel has an eighth of the limit. Each becomes the median of its good
 * neighbours, those at the rim of a region first, then those that have become neighbours of good ones; whole numbers are
 * rounded half up. A pattern of nothing else becomes 0 everywhere.
 *
 * @param pattern (qy, qx) row-major
 * @param columns number of detector columns
 */
export function fillMissing(
  pattern: Uint8Array | Uint16Array | Float32Array,
  columns: number,
  limit: number,
): void {
  const beyond = Uint8Array.from(pattern, (value) => value >= limit ? 1 : 0);
  const near = new Int32Array(8), whole = !(pattern instanceof Float32Array);
  const seen = new Uint8Array(pattern.length);
  for (let start = 0; start < pattern.length; start++) {
    if (beyond[start] === 0 || seen[start] === 1) continue;
    const region = regionFrom(start, beyond, seen, columns);
    const around = pixelsAround(region, beyond, columns).map((pixel) => pattern[pixel]);
    if (around.length === 0) pattern.fill(0);
    else if (!fadesInto(around, limit)) fillRegion(pattern, region, beyond, columns, near, whole);
  }
}

/** The pixels with a mark that hang together with one of them, in the order in which they are met. */
export function regionFrom(start: number, marked: Uint8Array, seen: Uint8Array, columns: number): number[] {
  const region = [start], near = new Int32Array(8);
  seen[start] = 1;
  for (const pixel of region) {
    const count = detectorNeighbours(pixel, marked.length, columns, near);
    for (let i = 0; i < count; i++) {
      if (marked[near[i]] === 0 || seen[near[i]] === 1) continue;
      seen[near[i]] = 1;
      region.push(near[i]);
    }
  }
  return region;
}

/** Pixels without a mark that touch a region, each once. */
export function pixelsAround(region: readonly number[], marked: Uint8Array, columns: number): number[] {
  const around = new Set<number>(), near = new Int32Array(8);
  for (const pixel of region) {
    const count = detectorNeighbours(pixel, marked.length, columns, near);
    for (let i = 0; i < count; i++) if (marked[near[i]] === 0) around.add(near[i]);
  }
  return [...around];
}

function fillRegion(
  pattern: Uint8Array | Uint16Array | Float32Array,
  region: readonly number[],
  missing: Uint8Array,
  columns: number,
  near: Int32Array,
  whole: boolean,
): void {
  let left = region;
  while (left.length > 0) {
    const waiting: number[] = [], filled: number[] = [], values: number[] = [];
    for (const pixel of left) {
      const count = detectorNeighbours(pixel, pattern.length, columns, near);
      const good: number[] = [];
      for (let i = 0; i < count; i++) if (missing[near[i]] === 0) good.push(pattern[near[i]]);
      if (good.length === 0) waiting.push(pixel);
      else filled.push(pixel), values.push(medianOf(good, whole));
    }
    // Together, so that the order of the pixels does not matter.
    filled.forEach((pixel, i) => {
      pattern[pixel] = values[i];
      missing[pixel] = 0;
    });
    left = waiting;
  }
}

/** Writes the indices of the up to eight neighbours of a pixel into `near`; returns how many there are. */
function detectorNeighbours(pixel: number, pixels: number, columns: number, near: Int32Array): number {
  const column = pixel % columns;
  let count = 0;
  for (let first = pixel - columns; first <= pixel + columns; first += columns) {
    if (first < 0 || first >= pixels) continue;
    if (column > 0) near[count++] = first - 1;
    if (first !== pixel) near[count++] = first;
    if (column < columns - 1) near[count++] = first + 1;
  }
  return count;
}

/** Median of some values, which it sorts; of an even number the mean of the middle two, rounded half up if `whole`. */
function medianOf(values: number[], whole: boolean): number {
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  if (values.length % 2) return values[middle];
  const mean = (values[middle - 1] + values[middle]) / 2;
  return whole ? Math.floor(mean + 0.5) : mean;
}
