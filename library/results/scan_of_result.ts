/** The scan behind a result, opened again for the averages of edited clusters. */

import { resolve } from "node:path";
import { withEngine } from "../engine/with_engine.ts";
import { averagePatterns } from "../passes/averages/averages.ts";
import { BadParameter, CorruptFile, FileUnavailable } from "../scan/errors.ts";
import type { Clustering } from "../cluster/clustering.ts";
import type { Admit } from "../formats/folder.ts";
import { openScan, type OpenScanOptions } from "../formats/open.ts";
import type { RunOptions } from "../engine/options.ts";
import type { Scan } from "../scan/scan.ts";
import { cleaningOf } from "../passes/detector/bad_pixels_and_beam.ts";
import { runPasses } from "../engine/run_passes.ts";
import { settledNodes } from "../passes/prefilter/settle_nodes.ts";
import { PrefilterWeightsPass } from "../passes/prefilter/weights_pass.ts";
import { sampledChecksum } from "./checksum.ts";
import type { StoredResult } from "./read.ts";
import { formatShape } from "../scan/shape.ts";
import { flagsOf, isSwitch, parseValue } from "../parameters/flags.ts";
import { readingSchema } from "../parameters/reading.ts";

const elsewhereRemedy = "give the scan with --scan FILE";
const otherwise = `${elsewhereRemedy}, or go without averages with --no-averages`;

/** What an opened scan is for. */
export interface ScanOfResultOptions {
  readonly signal?: AbortSignal;
  /** As for `openScan`. */
  readonly admit?: Admit;
  /** Whether it is for averages alone, which may be left out; default: nothing goes without it. */
  readonly averages?: boolean;
}

/**
 * Opens the scan that a result was made from, read in the same way: the file that the run record names, or another
 * place of it.
 *
 * @param elsewhere path in place of the recorded one
 * @throws {FileUnavailable} when the scan never was in a file, or its file is missing
 * @throws {BadParameter} when the file is not the one that was clustered
 */
export async function openScanOf(
  { run, directory, shape }: StoredResult,
  elsewhere: string | undefined,
  { signal, admit, averages = false }: ScanOfResultOptions = {},
): Promise<Scan> {
  const remedy = averages ? otherwise : elsewhereRemedy;
  const { input } = run;
  if (elsewhere === undefined && input.checksum === null) {
    throw new FileUnavailable(`the scan of ${directory} is needed, and no file of it is known`, {
      found: input.path,
      expected: "a scan in a file that could be recognised",
      remedy,
    });
  }
  const path = elsewhere ?? resolve(run.workingDirectory ?? ".", input.path);
  const checksum = await readable(path, averages, () => sampledChecksum(path, signal, admit));
  if (input.checksum !== null && checksum.value !== input.checksum.value) {
    throw new BadParameter(`${path} is not the scan that ${directory} was made from`, {
      file: path,
      expected: `checksum ${input.checksum.value}`,
      found: checksum.value,
      remedy,
    });
  }
  const scan = await openScan(path, recordedOpenOptions(run.input, directory), admit);
  if (formatShape(scan.shape) === formatShape(shape) && scan.dtype === run.dtype) return scan;
  scan.close();
  throw new BadParameter(`${path} is not the scan that ${directory} was made from`, {
    file: path,
    expected: `${formatShape(shape)}, ${run.dtype}`,
    found: `${formatShape(scan.shape)}, ${scan.dtype}`,
    remedy,
  });
}

/** Adds the ways out to the error of a scan that is not there. */
async function readable<Value>(path: string, averages: boolean, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof FileUnavailable)) throw cause;
    const message = averages ? `averages need the scan: ${cause.message}` : cause.message;
    const remedy = averages ? otherwise : elsewhereRemedy;
    throw new FileUnavailable(message, { file: path, remedy }, { cause });
  }
}

/**
 * How the recorded run read its file.
 *
 * @throws {CorruptFile} when the record does not say it
 */
export function recordedOpenOptions(
  { dataset, selection = {} }: StoredResult["run"]["input"],
  directory: string,
): OpenScanOptions {
  const flags = flagsOf(readingSchema);
  const read = Object.entries(selection).map(([name, value]) => {
    const flag = flags.find(({ parameter }) => parameter === name);
    if (flag === undefined) throw unreadable(directory, "names of reading parameters", name);
    if (isSwitch(flag) && typeof value === "boolean") return [name, value];
    try {
      return [name, parseValue(flag, String(value))];
    } catch (cause) {
      if (!(cause instanceof BadParameter)) throw cause;
      throw unreadable(directory, `${cause.details.expected} for ${name}`, String(value));
    }
  });
  return { dataset, ...Object.fromEntries(read) };
}

function unreadable(directory: string, expected: string, found: string): CorruptFile {
  return new CorruptFile(`the record of ${directory} does not say how its scan was read`, {
    file: directory,
    expected,
    found,
    remedy: "run the clustering again",
  });
}

/**
 * The averages of an edited clustering; the prefilter's weights, which no result holds, are computed again
 * as they were: the check of its nodes stands in the record.
 */
export async function* averagesOf(scan: Scan, clustering: Clustering, options: RunOptions) {
  const { parameters: { average, prefilter }, badPixels, comparison } = clustering;
  const prefilterWeights = average === "filtered" && prefilter
    ? await withEngine(options, async (engine) => {
      const fill = cleaningOf(badPixels, scan.shape);
      const { masked } = badPixels;
      const nodes = settledNodes(scan.shape, prefilter, masked, comparison.correlationError);
      const weighing = new PrefilterWeightsPass(scan, prefilter, masked, nodes);
      const [weights] = await runPasses(engine, scan, { fill }, [weighing], options);
      return weights;
    })
    : undefined;
  yield* averagePatterns(scan, { ...clustering, prefilterWeights }, options);
}
