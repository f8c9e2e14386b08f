/**
 * Recordings that go on or stopped early, read as far as they are there (`partial`): whole rows of the scan that was
 * announced, without anything in the place of the others.
 */

import { BadParameter, CorruptFile } from "../scan/errors.ts";
import { probeOrder, reorderProbes } from "../scan/reordered.ts";
import { deriveScan } from "../scan/derive.ts";
import { isSeries, type Scan, type Series } from "../scan/scan.ts";
import { probeCount } from "../scan/shape.ts";

/** Rows and columns of a scan as they were announced. */
interface AnnouncedScan {
  readonly rows: number;
  readonly columns: number;
}

/** Rows and columns that are there, and how many rows were announced, where those are more. */
export interface PresentRows extends AnnouncedScan {
  readonly announcedRows?: number;
}

/**
 * The whole rows of an announced scan that so many patterns fill.
 *
 * @param file for messages
 * @throws {CorruptFile} when not one row is whole
 */
export function presentRows(file: string, found: number, { rows, columns }: AnnouncedScan): PresentRows {
  const whole = Math.min(rows, Math.floor(found / columns));
  if (whole >= 1) return { rows: whole, columns, ...whole < rows && { announcedRows: rows } };
  throw new CorruptFile(`${file} does not hold one whole row of the scan`, {
    file,
    expected: `at least ${columns} patterns`,
    found: `${found} patterns`,
    remedy:
      "wait until the recording has begun; if it is whole, look whether the rows of the scan are shorter",
  });
}

/** What was opened, with a warning where rows are not there. */
export function sayAnnounced(opened: Scan | Series): Scan | Series {
  if (isSeries(opened) || opened.announcedRows === undefined) return opened;
  const { shape: { rows }, announcedRows, warnings } = opened;
  const told = `${rows} of ${announcedRows} rows are there: the recording goes on or stopped early`;
  return deriveScan(opened, { warnings: [...warnings, told] });
}

/** @throws {BadParameter} because scans of a series cannot be read in part */
export function refuseSeries(file: string, frames: number): never {
  throw new BadParameter(`${file} is a series of ${frames} scans, which cannot be read in part`, {
    file,
    expected: "a single scan",
    found: `${frames} scans`,
    parameter: "partial",
    remedy: "leave out `partial` once the recording has ended",
  });
}

/**
 * The whole rows of a scan whose patterns a file holds behind `skipped` others.
 *
 * @throws as {@link presentRows}
 */
export function leaveOutFirst(scan: Scan, skipped: number, announced: AnnouncedScan): Scan {
  const found = Math.max(0, probeCount(scan.shape) - skipped);
  const { announcedRows, ...shape } = presentRows(scan.source.path, found, announced);
  const { rows, columns } = shape;
  const order = probeOrder(rows, columns, (row, column) => skipped + row * columns + column);
  return deriveScan(reorderProbes(scan, shape, order), { announcedRows });
}
