/** Pixels around a pixel of the detector. */

import type { ScanShape } from "../../scan/shape.ts";

/** Pixels within `reach` rows and columns of a pixel, itself left out, in index order. */
export function neighbours(pixel: number, shape: ScanShape, reach: number): number[] {
  const row = Math.floor(pixel / shape.patternColumns), column = pixel % shape.patternColumns;
  const found: number[] = [];
  for (let y = Math.max(0, row - reach); y <= Math.min(shape.patternRows - 1, row + reach); y++) {
    for (let x = Math.max(0, column - reach); x <= Math.min(shape.patternColumns - 1, column + reach); x++) {
      if (y !== row || x !== column) found.push(y * shape.patternColumns + x);
    }
  }
  return found;
}
