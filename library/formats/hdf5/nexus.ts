/** NeXus files of any application: which data set is the plottable one, and what its axes are. */

import { FileUnavailable, UnsupportedFormat } from "../../scan/errors.ts";
import { quoteArgument } from "../../scan/quote_argument.ts";
import type { Scan, Series } from "../../scan/scan.ts";
import { axisCalibration, lastFour, refuseSwappedAxes, turnedAxes, unknownStep } from "../axis_steps.ts";
import type { OpenOptions } from "../format.ts";
import { describeArray, lengthsOf } from "./array.ts";
import type { Hdf5File } from "./file.ts";
import { axisSteps, beamOf } from "./nexus_axes.ts";
import { turnedSentence, turnSteps } from "../turned_array.ts";
import { openTurned } from "./turned_array.ts";
import { childPath, childrenOf, namesIn } from "./nexus_groups.ts";
import {
  arrangeArray,
  chooseArray,
  distinctArrays,
  normalisePath,
  openArrays,
  placeOf,
} from "./open_arrays.ts";

/** Links of `default` from one group to the next; hostile files have cycles. */
const mostDefaults = 8;

/**
 * Opens the data that a NeXus file shows by default: the `signal` of the group that the attributes `default` lead to, or
 * without those, of the only group of class NXdata that has enough axes.
 *
 * @returns `undefined` when there is no such group, or `--dataset` names something else
 * @throws {BadParameter} when there are several and the user names none
 * @throws {FileUnavailable} when the signal lies in another file that is missing, or must not be opened
 * @throws {UnsupportedFormat} when the signal is said to be of spectra or of colours, or its axes stand the other way round
 */
export async function openNexus(file: Hdf5File, options: OpenOptions): Promise<Scan | Series | undefined> {
  const wanted = options.dataset === undefined ? undefined : normalisePath(options.dataset);
  const shown = wanted === undefined ? signalsOf(file, [defaultGroup(file)], options) : new Map();
  const signals = shown.size > 0 ? shown : signalsOf(file, allGroups(file), options);
  const path = wanted === undefined
    ? chooseArray(file, distinctArrays(file, [...signals.keys()], options), options)
    : findSignal(file, signals, wanted);
  if (path === undefined) return undefined;
  if (wanted === undefined) refuseOtherSignals(file, path);
  const array = describeArray(file, path, file.dataset(path)!);
  const arrangement = arrangeArray(file, array, options), group = signals.get(path)!;
  const all = axisSteps(file, group, path, array.lengths.length);
  const steps = lastFour(arrangement.axes).map((axis) => axis === undefined ? unknownStep : all[axis]);
  const warnings: string[] = [], turned = array.lengths.length === 4 ? turnedAxes(steps, options) : undefined;
  if (turned) {
    warnings.push(turnedSentence(turned));
    const calibration = { ...axisCalibration(turnSteps(steps, turned), warnings), ...beamOf(file, group) };
    const description = { format: "NeXus", dataset: path, calibration, warnings };
    return await openTurned(file, array, options, description, turned);
  }
  refuseSwappedAxes({ file: file.path, dataset: path }, steps, options);
  return await openArrays(file, [array], options, {
    format: "NeXus",
    dataset: path,
    calibration: { ...axisCalibration(steps, warnings), ...beamOf(file, group) },
    warnings,
  }, arrangement);
}

/** The signals of groups that have enough axes, each with its group. */
function signalsOf(
  file: Hdf5File,
  groups: readonly (string | undefined)[],
  { scanShape }: OpenOptions,
): Map<string, string> {
  const signals = new Map<string, string>(), least = scanShape ? 3 : 4;
  for (const group of groups) {
    const path = group && signalOf(file, group);
    if (!group || !path || signals.has(path)) continue;
    if (lengthsOf(file, path, file.dataset(path)!).length >= least) signals.set(path, group);
  }
  return signals;
}

/** The signal that is meant by its own path, by that of its group, or by another name of the same array. */
function findSignal(
  file: Hdf5File,
  signals: ReadonlyMap<string, string>,
  wanted: string,
): string | undefined {
  const paths = [...signals.keys()];
  const named = paths.find((path) => path === wanted || signals.get(path) === wanted);
  if (named !== undefined || !file.dataset(wanted)) return named;
  const place = placeOf(file, wanted);
  for (const path of paths) if (placeOf(file, path) === place) return path;
  return undefined;
}

/** The group of class NXdata that the attributes `default` lead to, or the only one in the entry that they lead to. */
function defaultGroup(file: Hdf5File): string | undefined {
  let group = "/";
  for (let links = 0; links < mostDefaults; links++) {
    const next = file.text(group, "default");
    if (next === undefined) break;
    group = childPath(group, next);
    if (file.text(group, "NX_class") === "NXdata") return group;
  }
  const [only, ...more] = group === "/" ? [] : childrenOf(file, group, "NXdata");
  return more.length === 0 ? only : undefined;
}

function allGroups(file: Hdf5File): string[] {
  return childrenOf(file, "/", "NXentry").flatMap((entry) => childrenOf(file, entry, "NXdata"));
}

/** The attribute `signal` of the group names it; in older files a data set says `signal` = 1, or is called `data`. */
function signalOf(file: Hdf5File, group: string): string | undefined {
  const named = file.text(group, "signal");
  const marked = () =>
    namesIn(file, group).find((name) => {
      const signal = file.attribute(`${group}/${name}`, "signal");
      return Number(Array.isArray(signal) ? signal[0] : signal) === 1;
    });
  const path = childPath(group, named ?? marked() ?? "data");
  if (file.dataset(path)) return path;
  const link = named === undefined ? undefined : file.externalLink(path);
  if (!link) return undefined;
  file.refuseForeign(path);
  throw new FileUnavailable(`${path} in ${file.path} lies in ${link.file}, which is missing`, {
    file: file.path,
    dataset: path,
    expected: `${link.path} in ${link.file}`,
    found: "no such file or data set",
    remedy: `put ${link.file} beside the file`,
  });
}

function refuseOtherSignals(file: Hdf5File, path: string): void {
  const said = file.text(path, "interpretation");
  if (said === undefined || !/^(scalar|spectrum|rgba?-image|hsla?-image|cmyk-image)$/i.test(said)) return;
  throw new UnsupportedFormat(`${path} in ${file.path} is said to hold no diffraction patterns`, {
    file: file.path,
    dataset: path,
    expected: "an interpretation as images, or none",
    found: `interpretation "${said}"`,
    parameter: "dataset",
    remedy: `if its last two axes are a detector, name it with \`dataset\` ${quoteArgument(path)}`,
  });
}
