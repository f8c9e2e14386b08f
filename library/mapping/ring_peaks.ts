/** The peaks of a whole scan that may lie on rings: all but the direct beams. */

import type { PeakLists } from "../passes/bragg_peaks/peak_pass.ts";
import { peakPlaces } from "./calibrated_peaks.ts";
import type { Ellipse, PeakPlaces } from "./ellipse.ts";
import type { PeakDistances } from "./pixel_size.ts";

/** Peaks nearer to the direct beam than so many of its radii are no ring. */
export const beamRadii = 1.5;

/**
 * Places of the peaks of all probes about their direct beams, their distances from these, and the probes they belong to.
 *
 * @param origin float32 (probes, 2): the direct beam of each, in detector pixels
 * @param least distance in pixels up to which a peak is the direct beam
 * @param ellipse stretch that is taken out of both
 */
export function ringPeaks(
  peaks: PeakLists,
  origin: Float32Array,
  least: number,
  ellipse?: Ellipse,
): PeakPlaces & PeakDistances & { readonly probe: Int32Array } {
  const probes: number[] = [],
    rows: number[] = [],
    columns: number[] = [],
    pixels: number[] = [],
    heights: number[] = [];
  for (let probe = 0; 2 * probe < origin.length; probe++) {
    const { row, column } = peakPlaces(peaks, probe, origin, ellipse);
    for (let peak = 0; peak < row.length; peak++) {
      const distance = Math.sqrt(row[peak] * row[peak] + column[peak] * column[peak]);
      if (distance <= least) continue;
      probes.push(probe);
      rows.push(row[peak]);
      columns.push(column[peak]);
      pixels.push(distance);
      heights.push(peaks.height[peaks.offsets[probe] + peak]);
    }
  }
  return {
    probe: Int32Array.from(probes),
    row: Float64Array.from(rows),
    column: Float64Array.from(columns),
    pixels: Float64Array.from(pixels),
    height: Float64Array.from(heights),
  };
}
