/** What is done with a result, done with every frame of a series; and what follows from that for its tracks. */

import { join } from "node:path";
import { readResult, type StoredResult } from "../../library/results/read.ts";
import type { SeriesRecord } from "../../library/results/series/record.ts";
import { trackCrystals, trackCrystalsName } from "../../library/results/series/track_crystals.ts";
import { writeOutputs } from "../../library/results/output_files.ts";
import type { CommandRun } from "../console/command_context.ts";

/** Joins what the frames have with their tracks. */
export async function writeTrackCrystals(
  run: CommandRun,
  directory: string,
  series: Pick<SeriesRecord, "frames">,
): Promise<void> {
  const text = await trackCrystals(directory, series);
  const path = join(directory, trackCrystalsName);
  await writeOutputs(
    [{ path, write: (temporary) => Deno.writeTextFile(temporary, text) }],
    true,
    run.options.signal,
  );
}

/** Whether the frames of a series have orientations. */
export async function hasOrientations(
  directory: string,
  { frames }: Pick<SeriesRecord, "frames">,
): Promise<boolean> {
  const first = frames.find((frame) => frame.directory !== undefined);
  return first?.directory !== undefined &&
    "orientation" in (await readResult(join(directory, first.directory))).run;
}

/**
 * Does the work with every frame that has a result, and says which one it is.
 *
 * @returns how many frames that are
 */
export async function forEachFrame(
  run: CommandRun,
  directory: string,
  { frames }: SeriesRecord,
  work: (run: CommandRun, stored: StoredResult) => Promise<void>,
): Promise<number> {
  let done = 0;
  for (const { frame, directory: below } of frames) {
    if (below === undefined) continue;
    await work(inFrame(run, frame, frames.length), await readResult(join(directory, below)));
    done++;
  }
  return done;
}

/** The run with the frame in front of what is being done. */
export function inFrame(run: CommandRun, frame: number, frames: number | undefined): CommandRun {
  const { onProgress } = run.options;
  const told: typeof onProgress = (progress) =>
    onProgress?.({
      ...progress,
      stage: `frame ${frame + 1}${frames === undefined ? "" : ` of ${frames}`}, ${progress.stage}`,
    });
  return { ...run, options: { ...run.options, onProgress: told } };
}
