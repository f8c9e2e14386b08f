/** Any other HDF5 file: the data set that the user names, or the only one that can be a scan. */

import { BadParameter, ShapeUnknown, UnsupportedFormat } from "../../scan/errors.ts";
import { quoteArgument } from "../../scan/quote_argument.ts";
import type { Scan, Series } from "../../scan/scan.ts";
import { fittingShapes } from "../fitting_shapes.ts";
import type { FileContext } from "../file_context.ts";
import type { OpenOptions } from "../format.ts";
import { listNames } from "../list_names.ts";
import { describeArray, lengthsOf } from "./array.ts";
import type { Hdf5Dataset, Hdf5File } from "./file.ts";
import { chooseArray, distinctArrays, normalisePath, openArrays } from "./open_arrays.ts";
import { openTurned } from "./turned_array.ts";

/**
 * Opens the data set that `--dataset` names, or the only one with four or five axes (three with a scan shape).
 *
 * @throws {BadParameter} when the named data set does not exist, or there are several to choose from
 * @throws {ShapeUnknown} when the only candidate is a stack of patterns without a scan shape
 * @throws {UnsupportedFormat} when no data set can be a scan
 */
export async function openDataset(
  file: Hdf5File,
  options: OpenOptions,
  { head }: FileContext,
): Promise<Scan | Series> {
  const [path, dataset] = options.dataset === undefined
    ? findDataset(file, options)
    : namedDataset(file, options.dataset);
  const array = describeArray(file, path, dataset), description = { format: "HDF5", dataset: path };
  const matlab = file.attribute(path, "MATLAB_class") !== undefined || isMatlab(head);
  // With a scan shape the user says that the axes are in order as they lie in the file.
  if (!matlab || options.scanShape || array.lengths.length < 4) {
    return await openArrays(file, [array], options, description);
  }
  return await openTurned(file, array, options, { ...description, warnings: [matlabOrder] }, "reversed");
}

/** MATLAB's arrays have their axes in HDF5 from the last to the first. */
const matlabOrder =
  "the array is taken as MATLAB has it, (row, column, qy, qx); if its patterns are data(:,:,1,1) there, " +
  "give --scan-shape ROWSxCOLUMNS";

/** Whether a file begins with the text that MATLAB puts before HDF5. */
function isMatlab(head: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(head.subarray(0, 6)) === "MATLAB";
}

/** A picture whose last axis is no longer has a colour in each pixel, and three axes, too. */
const mostColours = 4;

/** What a search has found. */
interface Search {
  /** Data sets with four or five axes. */
  readonly scans: readonly string[];
  /** Data sets with three axes, the largest first; colour images only where there is nothing else. */
  readonly stacks: readonly string[];
  readonly others: readonly string[];
  /** Whether all data sets were looked at. */
  readonly complete: boolean;
}

function search(file: Hdf5File): Search {
  const scans: string[] = [], others: string[] = [];
  const stacks: { readonly path: string; readonly elements: number; readonly colours: boolean }[] = [];
  const walk = file.walk();
  let step = walk.next();
  for (; !step.done; step = walk.next()) {
    const { path, dataset } = step.value, lengths = lengthsOf(file, path, dataset);
    if (lengths.length >= 4 && lengths.length <= 5) scans.push(path);
    else if (lengths.length === 3) {
      const elements = lengths.reduce((product, length) => product * length, 1);
      stacks.push({ path, elements, colours: lengths[2] <= mostColours });
    } else others.push(path);
  }
  const patterns = stacks.filter(({ colours }) => !colours);
  const kept = patterns.length > 0 || scans.length > 0 ? patterns : stacks;
  const sorted = kept.sort((a, b) => b.elements - a.elements).map(({ path }) => path);
  return { scans, stacks: sorted, others, complete: step.value };
}

function namedDataset(file: Hdf5File, name: string): [string, Hdf5Dataset] {
  const path = normalisePath(name);
  const dataset = file.dataset(path);
  if (dataset) return [path, dataset];
  file.refuseForeign(path);
  const broken = file.brokenLink(path);
  if (broken) throw new BadParameter(broken.message, { ...broken.details, parameter: "dataset" });
  const { scans, stacks } = search(file), others = [...scans, ...stacks];
  throw new BadParameter(`${file.path} has no data set ${path}`, {
    file: file.path,
    dataset: path,
    expected: others.length > 0 ? `one of ${listNames(others)}` : "a data set with at least three axes",
    found: file.group(path) ? "a group" : "nothing of this name",
    parameter: "dataset",
    datasets: others,
    remedy: others.length > 0
      ? `name an existing data set, such as \`dataset\` ${quoteArgument(others[0])}`
      : "choose another file",
  });
}

/** The patterns of a stack, and shapes that they may have. */
function shapesOf(file: Hdf5File, path: string) {
  const [patterns] = lengthsOf(file, path, file.dataset(path)!);
  return { patterns, shapes: fittingShapes(patterns) };
}

function findDataset(file: Hdf5File, options: OpenOptions): [string, Hdf5Dataset] {
  const found = search(file), possible = options.scanShape ? [...found.scans, ...found.stacks] : found.scans;
  const scans = distinctArrays(file, possible, options);
  const path = chooseArray(file, scans, options);
  if (path !== undefined) return [path, file.dataset(path)!];
  const stacks = distinctArrays(file, found.stacks, options);
  if (stacks.length > 0) {
    throw new ShapeUnknown(`${file.path} holds stacks of patterns but does not say how they form a scan`, {
      file: file.path,
      expected: "a data set with four axes (row, column, qy, qx), or a scan shape",
      found: listNames(stacks),
      parameter: "scanShape",
      datasets: stacks,
      ...(stacks.length === 1 && shapesOf(file, stacks[0])),
      remedy: stacks.length === 1
        ? `give \`scanShape\` ROWSxCOLUMNS with ROWS times COLUMNS = ${shapesOf(file, stacks[0]).patterns}`
        : `give \`scanShape\` ROWSxCOLUMNS and \`dataset\`, such as \`dataset\` ${quoteArgument(stacks[0])}`,
    });
  }
  const [broken] = file.brokenLinks;
  if (broken) throw broken;
  const { others, complete } = found;
  throw new UnsupportedFormat(
    complete
      ? `${file.path} holds no 4D-STEM scan`
      : `no 4D-STEM scan was found in ${file.path}, which holds more than could be looked at`,
    {
      file: file.path,
      expected: "a data set with four axes (row, column, qy, qx)",
      found: others.length > 0 ? listNames(others) : "no data set",
      ...(!complete && { parameter: "dataset" }),
      remedy: complete ? "choose another file" : "name the data set with `dataset`",
    },
  );
}
