/** The way of the beam over the specimen: which of the patterns that were recorded one after the other lies where. */

import type { PixelSize } from "./calibration.ts";
import { demand } from "./demand.ts";
import { BadParameter } from "./errors.ts";
import { probeOrder, reorderProbes } from "./reordered.ts";
import type { Scan } from "./scan.ts";

/** Whether each line begins where the one before began, or where it ended. */
export type ScanOrder = "raster" | "snake";

/** All words of {@link ScanOrder}. */
export const scanOrders: readonly ScanOrder[] = ["raster", "snake"];

/** What the user says about the way of the beam; all of it may be left out. */
export interface ScanPath {
  /** Patterns at the end of each line that were recorded while the beam flew back: columns that are left out. */
  readonly flyback?: number;
  /** With `snake` every other line, beginning with the second, was recorded backwards; default `raster`. */
  readonly scanOrder?: ScanOrder;
  /** Whether lines of the file are columns of the specimen: rows and columns change places. */
  readonly swapScanAxes?: boolean;
}

/**
 * The scan with its patterns where they belong: flyback is left out first, then lines are turned round, then rows and
 * columns change places, and their pixel sizes with them. Closing the result closes the scan.
 *
 * @throws {BadParameter} when no column is left, or a value is out of range
 */
export function followPath(scan: Scan, path: ScanPath): Scan {
  const { flyback = 0, scanOrder = "raster", swapScanAxes = false } = path;
  demand(Number.isSafeInteger(flyback) && flyback >= 0, "flyback", "a whole number of at least 0", flyback);
  demand(scanOrders.includes(scanOrder), "scanOrder", scanOrders.join(" or "), scanOrder);
  if (flyback === 0 && scanOrder === "raster" && !swapScanAxes) return scan;
  const { rows: lines, columns: recorded } = scan.shape, columns = recorded - flyback;
  if (columns < 1) throw nothingLeft(scan, flyback);
  const patternAt = (line: number, column: number) =>
    line * recorded + (scanOrder === "snake" && line % 2 === 1 ? columns - 1 - column : column);
  if (!swapScanAxes) {
    return reorderProbes(scan, { rows: lines, columns }, probeOrder(lines, columns, patternAt));
  }
  const { pixelSize } = scan.calibration;
  return reorderProbes(
    scan,
    { rows: columns, columns: lines },
    probeOrder(columns, lines, (row, column) => patternAt(column, row)),
    { calibration: { ...scan.calibration, ...(pixelSize && { pixelSize: swapSides(pixelSize) }) } },
  );
}

/** The size of the same pixels after rows and columns have changed places. */
export function swapSides({ row, column, unit }: PixelSize): PixelSize {
  return { row: column, column: row, unit };
}

function nothingLeft({ shape, source }: Scan, flyback: number): BadParameter {
  return new BadParameter(`lines of ${shape.columns} patterns cannot lose ${flyback}`, {
    file: source.path,
    expected: `at most ${shape.columns - 1} patterns of each line`,
    found: String(flyback),
    parameter: "flyback",
    remedy: "give `scanShape` with the flyback among its columns, or a smaller `flyback`",
  });
}
