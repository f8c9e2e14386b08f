/** How the frames of a Merlin acquisition form a scan, as far as its `.hdr` says. */

import type { Acquisition } from "./acquisition.ts";
import type { Moment } from "./frame_header.ts";
import { framesOfLine } from "./line_times.ts";

/** Rows and columns, and what says so. */
export interface ScanLines {
  readonly rows: number;
  readonly columns: number;
  readonly source: string;
  /** Whether there is a frame for each position: one that is missing was not recorded then. */
  readonly complete: boolean;
  readonly warnings: readonly string[];
}

/**
 * Rows and columns: the scan's size where newer software writes it, else lines that a trigger starts, else, where each
 * frame is triggered, the times of the frames.
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
    // Where there are others, such as those taken on the way back, no frame is known by its number.
    const complete = announced === rows * columns;
    return { rows, columns, source: `${name} with ScanX and ScanY`, complete, warnings: [] };
  }
  const perTrigger = acquisition.count("Frames per Trigger") ?? 0;
  // All frames on one trigger are lines of any length; an acquisition without an end has none that is known.
  if (perTrigger > 1 && announced > perTrigger && announced % perTrigger === 0) {
    const source = `${name} with Frames per Trigger`;
    return { rows: announced / perTrigger, columns: perTrigger, source, complete: true, warnings: [] };
  }
  if (perTrigger !== 1 || announced !== frames || frames < 2) return undefined;
  const line = framesOfLine(frames, timeOf);
  if (line === undefined) return undefined;
  const shape = { rows: frames / line, columns: line };
  return {
    ...shape,
    source: "the times of frames",
    complete: true,
    warnings: [
      `the scan shape ${shape.rows}x${shape.columns} was found by the times of frames, which pass more slowly after ` +
      `each ${line}; if that is wrong, give --scan-shape`,
    ],
  };
}
