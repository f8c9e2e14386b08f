/** From a path and words about reading it to an open item. */

import { resolve } from "node:path";
import { inNames } from "../../../library/report/plain_names.ts";
import { openOptions } from "../../../library/parameters/reading.ts";
import { readBadPixels } from "../../../library/passes/detector/mask_files.ts";
import { openScanOf, recordedOpenOptions } from "../../../library/results/scan_of_result.ts";
import { BadParameter, CrystalliteError } from "../../../library/scan/errors.ts";
import type { BadPixelSource } from "../../../library/passes/detector/preparation.ts";
import { isScanFolder } from "../../../library/formats/known_formats.ts";
import { openScan } from "../../../library/formats/open.ts";
import { readLiveRecord } from "../../../library/live/live_folder.ts";
import { readResult, type StoredResult } from "../../../library/results/read.ts";
import type { Scan } from "../../../library/scan/scan.ts";
import { filesOf } from "../../../library/scan/stored.ts";
import { isResultDirectory } from "../../../library/results/directory.ts";
import { restoreClustering, restoreScan } from "../../../library/results/restore.ts";
import { orClose } from "../../../library/scan/byte_source.ts";
import { ServingError } from "../failures.ts";
import { liveFile } from "./live_file.ts";
import type { ItemContent } from "./item.ts";
import { OpenFile } from "./open_file.ts";
import { admitServed, refuseForeignResult, refusingForeign } from "../files/linked_files.ts";
import { flagsOfParameters } from "../../../library/cluster/presets.ts";
import { joinFlags } from "../../../library/parameters/words.ts";
import type { Roots } from "../files/roots.ts";
import { wordsOfCommand } from "./recorded_words.ts";
import { parseInput } from "./words.ts";

/** What something is opened with. */
export interface Asked {
  /** Words about reading a scan. */
  readonly input: readonly string[];
  /** The scan of a result, where it does not lie where the result says. */
  readonly scan?: string;
}

/**
 * Opens a scan or a result.
 *
 * @param path real path of something served
 * @throws as `openScan` and `readResult`, and {ServingError} for files that are not served
 */
export async function openFile(
  roots: Roots,
  path: string,
  { input, scan: elsewhere }: Asked,
): Promise<OpenFile> {
  if ((await Deno.stat(path)).isDirectory && !isScanFolder(path, admitServed(roots, path))) {
    await refuseForeignResult(roots, path);
    const recording = await readLiveRecord(path);
    return recording && !await isResultDirectory(path)
      ? liveFile(path, recording)
      : await openResult(roots, path, input, elsewhere);
  }
  const flags = parseInput(input);
  const scan = await refusingForeign(
    path,
    () => openScan(path, openOptions(flags), admitServed(roots, path)),
  );
  return await orClose(scan, async () => {
    refuseForeignParts(roots, scan);
    const named = flags.badPixels ?? { kind: "auto" } as const;
    const served = named.kind === "path" ? { ...named, path: await roots.real(named.path) } : named;
    const badPixels = await readBadPixels(served, scan.shape, flags.qBin);
    return new OpenFile({
      path,
      ...{ input, asked: { input } },
      facts: scan,
      scan,
      opening: { path, options: openOptions(flags), served: roots.folders },
      badPixels,
    });
  });
}

async function openResult(
  roots: Roots,
  path: string,
  asked: readonly string[],
  elsewhere: string | undefined,
): Promise<OpenFile> {
  const stored = await readResult(path);
  const clustering = restoreClustering(stored);
  const { command, workingDirectory } = stored.run;
  const { input, method } = wordsOfCommand(command, workingDirectory) ??
    { input: [], method: joinFlags(flagsOfParameters(clustering.parameters)) };
  // An address may repeat what the result says itself.
  if (asked.length > 0 && asked.join("\0") !== input.join("\0")) {
    throw new BadParameter(`${path} is a result, which says itself how its scan is read`, {
      file: path,
      expected: input.length > 0 ? input.join(" ") : "no flags about reading",
      found: asked.join(" "),
      remedy: "leave them out, or open the scan",
    });
  }
  const behind = elsewhere === undefined
    ? await scanBehind(roots, stored)
    : await scanAt(roots, stored, await roots.real(elsewhere));
  return new OpenFile({
    path,
    ...{ input, asked: { input: [], ...elsewhere !== undefined && { scan: elsewhere } } },
    facts: restoreScan(stored),
    ...behind,
    badPixels: badPixelsOf(stored),
    found: { clustering, origin: { words: method, stored } },
  });
}

/** Only asked for where there is no clustering, which a result always has. */
function badPixelsOf({ run: { badPixels } }: StoredResult): BadPixelSource {
  return { kind: "pixels", bad: new Uint8Array(0), source: badPixels.source };
}

/** The scan of a result where it is served and still the same. */
async function scanBehind(
  roots: Roots,
  stored: StoredResult,
): Promise<Pick<ItemContent, "scan" | "opening">> {
  const { input, workingDirectory, page } = stored.run;
  if (page) return { scan: { why: "this page holds a result without its scan" } };
  try {
    if (input.checksum === null) return { scan: { why: "no file of the scan is known" } };
    return await scanAt(
      roots,
      stored,
      await roots.real(resolve(workingDirectory ?? stored.directory, input.path)),
    );
  } catch (cause) {
    if (cause instanceof CrystalliteError || cause instanceof ServingError) {
      return { scan: { why: inNames(cause.message) } };
    }
    throw cause;
  }
}

/**
 * The scan of a result at a path.
 *
 * @throws as `openScanOf`
 */
async function scanAt(
  roots: Roots,
  stored: StoredResult,
  path: string,
): Promise<Pick<ItemContent, "scan" | "opening">> {
  const { input } = stored.run;
  const scan = await refusingForeign(
    path,
    () => openScanOf(stored, path, { admit: admitServed(roots, path) }),
  );
  return await orClose(scan, () => {
    refuseForeignParts(roots, scan);
    const options = recordedOpenOptions(input, stored.directory);
    return { scan, opening: { path, options, served: roots.folders } };
  });
}

/** Patterns may lie in other files than the one that was opened. */
function refuseForeignParts(roots: Roots, scan: Scan): void {
  for (const path of new Set(scan.stored?.flatMap(filesOf))) {
    const real = Deno.realPathSync(path);
    if (!roots.contains(real)) throw foreign(scan.source.path);
  }
}

/**
 * Refuses a scan that takes patterns from files that are not served, by opening it; what cannot be opened is refused later.
 *
 * @throws {ServingError} when it does
 */
export async function refuseForeignScan(roots: Roots, path: string, input: readonly string[]): Promise<void> {
  try {
    (await openFile(roots, await roots.real(path), { input })).close();
  } catch (cause) {
    if (cause instanceof ServingError) throw cause;
  }
}

function foreign(path: string): ServingError {
  return new ServingError("Refused", `${path} takes patterns from a file that is not served`, {
    file: path,
    remedy: "start crystallite serve with the folder that holds both",
  });
}
