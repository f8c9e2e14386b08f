/** Patterns of disks whose places are known, and how far peaks lie from them. */

import { findPeaks, type PeakLists } from "../../library/passes/bragg_peaks/peak_pass.ts";
import type { PeakOptions } from "../../library/passes/bragg_peaks/peak_settings.ts";
import type { RunOptions } from "../../library/engine/options.ts";
import { scanFromArray } from "../../library/scan/scan_from_array.ts";
import { seededRandom } from "./random.ts";

/** A place on the detector, in pixels. */
export type Place = readonly [row: number, column: number];

/** Patterns of soft disks on a square lattice, shifted at random; `counts` at the middle disk, 10 to 20 % at the others. */
export function diskPatterns(
  { size, columns = size, radius, counts, noisy, patterns, spacing = 21, seed = 1 }: {
    size: number;
    columns?: number;
    radius: number;
    counts: number;
    noisy: boolean;
    patterns: number;
    spacing?: number;
    seed?: number;
  },
): { data: Float32Array; places: Place[][] } {
  const random = seededRandom(seed), data = new Float32Array(patterns * size * columns);
  const places = Array.from({ length: patterns }, (_, pattern) => {
    const down = random() - 0.5, across = random() - 0.5;
    return Array.from({ length: 25 }, (_, index): Place => {
      const i = Math.floor(index / 5) - 2, j = index % 5 - 2;
      const place: Place = [size / 2 + spacing * i + down, columns / 2 + spacing * j + across];
      const bright = counts * (i === 0 && j === 0 ? 1 : 0.1 + 0.1 * random());
      for (let row = 0; row < size; row++) {
        for (let column = 0; column < columns; column++) {
          const distance = Math.hypot(row - place[0], column - place[1]);
          data[(pattern * size + row) * columns + column] += bright / (1 + Math.exp(4 * (distance - radius)));
        }
      }
      return place;
    });
  });
  if (noisy) data.forEach((mean, index) => data[index] = poisson(mean, random));
  return { data, places };
}

/** A number of counts drawn about its mean. */
export function poisson(mean: number, random: () => number): number {
  const least = Math.exp(-Math.min(mean, 500));
  let count = -1;
  for (let product = 1; product > least; product *= random()) count++;
  return Math.max(count, 0);
}

/** Peaks of the patterns of an array, on one thread. */
export function findIn(
  data: Float32Array | Uint16Array | Uint8Array,
  shape: { rows: number; columns: number; patternRows: number; patternColumns: number },
  options: PeakOptions,
  run: RunOptions = { workers: 1 },
): Promise<PeakLists> {
  return findPeaks(scanFromArray(data, shape), { badPixels: { kind: "none" }, ...options }, run);
}

/** Root mean square distance of true places from the nearest peak, and how many have none within 3 pixels. */
export function distances(peaks: PeakLists, places: readonly Place[][]) {
  let squares = 0, found = 0, missed = 0;
  places.forEach((pattern, index) => {
    for (const [row, column] of pattern) {
      let least = Infinity;
      for (let peak = peaks.offsets[index]; peak < peaks.offsets[index + 1]; peak++) {
        least = Math.min(least, (peaks.row[peak] - row) ** 2 + (peaks.column[peak] - column) ** 2);
      }
      if (least > 9) missed++;
      else {
        squares += least;
        found++;
      }
    }
  });
  return { rms: Math.sqrt(squares / found), missed };
}
