/** Threshold of a histogram by the triangle method (Zack et al. 1977, DOI 10.1177/25.7.70454). */

/** Bins of the histogram. */
export const triangleBins = 256;

/**
 * Threshold at the foot of the longer slope of a 256-bin histogram, as `skimage.filters.threshold_triangle` gives it:
 * the centre of the bin that lies farthest below the line from the peak to the far end.
 *
 * @param values finite numbers, at least one
 * @returns the threshold; values above it are foreground. Equal values give that value.
 */
export function triangleThreshold(values: ArrayLike<number>): number {
  let low = Infinity, high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  if (!(high > low)) return low;
  const edges = binEdges(low, high);
  const counts = new Float64Array(triangleBins);
  for (let i = 0; i < values.length; i++) counts[binOf(values[i], edges)]++;
  const level = triangleLevel(counts);
  return (edges[level] + edges[level + 1]) / 2;
}

/** The 257 edges of equal bins from the lowest to the highest value. */
export function binEdges(low: number, high: number): Float64Array {
  return Float64Array.from(
    { length: triangleBins + 1 },
    (_, i) => i === triangleBins ? high : low + i * ((high - low) / triangleBins),
  );
}

/** The bin of a value between the lowest and the highest edge; the last bin holds its upper edge. */
export function binOf(value: number, edges: Float64Array): number {
  const scale = triangleBins / (edges[triangleBins] - edges[0]);
  const bin = Math.min(triangleBins - 1, Math.floor((value - edges[0]) * scale));
  // The product can land on the wrong side of an edge by a rounding error.
  if (value < edges[bin]) return bin - 1;
  return bin < triangleBins - 1 && value >= edges[bin + 1] ? bin + 1 : bin;
}

/** The longer slope of a histogram whose first and last occupied bins are `first` and `last`. */
export function longerSlope(
  peak: number,
  first: number,
  last: number,
): { far: number; step: number; width: number } {
  // The longer slope is walked from its far end towards the peak.
  const rising = peak - first >= last - peak;
  const far = rising ? first : last;
  return { far, step: rising ? 1 : -1, width: Math.abs(peak - far) };
}

/** The bin that lies farthest below the line from the peak to the far end of the longer slope. */
export function triangleLevel(counts: Float64Array): number {
  const peak = counts.indexOf(counts.reduce((a, b) => Math.max(a, b)));
  const first = counts.findIndex((count) => count > 0), last = counts.findLastIndex((count) => count > 0);
  const { far, step, width } = longerSlope(peak, first, last);
  const height = counts[peak];
  let level = far, farthest = -Infinity;
  const norm = Math.hypot(height, width);
  for (let i = 0; i < width; i++) {
    const distance = height / norm * i - width / norm * counts[far + step * i];
    if (distance > farthest) {
      farthest = distance;
      level = far + step * i;
    }
  }
  return level;
}
