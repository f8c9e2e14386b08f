/** How the frames of a Dectris master form a scan, also where it was stopped before its end. */

import { requireScanShape } from "../axes.ts";
import type { OpenOptions } from "../format.ts";
import { refuseManyMissing, sayMissing } from "../frames/missing_records.ts";
import { presentRows } from "../partial_rows.ts";
import type { ScanMetadata } from "./dectris_metadata.ts";
import type { Hdf5File } from "./file.ts";

/** Rows and columns of a scan, and plain sentences about them. */
export interface DectrisShape {
  readonly rows: number;
  readonly columns: number;
  /** See {@link Scan.announcedRows}. */
  readonly announcedRows?: number;
  readonly warnings: readonly string[];
}

/**
 * The shape that the user says, or else the file of the scan control. A scan that was stopped keeps the shape that was
 * planned: that of the scan control, or one of as many positions as the master announces.
 *
 * @param frames number of those that are there
 * @throws {ShapeUnknown} when nobody says it
 * @throws {BadParameter} when the user's numbers do not fit
 * @throws {CorruptFile} when next to nothing of a huge scan is there
 */
export function dectrisShape(
  file: Hdf5File,
  frames: number,
  announced: number | undefined,
  options: OpenOptions,
  scan: ScanMetadata | undefined,
): DectrisShape {
  const place = { file: file.path }, stopped = announced !== undefined && frames < announced;
  const planned = scan?.rows && scan.columns ? { rows: scan.rows, columns: scan.columns } : undefined;
  const positions = planned && planned.rows * planned.columns;
  const said = options.scanShape ?? planned, wanted = said ? said.rows * said.columns : 0;
  if (options.partial && said && !options.skipFrames && (options.scanShape || !scan?.prescan)) {
    return { ...presentRows(file.path, frames, said), warnings: [] };
  }
  // With prescan frames among them, the frames do not follow the positions of the scan control.
  const followsPlan = wanted === positions && !scan?.prescan &&
    (announced === undefined || (stopped && wanted <= announced));
  if (said && wanted > frames && (wanted === announced || followsPlan) && !options.skipFrames) {
    refuseManyMissing(file.path, frames, wanted);
    return { ...said, warnings: sayMissing(frames, wanted, undefined, true) };
  }
  const warnings = stopped ? sayMissing(frames, announced, undefined, false) : [];
  if (!options.scanShape && positions === frames) return { ...planned!, warnings };
  const hint = options.scanShape || !planned ? undefined : hintOf(scan!, [frames, announced ?? frames]);
  return { ...requireScanShape(frames, options, place, hint), warnings };
}

function hintOf({ path, rows = 0, columns = 0, prescan }: ScanMetadata, frames: readonly number[]): string {
  return prescan > 0 && frames.includes(rows * (columns + prescan))
    ? `each of its ${rows} lines may begin with ${prescan} prescan frames, and ${rows}x${
      columns + prescan
    } reads them all`
    : `${path} says ${rows} x ${columns}`;
}
