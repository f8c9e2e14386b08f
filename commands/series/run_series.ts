/** The frames of a series, one after the other: what is done stays done, and a frame that fails does not stop the others. */

import { join } from "node:path";
import type { FrameSource } from "../../library/formats/series_frames.ts";
import { isResultDirectory } from "../../library/results/directory.ts";
import type { RecordedFrame } from "../../library/results/series/record.ts";
import { Aborted, BadParameter, CrystalliteError } from "../../library/scan/errors.ts";
import type { ScanSource } from "../../library/scan/scan.ts";
import type { ScanShape } from "../../library/scan/shape.ts";
import type { CommandRun } from "../console/command_context.ts";
import { clusterFrame, frameDirectory, type FrameJob } from "./cluster_frame.ts";
import { inFrame } from "./each_frame.ts";
import { SeriesSoFar } from "./series_so_far.ts";
import { frameName } from "./stored_frame.ts";
import { tellUnreadable } from "./unreadable.ts";
import { endOfSeries } from "./unwritable.ts";

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

/**
 * Clusters all frames into `frames/0000` and so on, where they have no result yet.
 *
 * @throws {BadParameter} when frames differ in shape, or a stored result is of other settings
 * @throws {OutOfResources} and {FileUnavailable} when nothing can be written
 * @throws the first failure, when all frames fail
 */
export async function clusterFrames(
  run: CommandRun,
  sources: readonly FrameSource[],
  job: FrameJob,
): Promise<ClusteredFrames> {
  const runner = new FrameRunner(job), quiet = { ...run, warn() {} }, told = tellUnreadable(run, sources);
  for (const source of sources) await runner.add(told.has(source) ? quiet : run, source, sources.length);
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
   * @throws {OutOfResources} and {FileUnavailable} when it cannot be written: it may be added again when there is room
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
      const end = await endOfSeries(cause, {
        ...{ directory: this.#job.directory, frame, name },
        missing: frames === undefined ? undefined : frames - frame,
        done: this.#frames.findLast(({ directory }) => directory !== undefined)?.directory,
      });
      if (end) throw end;
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

  /** Frames so far. */
  get frames(): number {
    return this.#frames.length;
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
