/** Threshold of a histogram by the triangle method (Zack et al. 1977, DOI 10.1177/25.7.70454). */

const bins = 256;

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
  const edges = Float64Array.from(
    { length: bins + 1 },
    (_, i) => i === bins ? high : low + i * ((high - low) / bins),
  );
  const counts = histogram(values, edges);
  const peak = counts.indexOf(counts.reduce((a, b) => Math.max(a, b)));
  const first = counts.findIndex((count) => count > 0), last = counts.findLastIndex((count) => count > 0);
  // The longer slope is walked from its far end towards the peak.
  const rising = peak - first >= last - peak;
  const far = rising ? first : last, step = rising ? 1 : -1;
  const width = Math.abs(peak - far), height = counts[peak];
  let level = far, farthest = -Infinity;
  const norm = Math.hypot(height, width);
  for (let i = 0; i < width; i++) {
    const distance = height / norm * i - width / norm * counts[far + step * i];
    if (distance > farthest) {
      farthest = distance;
      level = far + step * i;
    }
  }
  return (edges[level] + edges[level + 1]) / 2;
}

/** Counts between edges; the last bin holds its upper edge. */
function histogram(values: ArrayLike<number>, edges: Float64Array): Float64Array {
  const counts = new Float64Array(bins);
  const low = edges[0], scale = bins / (edges[bins] - low);
  for (let i = 0; i < values.length; i++) {
    let bin = Math.min(bins - 1, Math.floor((values[i] - low) * scale));
    // The product can land on the wrong side of an edge by a rounding error.
    if (values[i] < edges[bin]) bin--;
    else if (bin < bins - 1 && values[i] >= edges[bin + 1]) bin++;
    counts[bin]++;
  }
  return counts;
}
