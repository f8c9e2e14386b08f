/** Words of the command line that the page sends or a result holds: about reading a file, and of the method. */

import { resolve } from "node:path";
import { readMasks } from "../../../library/cluster/mask_files.ts";
import type { ClusterParameters } from "../../../library/cluster/parameters.ts";
import {
  chooseParameters,
  type ClusterFlags,
  clusterFlags,
  type UnreadParameters,
} from "../../../library/cluster/presets.ts";
import { flagsOf } from "../../../library/parameters/flags.ts";
import { type ReadingFlags, readingSchema } from "../../../library/parameters/reading.ts";
import { isMaskInFile } from "../../../library/parameters/schema.ts";
import {
  findFlag,
  type FlagWord,
  joinFlags,
  parseWords,
  splitWords as split,
} from "../../../library/parameters/words.ts";
import { type DetectorFlags, detectorSchema } from "../../../library/passes/detector/parameters.ts";
import { BadParameter } from "../../../library/scan/errors.ts";
import type { ScanShape } from "../../../library/scan/shape.ts";
import type { Roots } from "../files/roots.ts";

const readingFlags = flagsOf(readingSchema);
/** Of words about reading a file: those about the detector are parameters of the clustering as well. */
const inputFlags = [...readingFlags, ...flagsOf(detectorSchema)];
/** All flags of `cluster` that are parameters. */
export const allFlags = [...readingFlags, ...clusterFlags];

/**
 * What words about reading a file ask for.
 *
 * @throws {BadParameter} when they are not understood
 */
export function parseInput(words: readonly string[]): ReadingFlags & DetectorFlags {
  return parseWords(inputFlags, words);
}

/**
 * What words of `cluster` ask for.
 *
 * @throws {BadParameter} when they are not understood
 */
export function parseCommand(words: readonly string[]): ReadingFlags & ClusterFlags {
  return parseWords(allFlags, words);
}

/**
 * Flags and their values, as words name them.
 *
 * @throws {BadParameter} when they are not understood
 */
export function splitWords(words: readonly string[]): FlagWord[] {
  parseCommand(words);
  return split(allFlags, words);
}

/** Words divided into those about reading the file and those of the method. */
export function divideWords(words: readonly string[]): { input: string[]; method: string[] } {
  const isInput = ([name]: FlagWord) => findFlag(readingFlags, name) !== undefined;
  const flags = splitWords(words);
  return {
    input: joinFlags(flags.filter(isInput)),
    method: joinFlags(flags.filter((flag) => !isInput(flag))),
  };
}

/** The same words, with files named by their absolute paths. */
export function resolveFiles(words: readonly string[], folder: string): string[] {
  return joinFlags(
    splitWords(words).map((flag): FlagWord => {
      const path = fileOf(flag);
      return path === undefined ? flag : [flag[0], resolve(folder, path)];
    }),
  );
}

/** The mask file that the value of a flag names, if it does. */
function fileOf([name, value]: FlagWord): string | undefined {
  const flag = value === undefined ? undefined : findFlag(allFlags, name);
  const choice = flag?.kind.parse(value!, name);
  return isMaskInFile(choice) ? choice.path : undefined;
}

/**
 * The parameters that words ask for, as `cluster` understands them.
 *
 * @param input words about reading the file
 * @param method words of the method; those of reading are refused
 * @throws {BadParameter} when they are not understood or do not fit the scan
 * @throws {ServingError} when they name a file that is not served
 */
export async function parametersOf(
  roots: Roots,
  shape: ScanShape,
  input: readonly string[],
  method: readonly string[],
): Promise<ClusterParameters> {
  const foreign = divideWords(method).input[0];
  if (foreign !== undefined) {
    throw new BadParameter(`${foreign} says how the file is read, which is settled when it is opened`, {
      expected: "flags of the method",
      found: foreign,
      remedy: "open the file anew",
    });
  }
  const { qBin, ...flags } = parseCommand([...input, ...method]);
  const unread = await withServedFiles(roots, chooseParameters(flags));
  return await readMasks(unread, shape, qBin);
}

async function withServedFiles(roots: Roots, parameters: UnreadParameters): Promise<UnreadParameters> {
  const served: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(parameters)) {
    served[name] = isMaskInFile(value) ? { ...value, path: await roots.real(value.path) } : value;
  }
  return served as unknown as UnreadParameters;
}
