/** Patterns the other way round: flipped and transposed, as detectors and programs differ in what is up and left. */

import type { Calibration } from "./calibration.ts";
import { demand } from "./demand.ts";
import { deriveScan } from "./derive.ts";
import { createPixelArray, type PixelArray } from "./dtype.ts";
import type { FrameLayout } from "./frames.ts";
import { checkPatterns, checkRows, type Scan } from "./scan.ts";
import { swapSides } from "./scan_path.ts";
import type { ScanShape } from "./shape.ts";
import { asRecords, storedFrames, type StoredPart, type StoredPatterns } from "./stored.ts";

/** What is reversed: with `rows` the last row becomes the first, with `columns` the last column. */
export type DetectorFlip = "rows" | "columns" | "rows,columns";

/** All words of {@link DetectorFlip}. */
export const detectorFlips: readonly DetectorFlip[] = ["rows", "columns", "rows,columns"];

/** What the user says about the way the detector was mounted; all of it may be left out. */
export interface DetectorOrientation {
  /** Rows, columns or both that are reversed, those of the pattern as the file has it. */
  readonly detectorFlip?: DetectorFlip;
  /** Whether rows, flipped or not, become columns. */
  readonly detectorTranspose?: boolean;
}

/**
 * The scan with its patterns flipped, and transposed after that; bad pixels and reciprocal pixel sizes follow. Threads
 * read it as they read the scan, unless its patterns lie in chunks. Closing the result closes the scan.
 *
 * @throws {BadParameter} when a value is none of its words
 */
export function orientDetector(scan: Scan, orientation: DetectorOrientation): Scan {
  const { detectorFlip, detectorTranspose = false } = orientation;
  if (detectorFlip !== undefined) {
    demand(detectorFlips.includes(detectorFlip), "detectorFlip", detectorFlips.join(" or "), detectorFlip);
  }
  if (detectorFlip === undefined && !detectorTranspose) return scan;
  const { patternRows, patternColumns } = scan.shape;
  const shape = detectorTranspose
    ? { ...scan.shape, patternRows: patternColumns, patternColumns: patternRows }
    : scan.shape;
  const sources = sourcePixels(scan.shape, orientation), pixels = sources.length;
  /** Puts the pixels of each pattern where they belong. */
  const orient = (patterns: PixelArray) => {
    const held = createPixelArray(scan.dtype, pixels);
    for (let start = 0; start < patterns.length; start += pixels) {
      held.set(patterns.subarray(start, start + pixels));
      for (let pixel = 0; pixel < pixels; pixel++) patterns[start + pixel] = held[sources[pixel]];
    }
  };
  return deriveScan(scan, {
    shape,
    calibration: detectorTranspose ? transposeCalibration(scan.calibration) : scan.calibration,
    badPixels: scan.badPixels && Uint8Array.from(sources, (source) => scan.badPixels![source]),
    stored: scan.stored && orientStored(scan, scan.stored, orientation),
    async readRows(first, count, into) {
      checkRows(shape, first, count, into);
      await scan.readRows(first, count, into);
      orient(into);
    },
    readPatterns: scan.readPatterns && (async (first, count, into) => {
      checkPatterns(shape, first, count, into);
      await scan.readPatterns!(first, count, into);
      orient(into);
    }),
  });
}

/** For each pixel of the result the pixel of the scan that it shows. */
function sourcePixels(
  { patternRows, patternColumns }: ScanShape,
  { detectorFlip, detectorTranspose }: DetectorOrientation,
): Uint32Array {
  const flipRows = flips(detectorFlip, "rows"), flipColumns = flips(detectorFlip, "columns");
  return Uint32Array.from({ length: patternRows * patternColumns }, (_, pixel) => {
    const width = detectorTranspose ? patternRows : patternColumns;
    const above = Math.floor(pixel / width), left = pixel % width;
    const [row, column] = detectorTranspose ? [left, above] : [above, left];
    return (flipRows ? patternRows - 1 - row : row) * patternColumns +
      (flipColumns ? patternColumns - 1 - column : column);
  });
}

function flips(flip: DetectorFlip | undefined, side: "rows" | "columns"): boolean {
  return flip === side || flip === "rows,columns";
}

function transposeCalibration(calibration: Calibration): Calibration {
  const { qPixelSize } = calibration;
  return qPixelSize ? { ...calibration, qPixelSize: swapSides(qPixelSize) } : calibration;
}

/** Records say in which order their numbers are read; packed chunks, and sums of pixels, can only be read as they are. */
function orientStored(
  scan: Scan,
  stored: StoredPatterns,
  orientation: DetectorOrientation,
): StoredPatterns | undefined {
  const parts: StoredPart[] = [];
  for (const part of stored) {
    if (part.kind !== "contiguous" && part.kind !== "frames") return undefined;
    const records = asRecords(part, scan);
    parts.push(storedFrames({ ...records, frame: orientFrame(records.frame, orientation) }));
  }
  return parts;
}

/** A layout knows rows and columns as they lie in the file: those of a transposed pattern have changed places. */
function orientFrame(
  frame: FrameLayout,
  { detectorFlip, detectorTranspose }: DetectorOrientation,
): FrameLayout {
  const rows = flips(detectorFlip, "rows"), columns = flips(detectorFlip, "columns");
  return {
    ...frame,
    flipRows: frame.flipRows !== (frame.transposed ? columns : rows),
    flipColumns: frame.flipColumns !== (frame.transposed ? rows : columns),
    transposed: frame.transposed !== (detectorTranspose === true),
  };
}
