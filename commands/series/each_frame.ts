/** What is done with a result, done with every frame of a series; and what follows from that for its tracks. */

import { join } from "node:path";
import { readResult, type StoredResult } from "../../library/results/read.ts";
import type { SeriesRecord } from "../../library/results/series/record.ts";
import { trackCrystals, trackCrystalsName } from "../../library/results/series/track_crystals.ts";
import { statIfThere } from "../../library/results/directory.ts";
import { writeOutputs } from "../../library/results/output_files.ts";
import { removeIfThere } from "../../library/results/partial_folder.ts";
import { hasOrientations } from "../../library/results/read_orientations.ts";
import type { CommandRun } from "../console/command_context.ts";

/** Joins what the frames have with their tracks, and says which frames have nothing. */
export async function writeTrackCrystals(
  run: CommandRun,
  directory: string,
  series: Pick<SeriesRecord, "frames">,
): Promise<void> {
  const { text, with: found, without } = await trackCrystals(directory, series);
  const path = join(directory, trackCrystalsName);
  if (found.length === 0) return await removeIfThere(path);
  await writeOutputs(
    [{ path, write: (temporary) => Deno.writeTextFile(temporary, text) }],
    true,
    run.options.signal,
  );
  if (without.length === 0) return;
  const which = without.length === 1 ? `frame ${without[0]} has` : `frames ${without.join(", ")} have`;
  run.warn(`${which} no orientations in ${trackCrystalsName}: crystallite orient ${directory} finds them`);
}

/** Does so again where it was done, or may have been, before tracks changed. */
export async function renewTrackCrystals(
  run: CommandRun,
  directory: string,
  series: Pick<SeriesRecord, "frames">,
): Promise<void> {
  const first = series.frames.find((frame) => frame.directory !== undefined)?.directory;
  const known = await statIfThere(join(directory, trackCrystalsName)) !== null ||
    first !== undefined && hasOrientations(await readResult(join(directory, first)));
  if (known) await writeTrackCrystals(run, directory, series);
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
