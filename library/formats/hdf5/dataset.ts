/** Any other HDF5 file: the data set that the user names, or the only one that can be a scan. */

import { BadParameter, ShapeUnknown, UnsupportedFormat } from "../../scan/errors.ts";
import type { Scan, Series } from "../../scan/scan.ts";
import { fittingShapes } from "../fitting_shapes.ts";
import type { OpenOptions } from "../format.ts";
import { listNames } from "../list_names.ts";
import { describeArray, lengthsOf } from "./array.ts";
import { type Hdf5Dataset, type Hdf5File, mostNodes } from "./file.ts";
import { chooseArray, normalisePath, openArrays } from "./open_arrays.ts";

/**
 * Opens the data set that `--dataset` names, or the only one with four or five axes (three with a scan shape).
 *
 * @throws {BadParameter} when the named data set does not exist, or there are several to choose from
 * @throws {ShapeUnknown} when the only candidate is a stack of patterns without a scan shape
 * @throws {UnsupportedFormat} when no data set can be a scan, or its axes are in the order of MATLAB
 */
export async function openDataset(file: Hdf5File, options: OpenOptions): Promise<Scan | Series> {
  const [path, dataset] = options.dataset === undefined
    ? findDataset(file, options)
    : namedDataset(file, options.dataset);
  refuseReversedAxes(file, path, options);
  return await openArrays(file, [describeArray(file, path, dataset)], options, {
    format: "HDF5",
    dataset: path,
  });
}

/**
 * MATLAB's arrays have their axes in HDF5 from the last to the first: who had (row, column, qy, qx) there has patterns
 * that are spread over the whole file here. With a scan shape the user says that it is not so.
 */
function refuseReversedAxes(file: Hdf5File, path: string, { scanShape }: OpenOptions): void {
  if (scanShape || file.attribute(path, "MATLAB_class") === undefined) return;
  throw new UnsupportedFormat(
    `${path} in ${file.path} was written by MATLAB, which reverses the order of axes`,
    {
      file: file.path,
      dataset: path,
      expected: "(row, column, qy, qx), which is an array of (qx, qy, column, row) in MATLAB",
      found: "an array of MATLAB",
      parameter: "scanShape",
      remedy:
        "save permute(data, [4 3 2 1]); if the array was saved in that order already, give `scanShape` ROWSxCOLUMNS",
    },
  );
}

/** Data sets with at least `least` and at most five axes. */
function candidates(file: Hdf5File, least: number): string[] {
  const paths: string[] = [];
  for (const { path, dataset } of file.walk()) {
    const axes = lengthsOf(file, path, dataset).length;
    if (axes >= least && axes <= 5) paths.push(path);
  }
  return paths;
}

function namedDataset(file: Hdf5File, name: string): [string, Hdf5Dataset] {
  const path = normalisePath(name);
  const dataset = file.dataset(path);
  if (dataset) return [path, dataset];
  file.refuseForeign(path);
  const broken = file.brokenLink(path);
  if (broken) throw new BadParameter(broken.message, { ...broken.details, parameter: "dataset" });
  const others = candidates(file, 3);
  throw new BadParameter(`${file.path} has no data set ${path}`, {
    file: file.path,
    dataset: path,
    expected: others.length > 0 ? `one of ${listNames(others)}` : "a data set with at least three axes",
    found: file.group(path) ? "a group" : "nothing of this name",
    parameter: "dataset",
    datasets: others,
    remedy: others.length > 0
      ? `name an existing data set, such as \`dataset\` ${others[0]}`
      : "choose another file",
  });
}

/** The patterns of a stack, and shapes that they may have. */
function shapesOf(file: Hdf5File, path: string) {
  const [patterns] = lengthsOf(file, path, file.dataset(path)!);
  return { patterns, shapes: fittingShapes(patterns) };
}

/** The data set that is looked for may be among those that were not looked at. */
function tooManyNodes(file: Hdf5File): BadParameter {
  return new BadParameter(
    `${file.path} holds more than ${mostNodes} groups and data sets, too many to look at`,
    {
      file: file.path,
      expected: "the path of the data set with the scan",
      found: `more than ${mostNodes} names, of which the first are of no scan`,
      parameter: "dataset",
      remedy: "name the data set with `dataset`",
    },
  );
}

function findDataset(file: Hdf5File, options: OpenOptions): [string, Hdf5Dataset] {
  const found = candidates(file, options.scanShape ? 3 : 4);
  const path = chooseArray(file, found, options);
  if (path !== undefined) return [path, file.dataset(path)!];
  const stacks = candidates(file, 3);
  if (stacks.length > 0) {
    throw new ShapeUnknown(`${file.path} holds stacks of patterns but does not say how they form a scan`, {
      file: file.path,
      expected: "a data set with four axes (row, column, qy, qx), or a scan shape",
      found: listNames(stacks),
      parameter: "scanShape",
      datasets: stacks,
      ...(stacks.length === 1 && shapesOf(file, stacks[0])),
      remedy: stacks.length === 1
        ? "give `scanShape` ROWSxCOLUMNS"
        : `give \`scanShape\` ROWSxCOLUMNS and \`dataset\`, such as \`dataset\` ${stacks[0]}`,
    });
  }
  const [broken] = file.brokenLinks;
  if (broken) throw broken;
  if (!file.allWalked) throw tooManyNodes(file);
  const others = candidates(file, 0);
  throw new UnsupportedFormat(`${file.path} holds no 4D-STEM scan`, {
    file: file.path,
    expected: "a data set with four axes (row, column, qy, qx)",
    found: others.length > 0 ? listNames(others) : "no data set",
    remedy: "choose another file",
  });
}
