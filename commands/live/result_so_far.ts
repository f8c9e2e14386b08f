/** A result that is there already where a scan is to be watched: watching was ended after it, or it is of something else. */

import { resolve } from "node:path";
import { readMasks } from "../../library/cluster/mask_files.ts";
import type { UnreadParameters } from "../../library/cluster/presets.ts";
import { sampledChecksum } from "../../library/results/checksum.ts";
import { readResult } from "../../library/results/read.ts";
import { plainParameters } from "../../library/results/recorded_parameters.ts";
import { BadParameter } from "../../library/scan/errors.ts";

/**
 * Checks that a result is that of a file as it is now, whole, with these parameters.
 *
 * @throws {BadParameter} when it is not
 */
export async function refuseOtherResult(
  directory: string,
  path: string,
  chosen: UnreadParameters,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { run, shape } = await readResult(directory), { input } = run;
  const place = resolve(run.workingDirectory ?? ".", input.path);
  if (resolve(path) !== place) throw other(directory, "another scan", path, input.path);
  if (input.selection?.partial) {
    throw other(directory, "a part of the scan", "all rows", `${shape.rows} rows`);
  }
  const { value } = await sampledChecksum(path, signal);
  if (value !== input.checksum?.value) throw other(directory, "the scan as it was before", value, "another");
  const told = JSON.stringify(
    plainParameters(await readMasks(chosen, shape, Number(input.selection?.qBin ?? 1))),
  );
  const recorded = JSON.stringify(run.parameters);
  if (told !== recorded) throw other(directory, "other settings", told, recorded);
}

function other(directory: string, what: string, expected: string, found: string): BadParameter {
  return new BadParameter(`${directory} holds the result of ${what}`, {
    file: directory,
    expected,
    found,
    parameter: "out",
    remedy: "name another folder, or move that result away",
  });
}
