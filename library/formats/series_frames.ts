/** Which scans a series is made of: frames of 5D files, files, and files of folders, in the order in which they were recorded. */

import { extname, join } from "node:path";
import { BadParameter, CrystalliteError, fromSystemError } from "../scan/errors.ts";
import { isSeries } from "../scan/scan.ts";
import type { ScanShape } from "../scan/shape.ts";
import { numberedNames } from "./frame_names.ts";
import { endingsOfFormats, isOfKnownFormat, isScanFolder } from "./known_formats.ts";
import { openFile, type OpenScanOptions } from "./open.ts";

/** A frame of a series. */
export interface FrameSource {
  readonly path: string;
  /** Its number in the file, where that holds several. */
  readonly frame?: number;
  /** Its shape in the file; absent where it could not be looked at, or was not. */
  readonly shape?: ScanShape;
  /** Why it could not be looked at. */
  readonly failure?: CrystalliteError;
}

/** Which frames of all are taken: from `first` on, each `step`-th, below `end`. */
export interface FrameRange {
  readonly first: number;
  readonly end: number;
  readonly step: number;
}

/**
 * Lists the frames of the inputs, one after the other: a 5D file gives its frames, a folder that is no scan its scans in
 * natural order of their names, everything else one frame. Files that cannot be opened are frames that failed.
 *
 * @throws {FileUnavailable} when an input is not there
 * @throws {BadParameter} when there are no frames
 */
export async function listFrames(
  inputs: readonly string[],
  options: OpenScanOptions,
  range?: FrameRange,
): Promise<FrameSource[]> {
  const sources: FrameSource[] = [];
  for (const path of (await Promise.all(inputs.map(filesOf))).flat()) {
    sources.push(...await framesOf(path, options));
  }
  const taken = range
    ? sources.filter((_, index) =>
      index >= range.first && index < range.end && (index - range.first) % range.step === 0
    )
    : sources;
  if (taken.length > 0) return taken;
  throw new BadParameter("the series has no frames", {
    expected: range ? `frames ${range.first} to ${range.end - 1}` : "at least one scan",
    found: `${sources.length} frames`,
    remedy: "choose frames that are there, or name other files",
  });
}

async function filesOf(path: string): Promise<string[]> {
  try {
    if (!(await Deno.stat(path)).isDirectory || isScanFolder(path)) return [path];
    return await scansInOrder(path, true);
  } catch (cause) {
    throw fromSystemError(cause, path, "read");
  }
}

/**
 * The scans of a folder in natural order of their names: files of formats that we read, but for hidden ones, those that are
 * still being written, and the data files beside a Dectris master.
 *
 * @param damaged whether files are meant too that do not begin as a scan, but are named as one beside others of that name
 */
export async function scansInOrder(folder: string, damaged = false): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && !leftBehind.test(name)) names.push(name);
  }
  const masters = new Set(
    names.map((name) => masterName.exec(name)?.[1]).filter((stem) => stem !== undefined),
  );
  const meant = names.filter((name) => !masters.has(dataName.exec(name)?.[1] ?? ""));
  const known = new Set(meant.filter((name) => isOfKnownFormat(join(folder, name))));
  const endings = new Set(damaged ? Array.from(known, endingOf) : []);
  const scans = meant.filter((name) =>
    known.has(name) || endings.has(endingOf(name)) && endingsOfFormats().has(endingOf(name))
  );
  const collator = new Intl.Collator("en", { numeric: true });
  const ordered = scans.length > 0 && numberedNames(scans) ||
    scans.sort((one, other) => collator.compare(one, other));
  return ordered.map((name) => join(folder, name));
}

function endingOf(name: string): string {
  return extname(name).slice(1).toLowerCase();
}

/** Names of a Dectris master and of its data files, with what they begin with. */
const masterName = /^(.*)_master\.h5$/i, dataName = /^(.*)_data_\d+\.h5$/i;

/** Hidden files, and what is still being written. */
const leftBehind = /^\.|~$|\.(tmp|part|partial)$/i;

async function framesOf(path: string, options: OpenScanOptions): Promise<FrameSource[]> {
  try {
    const opened = await openFile(path, options);
    opened.close();
    const { shape } = opened;
    if (!isSeries(opened)) return [{ path, shape }];
    return Array.from({ length: opened.frames }, (_, frame) => ({ path, frame, shape }));
  } catch (cause) {
    if (!(cause instanceof CrystalliteError)) throw cause;
    return [{ path, failure: cause }];
  }
}
