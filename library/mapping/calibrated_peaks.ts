/** Peaks from detector pixels to reciprocal space. */

import type { DiffractionPeaks } from "../crystal/peaks.ts";
import type { PeakLists } from "../passes/bragg_peaks/peak_pass.ts";

/** What lies between the detector and reciprocal space; applied in this order. */
export interface DetectorCalibration {
  /** float32 (rows, columns, 2): place of the direct beam at each probe, in pixels. */
  readonly origin: Float32Array;
  /** Å^-1 per detector pixel along rows and columns. */
  readonly qPixelSize: { readonly row: number; readonly column: number };
}

/** Peaks of one probe about its direct beam, in Å^-1. */
export function calibratedPeaks(
  { offsets, row, column, height }: PeakLists,
  probe: number,
  { origin, qPixelSize }: DetectorCalibration,
): DiffractionPeaks {
  const first = offsets[probe], end = offsets[probe + 1];
  const down = origin[2 * probe], across = origin[2 * probe + 1];
  return {
    qRow: Float64Array.from(row.subarray(first, end), (value) => (value - down) * qPixelSize.row),
    qColumn: Float64Array.from(column.subarray(first, end), (value) => (value - across) * qPixelSize.column),
    intensity: Float64Array.from(height.subarray(first, end)),
  };
}
