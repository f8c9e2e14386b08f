/** The frames of a series, one after the other: what is done stays done, and a frame that fails does not stop the others. */

import { join } from "node:path";
import type { OpenScanOptions } from "../../library/formats/open.ts";
import { openScan } from "../../library/formats/open.ts";
import type { FrameSource } from "../../library/formats/series_frames.ts";
import { isResultDirectory } from "../../library/results/directory.ts";
import { readResult, type StoredResult } from "../../library/results/read.ts";
import { readMasks } from "../../library/cluster/mask_files.ts";
import { checkParameters, type UnreadParameters } from "../../library/cluster/presets.ts";
import type { RecordedFrame } from "../../library/results/series/record.ts";
import type { ExportGroup } from "../../library/results/result_files.ts";
import { Aborted, BadParameter, CrystalliteError } from "../../library/scan/errors.ts";
import type { Scan, ScanSource } from "../../library/scan/scan.ts";
import type { DriftOptions } from "../../library/series/drift_step.ts";
import { formatShape, type ScanShape } from "../../library/scan/shape.ts";
import type { CommandRun } from "../console/command_context.ts";
import { inFrame } from "./each_frame.ts";
import { runClustering } from "../clusters/run_clustering.ts";
import { SeriesSoFar } from "./series_so_far.ts";
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

/** Frames with their results. */
export interface ClusteredFrames {
  readonly frames: readonly RecordedFrame[];
  readonly shape: ScanShape;
  /** Frames that had a result already. */
  readonly reused: number;
  readonly warnings: readonly string[];
  /** What the file of each frame says of itself; absent where it failed. */
  readonly notes: readonly (ScanSource["notes"] | undefined)[];
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

/**
 * Clusters one frame, for a series whose frames are clustered by different machines: the first one before all others.
 *
 * @returns what is recorded of it, and whether it had a result already
 * @throws {BadParameter} when there is no such frame, the first one has no result yet, or frames help each other
 * @throws the failure of the frame
 */
export async function clusterOneFrame(
  run: CommandRun,
  sources: readonly FrameSource[],
  frame: number,
  job: FrameJob,
): Promise<{ readonly recorded: RecordedFrame; readonly reused: boolean }> {
  if (frame >= sources.length) {
    throw new BadParameter(`there is no frame ${frame}`, {
      expected: `a frame from 0 to ${sources.length - 1}`,
      found: String(frame),
      remedy: "choose a frame that is there",
    });
  }
  if (job.hints && job.chosen.method === "regions") {
    throw new BadParameter("frames that help each other cannot be clustered one by one", {
      expected: "--hint none",
      found: "--hint auto",
      remedy: "add --hint none, or cluster the series in one run",
    });
  }
  const first = join(job.directory, frameDirectory(0));
  if (frame > 0 && !await isResultDirectory(first)) {
    throw new BadParameter("the first frame has no result yet, and all others are prepared by it", {
      file: first,
      remedy: "run --only 0 first; should that frame be broken, leave it out with --frames 1:",
    });
  }
  const runner = new FrameRunner(job);
  let recorded = await runner.add(run, sources[0], sources.length);
  const reused = runner.begun && frame > 0 ? runner.clustered().reused : 0;
  if (frame > 0) recorded = await runner.add(run, sources[frame], sources.length, frame);
  if (runner.failure) throw runner.failure;
  return { recorded, reused: runner.clustered().reused > reused };
}

/** Clusters frames as they are given. */
export class FrameRunner {
  readonly #job: FrameJob;
  readonly #frames: RecordedFrame[] = [];
  readonly #warnings: string[] = [];
  readonly #notes: (ScanSource["notes"] | undefined)[] = [];
  #first: { readonly shape: ScanShape; readonly name: string } | undefined;
  #failure: CrystalliteError | undefined;
  readonly #soFar: SeriesSoFar;
  #reused = 0;

  constructor(job: FrameJob) {
    this.#job = job;
    this.#soFar = new SeriesSoFar(job.hints);
  }

  /**
   * Clusters the next frame, unless it has a result.
   *
   * @param frames how many there will be, where that is known
   * @param frame its number, where those between it and the one before are clustered elsewhere
   * @returns what is recorded of it
   * @throws {BadParameter} when it is of another shape than those before, unless such scans are left out; or when its stored
   *   result is of other settings
   */
  async add(
    run: CommandRun,
    source: FrameSource,
    frames?: number,
    frame = this.#frames.length,
  ): Promise<RecordedFrame> {
    const name = frameName(source);
    const recorded = { frame, path: source.path, index: source.frame };
    try {
      if (source.failure) throw source.failure;
      const { stored, reused, warnings } = await clusterFrame(
        inFrame(run, frame, frames),
        source,
        frame,
        this.#job,
        this.#soFar,
        this.#first,
      );
      this.#first ??= { shape: stored.run.shape, name };
      this.#reused += reused ? 1 : 0;
      this.#warnings.push(...warnings);
      this.#frames.push({
        ...recorded,
        directory: frameDirectory(frame),
        clusters: stored.clusters.length,
      });
      this.#notes.push(stored.run.input.notes ?? {});
      this.#soFar.add(stored);
    } catch (cause) {
      if (!(cause instanceof CrystalliteError) || cause instanceof Aborted) throw cause;
      if (cause instanceof BadParameter && !this.#leavesOut(cause)) throw cause;
      this.#failure ??= cause;
      const told = `frame ${frame}, ${name}: ${cause.message}; the series goes on without it`;
      this.#warnings.push(told);
      run.warn(told);
      this.#frames.push({ ...recorded, error: { kind: cause.kind, message: cause.message } });
      this.#notes.push(undefined);
      this.#soFar.add(undefined);
    }
    return this.#frames.at(-1)!;
  }

  /** The first failure of a frame. */
  get failure(): CrystalliteError | undefined {
    return this.#failure;
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
    const warnings = [...this.#warnings], notes = [...this.#notes];
    return { frames: [...this.#frames], shape, reused: this.#reused, warnings, notes };
  }
}

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

/** @param first the first frame with a result, whose shape all must have */
async function clusterFrame(
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
    if (first && formatShape(scan.shape) !== formatShape(first.shape)) throw otherShape(source, scan, first);
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
