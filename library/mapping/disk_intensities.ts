/** How much light there is in disks whose places are known. */

import { medianOf } from "../scan/median.ts";

/** A detector of some size, and its pixels that show nothing. */
export interface DiskDetector {
  readonly patternRows: number;
  readonly patternColumns: number;
  /** uint8 (qy, qx), not zero where nothing is seen; default none. */
  readonly bad?: Uint8Array;
}

/** The background of a disk is looked at from and to so many pixels beyond its edge. */
const ringFrom = 1.5, ringTo = 4;

/**
 * Counts in a disk of `radius` pixels above the median of the ring about it, at least 0.
 *
 * @returns `undefined` where the disk leaves the detector, covers bad pixels, or has no ring
 */
export function diskIntensity(
  pattern: ArrayLike<number>,
  { patternRows, patternColumns, bad }: DiskDetector,
  row: number,
  column: number,
  radius: number,
): number | undefined {
  const reach = radius + ringTo, ring: number[] = [];
  if (
    row < radius || column < radius || row > patternRows - 1 - radius || column > patternColumns - 1 - radius
  ) {
    return undefined;
  }
  let sum = 0, pixels = 0;
  for (let y = Math.max(0, Math.ceil(row - reach)); y <= Math.min(patternRows - 1, row + reach); y++) {
    for (
      let x = Math.max(0, Math.ceil(column - reach));
      x <= Math.min(patternColumns - 1, column + reach);
      x++
    ) {
      const pixel = y * patternColumns + x, square = (y - row) * (y - row) + (x - column) * (x - column);
      if (square <= radius * radius) {
        if (bad && bad[pixel] !== 0) return undefined;
        sum += pattern[pixel];
        pixels++;
      } else if (square >= (radius + ringFrom) * (radius + ringFrom) && square <= reach * reach) {
        if (!bad || bad[pixel] === 0) ring.push(pattern[pixel]);
      }
    }
  }
  return ring.length > 0 ? Math.max(0, sum - pixels * medianOf(ring)) : undefined;
}
