/** How the axes of an array in a file become a scan or a series. */

import { BadParameter, CorruptFile, ShapeUnknown, UnsupportedFormat } from "../scan/errors.ts";
import type { ScanShape } from "../scan/shape.ts";
import { fittingShapes } from "./fitting_shapes.ts";
import type { OpenOptions } from "./format.ts";
import { presentRows, refuseSeries } from "./partial_rows.ts";
import { leaveOutSingleAxes } from "./single_axes.ts";

/** Where an array lies, for messages. */
export interface ArrayPlace {
  readonly file: string;
  readonly dataset?: string;
}

/** Frames (of a series only) and shape of an array of patterns. */
export interface Arrangement {
  readonly frames?: number;
  readonly shape: ScanShape;
  /** See {@link Scan.announcedRows}. */
  readonly announcedRows?: number;
}

/** How the axes of an array are arranged, and which of them. */
export interface AxesArrangement extends Arrangement {
  /** The axes that are read, by number, slowest first; the others have one element. The last two are the detector. */
  readonly axes: readonly number[];
  /** Plain sentences about axes that were left out. */
  readonly warnings: readonly string[];
}

/** The array as a person would name it. */
export function nameOf(place: ArrayPlace): string {
  return place.dataset === undefined ? place.file : `${place.dataset} in ${place.file}`;
}

/**
 * Reads 5D as (frame, row, column, qy, qx), 4D as (row, column, qy, qx), and 3D as (position, qy, qx) to be
 * arranged by the user's scan shape. A scan shape given for 4D or 5D rearranges the positions of each frame, which
 * are in raster order. Axes of one element that are none of these are left out; see {@link leaveOutSingleAxes}.
 *
 * @param allLengths lengths of the axes, slowest first
 * @param firstAxis what the file calls the first axis, if it says so
 * @throws {UnsupportedFormat} when there are fewer than three or more than five axes
 * @throws {ShapeUnknown} when the array is 3D and the user gives no scan shape
 * @throws {BadParameter} when the scan shape has not as many positions as the array
 * @throws {CorruptFile} when an axis is empty or a length impossible
 */
export function arrangeAxes(
  allLengths: readonly number[],
  bytesPerPixel: number,
  options: OpenOptions,
  place: ArrayPlace,
  firstAxis?: string,
): AxesArrangement {
  const { axes, warnings } = leaveOutSingleAxes(allLengths, options, nameOf(place), firstAxis);
  const lengths = axes.map((axis) => allLengths[axis]);
  if (lengths.length < 3 || lengths.length > 5) {
    const axes = lengths.length === 1 ? "one axis" : `${lengths.length} axes`;
    throw new UnsupportedFormat(`${nameOf(place)} has ${axes}, which makes no 4D-STEM scan`, {
      ...place,
      expected: "4 axes (row, column, qy, qx), 5 for a series, or 3 with a scan shape",
      found: `shape ${lengths.join(" x ")}`,
      remedy: "save the array as (row, column, qy, qx)",
    });
  }
  const bytes = lengths.reduce((product, length) => product * length, bytesPerPixel);
  if (lengths.some((length) => !Number.isSafeInteger(length) || length < 1) || !Number.isSafeInteger(bytes)) {
    throw new CorruptFile(`${nameOf(place)} has the impossible shape ${lengths.join(" x ")}`, {
      ...place,
      expected: "axes of at least one element",
      found: lengths.join(" x "),
      remedy: "save the array again",
    });
  }
  const [patternRows, patternColumns] = lengths.slice(-2);
  const frames = lengths.length === 5 ? lengths[0] : undefined;
  if (frames !== undefined && options.partial) refuseSeries(nameOf(place), frames);
  if (lengths.length > 3 && !options.scanShape) {
    const [rows, columns] = lengths.slice(-4);
    return { frames, shape: { rows, columns, patternRows, patternColumns }, axes, warnings };
  }
  const positions = lengths.length === 3 ? lengths[0] : lengths.at(-4)! * lengths.at(-3)!;
  if (isPartial(options)) {
    const { announcedRows, ...scan } = presentRows(nameOf(place), positions, options.scanShape);
    return { shape: { ...scan, patternRows, patternColumns }, announcedRows, axes, warnings };
  }
  const { rows, columns } = requireScanShape(positions, options, place);
  return { frames, shape: { rows, columns, patternRows, patternColumns }, axes, warnings };
}

/** Whether the whole rows that are there of the user's scan shape are asked for. */
function isPartial(
  options: OpenOptions,
): options is OpenOptions & Required<Pick<OpenOptions, "scanShape">> {
  return options.partial === true && options.scanShape !== undefined && !options.skipFrames;
}

/**
 * The user's scan shape, which must have exactly `positions` probe positions. With frames to be skipped, one row of all
 * positions: it is cut and shaped when the file is open.
 *
 * @param hint what else the file says about its shape, a sentence part such as "lines may begin with prescan frames"
 * @throws {ShapeUnknown} when the user gives none
 * @throws {BadParameter} when the numbers do not match
 */
export function requireScanShape(
  positions: number,
  options: OpenOptions,
  place: ArrayPlace,
  hint?: string,
): { rows: number; columns: number } {
  const { scanShape, skipFrames } = options;
  if (skipFrames) return { rows: 1, columns: positions };
  if (!scanShape) {
    const one = positions === 1;
    throw new ShapeUnknown(
      one
        ? `${nameOf(place)} holds a single pattern and no scan`
        : `${nameOf(place)} holds ${positions} patterns but does not say how they form rows and columns` +
          (hint ? `; ${hint}` : ""),
      {
        ...place,
        expected: "a scan shape",
        found: one ? "one pattern" : `a stack of ${positions} patterns`,
        parameter: "scanShape",
        patterns: positions,
        shapes: fittingShapes(positions),
        remedy: one
          ? "open the file of the whole scan, or give `scanShape` 1x1"
          : `give \`scanShape\` ROWSxCOLUMNS with ROWS times COLUMNS = ${positions}`,
      },
    );
  }
  const { rows, columns } = scanShape;
  if (rows * columns !== positions) {
    throw new BadParameter(
      `\`scanShape\` ${rows}x${columns} has ${rows * columns} positions, but ${
        nameOf(place)
      } has ${positions}` +
        (hint ? `; ${hint}` : ""),
      {
        ...place,
        expected: `${positions} positions`,
        found: `${rows} x ${columns} = ${rows * columns}`,
        parameter: "scanShape",
        patterns: positions,
        shapes: fittingShapes(positions),
        remedy: `give \`scanShape\` ROWSxCOLUMNS with ROWS times COLUMNS = ${positions}`,
      },
    );
  }
  return { rows, columns };
}
