/**
 * Recordings that stopped early, one rule for all formats: what was recorded is read, and the shape stays the one that was
 * planned.
 *
 * - A file that names the shape of its scan keeps it. Positions that the recording did not come to have no record (-1 in
 *   the order of {@link FrameRecords}), which makes patterns of zeros: probes without signal. Of a series it is the scans at
 *   the end.
 * - A file that only counts its patterns keeps that count, and a scan shape of the user with as many positions is filled in
 *   the same way.
 * - A scan shape of the user with as many positions as there are patterns takes these alone.
 * - How many patterns are missing, and how many bytes, is a warning, and a note for `info` and the record of a run.
 * - Where nobody says what was planned, nothing is filled.
 */

import { CorruptFile } from "../../scan/errors.ts";
import type { OpenOptions } from "../format.ts";
import type { FrameRecords } from "./records.ts";

/** Larger scans of which patterns are missing are damaged headers, and get no memory for an order. */
const mostPositions = 2 ** 22;

/** What is known of a recording before it is arranged. */
export interface Recording {
  /** Number of patterns that are there, 1 at least. */
  readonly found: number;
  /** Number of patterns that the file announces, over all frames of a series. */
  readonly planned: number;
  /** How they form a scan or series, where the file says it. */
  readonly scan?: FrameRecords["scan"];
}

/** Whether a recording that stopped early is to be filled up to what was planned, by the rule above. */
export function isFilled(
  { found, planned, scan }: Recording,
  { scanShape, skipFrames = 0 }: Pick<OpenOptions, "scanShape" | "skipFrames">,
): boolean {
  if (found >= planned) return false;
  const frames = scan?.frames ?? 1;
  if (!scanShape) return scan !== undefined && frames * scan.rows * scan.columns === planned;
  return frames * (scanShape.rows * scanShape.columns + skipFrames) === planned;
}

/** @throws {CorruptFile} when there are gaps in a scan so large that its header is rather damaged */
export function refuseManyMissing(path: string, found: number, planned: number): void {
  if (found >= planned || planned <= mostPositions) return;
  throw new CorruptFile(`${path} ends too early`, {
    file: path,
    expected: `${planned} patterns`,
    found: `${found} patterns`,
    remedy: "copy or export the file again",
  });
}

/**
 * For each planned position its record, -1 where there is none.
 *
 * @param found number of records, the first ones of the scan
 * @throws {CorruptFile} as {@link refuseManyMissing}
 */
export function orderWithMissing(path: string, found: number, planned: number): Int32Array {
  refuseManyMissing(path, found, planned);
  return Int32Array.from({ length: planned }, (_, position) => position < found ? position : -1);
}

/**
 * What is said where fewer patterns were recorded than planned; nothing where all are there.
 *
 * @param missingBytes how much longer the file would be, where that is known
 * @param filled whether zeros stand for the others
 */
export function sayMissing(
  found: number,
  planned: number,
  missingBytes: number | undefined,
  filled: boolean,
): readonly string[] {
  if (found >= planned) return [];
  const length = missingBytes === undefined ? "" : ` with ${missingBytes} bytes`;
  return [
    `${found} of ${planned} patterns are there, ${
      planned - found
    }${length} are missing: the recording stopped early, or ` +
    `the file was not copied whole; ${
      filled ? "patterns that are missing are zero" : "those that are there were read"
    }`,
  ];
}
