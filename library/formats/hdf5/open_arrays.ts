/** What all kinds of HDF5 file share: choosing a data set, making a scan of it, and the step of an axis of values. */

import type { Calibration } from "../../scan/calibration.ts";
import { BadParameter } from "../../scan/errors.ts";
import { arrangePatterns, type PatternDescription } from "../../scan/pattern_reader.ts";
import type { Scan, ScanSource, Series } from "../../scan/scan.ts";
import { numberBytes } from "../../scan/stored_number.ts";
import { arrangeAxes, type Arrangement } from "../axes.ts";
import type { OpenOptions } from "../format.ts";
import { listNames } from "../list_names.ts";
import { type Hdf5Array, readPatternsOf } from "./array.ts";
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
  readonly warnings?: readonly string[];
  readonly notes?: ScanSource["notes"];
  /** Size of all files together, where it is not that of `file`. */
  readonly bytes?: number;
}

/**
 * The scan or series in `arrays`, whose patterns follow each other; closing it closes the file.
 *
 * @param arrangement default: as the axes of the only array say
 */
// deno-lint-ignore require-await
export async function openArrays(
  file: Hdf5File,
  arrays: readonly Hdf5Array[],
  options: OpenOptions,
  description: ArrayDescription,
  arrangement: Arrangement = arrangeArray(file, arrays[0], options),
): Promise<Scan | Series> {
  const { format, dataset, calibration = {}, badPixels, warnings = [], notes, bytes } = description;
  for (const { path, dataset, numbers } of arrays) {
    if (numbers === "f16") requireHalves(file, path, dataset);
  }
  const { reader, warnings: more } = readPatternsOf(file, arrays);
  const patterns: PatternDescription = {
    ...arrangement,
    numbers: arrays[0].numbers,
    calibration,
    source: { format, path: file.path, dataset, bytes: bytes ?? Deno.statSync(file.path).size, notes },
    badPixels,
    warnings: [...warnings, ...more],
    stored: locatePatterns(arrays),
  };
  return arrangePatterns(patterns, {
    readPatterns: (first, count, into) => reader.readPatterns(first, count, into),
    close() {
      reader.close();
      file.close();
    },
  });
}

/** How the axes of an array form a scan; see {@link arrangeAxes} for what it throws. */
export function arrangeArray(file: Hdf5File, array: Hdf5Array, options: OpenOptions): Arrangement {
  return arrangeAxes(array.lengths, numberBytes(array.numbers), options, {
    file: file.path,
    dataset: array.path,
  });
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
    remedy: `name one with \`dataset\`, such as \`dataset\` ${paths[0]}`,
  });
}

/** Distance of the first two values of the axis at `path`; `undefined` where there are none. */
export function stepAt(file: Hdf5File, path: string): number | undefined {
  const values = file.value(path);
  const [first, second] = Array.isArray(values) ? values : [];
  return typeof first === "number" && typeof second === "number" ? second - first : undefined;
}
