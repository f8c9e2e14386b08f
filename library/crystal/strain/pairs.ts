/** Which peak is which spot. */

import type { Matrix2 } from "./deformation.ts";

/** Places on the detector in Å^-1. */
export interface Places {
  /** Along the rows of the detector. */
  readonly qRow: Float64Array;
  /** Along its columns. */
  readonly qColumn: Float64Array;
}

/** Peaks and spots that belong together: arrays of one length. */
export interface Pairs {
  readonly peak: Int32Array;
  readonly spot: Int32Array;
}

/** An affine map of spots: q = matrix r + offset. */
export interface AffineMap {
  readonly matrix: Matrix2;
  readonly offset: readonly [row: number, column: number];
}

/** Leaves everything where it is. */
export const unmoved: AffineMap = { matrix: [1, 0, 0, 1], offset: [0, 0] };

/** Where a map takes a spot. */
export function mapped(
  { matrix, offset }: AffineMap,
  row: number,
  column: number,
): [row: number, column: number] {
  return [
    matrix[0] * row + matrix[1] * column + offset[0],
    matrix[2] * row + matrix[3] * column + offset[1],
  ];
}

/** Peaks and moved spots that are each other's nearest, and nearer than `radius` Å^-1. */
export function pairPeaks(peaks: Places, spots: Places, map: AffineMap, radius: number): Pairs {
  const peakCount = peaks.qRow.length, spotCount = spots.qRow.length;
  const nearestPeak = new Int32Array(spotCount).fill(-1), nearestSpot = new Int32Array(peakCount).fill(-1);
  const toPeak = new Float64Array(spotCount).fill(radius * radius);
  const toSpot = new Float64Array(peakCount).fill(radius * radius);
  for (let spot = 0; spot < spotCount; spot++) {
    const [row, column] = mapped(map, spots.qRow[spot], spots.qColumn[spot]);
    for (let peak = 0; peak < peakCount; peak++) {
      const down = peaks.qRow[peak] - row, across = peaks.qColumn[peak] - column;
      const square = down * down + across * across;
      if (square < toPeak[spot]) {
        toPeak[spot] = square;
        nearestPeak[spot] = peak;
      }
      if (square < toSpot[peak]) {
        toSpot[peak] = square;
        nearestSpot[peak] = spot;
      }
    }
  }
  const mutual = Array.from(nearestPeak.keys())
    .filter((spot) => nearestPeak[spot] >= 0 && nearestSpot[nearestPeak[spot]] === spot);
  return { peak: Int32Array.from(mutual, (spot) => nearestPeak[spot]), spot: Int32Array.from(mutual) };
}
