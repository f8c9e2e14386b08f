/** Scans made from other scans. */

import type { Calibration } from "./calibration.ts";
import { demand } from "./demand.ts";
import type { Scan, Series } from "./scan.ts";

/**
 * `scan` with some members replaced; all others, closing included, are the scan's own. What reads differently no
 * longer lies in files as it is.
 */
export function deriveScan(scan: Scan, changes: Partial<Scan>): Scan {
  return {
    shape: scan.shape,
    dtype: scan.dtype,
    calibration: scan.calibration,
    source: scan.source,
    badPixels: scan.badPixels,
    saturation: scan.saturation,
    warnings: scan.warnings,
    announcedRows: scan.announcedRows,
    preparation: scan.preparation,
    readingBytes: scan.readingBytes,
    requireUnchanged: scan.requireUnchanged,
    stored: changes.readRows ? undefined : scan.stored,
    readRows: (first, count, into) => scan.readRows(first, count, into),
    readPatterns: changes.readRows ? undefined : scan.readPatterns?.bind(scan),
    close: () => scan.close(),
    ...changes,
  };
}

/** `series` with each scan made from its own; some members may be replaced, all others stay. */
export function deriveSeries(
  series: Series,
  derive: (scan: Scan) => Scan,
  changes: Partial<Series> = {},
): Series {
  return {
    frames: series.frames,
    shape: series.shape,
    dtype: series.dtype,
    calibration: series.calibration,
    source: series.source,
    warnings: series.warnings,
    requireUnchanged: series.requireUnchanged,
    frame: (index) => derive(series.frame(index)),
    close: () => series.close(),
    ...changes,
  };
}

/**
 * The scan with the given pixel sizes and rotation in place of the file's; what is not given stays.
 *
 * @throws {BadParameter} when the rotation is no angle
 */
export function withCalibration(
  scan: Scan,
  { pixelSize, qPixelSize, scanRotation }: Pick<Calibration, "pixelSize" | "qPixelSize" | "scanRotation">,
): Scan {
  if (!pixelSize && !qPixelSize && scanRotation === undefined) return scan;
  if (scanRotation !== undefined) {
    demand(Math.abs(scanRotation) <= 360, "scanRotation", "degrees from -360 to 360", scanRotation);
  }
  return deriveScan(scan, {
    calibration: {
      ...scan.calibration,
      ...(pixelSize && { pixelSize }),
      ...(qPixelSize && { qPixelSize }),
      ...(scanRotation !== undefined && { scanRotation }),
    },
  });
}
