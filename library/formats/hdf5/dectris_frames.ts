/** The frames that a Dectris master links to, and whether they are all there and fit each other. */

import { CorruptFile, FileUnavailable, UnsupportedFormat } from "../../scan/errors.ts";
import { numberName } from "../../scan/stored_number.ts";
import type { Folder } from "../folder.ts";
import type { OpenOptions } from "../format.ts";
import { describeArray } from "./array.ts";
import type { Hdf5Array } from "./array_axes.ts";
import { Hdf5File } from "./file.ts";
import { ForeignFile, lastPart } from "./linked_files.ts";

/** Group of a master with links to its data files. */
export const dataGroup = "/entry/data";

/** The data files of a master. */
export interface DectrisFrames {
  /** Those that hold frames, in the order of acquisition. */
  readonly parts: readonly Hdf5Array[];
  /** Names of those that are not there. */
  readonly missing: readonly string[];
  readonly frames: number;
}

/**
 * Follows the links of a master.
 *
 * @param names those of the links
 * @param announced frames that the master says to have, where it says it
 * @param options whether the recording may go on: the first files are enough then
 * @throws {FileUnavailable} when frames are missing because data files are, or a data file must not be opened
 * @throws {CorruptFile} when the data files do not fit each other
 */
export function linkedFrames(
  file: Hdf5File,
  names: readonly string[],
  announced: number | undefined,
  beside: Folder,
  { partial = false }: Pick<OpenOptions, "partial"> = {},
): DectrisFrames {
  const parts: Hdf5Array[] = [], missing: string[] = [];
  for (const name of names) {
    const path = `${dataGroup}/${name}`;
    const part = partBeside(file, path, beside) ?? partAt(file, path);
    if (part) parts.push(part);
    else {
      file.refuseForeign(path);
      missing.push(file.externalLink(path)?.file ?? name);
      // Data files are written one after the other: what comes behind one that is not there yet is not believed.
      if (partial) break;
    }
  }
  const filled = parts.filter(({ lengths }) => lengths[0] !== 0), kept = filled.length > 0 ? filled : parts;
  const found = { parts: kept, missing, frames: kept.reduce((sum, { lengths }) => sum + lengths[0], 0) };
  if (!partial || kept.length === 0) requireFrames(file, found, announced);
  requireOneKind(file, kept);
  requireOrder(file, kept);
  return found;
}

function partAt(file: Hdf5File, path: string): Hdf5Array | undefined {
  const dataset = file.dataset(path);
  return dataset && describeArray(file, path, dataset);
}

/** A link with the path of another machine, perhaps of Windows, means nothing here: its last part is looked for beside the master. */
function partBeside(file: Hdf5File, path: string, beside: Folder): Hdf5Array | undefined {
  const link = file.externalLink(path);
  const name = link && lastPart(link.file), place = name && beside.file(name);
  if (!link || !place || isThere(file, link.file)) return undefined;
  const owner = Hdf5File.openLinked(place, file);
  file.adopt(owner);
  const part = partAt(owner, link.path);
  return part && { ...part, owner };
}

/** Whether there is a file of a name that may be opened. */
function isThere({ linked, path }: Hdf5File, name: string): boolean {
  try {
    return linked.find(path, name) !== undefined;
  } catch (cause) {
    if (cause instanceof ForeignFile) return false;
    throw cause;
  }
}

/** Frames may be fewer than announced, because scans are stopped, but not because a data file is missing. */
function requireFrames(
  file: Hdf5File,
  { parts, missing, frames }: DectrisFrames,
  announced: number | undefined,
): void {
  if (parts.length > 0 && (missing.length === 0 || (announced !== undefined && frames >= announced))) return;
  const details = {
    file: file.path,
    expected: announced === undefined ? "all data files" : `${announced} frames`,
    found: `${frames} frames in ${parts.length} data files`,
  };
  const present = missing.find((name) => isThere(file, name));
  if (present !== undefined) {
    throw new CorruptFile(`the data file ${present} of ${file.path} cannot be opened`, {
      ...details,
      remedy: `copy ${present} again`,
    });
  }
  throw new FileUnavailable(`the data file ${missing[0]} of ${file.path} is missing`, {
    ...details,
    remedy: `put ${missing.join(", ")} beside the master file`,
  });
}

function requireOneKind(file: Hdf5File, parts: readonly Hdf5Array[]): void {
  for (const { path, lengths, numbers } of parts) {
    if (lengths.length !== 3) {
      throw new UnsupportedFormat(`${path} in ${file.path} has ${lengths.length} axes, not three`, {
        file: file.path,
        dataset: path,
        expected: "(frame, qy, qx)",
        found: lengths.join(" x "),
        parameter: "dataset",
        remedy: "name one data set with `dataset`",
      });
    }
    const [first] = parts;
    const alike = numbers === first.numbers && lengths[1] === first.lengths[1] &&
      lengths[2] === first.lengths[2];
    if (alike && lengths.every((length) => length > 0)) continue;
    throw new CorruptFile(`the data files of ${file.path} do not fit each other`, {
      file: file.path,
      dataset: path,
      expected: `patterns of ${first.lengths[1]} x ${first.lengths[2]} ${numberName(first.numbers)}`,
      found: `${lengths.join(" x ")} ${numberName(numbers)}`,
      remedy: "put the data files that belong to the master beside it",
    });
  }
}

/** Data files say which images they hold, counted from 1; a gap means that one is missing or out of place. */
function requireOrder(file: Hdf5File, parts: readonly Hdf5Array[]): void {
  let next = 1;
  for (const { path, lengths } of parts) {
    const low = file.number(path, "image_nr_low"), high = file.number(path, "image_nr_high");
    if ((low ?? next) !== next || (high ?? next + lengths[0] - 1) !== next + lengths[0] - 1) {
      throw new CorruptFile(`${path} of ${file.path} does not continue where the data file before it ends`, {
        file: file.path,
        dataset: path,
        expected: `images ${next} to ${next + lengths[0] - 1}`,
        found: `images ${low} to ${high}`,
        remedy: "put the data files that belong to the master beside it",
      });
    }
    next += lengths[0];
  }
}
