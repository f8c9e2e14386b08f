/** Inputs that are no scans, told of before anything is clustered. */

import { basename } from "node:path";
import type { FrameSource } from "../../library/formats/series_frames.ts";
import { isResultDirectory } from "../../library/results/directory.ts";
import { isSeriesDirectory } from "../../library/results/series/record.ts";
import { BadParameter, restoreError } from "../../library/scan/errors.ts";
import type { CommandRun } from "../console/command_context.ts";
import { formatCount } from "../console/format_quantity.ts";
import { frameName } from "./stored_frame.ts";

/** More than so many are told of in one sentence. */
const mostWarnings = 3;

/**
 * Checks that no input is what crystallite wrote: its arrays are no scans.
 *
 * @throws {BadParameter} naming the first that is
 */
export async function refuseResults(inputs: readonly string[]): Promise<void> {
  for (const file of inputs) {
    const what = await isResultDirectory(file)
      ? "the result of a scan"
      : await isSeriesDirectory(file)
      ? "a series that is clustered"
      : undefined;
    if (what === undefined) continue;
    throw new BadParameter(`${file} is ${what}, not a folder of scans`, {
      file,
      expected: "a 5D file, scans, or a folder of scans",
      remedy: "name the scans that it was made of; its run.json or series.json says which",
    });
  }
}

/**
 * Says in one sentence which files cannot be opened, where they are many.
 *
 * @returns those that are told of
 * @throws the failure of the first, when there are several and none can be opened
 */
export function tellUnreadable(
  run: CommandRun,
  sources: readonly FrameSource[],
): ReadonlySet<FrameSource> {
  const broken = sources.filter(({ failure }) => failure !== undefined), [first] = broken;
  if (broken.length === sources.length && broken.length > 1) {
    const count = formatCount(broken.length, "file"), { message } = first.failure!;
    throw restoreError({
      ...first.failure!.toJSON(),
      message: `none of ${count} can be opened as a scan; of the first, ${message}`,
    });
  }
  if (broken.length <= mostWarnings) return new Set();
  const named = broken.slice(0, mostWarnings).map((source) => basename(frameName(source))).join(", ");
  run.warn(
    `${formatCount(broken.length, "file")} of ${sources.length} cannot be opened as a scan: ${named} and ` +
      `${broken.length - mostWarnings} more; the series goes on without them`,
  );
  return new Set(broken);
}
