/** The frames of a series, one after the other: what is done stays done, and a frame that fails does not stop the others. */

import { join } from "node:path";
import type { ClusterParameters } from "../library/cluster/parameters.ts";
import type { OpenScanOptions } from "../library/formats/open.ts";
import { openScan } from "../library/formats/open.ts";
import type { FrameSource } from "../library/formats/series_frames.ts";
import { sampledChecksum } from "../library/results/checksum.ts";
import { isResultDirectory } from "../library/results/directory.ts";
import { readResult } from "../library/results/read.ts";
import { readMasks } from "../library/cluster/mask_files.ts";
import { checkParameters, type UnreadParameters } from "../library/cluster/presets.ts";
import { plainParameters } from "../library/results/recorded_parameters.ts";
import type { RecordedFrame } from "../library/results/series/record.ts";
import type { ExportGroup } from "../library/results/result_files.ts";
import { Aborted, BadParameter, CrystalliteError } from "../library/scan/errors.ts";
import type { Scan } from "../library/scan/scan.ts";
import { formatShape, type ScanShape } from "../library/scan/shape.ts";
import type { CommandRun } from "./command_context.ts";
import { inFrame } from "./each_frame.ts";
import { runClustering } from "./run_clustering.ts";

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
}

/** Frames with their results. */
export interface ClusteredFrames {
  readonly frames: readonly RecordedFrame[];
  readonly shape: ScanShape;
  /** Frames that had a result already. */
  readonly reused: number;
  readonly warnings: readonly string[];
}

/** What every frame needs for linking. */
const frameExports: ReadonlySet<ExportGroup> = new Set(["npy", "csv", "png"]);

/**
 * Clusters all frames into `frames/0000` and so on, where they have no result yet.
 *
 * @throws {BadParameter} when frames differ in shape, or a stored result is of other settings
 * @throws the first failure, when all frames fail
 */
export async function clusterFrames(
  run: CommandRun,
  sources: readonly FrameSource[],
  job: FrameJob,
): Promise<ClusteredFrames> {
  const runner = new FrameRunner(job);
  for (const source of sources) await runner.add(run, source, sources.length);
  return runner.clustered();
}

/** Clusters frames as they are given. */
export class FrameRunner {
  readonly #job: FrameJob;
  readonly #frames: RecordedFrame[] = [];
  readonly #warnings: string[] = [];
  #first: { readonly shape: ScanShape; readonly name: string } | undefined;
  #failure: CrystalliteError | undefined;
  #reused = 0;

  constructor(job: FrameJob) {
    this.#job = job;
  }

  /**
   * Clusters the next frame, unless it has a result.
   *
   * @param frames how many there will be, where that is known
   * @returns what is recorded of it
   * @throws {BadParameter} when it is of another shape than those before, unless such scans are left out; or when its stored
   *   result is of other settings
   */
  async add(run: CommandRun, source: FrameSource, frames?: number): Promise<RecordedFrame> {
    const frame = this.#frames.length, name = frameName(source);
    const recorded = { frame, path: source.path, index: source.frame };
    try {
      if (source.failure) throw source.failure;
      const done = await clusterFrame(inFrame(run, frame, frames), source, frame, this.#job, this.#first);
      this.#first ??= { shape: done.shape, name };
      this.#reused += done.reused ? 1 : 0;
      this.#warnings.push(...done.warnings);
      this.#frames.push({ ...recorded, directory: done.directory, clusters: done.clusters });
    } catch (cause) {
      if (!(cause instanceof CrystalliteError) || cause instanceof Aborted) throw cause;
      if (cause instanceof BadParameter && !this.#leavesOut(cause)) throw cause;
      this.#failure ??= cause;
      const told = `frame ${frame}, ${name}: ${cause.message}; the series goes on without it`;
      this.#warnings.push(told);
      run.warn(told);
      this.#frames.push({ ...recorded, error: { kind: cause.kind, message: cause.message } });
    }
    return this.#frames[frame];
  }

  /** Whether a frame has a result: only then are there frames to be linked. */
  get begun(): boolean {
    return this.#first !== undefined;
  }

  /**
   * Whether a scan alone is at fault: with parameters that fitted another scan, or because it is a series. A stored result of
   * other settings is the fault of who calls.
   */
  #leavesOut({ details: { parameter } }: BadParameter): boolean {
    return this.#job.leaveOut === true && parameter !== "force" && (this.begun || parameter === "frame");
  }

  /**
   * The frames so far.
   *
   * @throws the first failure, when all frames failed
   */
  clustered(): ClusteredFrames {
    if (this.#first === undefined) throw this.#failure ?? new RangeError("no frame was given");
    const { shape } = this.#first;
    return { frames: [...this.#frames], shape, reused: this.#reused, warnings: [...this.#warnings] };
  }
}

/** Name of a frame for people. */
function frameName({ path, frame }: FrameSource): string {
  return frame === undefined ? path : `${path} [${frame}]`;
}

/** Name of a frame's result directory below that of the series. */
export function frameDirectory(frame: number): string {
  return `frames/${String(frame).padStart(4, "0")}`;
}

async function clusterFrame(
  run: CommandRun,
  source: FrameSource,
  frame: number,
  job: FrameJob,
  first: { readonly shape: ScanShape; readonly name: string } | undefined,
) {
  const below = frameDirectory(frame), directory = join(job.directory, below);
  const options = { ...job.reading, ...source.frame !== undefined && { frame: source.frame } };
  const scan = await openScan(source.path, options);
  try {
    if (first && formatShape(scan.shape) !== formatShape(first.shape)) throw otherShape(source, scan, first);
    const parameters = await readMasks(job.chosen, scan.shape, job.reading.qBin);
    checkParameters(parameters);
    const stored = job.force
      ? undefined
      : await storedFrame(directory, source, parameters, run.options.signal);
    if (stored) return { directory: below, shape: scan.shape, reused: true, ...stored };
    const { clustering } = await runClustering({ ...run, say: () => {}, warn: () => {} }, scan, parameters, {
      directory,
      force: await isResultDirectory(directory),
      exports: frameExports,
      command: job.command,
    });
    const warnings = [...scan.warnings, ...clustering.warnings].map((text) => `frame ${frame}: ${text}`);
    return {
      directory: below,
      shape: scan.shape,
      reused: false,
      clusters: clustering.clusters.length,
      warnings,
    };
  } finally {
    scan.close();
  }
}

/**
 * What is stored of a frame; nothing where there is no result.
 *
 * @throws {BadParameter} when it is of other settings or another file
 */
async function storedFrame(
  directory: string,
  source: FrameSource,
  parameters: ClusterParameters,
  signal: AbortSignal | undefined,
): Promise<{ clusters: number; warnings: string[] } | undefined> {
  if (!await isResultDirectory(directory)) return undefined;
  const { run, clusters } = await readResult(directory);
  if (run.input.path !== source.path || run.input.selection?.frame !== source.frame) {
    throw otherSettings(directory, "another file", frameName(source), run.input.path);
  }
  const told = JSON.stringify(plainParameters(parameters)), recorded = JSON.stringify(run.parameters);
  if (told !== recorded) throw otherSettings(directory, "other settings", told, recorded);
  const { value } = await sampledChecksum(source.path, signal);
  const warnings = value === run.input.checksum?.value
    ? []
    : [`${frameName(source)} has changed since it was clustered; --force clusters all frames again`];
  return { clusters: clusters.length, warnings };
}

function otherSettings(directory: string, what: string, expected: string, found: string): BadParameter {
  return new BadParameter(`${directory} is the result of ${what}`, {
    file: directory,
    expected,
    found,
    parameter: "force",
    remedy: "add `force` to cluster all frames again, or choose another folder",
  });
}

function otherShape(
  source: FrameSource,
  scan: Scan,
  first: { shape: ScanShape; name: string },
): BadParameter {
  const expected = formatShape(first.shape), found = formatShape(scan.shape);
  return new BadParameter(`${frameName(source)} is of ${found}, but ${first.name} of ${expected}`, {
    file: source.path,
    expected,
    found,
    remedy: "put only frames of one shape into a series",
  });
}
