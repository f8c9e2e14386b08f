/** The detector as features see it: binned as long as the direct beam's disk keeps a radius of 1.5 pixels. */

import { BadParameter } from "../../scan/errors.ts";
import type { ScanShape } from "../../scan/shape.ts";

/** Least radius of the direct beam in binned pixels: finer pixels cost time and tell nothing more. */
const leastRadius = 1.5;
/** Sides of a binned detector that features need. */
const smallestSide = 8;

/** A binned detector. */
export interface DetectorGrid {
  /** Detector pixels, per side, that are summed into one: a power of two. */
  readonly binning: number;
  /** Binned pixels; those left over at the end of rows and columns take no part. */
  readonly rows: number;
  readonly columns: number;
  /** Direct beam in binned pixels: centre and radius of its disk. */
  readonly center: { readonly row: number; readonly column: number };
  readonly beamRadius: number;
}

/**
 * Chooses the binning.
 *
 * @param center direct beam in detector pixels
 * @param beamRadius radius of its disk in detector pixels
 * @param mostPixels binned further while there are more
 * @throws {BadParameter} when the detector is too small for features
 */
export function detectorGrid(
  shape: ScanShape,
  center: { readonly row: number; readonly column: number },
  beamRadius: number,
  mostPixels = Infinity,
): DetectorGrid {
  demandDetectorSize(shape);
  const { patternRows, patternColumns } = shape, side = Math.min(patternRows, patternColumns);
  let binning = 1;
  const coarser = () =>
    beamRadius / (2 * binning) >= leastRadius || patternRows * patternColumns / binning ** 2 > mostPixels;
  while (coarser() && side / (2 * binning) >= smallestSide) binning *= 2;
  // The middle of binned pixel i lies at detector pixel binning * i + (binning - 1) / 2.
  const binned = (position: number) => (position + 0.5) / binning - 0.5;
  return {
    binning,
    rows: Math.floor(patternRows / binning),
    columns: Math.floor(patternColumns / binning),
    center: { row: binned(center.row), column: binned(center.column) },
    beamRadius: beamRadius / binning,
  };
}

/** Detector pixels within this distance of the direct beam say more about the beam than about the crystal. */
export function beamReach(beamRadius: number): number {
  return 1.3 * beamRadius + 1.5;
}

/**
 * Refuses a detector that is too small for features, whatever lies on it.
 *
 * @throws {BadParameter} when it is
 */
export function demandDetectorSize({ patternRows, patternColumns }: ScanShape): void {
  if (Math.min(patternRows, patternColumns) >= smallestSide) return;
  throw new BadParameter("the detector is too small for regions or an automatic mask", {
    expected: `at least ${smallestSide} x ${smallestSide} pixels`,
    found: `${patternRows} x ${patternColumns} pixels`,
    parameter: "method",
    remedy: "use `method: growth` with a threshold, and `mask: none`",
  });
}
