/** Sizes of a four-dimensional scan, in the order `D[row, column, qy, qx]`, slowest axis first. */

import { BadParameter } from "./errors.ts";

/** Sizes of a scan: probe positions in real space, detector pixels in reciprocal space. */
export interface ScanShape {
  /** Probe positions along the slow scan axis. */
  readonly rows: number;
  /** Probe positions along the fast scan axis. */
  readonly columns: number;
  /** Detector pixels along qy, the slow axis of a pattern. */
  readonly patternRows: number;
  /** Detector pixels along qx, the fast axis of a pattern. */
  readonly patternColumns: number;
}

/** Number of probe positions of a scan. */
export function probeCount(shape: ScanShape): number {
  return shape.rows * shape.columns;
}

/** Number of detector pixels of one pattern. */
export function pixelCount(shape: ScanShape): number {
  return shape.patternRows * shape.patternColumns;
}

/** The shape as text, "rows x columns x qy x qx". */
export function formatShape(shape: ScanShape): string {
  return `${shape.rows} x ${shape.columns} x ${shape.patternRows} x ${shape.patternColumns}`;
}

/**
 * Reads `RxC`, the number of scan rows and columns.
 *
 * @throws {BadParameter} when the text is anything else, or a number is not at least 1
 */
export function parseScanShape(text: string): { rows: number; columns: number } {
  const match = /^\s*(\d{1,9})\s*[xX×,]\s*(\d{1,9})\s*$/.exec(text);
  const rows = Number(match?.[1]), columns = Number(match?.[2]);
  if (!match || rows < 1 || columns < 1) {
    throw new BadParameter(`"${text}" is not a scan shape`, {
      expected: "rows x columns, such as 256x256",
      found: text,
      remedy: "write --scan-shape ROWSxCOLUMNS",
    });
  }
  return { rows, columns };
}
