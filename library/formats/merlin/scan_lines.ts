/** How the frames of a Merlin acquisition form a scan, as far as its `.hdr` says. */

import type { Acquisition } from "./acquisition.ts";
import type { Moment } from "./frame_header.ts";
import { framesOfLine } from "./line_times.ts";

/** Rows and columns, and what says so. */
export interface ScanLines {
  readonly rows: number;
  readonly columns: number;
  readonly source: string;
  /** Whether the acquisition stopped before its last line: frames of a line that is not whole are left out. */
  readonly ended: boolean;
  readonly warnings: readonly string[];
}

/**
 * Rows and columns: the scan's size where newer software writes it, else lines that a trigger starts, else, where each
 * frame is triggered, the times of the frames. A scan that stopped early has the lines that are whole.
 *
 * @param frames in the file
 * @param timeOf when a frame, 0-based, was taken
 */
export function scanLines(
  frames: number,
  acquisition: Acquisition,
  timeOf: (frame: number) => Moment | undefined,
): ScanLines | undefined {
  const { name } = acquisition;
  const announced = acquisition.count("Frames in Acquisition") ?? 0;
  const columns = acquisition.count("ScanX"), rows = acquisition.count("ScanY");
  if (columns && rows) {
    // Frames that the scan's size leaves out, such as those taken on the way back, leave no line to be told.
    const known = { rows, columns, source: `${name} with ScanX and ScanY`, ended: false, warnings: [] };
    return announced === rows * columns ? wholeLines(known, frames) : known;
  }
  const perTrigger = acquisition.count("Frames per Trigger") ?? 0;
  // All frames on one trigger are lines of any length; an acquisition without an end has none that is known.
  if (perTrigger > 1 && announced > perTrigger && announced % perTrigger === 0) {
    const source = `${name} with Frames per Trigger`;
    return wholeLines({
      rows: announced / perTrigger,
      columns: perTrigger,
      source,
      ended: false,
      warnings: [],
    }, frames);
  }
  if (perTrigger !== 1 || announced !== frames || frames < 2) return undefined;
  const line = framesOfLine(frames, timeOf);
  if (line === undefined) return undefined;
  const shape = { rows: frames / line, columns: line };
  return {
    ...shape,
    source: "the times of frames",
    ended: false,
    warnings: [
      `the scan shape ${shape.rows}x${shape.columns} was found by the times of frames, which pass more slowly after ` +
      `each ${line}; if that is wrong, give --scan-shape`,
    ],
  };
}

function wholeLines(lines: ScanLines, frames: number): ScanLines {
  const { rows, columns, source } = lines, whole = Math.floor(frames / columns);
  if (whole < 1 || whole >= rows) return lines;
  return {
    ...lines,
    rows: whole,
    ended: true,
    warnings: [
      `the acquisition ended after ${frames} of ${
        rows * columns
      } frames, ${rows} x ${columns} as ${source} says: ` +
      `${whole} whole ${whole === 1 ? "line is" : "lines are"} read`,
    ],
  };
}
