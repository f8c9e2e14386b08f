/**
 * A smooth window inside a mask of detector pixels: samples can follow it, where they cannot follow the mask's hard edge.
 *
 * It is 0 outside the mask and 1 from `width` on inside; what is left of the mask, one less the window, lies in a narrow
 * strip along its edges. Both are weights of at least 0, so that sums with the one over samples and with the other over
 * pixels make up the sum over the mask.
 */

import { reflected } from "./gaussian.ts";

/** Width of the rise, and the standard deviation of the Gaussian that it is the integral of, in sigmas of the blur. */
const width = 6, softness = 0.65;
/** The Gaussian is cut here, in its own standard deviations; and what differs from 0 and 1 by less than this is them. */
const reach = 6, negligible = 1e-7;

/**
 * The window: the pixels of the mask that are more than half the width away from all others, blurred.
 *
 * @param keep (row, column): 1 where a pixel takes part
 * @param sigma standard deviation of the patterns' blur in pixels
 * @returns float64 (row, column), 0 to 1; all 0 where nothing of the mask is wide enough
 */
export function maskWindow(keep: Uint8Array, rows: number, columns: number, sigma: number): Float64Array {
  const core = withoutRim(keep, rows, columns, width / 2 * sigma);
  const window = blurred(core, rows, columns, softness * sigma);
  return window.map((value, pixel) => {
    if (keep[pixel] === 0 || value < negligible) return 0;
    return value > 1 - negligible ? 1 : value;
  });
}

/** 1 at the pixels that are more than `distance` away from all pixels that do not take part. */
function withoutRim(keep: Uint8Array, rows: number, columns: number, distance: number): Float64Array {
  const far = Math.floor(distance) + 1;
  // Steps to the nearest pixel of the same column that takes no part, as far as they matter.
  const steps = new Int32Array(keep.length);
  for (let column = 0; column < columns; column++) {
    for (const [first, step] of [[column, columns], [(rows - 1) * columns + column, -columns]]) {
      let since = far;
      for (let row = 0, pixel = first; row < rows; row++, pixel += step) {
        since = keep[pixel] ? Math.min(far, since + 1) : 0;
        steps[pixel] = step > 0 ? since : Math.min(since, steps[pixel]);
      }
    }
  }
  return Float64Array.from(keep, (kept, pixel) => {
    if (!kept) return 0;
    const column = pixel % columns;
    const from = Math.max(-column, 1 - far), to = Math.min(columns - 1 - column, far - 1);
    for (let right = from; right <= to; right++) {
      if (right * right + steps[pixel + right] ** 2 <= distance * distance) return 0;
    }
    return 1;
  });
}

/** Gaussian blur with half-sample reflection. */
function blurred(map: Float64Array, rows: number, columns: number, sigma: number): Float64Array {
  const radius = Math.ceil(reach * sigma);
  const raw = Float64Array.from(
    { length: 2 * radius + 1 },
    (_, k) => Math.exp(-0.5 * ((k - radius) / sigma) ** 2),
  );
  const sum = raw.reduce((total, weight) => total + weight, 0), taps = raw.map((weight) => weight / sum);
  const between = new Float64Array(map.length), result = new Float64Array(map.length);
  for (let row = 0; row < rows; row++) {
    taps.forEach((tap, k) => {
      const from = reflected(row + k - radius, rows) * columns, to = row * columns;
      for (let column = 0; column < columns; column++) between[to + column] += tap * map[from + column];
    });
  }
  for (let column = 0; column < columns; column++) {
    taps.forEach((tap, k) => {
      const from = reflected(column + k - radius, columns);
      for (let row = 0; row < map.length; row += columns) result[row + column] += tap * between[row + from];
    });
  }
  return result;
}
