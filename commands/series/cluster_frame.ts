/** One frame of a series: its result directory, found or made. */

import { join } from "node:path";
import { openScan, type OpenScanOptions } from "../../library/formats/open.ts";
import type { FrameSource } from "../../library/formats/series_frames.ts";
import { isResultDirectory } from "../../library/results/directory.ts";
import { readResult, type StoredResult } from "../../library/results/read.ts";
import { readMasks } from "../../library/cluster/mask_files.ts";
import { checkParameters, type UnreadParameters } from "../../library/cluster/presets.ts";
import type { ExportGroup } from "../../library/results/result_files.ts";
import { BadParameter } from "../../library/scan/errors.ts";
import type { DriftOptions } from "../../library/series/drift_step.ts";
import { formatShape, type ScanShape } from "../../library/scan/shape.ts";
import type { CommandRun } from "../console/command_context.ts";
import { runClustering } from "../clusters/run_clustering.ts";
import type { SeriesSoFar } from "./series_so_far.ts";
import { frameName, storedFrame } from "./stored_frame.ts";

/** What is done with every frame. */
export interface FrameJob {
  readonly directory: string;
  readonly force: boolean;
  readonly reading: OpenScanOptions;
  /** Parameters whose masks may be in files, which are read for the shape of each scan. */
  readonly chosen: UnreadParameters;
  readonly command: readonly string[];
  /** Whether scans that do not fit the others are left out and told of; default: they end the series. */
  readonly leaveOut?: boolean;
  /** How the drift is known, where frames help each other to find regions; absent: each frame by itself. */
  readonly hints?: DriftOptions;
}

/** What every frame needs for linking. */
const frameExports: ReadonlySet<ExportGroup> = new Set(["npy", "csv", "png"]);

/** Name of a frame's result directory below that of the series. */
export function frameDirectory(frame: number): string {
  return `frames/${String(frame).padStart(4, "0")}`;
}

/** A frame that is done. */
interface DoneFrame {
  readonly stored: StoredResult;
  readonly reused: boolean;
  readonly warnings: readonly string[];
}

/**
 * Clusters a frame, unless it has a result of the same settings.
 *
 * @param first the first frame with a result, whose shape all must have
 * @throws {BadParameter} when it is of another shape, or its stored result is of other settings
 */
export async function clusterFrame(
  run: CommandRun,
  source: FrameSource,
  frame: number,
  job: FrameJob,
  soFar: SeriesSoFar,
  first: { readonly shape: ScanShape; readonly name: string } | undefined,
): Promise<DoneFrame> {
  const directory = join(job.directory, frameDirectory(frame));
  const options = { ...job.reading, ...source.frame !== undefined && { frame: source.frame } };
  const scan = await openScan(source.path, options);
  try {
    if (first && formatShape(scan.shape) !== formatShape(first.shape)) {
      throw otherShape(source, scan.shape, first);
    }
    const parameters = await readMasks(job.chosen, scan.shape, job.reading.qBin);
    checkParameters(parameters);
    const series = soFar.next(parameters);
    const before = job.force
      ? undefined
      : await storedFrame(directory, source, parameters, series.origin, run.options.signal);
    if (before) return { ...before, reused: true };
    const { clustering } = await runClustering({ ...run, say: () => {}, warn: () => {} }, scan, parameters, {
      ...{ directory, series, exports: frameExports, command: job.command },
      force: await isResultDirectory(directory),
    });
    const warnings = [...scan.warnings, ...clustering.warnings].map((text) => `frame ${frame}: ${text}`);
    return { stored: await readResult(directory), reused: false, warnings };
  } finally {
    scan.close();
  }
}

/**
 * Checks frames before anything is made of them, which may take hours.
 *
 * @throws {BadParameter} naming those that are not of the shape of the first one, unless equal parts are cut out of all
 */
export function refuseOtherShapes(
  sources: readonly FrameSource[],
  { region, qBin = 1 }: OpenScanOptions,
): void {
  const first = sources.find(({ shape }) => shape !== undefined);
  if (!first || region !== undefined || qBin !== 1) return;
  const expected = formatShape(first.shape!);
  const others = sources.filter(({ shape }) => shape && formatShape(shape) !== expected);
  if (others.length === 0) return;
  const [other] = others,
    error = otherShape(other, other.shape!, { shape: first.shape!, name: frameName(first) });
  if (others.length === 1) throw error;
  const named = others.slice(0, 5).map(frameName), more = others.length - named.length;
  throw new BadParameter(
    `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""} are not of ${expected}, as ${
      frameName(first)
    } is`,
    error.details,
  );
}

function otherShape(
  source: FrameSource,
  shape: ScanShape,
  first: { shape: ScanShape; name: string },
): BadParameter {
  const expected = formatShape(first.shape), found = formatShape(shape);
  return new BadParameter(`${frameName(source)} is of ${found}, but ${first.name} of ${expected}`, {
    file: source.path,
    expected,
    found,
    remedy: "put only frames of one shape into a series",
  });
}
