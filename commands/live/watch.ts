/** `crystallite watch`: a scan clustered while it is recorded, or those of a session linked as they are finished. */

import { basename, extname, join } from "node:path";
import { Command, Option } from "commander";
import { chooseParameters, type ClusterFlags } from "../../library/cluster/presets.ts";
import { FinishedFiles, isWholeScan } from "../../library/formats/finished_files.ts";
import { formats, isScanFolder } from "../../library/formats/known_formats.ts";
import type { OpenScanOptions } from "../../library/formats/open.ts";
import { pause } from "../../library/live/pause.ts";
import { openOptions, type ReadingFlags } from "../../library/parameters/reading.ts";
import { readSeriesRecord, type SeriesRecord } from "../../library/results/series/record.ts";
import { Aborted, FileUnavailable, fromSystemError, throwIfAborted } from "../../library/scan/errors.ts";
import { type CommandContext, type CommandRun, runWithProgress } from "../console/command_context.ts";
import { formatCount, formatSeconds, formatTable } from "../console/format_quantity.ts";
import {
  addOutputOptions,
  addResourceOptions,
  type OutputFlags,
  required,
  type ResourceFlags,
} from "../options/output_options.ts";
import { addClusterOptions, addSeriesReadingOptions } from "../options/parameter_options.ts";
import { FrameRunner } from "../series/run_series.ts";
import { describeSeries } from "../series/series.ts";
import { prepareSeriesDirectory } from "../series/series_directory.ts";
import { refuseResults } from "../series/unreadable.ts";
import { isStreamName } from "./frame_streams.ts";
import { addLinkingOptions, type LinkingFlags, memoryOf, parseSeconds } from "../series/series_options.ts";
import { mayBeWrittenLater, untilWritten } from "./until_written.ts";
import { watchFile } from "./watch_file.ts";
import { watchStream } from "./watch_stream.ts";
import { writeSeries } from "../series/write_series.ts";

/** Milliseconds between two looks at the folder, and for which a scan that is not whole is waited for at most. */
const lookEvery = 1000, longestWait = 60_000;

const examples = `
A folder: a scan is finished when its file is whole and has not changed for three seconds, or when the next one has begun. It is
clustered, linked to those before, and report.html in DIR shows it. Frames are in the order in which they were finished. Stop with Ctrl-C; a second
run goes on with what came meanwhile.

A file: rows are clustered as they are written. Until the scan is whole, DIR has the clusters of the rows so far, in
labels.npy and live.json, and crystallite serve DIR shows them; then it is what crystallite cluster makes of the file. With
--idle a scan whose rows stop is finished as far as it is there. If this program is ended, start it again.

A stream: another program sends frames to standard input (-), to a socket in a file (unix:PATH) or to a port of this machine
(tcp:PORT), as docs/using/live.md says. They are kept in DIR/scan.npy, and the result is in DIR/result.

Nothing that is watched is written or locked.

Examples:
  crystallite watch session/ --out live
  crystallite watch scan.npy --out result --blur 1.5 --threshold 0.9
  acquire | crystallite watch - --out DIR --threshold 0.9
  crystallite watch scan.mib --scan-shape 256x256 --out result --idle "2 min"
  crystallite watch session/ --out live --preset auto --idle "10 min"
`;

/** Flags of `watch`, as commander hands them over. */
interface Flags extends ClusterFlags, ReadingFlags, LinkingFlags, OutputFlags, ResourceFlags {
  readonly out?: string;
  readonly drift?: "auto" | "none";
  readonly idle?: number;
}

/** The command `watch`. */
export function watchCommand(context: CommandContext) {
  const command = new Command("watch")
    .summary("cluster a scan while it is recorded, or the scans of a folder as they are finished")
    .description(
      "Clusters the rows of a scan while its file is written; or looks at a folder once a second, clusters every scan that is " +
        "finished there, and follows the regions from scan to scan, as crystallite series does with scans that are there already.",
    )
    .argument(
      "<path>",
      "the file of a scan, a folder where scans appear, or a stream: -, unix:PATH or tcp:PORT",
    )
    .option("--out <DIR>", "folder to write (required)")
    .option(
      "--idle <TIME>",
      'end when nothing new came for so long: "90 s", "10 min" (default: never)',
      parseSeconds,
    );
  command.addOption(
    new Option("--drift <HOW>", "whether the drift is measured (default: auto)").choices(["auto", "none"]),
  );
  addLinkingOptions(command);
  return addOutputOptions(addResourceOptions(addSeriesReadingOptions(addClusterOptions(command))))
    .addHelpText("after", examples)
    .action(async (path: string, flags: Flags) => {
      const directory = required(flags.out, "--out DIR");
      const chosen = chooseParameters(flags), reading = openOptions(flags);
      await runWithProgress(context, flags, async (run) => {
        const job = { ...flags, directory, chosen, reading, words: context.command };
        if (isStreamName(path)) return await watchStream(run, path, job);
        if (!await isSession(path, reading)) return await watchFile(run, path, job);
        await refuseResults([path]);
        const folder = path;
        const linking = { ...memoryOf(flags), drift: flags.drift };
        using _ = await prepareSeriesDirectory(directory);
        const runner = new FrameRunner({
          ...{ directory, force: false, reading, command: context.command, leaveOut: true },
          chosen,
          ...flags.hint !== "none" && { hints: linking },
        });
        const started = new Date(), name = basename(folder);
        const link = async (run: CommandRun, averages: boolean): Promise<SeriesRecord> =>
          await writeSeries(run, {
            ...{ hint: flags.hint ?? "auto", averages },
            ...{ directory, name, linking, command: context.command, started },
            axis: { name: "frame" },
            ...runner.clustered(),
          });
        // Frames keep the order in which they came, whatever is there now.
        const known = (await readSeriesRecord(directory))?.frames.map(({ path }) => path) ?? [];
        for (const path of known) await untilWritten(run, flags.idle, () => runner.add(run, { path }));
        try {
          const finished = new FinishedFiles(folder, known, {
            isWhole: (path) => isWholeScan(path, reading),
            ...flags.idle !== undefined && { patience: Math.min(1000 * flags.idle, longestWait) },
          });
          await watch(run, folder, directory, flags.idle, runner, finished, () => link(run, false));
        } catch (cause) {
          // Being stopped is the usual end of a session, which is left as one that ended by itself. A second Ctrl-C waits for nothing.
          if (cause instanceof Aborted && runner.begun) await link(uninterrupted(run), true);
          throw cause;
        }
        // Mean patterns of tracks change with every frame, and are read anew from all of them.
        if (runner.begun) await link(run, true);
        const record = await readSeriesRecord(directory);
        run.print(
          { out: directory, ...record },
          record ? formatTable(describeSeries(directory, record)) : "nothing came\n",
        );
      });
    });
}

/**
 * Whether a path is that of a folder of scans. What is not there yet may be a file that will come, if it is named as one or
 * said to be of raw numbers.
 *
 * @throws {FileUnavailable} when there is nothing, and nothing that may come
 */
async function isSession(path: string, { dtype }: OpenScanOptions): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory && !isScanFolder(path);
  } catch (cause) {
    const ending = extname(path).slice(1).toLowerCase();
    const mayCome = dtype !== undefined || formats.some(({ endings }) => endings.includes(ending));
    if (mayCome && cause instanceof Deno.errors.NotFound) return false;
    throw fromSystemError(cause, path, "read");
  }
}

/** The run without what interrupts it. */
function uninterrupted(run: CommandRun): CommandRun {
  return { ...run, options: { ...run.options, signal: undefined } };
}

/** Goes on until nothing has come for long enough. */
async function watch(
  run: CommandRun,
  folder: string,
  directory: string,
  idle: number | undefined,
  runner: FrameRunner,
  finished: FinishedFiles,
  link: () => Promise<SeriesRecord>,
): Promise<void> {
  const before = runner.frames;
  run.say(
    before > 0
      ? `watching ${folder}, with ${formatCount(before, "frame")} from before`
      : `watching ${folder}`,
  );
  let last = performance.now(), away = false, held: string | undefined;
  for (;;) {
    throwIfAborted(run.options.signal);
    let paths: readonly string[] = [];
    try {
      paths = await finished.look(performance.now());
      away = false;
    } catch (cause) {
      if (!(cause instanceof FileUnavailable)) throw cause;
      // Network folders come back.
      if (!away) run.warn(`${cause.message}; it is watched on`);
      away = true;
    }
    if (finished.held !== undefined && finished.held !== held) {
      run.say(`${basename(finished.held)} is not whole yet, and is waited for`);
    }
    held = finished.held ?? held;
    for (const path of paths) {
      const clock = performance.now();
      await untilWritten(run, idle, () => runner.add(run, { path }));
      run.say(`${basename(path)}: ${formatSeconds((performance.now() - clock) / 1000)}`);
    }
    if (paths.length > 0 && !runner.begun) last = performance.now();
    else if (paths.length > 0) {
      await linkUnlessFull(run, directory, link);
      last = performance.now();
    } else if (idle !== undefined && finished.waiting === 0 && performance.now() - last > 1000 * idle) {
      return;
    }
    await pause(lookEvery, run.options.signal);
  }
}

/** Says what there is now; tracks that cannot be written come with those of the next frame, or at the end. */
async function linkUnlessFull(run: CommandRun, directory: string, link: () => Promise<SeriesRecord>) {
  try {
    const { tracks, frames } = await link();
    const report = join(directory, "report.html");
    run.say(`${formatCount(frames.length, "frame")}, ${formatCount(tracks, "track")}: ${report}`);
  } catch (cause) {
    if (!mayBeWrittenLater(cause)) throw cause;
    run.warn(`${cause.message}; tracks are as they were before, and the folder is watched on`);
  }
}
