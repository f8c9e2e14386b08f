/** Frames that another program sends: written to a file as they come, which is watched as any other. */

import { join } from "node:path";
import { BadParameter, CrystalliteError, fromSystemError } from "../../library/scan/errors.ts";
import { detectorPixelKind, stepSizeKind } from "../../library/parameters/pixel_size.ts";
import { statIfThere } from "../../library/results/directory.ts";
import { lockFolder } from "../../library/results/partial_folder.ts";
import type { StreamHeader } from "../../library/live/stream_header.ts";
import { spoolStream } from "../../library/live/stream_spool.ts";
import type { CommandRun } from "../console/command_context.ts";
import { formatCount } from "../console/format_quantity.ts";
import { type FrameSource, openFrameSource } from "./frame_streams.ts";
import { watchFile, type WatchJob } from "./watch_file.ts";

/** Names in the folder of a stream: its frames, and the result of their scan. */
const spoolName = "scan.npy", resultName = "result";

/**
 * Takes the frames of a stream, and watches them until all have come.
 *
 * @param word what stands for the stream on the command line
 * @throws as `watchFile`, and {CorruptFile} where standard input is no stream of frames
 */
export async function watchStream(run: CommandRun, word: string, job: WatchJob): Promise<void> {
  using _ = await prepareFolder(job.directory);
  const path = join(job.directory, spoolName), directory = join(job.directory, resultName);
  const source = await openFrameSource(word), stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...run.options.signal ? [run.options.signal] : []]);
  const begun = Promise.withResolvers<StreamHeader>();
  let ended = false;
  const receiving = receive({ ...run, options: { ...run.options, signal } }, source, path, begun.resolve)
    .finally(() => ended = true);
  receiving.catch((cause) => {
    begun.reject(cause);
    // A disk that is full ends the watching too.
    stop.abort();
  });
  begun.promise.catch(() => {});
  run.say(`waiting for frames from ${word === "-" ? "standard input" : word}`);
  try {
    const { reading } = await Promise.race([begun.promise, receiving.then(() => begun.promise)]);
    await watchFile({ ...run, options: { ...run.options, signal } }, path, {
      ...job,
      ...{ directory, source: word, ended: () => ended },
      reading: { ...job.reading, ...unlessGiven(reading, job.reading) },
      words: wordsOf(job, directory, unlessGiven(reading, job.reading)),
    });
  } catch (cause) {
    // What ended the watching is told, not that it was ended.
    if (stop.signal.aborted) await receiving;
    throw cause;
  } finally {
    stop.abort();
    source.close();
    await receiving.catch(() => {});
  }
}

/** Takes streams until one is complete, or none comes any more. */
async function receive(
  run: CommandRun,
  source: FrameSource,
  path: string,
  begun: (header: StreamHeader) => void,
): Promise<void> {
  const signal = run.options.signal!;
  for (;;) {
    const stream = await source.next(signal);
    if (!stream) return;
    try {
      const { frames, complete, header } = await spoolStream(stream, path, begun, signal);
      if (complete) return;
      const { rows, columns } = header.shape;
      run.say(`the stream ended after ${formatCount(frames, "frame")} of ${rows * columns}`);
    } catch (cause) {
      // Whatever connects to a socket may be anything; the next one may be the right one.
      if (!stream.answer || !(cause instanceof CrystalliteError) || !isOfStream(cause)) throw cause;
      run.warn(cause.message);
      await stream.answer(JSON.stringify({ error: cause.toJSON() }));
    } finally {
      stream.close();
    }
  }
}

/** Whether a failure is the fault of who sends. */
function isOfStream({ kind }: CrystalliteError): boolean {
  return kind === "CorruptFile" || kind === "BadParameter";
}

/**
 * Makes the folder, or takes that of the same stream; and keeps other runs out until it is disposed of.
 *
 * @throws {BadParameter} when something else lies there
 * @throws {FileUnavailable} when another run writes it
 */
async function prepareFolder(directory: string): Promise<Disposable> {
  try {
    const there = await statIfThere(directory);
    const names = there?.isDirectory ? Array.from(Deno.readDirSync(directory), ({ name }) => name) : [];
    const foreign = names.find((name) => ![spoolName, resultName].includes(name) && !name.startsWith("."));
    if (there && (!there.isDirectory || foreign !== undefined)) {
      throw new BadParameter(`${directory} exists and is not the folder of a stream`, {
        file: directory,
        expected: `a new folder, or one with ${spoolName} of the stream`,
        found: foreign ?? "a file",
        remedy: "name another folder",
      });
    }
    await Deno.mkdir(directory, { recursive: true });
    return lockFolder(directory);
  } catch (cause) {
    throw fromSystemError(cause, directory, "write");
  }
}

type Calibrated = StreamHeader["reading"];

/** What a stream says of sizes that the user does not. */
function unlessGiven(said: Calibrated, given: Calibrated): Calibrated {
  const own = Object.entries(said).filter(([name]) => given[name as keyof Calibrated] === undefined);
  return Object.fromEntries(own);
}

/** The words of the command line with the folder of the result, and what the stream said. */
function wordsOf(
  { words, directory }: WatchJob,
  result: string,
  { pixelSize, qPixelSize, scanRotation }: Calibrated,
): string[] {
  const places = words.map((word, place) =>
    word === directory && words[place - 1] === "--out"
      ? result
      : word === `--out=${directory}`
      ? `--out=${result}`
      : word
  );
  return [
    ...places,
    ...pixelSize ? ["--pixel-size", stepSizeKind.write(pixelSize)] : [],
    ...qPixelSize ? ["--q-pixel-size", detectorPixelKind.write(qPixelSize)] : [],
    ...scanRotation !== undefined ? ["--scan-rotation", String(scanRotation)] : [],
  ];
}
