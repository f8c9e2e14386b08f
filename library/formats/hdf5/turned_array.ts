/**
 * Arrays whose detector axes come before those of the scan: the numbers of one detector pixel lie together. They are put
 * together in a temporary file first, as all scattered patterns are.
 */

import { deriveSeries } from "../../scan/derive.ts";
import { orientDetector } from "../../scan/detector_orientation.ts";
import { arrangePatterns } from "../../scan/pattern_reader.ts";
import { isSeries, type Scan, type Series } from "../../scan/scan.ts";
import { numberBytes } from "../../scan/stored_number.ts";
import { arrangeAxes } from "../axes.ts";
import type { OpenOptions } from "../format.ts";
import { scatteredNotes, ScatteredReader } from "../scattered_patterns.ts";
import type { Hdf5Array } from "./array_axes.ts";
import { requireSources } from "./virtual_sources.ts";
import type { Hdf5File } from "./file.ts";
import { requireHalves } from "./number_type.ts";
import type { ArrayDescription } from "./open_arrays.ts";
import { openReader, readBlock } from "./open_reader.ts";

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

/** Lengths of the axes in the order of a scan: those of the positions, then qy and qx. */
function scanLengths({ lengths }: Pick<Hdf5Array, "lengths">, axes: TurnedAxes): readonly number[] {
  return axes === "reversed" ? lengths.toReversed() : [...lengths.slice(2), ...lengths.slice(0, 2)];
}

/**
 * The scan or series in an array; closing it closes the file.
 *
 * @param description its calibration is that of rows and columns as they lie in the file
 *
 * @throws as `openArrays`
 */
// deno-lint-ignore require-await
export async function openTurned(
  file: Hdf5File,
  array: Hdf5Array,
  options: OpenOptions,
  description: ArrayDescription,
  axes: TurnedAxes,
): Promise<Scan | Series> {
  const { path, dataset, numbers, lengths } = array, [rows, columns] = lengths;
  if (numbers === "f16") requireHalves(file, path, dataset);
  const ordered = scanLengths(array, axes), place = { file: file.path, dataset: path };
  const arrangement = arrangeAxes(ordered, numberBytes(numbers), options, place);
  const reversed = axes === "reversed", { format, calibration = {}, warnings = [], notes } = description;
  const missing = requireSources(file, path, dataset), blocks = openReader(file, array);
  const reader = new ScatteredReader({
    source: { path: file.path, size: 0, readAt: () => {}, close: () => (blocks.close(), file.close()) },
    offset: 0,
    numbers,
    swapped: false,
    scan: ordered.slice(0, -2),
    // As they lie in the file: patterns of reversed arrays are transposed when they are read.
    ...{ patternRows: rows, patternColumns: columns, firstAxisFastest: reversed },
    pixelsTogether: (dataset.metadata.chunks?.[0] ?? 1) * columns,
    readPixels: async (first, count, into) => {
      const bytes = into.length / count;
      for (let done = 0; done < count;) {
        const row = Math.floor((first + done) / columns), column = (first + done) % columns;
        const whole = column === 0 ? Math.floor((count - done) / columns) : 0;
        const box = whole > 0 ? [whole, columns] : [1, Math.min(columns - column, count - done)];
        const pixels = box[0] * box[1], target = into.subarray(done * bytes, (done + pixels) * bytes);
        const others = lengths.slice(2);
        await readBlock(
          file,
          array,
          blocks,
          [row, column, ...others.map(() => 0)],
          [...box, ...others],
          target,
        );
        done += pixels;
      }
    },
  });
  const { shape } = arrangement;
  const opened = arrangePatterns({
    ...arrangement,
    shape: { ...shape, patternRows: rows, patternColumns: columns },
    numbers,
    calibration,
    source: {
      format,
      path: file.path,
      dataset: path,
      bytes: Deno.statSync(file.path).size,
      notes: { ...notes, ...scatteredNotes },
    },
    warnings: [...arrangement.warnings, ...warnings, ...missing],
  }, reader);
  if (!reversed) return opened;
  const transposed = (scan: Scan) => orientDetector(scan, { detectorTranspose: true });
  return isSeries(opened) ? deriveSeries(opened, transposed, { shape }) : transposed(opened);
}
