/** One scan clustered while it is recorded: its rows so far, and when it is whole, what `cluster` makes of it. */

import { readMasks } from "../../library/cluster/mask_files.ts";
import { checkParameters, type UnreadParameters } from "../../library/cluster/presets.ts";
import type { Engine } from "../../library/engine/engine.ts";
import { withEngine } from "../../library/engine/with_engine.ts";
import { openScan, type OpenScanOptions } from "../../library/formats/open.ts";
import { GrowingScan } from "../../library/live/growing_scan.ts";
import { type LiveFacts, LiveFolder } from "../../library/live/live_folder.ts";
import { followScan, type RecordingEnd, type RecordingState } from "../../library/live/watch_scan.ts";
import { isResultDirectory } from "../../library/results/directory.ts";
import { BadParameter, CrystalliteError, FileUnavailable } from "../../library/scan/errors.ts";
import type { Scan } from "../../library/scan/scan.ts";
import type { CommandRun } from "../console/command_context.ts";
import { formatCount, formatTable } from "../console/format_quantity.ts";
import { refuseOtherResult } from "./result_so_far.ts";
import { runClustering } from "../clusters/run_clustering.ts";
import { clusterWords } from "./watched_words.ts";

/** What is done with the file. */
export interface WatchJob {
  readonly directory: string;
  /** Parameters whose masks may be in files. */
  readonly chosen: UnreadParameters;
  readonly reading: OpenScanOptions;
  /** Seconds without a row after which the scan is finished as it is. */
  readonly idle?: number;
  /** What stands for the file on the command line, where that is a stream. */
  readonly source?: string;
  /** Whether whoever sends the frames has ended. */
  readonly ended?: () => boolean;
  /** The command line. */
  readonly words: readonly string[];
}

/**
 * Follows a file until it is whole, or nothing came for too long, and writes the result.
 *
 * @throws {BadParameter} when the parameters do not fit the scan or a growing one, or something else lies in the folder
 * @throws as `clusterScan` and `writeResult`
 */
export async function watchFile(run: CommandRun, path: string, job: WatchJob): Promise<void> {
  const { directory, reading } = job;
  refuseWholeScans(reading);
  if (await isResultDirectory(directory)) {
    await refuseOtherResult(directory, path, job.chosen, run.options.signal);
    run.say(`${directory} holds the result of ${path} already`);
    return run.print({ event: "done", out: directory, complete: true }, "");
  }
  using folder = await LiveFolder.open(directory);
  run.say(`watching ${path}`);
  await withEngine(run.options, async (engine) => {
    const growing = new GrowingScan(path, reading);
    try {
      for (;;) {
        const end = await follow(run, path, job, { engine, growing, folder });
        if (end.rows === 0) throw nothingCame(path, growing);
        if (await finish({ ...run, options: { ...run.options, engine } }, path, job, end, growing)) return;
        run.say(`${path} has changed, and is watched on`);
      }
    } finally {
      growing.close();
    }
  });
}

/** What following works with. */
interface Following {
  readonly engine: Engine;
  readonly growing: GrowingScan;
  readonly folder: LiveFolder;
}

async function follow(
  run: CommandRun,
  path: string,
  job: WatchJob,
  { engine, growing, folder }: Following,
): Promise<RecordingEnd> {
  let last: LiveFacts | undefined, stalled = false, unwritten = false;
  // A disk that is full for a while costs maps of rows so far, and no row.
  const writeUnlessFull = (write: () => void) => {
    try {
      write();
      unwritten = false;
    } catch (cause) {
      if (!(cause instanceof CrystalliteError)) throw cause;
      if (!unwritten) run.warn(`${cause.message}; ${path} is watched on`);
      unwritten = true;
    }
  };
  const show = (state: RecordingState) => {
    const facts = last = factsOf(path, job, state, last);
    writeUnlessFull(() =>
      folder.write(facts, state.labels, (first, end) => state.clusters.similarities(first, end))
    );
    run.options.onProgress?.({ stage: "rows", done: last.rows, total: state.announced });
    if (state.labels) run.printEvent({ event: "rows", ...saidOf(last) });
    if (state.stalled && !stalled) run.say(`no row has come for a minute; ${path} is watched on`);
    stalled = state.stalled;
  };
  const end = await followScan(growing, {
    ...{ engine, show, idle: job.idle, ended: job.ended, signal: run.options.signal },
    parametersFor: (scan) => parametersFor(job, scan),
  });
  if (last && end.rows > 0) {
    const facts: LiveFacts = { ...last, state: "clustering", secondsLeft: null };
    writeUnlessFull(() => folder.write(facts, undefined, () => new Float32Array()));
  }
  return end;
}

async function parametersFor({ chosen, reading }: WatchJob, scan: Scan) {
  // A mask of the real space has as many rows as the scan will have.
  const shape = { ...scan.shape, rows: scan.announcedRows ?? scan.shape.rows };
  const parameters = await readMasks(chosen, shape, reading.qBin);
  checkParameters(parameters);
  return parameters;
}

/** What is known now, as it is written. */
function factsOf(
  path: string,
  { words, source }: WatchJob,
  { scan, clusters, announced, labels, stalled, rowsPerSecond }: RecordingState,
  before: LiveFacts | undefined,
): LiveFacts {
  const left = announced - clusters.rows;
  return {
    ...{ input: path, workingDirectory: Deno.cwd(), command: clusterWords(words, source ?? path, path) },
    state: stalled ? "stalled" : "recording",
    shape: { ...scan.shape, rows: announced },
    dtype: scan.dtype,
    rows: labels?.rows ?? before?.rows ?? 0,
    // The last row waits for the one below it.
    comparedRows: Math.max(0, left > 0 ? clusters.rows - 1 : clusters.rows),
    beginnings: clusters.beginnings,
    clusters: labels?.clusters ?? before?.clusters ?? 0,
    threshold: labels?.threshold ?? before?.threshold ?? null,
    method: "growth",
    rowsPerSecond,
    secondsLeft: left > 0 && rowsPerSecond > 0 ? left / rowsPerSecond : left > 0 ? null : 0,
  };
}

function saidOf({ rows, shape, clusters, threshold, rowsPerSecond, secondsLeft }: LiveFacts) {
  return { rows, of: shape.rows, clusters, threshold, rowsPerSecond, secondsLeft };
}

/**
 * Clusters the scan as it is now.
 *
 * @returns whether that could be done: not when its writer went on meanwhile
 */
async function finish(
  run: CommandRun,
  path: string,
  job: WatchJob,
  { rows, announced, complete, short, unwritten }: RecordingEnd,
  growing: GrowingScan,
): Promise<boolean> {
  const cut = { firstRow: 0, lastRow: rows, firstColumn: 0 };
  const partial = short ? { partial: true } : {};
  const scan = await openScan(path, { ...job.reading, ...partial });
  const region = unwritten ? { ...cut, lastColumn: scan.shape.columns } : undefined;
  scan.close();
  const taken = await openScan(path, { ...job.reading, ...partial, ...region && { region } });
  try {
    const parameters = await readMasks(job.chosen, taken.shape, job.reading.qBin);
    checkParameters(parameters);
    const command = clusterWords(job.words, job.source ?? path, path, { ...partial, region });
    const { plain, lines } = await runClustering(run, taken, parameters, {
      ...{ directory: job.directory, force: true, locked: true, command },
    });
    if (!complete) {
      run.say(
        `the recording ended after ${
          formatCount(rows, "row")
        } of ${announced}; they are clustered as a scan of their own`,
      );
    }
    run.print({ event: "done", rows, of: announced, complete, ...plain }, formatTable(lines));
    return true;
  } catch (cause) {
    if (!(cause instanceof FileUnavailable)) throw cause;
    // Its own failures say so again at the next try.
    await growing.look();
    if (growing.quietFor > 5000) throw cause;
    return false;
  } finally {
    taken.close();
  }
}

/** What is cut out of a scan, or turns it, is known only when it is whole. */
function refuseWholeScans({ region, swapScanAxes, partial }: OpenScanOptions): void {
  const parameter = region ? "region" : swapScanAxes ? "swapScanAxes" : partial ? "partial" : undefined;
  if (parameter === undefined) return;
  throw new BadParameter(`\`${parameter}\` is not for a scan that is still recorded`, {
    expected: "all rows of the scan, in the order in which they come",
    parameter,
    remedy: `leave out \`${parameter}\`, or cluster the scan when it is whole`,
  });
}

function nothingCame(path: string, { reason }: GrowingScan): Error {
  return reason ?? new FileUnavailable(`nothing came in ${path}`, {
    file: path,
    expected: "at least one whole row",
    found: "none",
    parameter: "idle",
    remedy: "wait longer, with another `idle`",
  });
}
