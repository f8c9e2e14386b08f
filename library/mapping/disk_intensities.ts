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

/** Counts of a disk above its background, and how certain they are. */
export interface DiskExcess {
  /** Counts above the median of the ring about the disk; less than 0 where there is less. */
  readonly counts: number;
  /** Their standard error, as the scatter of the ring's pixels tells it. */
  readonly error: number;
}

/** The median of absolute deviations from the median in standard deviations, and the variance of a median by that of a mean. */
const perDeviation = 1.4826, medianVariance = Math.PI / 2;

/**
 * Counts in a disk of `radius` pixels above the median of the ring about it, at least 0.
 *
 * @returns `undefined` where the disk leaves the detector, covers bad pixels, or has no ring
 */
export function diskIntensity(
  pattern: ArrayLike<number>,
  detector: DiskDetector,
  row: number,
  column: number,
  radius: number,
): number | undefined {
  const seen = lookAt(pattern, detector, row, column, radius);
  return seen && Math.max(0, seen.sum - seen.pixels * medianOf(seen.ring));
}

/** The same, with their standard error and below 0 as well. */
export function diskExcess(
  pattern: ArrayLike<number>,
  detector: DiskDetector,
  row: number,
  column: number,
  radius: number,
): DiskExcess | undefined {
  const seen = lookAt(pattern, detector, row, column, radius);
  if (!seen) return undefined;
  const { sum, pixels, ring } = seen, background = medianOf(ring);
  const scatter = perDeviation * medianOf(ring.map((value) => Math.abs(value - background)));
  return {
    counts: sum - pixels * background,
    error: scatter * Math.sqrt(pixels * (1 + medianVariance * pixels / ring.length)),
  };
}

/** What is in a disk, and the values of its ring; `undefined` where it is not seen whole. */
function lookAt(
  pattern: ArrayLike<number>,
  detector: DiskDetector,
  row: number,
  column: number,
  radius: number,
): DiskPixels | undefined {
  const { patternRows, patternColumns } = detector;
  if (
    row < radius || column < radius || row > patternRows - 1 - radius || column > patternColumns - 1 - radius
  ) {
    return undefined;
  }
  const seen = diskPixels(pattern, detector, row, column, radius);
  return seen.hidden === 0 && seen.ring.length > 0 ? seen : undefined;
}

/** What a detector shows of a disk. */
export interface DiskPixels {
  /** Sum of the disk's pixels that are seen, how many these are, and how many show nothing. */
  readonly sum: number;
  readonly pixels: number;
  readonly hidden: number;
  /** Values of the ring about it that are seen. */
  readonly ring: readonly number[];
}

/** The pixels of a disk of `radius` pixels and of the ring about it, as far as they are on the detector. */
export function diskPixels(
  pattern: ArrayLike<number>,
  { patternRows, patternColumns, bad }: DiskDetector,
  row: number,
  column: number,
  radius: number,
): DiskPixels {
  const reach = radius + ringTo, ring: number[] = [];
  let sum = 0, pixels = 0, hidden = 0;
  for (let y = Math.max(0, Math.ceil(row - reach)); y <= Math.min(patternRows - 1, row + reach); y++) {
    for (
      let x = Math.max(0, Math.ceil(column - reach));
      x <= Math.min(patternColumns - 1, column + reach);
      x++
    ) {
      const pixel = y * patternColumns + x, square = (y - row) * (y - row) + (x - column) * (x - column);
      const seen = !bad || bad[pixel] === 0;
      if (square <= radius * radius) {
        if (!seen) hidden++;
        else {
          sum += pattern[pixel];
          pixels++;
        }
      } else if (square >= (radius + ringFrom) * (radius + ringFrom) && square <= reach * reach) {
        if (seen) ring.push(pattern[pixel]);
      }
    }
  }
  return { sum, pixels, hidden, ring };
}
