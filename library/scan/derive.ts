/** Scans made from other scans. */

import type { PixelSize } from "./calibration.ts";
import type { Scan } from "./scan.ts";

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
    warnings: scan.warnings,
    stored: changes.readRows ? undefined : scan.stored,
    readRows: (first, count, into) => scan.readRows(first, count, into),
    readPatterns: changes.readRows ? undefined : scan.readPatterns?.bind(scan),
    close: () => scan.close(),
    ...changes,
  };
}

/** The scan with the given pixel sizes in place of the file's; what is not given stays. */
export function withPixelSizes(scan: Scan, pixelSize?: PixelSize, qPixelSize?: PixelSize): Scan {
  if (!pixelSize && !qPixelSize) return scan;
  return deriveScan(scan, {
    calibration: {
      ...scan.calibration,
      ...(pixelSize && { pixelSize }),
      ...(qPixelSize && { qPixelSize }),
    },
  });
}
