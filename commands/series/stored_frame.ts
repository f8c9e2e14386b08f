/** Frames of a series that have a result from before. */

import { resolve } from "node:path";
import type { ClusterParameters } from "../../library/cluster/parameters.ts";
import type { FrameSource } from "../../library/formats/series_frames.ts";
import type { FrameOrigin } from "../../library/report/content.ts";
import { sampledChecksum } from "../../library/results/checksum.ts";
import { isResultDirectory } from "../../library/results/directory.ts";
import { readResult, type StoredResult } from "../../library/results/read.ts";
import { plainParameters } from "../../library/results/recorded_parameters.ts";
import { BadParameter } from "../../library/scan/errors.ts";
import type { DriftMaps } from "../../library/series/drift_step.ts";

/** Name of a frame for people. */
export function frameName({ path, frame }: FrameSource): string {
  return frame === undefined ? path : `${path} [${frame}]`;
}

/** A result that is used again. */
export interface ReusedFrame {
  readonly stored: StoredResult;
  readonly warnings: readonly string[];
}

/**
 * What is stored of a frame; nothing where there is no result, or one that rests on other frames than it would now: that is
 * made again, so that the series is what it would be if it were made at once. A result that was corrected by hand stays.
 *
 * @param originOf the frames that it would rest on now, if its maps are these
 * @throws {BadParameter} when it is of other settings or another file
 */
export async function storedFrame(
  directory: string,
  source: FrameSource,
  parameters: ClusterParameters,
  originOf: (maps: DriftMaps) => FrameOrigin,
  signal: AbortSignal | undefined,
): Promise<ReusedFrame | undefined> {
  if (!await isResultDirectory(directory)) return undefined;
  const stored = await readResult(directory), { run } = stored;
  if (!isOf(run, source)) throw otherSettings(directory, "another file", frameName(source), run.input.path);
  const told = plainParameters(parameters), other = differingNames(told, run.parameters);
  if (other.length > 0) {
    const [wanted, recorded] = [told, run.parameters].map((one) => describe(one, other));
    throw otherSettings(directory, "other settings", wanted, recorded);
  }
  const { series, edits } = run;
  const origin = originOf(stored);
  const alike = series !== undefined && series.preparedBy === origin.preparedBy &&
    series.hintedBy === origin.hintedBy && String(series.shift) === String(origin.shift) &&
    // Older results do not tell.
    (series.basis === undefined || series.basis === origin.basis);
  if (!alike && !edits) return undefined;
  const { value } = await sampledChecksum(source.path, signal);
  const warnings = value === run.input.checksum?.value
    ? []
    : [`${frameName(source)} has changed since it was clustered; --force clusters all frames again`];
  return { stored, warnings };
}

/** Whether a result is of a frame: its file may be named from another folder, and all of them may have moved. */
function isOf({ input, workingDirectory = "." }: StoredResult["run"], { path, frame }: FrameSource): boolean {
  const same = input.path === path || resolve(workingDirectory, input.path) === resolve(path);
  return same && input.selection?.frame === frame;
}

/** Names of the settings that differ. */
function differingNames(one: object, other: object): string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) =>
    JSON.stringify(valueOf(one, name)) !== JSON.stringify(valueOf(other, name))
  );
}

function valueOf(record: object, name: string): unknown {
  return (record as Readonly<Record<string, unknown>>)[name];
}

/** Some settings in words: `threshold 0.9, blur auto, detectorMask outside 4`. */
function describe(settings: object, names: readonly string[]): string {
  const words = (value: unknown): string =>
    typeof value === "object" && value !== null ? Object.values(value).map(words).join(" ") : String(value);
  return names.map((name) => `${name} ${words(valueOf(settings, name))}`).join(", ");
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
