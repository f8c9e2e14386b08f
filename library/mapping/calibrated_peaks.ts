/** Peaks from detector pixels to reciprocal space. */

import type { DiffractionPeaks } from "../crystal/peaks.ts";
import type { PeakLists } from "../passes/bragg_peaks/peak_pass.ts";
import { cosine, sine } from "../scan/portable_math.ts";
import { type Ellipse, type PeakPlaces, unstretched } from "./ellipse.ts";

/** What lies between the detector and reciprocal space; applied in this order. */
export interface DetectorCalibration {
  /** float32 (rows, columns, 2): place of the direct beam at each probe, in pixels. */
  readonly origin: Float32Array;
  /** How patterns are stretched; default not. */
  readonly ellipse?: Ellipse;
  /** Å^-1 per detector pixel along rows and columns. */
  readonly qPixelSize: { readonly row: number; readonly column: number };
}

/** Peaks of one probe about its direct beam, in Å^-1. */
export function calibratedPeaks(
  peaks: PeakLists,
  probe: number,
  { origin, ellipse, qPixelSize }: DetectorCalibration,
): DiffractionPeaks {
  const { row, column } = peakPlaces(peaks, probe, origin, ellipse);
  return {
    qRow: row.map((value) => value * qPixelSize.row),
    qColumn: column.map((value) => value * qPixelSize.column),
    intensity: Float64Array.from(peaks.height.subarray(peaks.offsets[probe], peaks.offsets[probe + 1])),
  };
}

/** Peaks of one probe about its direct beam in pixels, without the stretch where it is known. */
export function peakPlaces(
  { offsets, row, column }: PeakLists,
  probe: number,
  origin: Float32Array,
  ellipse?: Ellipse,
): PeakPlaces {
  const first = offsets[probe], end = offsets[probe + 1];
  const places = {
    row: Float64Array.from(row.subarray(first, end), (value) => value - origin[2 * probe]),
    column: Float64Array.from(column.subarray(first, end), (value) => value - origin[2 * probe + 1]),
  };
  if (ellipse === undefined) return places;
  const turn = { cosine: cosine(ellipse.angle), sine: sine(ellipse.angle) };
  for (let peak = 0; peak < places.row.length; peak++) {
    const straight = unstretched(ellipse, turn, places.row[peak], places.column[peak]);
    [places.row[peak], places.column[peak]] = straight;
  }
  return places;
}
