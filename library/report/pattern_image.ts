/** Pictures of diffraction patterns. */

import { type ColourMapName, colourTable } from "./colour_maps.ts";
import type { RgbImage } from "./image.ts";
import { percentileRange, type ValueRange } from "./map_image.ts";

/**
 * How intensity becomes brightness: `sqrt` is the square root; `log` is logarithmic over a factor of {@link logarithmicRange}
 * below the highest value and linear under that, so that it needs no unit and zero stays black.
 */
export type IntensityScale = "linear" | "sqrt" | "log";

/** Ratio of the highest intensity to the one where the logarithmic scale turns linear. */
export const logarithmicRange = 300;
const wholeLogarithm = Math.log1p(logarithmicRange);

/**
 * The range of intensities that shows a pattern well: from its 1st percentile (not below 0) to its 99.9th, which lets a
 * few hot pixels saturate. A pattern with fewer bright pixels than that keeps its maximum.
 *
 * @param pattern (qy, qx), in counts
 * @param upper another percentile for the highest colour
 */
export function patternRange(pattern: ArrayLike<number>, upper = 99.9): ValueRange {
  const range = percentileRange(pattern, 1, upper);
  const low = Math.max(0, range.low);
  if (range.high > low) return { low, high: range.high };
  return { low, high: Math.max(low, percentileRange(pattern, 0, 100).high) };
}

/**
 * A diffraction pattern, one pixel per detector pixel; intensities outside the range are clamped.
 *
 * @param pattern (qy, qx) row-major
 * @param range give patterns that are compared the same one
 */
export function renderPattern(
  pattern: ArrayLike<number>,
  rows: number,
  columns: number,
  range: ValueRange,
  scale: IntensityScale,
  map: ColourMapName = "inferno",
): RgbImage {
  const table = colourTable(map);
  const span = range.high - range.low;
  const data = new Uint8Array(rows * columns * 3);
  // Neighbours in single patterns are often alike, and logarithms are slow.
  let last = NaN, colour = 0;
  for (let pixel = 0, to = 0; pixel < rows * columns; pixel++, to += 3) {
    const value = pattern[pixel];
    if (value !== last) {
      const share = span > 0 ? Math.min(1, Math.max(0, (value - range.low) / span)) : 0;
      colour = 3 * Math.round(255 * brightness(share, scale));
      last = value;
    }
    data[to] = table[colour];
    data[to + 1] = table[colour + 1];
    data[to + 2] = table[colour + 2];
  }
  return { width: columns, height: rows, data };
}

/** Brightness, 0 to 1, of a share of the range, 0 to 1. */
export function brightness(share: number, scale: IntensityScale): number {
  switch (scale) {
    case "linear":
      return share;
    case "sqrt":
      return Math.sqrt(share);
    case "log":
      return Math.log1p(share * logarithmicRange) / wholeLogarithm;
  }
}
