/**
 * Arrays whose detector axes come before those of the scan: the numbers of one detector pixel lie together. They are put
 * together in a temporary file first, as all scattered patterns are.
 */

import type { Calibration } from "../scan/calibration.ts";
import { deriveSeries } from "../scan/derive.ts";
import { orientDetector } from "../scan/detector_orientation.ts";
import { arrangePatterns } from "../scan/pattern_reader.ts";
import { isSeries, type Scan, type ScanSource, type Series } from "../scan/scan.ts";
import { numberBytes, type StoredNumber } from "../scan/stored_number.ts";
import { arrangeAxes, type ArrayPlace } from "./axes.ts";
import type { OpenOptions } from "./format.ts";
import { type ScatteredArray, scatteredNotes, ScatteredReader } from "./scattered_patterns.ts";

/** Order of the axes: all reversed, (qx, qy, column, row), or (qy, qx, row, column). */
export type TurnedAxes = "reversed" | "detector first";

/** What is said of such an array where the file says by units or names how its axes stand. */
export function turnedSentence(axes: TurnedAxes): string {
  const order = axes === "reversed" ? "(qx, qy, column, row)" : "(qy, qx, row, column)";
  return `the axes of the detector come first in the file, which is read as ${order}`;
}

/**
 * The steps of the axes of the positions, and of the rows and columns of a pattern as they lie in the file.
 *
 * @param steps in the order of the file
 */
export function turnSteps<Step>(steps: readonly Step[], axes: TurnedAxes): Step[] {
  const positions = steps.slice(2), pattern = steps.slice(0, 2);
  return [...(axes === "reversed" ? positions.reverse() : positions), ...pattern];
}

/** An array, and how the numbers of its detector pixels are read. */
export interface TurnedArray extends Required<Pick<ScatteredArray, "readPixels" | "numbers">> {
  readonly place: ArrayPlace & { readonly dataset: string };
  /** Lengths of the axes, slowest first. */
  readonly lengths: readonly number[];
  /** Length of the chunks along the first axis; 1 where there are none. */
  readonly chunkRows: number;
  readonly numbers: StoredNumber;
  /** Bytes that `readPixels` takes beside what it fills. */
  readonly readingBytes?: number;
  /** Size of the file. */
  readonly bytes: number;
  close(): void;
}

/** What is known beyond the numbers. */
export interface TurnedDescription {
  readonly format: string;
  /** Of rows and columns as they lie in the file. */
  readonly calibration?: Calibration;
  readonly warnings?: readonly string[];
  readonly notes?: ScanSource["notes"];
}

/**
 * The scan or series in an array; closing it closes the array.
 *
 * @throws as {@link arrangeAxes}
 */
export function openTurnedArray(
  { place, numbers, lengths, chunkRows, readPixels, readingBytes, bytes, close }: TurnedArray,
  options: OpenOptions,
  { format, calibration = {}, warnings = [], notes }: TurnedDescription,
  axes: TurnedAxes,
): Scan | Series {
  const reversed = axes === "reversed", [rows, columns] = lengths;
  const ordered = reversed ? lengths.toReversed() : [...lengths.slice(2), ...lengths.slice(0, 2)];
  const arrangement = arrangeAxes(ordered, numberBytes(numbers), options, place);
  const reader = new ScatteredReader({
    source: { path: place.file, size: 0, readAt: () => {}, close },
    offset: 0,
    numbers,
    swapped: false,
    scan: ordered.slice(0, -2),
    // As they lie in the file: patterns of reversed arrays are transposed when they are read.
    ...{ patternRows: rows, patternColumns: columns, firstAxisFastest: reversed },
    pixelsTogether: chunkRows * columns,
    readPixels,
    readingBytes,
  });
  const { shape } = arrangement;
  const opened = arrangePatterns({
    ...arrangement,
    shape: { ...shape, patternRows: rows, patternColumns: columns },
    numbers,
    calibration,
    source: {
      format,
      path: place.file,
      dataset: place.dataset,
      bytes,
      notes: { ...notes, ...scatteredNotes },
    },
    warnings: [...arrangement.warnings, ...warnings],
  }, reader);
  if (!reversed) return opened;
  const transposed = (scan: Scan) => orientDetector(scan, { detectorTranspose: true });
  return isSeries(opened) ? deriveSeries(opened, transposed, { shape }) : transposed(opened);
}
