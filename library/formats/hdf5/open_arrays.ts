/** What all kinds of HDF5 file share: choosing a data set, making a scan of it, and the step of an axis of values. */

import type { Calibration } from "../../scan/calibration.ts";
import { BadParameter } from "../../scan/errors.ts";
import { arrangePatterns, type PatternDescription } from "../../scan/pattern_reader.ts";
import { quoteArgument } from "../../scan/quote_argument.ts";
import type { Scan, ScanSource, Series } from "../../scan/scan.ts";
import { probeCount } from "../../scan/shape.ts";
import { numberBytes } from "../../scan/stored_number.ts";
import { arrangeAxes, type Arrangement, type AxesArrangement } from "../axes.ts";
import type { OpenOptions } from "../format.ts";
import { listNames } from "../list_names.ts";
import { fillWithZeros, storedWithZeros } from "../missing_patterns.ts";
import { lengthsOf, readPatternsOf } from "./array.ts";
import type { Hdf5Array } from "./array_axes.ts";
import type { Hdf5File } from "./file.ts";
import { locatePatterns } from "./layout.ts";
import { requireHalves } from "./number_type.ts";

/** What a kind of HDF5 file knows beyond the numbers. */
export interface ArrayDescription {
  /** Name of the kind of file, such as `HyperSpy`. */
  readonly format: string;
  /** Data set to show to people. */
  readonly dataset: string;
  readonly calibration?: Calibration;
  readonly badPixels?: Uint8Array;
  /** Value from which on pixels do not count any more. */
  readonly saturation?: number;
  readonly warnings?: readonly string[];
  readonly notes?: ScanSource["notes"];
  /** Size of all files together, where it is not that of `file`. */
  readonly bytes?: number;
}

/**
 * The scan or series in `arrays`, whose patterns follow each other; closing it closes the file. Patterns that the arrays
 * have not are zero: the caller says so.
 *
 * @param arrangement default: as the axes of the only array say
 */
// deno-lint-ignore require-await
export async function openArrays(
  file: Hdf5File,
  arrays: readonly Hdf5Array[],
  options: OpenOptions,
  description: ArrayDescription,
  arrangement: Arrangement | AxesArrangement = arrangeArray(file, arrays[0], options),
): Promise<Scan | Series> {
  const { format, dataset, calibration = {}, badPixels, saturation, warnings = [], notes, bytes } =
    description;
  for (const { path, dataset, numbers } of arrays) {
    if (numbers === "f16") requireHalves(file, path, dataset);
  }
  const { axes, warnings: leftOut } = "axes" in arrangement ? arrangement : { axes: undefined, warnings: [] };
  const patternAxes = axes && arrays[0].lengths.length - axes.at(-2)!;
  const stack = arrays.map((array): Hdf5Array => ({ ...array, ...(patternAxes && { patternAxes }) }));
  const { reader: present, warnings: more } = readPatternsOf(file, stack);
  const { shape, frames = 1 } = arrangement, { numbers } = arrays[0], found = countPatterns(stack);
  const missing = frames * probeCount(shape) - found;
  const reader = missing > 0 ? fillWithZeros(present, found, shape) : present;
  const stored = locatePatterns(stack, shape);
  const patterns: PatternDescription = {
    ...arrangement,
    numbers,
    calibration,
    source: { format, path: file.path, dataset, bytes: bytes ?? Deno.statSync(file.path).size, notes },
    badPixels,
    saturation,
    warnings: [...leftOut, ...warnings, ...more],
    stored: stored && missing > 0 ? storedWithZeros(stored, file.path, missing, shape, numbers) : stored,
  };
  return arrangePatterns(patterns, {
    readingBytes: present.readingBytes,
    readPatterns: (first, count, into) => reader.readPatterns(first, count, into),
    close() {
      reader.close();
      file.close();
    },
  });
}

/** Patterns of all arrays together. */
function countPatterns(arrays: readonly Hdf5Array[]): number {
  return arrays.reduce((sum, { lengths, patternAxes = 2 }) => {
    const leading = lengths.slice(0, lengths.length - patternAxes);
    return sum + leading.reduce((product, length) => product * length, 1);
  }, 0);
}

/**
 * How the axes of an array form a scan; see {@link arrangeAxes} for what it throws.
 *
 * @param firstAxis what the file calls the first axis, if it says so
 */
export function arrangeArray(
  file: Hdf5File,
  array: Hdf5Array,
  options: OpenOptions,
  firstAxis?: string,
): AxesArrangement {
  const place = { file: file.path, dataset: array.path };
  return arrangeAxes(array.lengths, numberBytes(array.numbers), options, place, firstAxis);
}

/** A path inside HDF5 with one slash in front and none behind. */
export function normalisePath(path: string): string {
  return "/" + path.split("/").filter((part) => part !== "").join("/");
}

/**
 * The data set to read: the one that `--dataset` names, itself or by its group, or else the only one.
 *
 * @returns `undefined` when `--dataset` names none of them, or there are none
 * @throws {BadParameter} when there are several and the user names none
 */
export function chooseArray(
  file: { readonly path: string },
  paths: readonly string[],
  options: OpenOptions,
): string | undefined {
  if (options.dataset !== undefined) {
    const wanted = normalisePath(options.dataset);
    return paths.find((path) => path === wanted) ??
      paths.find((path) => path.slice(0, path.lastIndexOf("/")) === wanted);
  }
  if (paths.length <= 1) return paths[0];
  throw new BadParameter(`${file.path} holds ${paths.length} data sets that could be the scan`, {
    file: file.path,
    expected: "one of its data sets",
    found: listNames(paths),
    parameter: "dataset",
    datasets: paths,
    remedy: `name one with \`dataset\`, such as \`dataset\` ${quoteArgument(paths[0])}`,
  });
}

/**
 * The arrays that have as many positions as the scan shape, if there are any, else all; and of names that lead to one array
 * the first: links, and data sets that are seen through a virtual one of the same file. With `--dataset` all, because the
 * user may mean any.
 */
export function distinctArrays(
  file: Hdf5File,
  all: readonly string[],
  { dataset, scanShape }: OpenOptions,
): readonly string[] {
  if (dataset !== undefined || all.length < 2) return all;
  const fitting = all.filter((path) => {
    const leading = lengthsOf(file, path, file.dataset(path)!).slice(0, -2);
    return scanShape && leading.reduce((a, b) => a * b, 1) === scanShape.rows * scanShape.columns;
  });
  const paths = fitting.length > 0 ? fitting : all;
  const found = new Map<string, string>();
  for (const path of paths) {
    const place = placeOf(file, path);
    if (!found.has(place)) found.set(place, path);
  }
  for (const path of paths) {
    const dataset = file.dataset(path)!;
    for (const source of file.guard(path, () => dataset.metadata.virtual_sources ?? [])) {
      if (source.file_name === "." && normalisePath(source.dset_name) !== path) {
        found.delete(placeOf(file, normalisePath(source.dset_name)));
      }
    }
  }
  return found.size > 0 ? [...found.values()] : paths;
}

/** The file and the address in it where an array lies; its path where the way to it cannot be followed. */
export function placeOf(file: Hdf5File, path: string): string {
  const object = file.object(path);
  return object ? `${object.address} ${object.file.bytes.path}` : path;
}

/** Distance of the first two values of the axis at `path`; `undefined` where there are none. */
export function stepAt(file: Hdf5File, path: string): number | undefined {
  const values = file.value(path);
  const [first, second] = Array.isArray(values) ? values : [];
  return typeof first === "number" && typeof second === "number" ? second - first : undefined;
}
