/** Words of the command line that the page sends or a result holds, understood by the options of the command line itself. */

import { Command, CommanderError } from "commander";
import { resolve } from "node:path";
import { BadParameter } from "../../../library/scan/errors.ts";
import type { ClusterParameters } from "../../../library/cluster/parameters.ts";
import type { ScanShape } from "../../../library/scan/shape.ts";
import {
  chooseParameters,
  type ClusterFlags,
  type UnreadParameters,
} from "../../../parameters/choose_parameters.ts";
import { addClusterOptions } from "../../../parameters/cluster_options.ts";
import { addInputOptions, type InputFlags } from "../../../parameters/input_options.ts";
import {
  type MaskInFile,
  parseBadPixels,
  parseDetectorMask,
  parseRealSpaceMask,
} from "../../../parameters/parse_masks.ts";
import { readMasks } from "../../../parameters/read_masks.ts";
import type { Roots } from "../files/roots.ts";

/** What words about reading a file say: {@link InputFlags} and bad pixels. */
export type ReadingFlags = InputFlags & Pick<ClusterFlags, "badPixels" | "qCenter">;

/** A flag with its value, where it takes one. */
export type Flag = readonly [name: string, value?: string];

/** Flags of reading that are parameters of the clustering: they are among the words of a run. */
const alsoMethod: ReadonlySet<string> = new Set(["--bad-pixels", "--q-center"]);

const inputCommand = () => addInputOptions(quiet(new Command("input")));
const clusterCommand = () => addInputOptions(addClusterOptions(quiet(new Command("cluster"))));

function quiet(command: Command): Command {
  return command.exitOverride().helpOption(false).configureOutput({ writeOut: () => {}, writeErr: () => {} });
}

/**
 * What words about reading a file ask for.
 *
 * @throws {BadParameter} when they are not understood
 */
export function parseInput(words: readonly string[]): ReadingFlags {
  return parsed(inputCommand(), words);
}

/**
 * What words of `cluster` ask for.
 *
 * @throws {BadParameter} when they are not understood
 */
export function parseCommand(words: readonly string[]): InputFlags & ClusterFlags {
  return parsed(clusterCommand(), words);
}

/**
 * Flags and their values, as words name them.
 *
 * @throws {BadParameter} when they are not understood
 */
export function splitWords(words: readonly string[]): Flag[] {
  const command = clusterCommand();
  parsed(command, words);
  const flags: Flag[] = [];
  for (let place = 0; place < words.length; place++) {
    const [, name, , value] = /^(--[^=]+)(=(.*))?$/s.exec(words[place]) ?? [];
    const option = command.options.find(({ long }) => long === name);
    if (!option) throw notFlags(words, `${words[place]} is no flag`);
    flags.push(option.required ? [option.long!, value ?? words[++place]] : [option.long!]);
  }
  return flags;
}

/** Flags as words. */
export function joinFlags(flags: readonly Flag[]): string[] {
  return flags.flatMap(([name, value]) => value === undefined ? [name] : [name, value]);
}

/** Words divided into those about reading the file and those of the method. */
export function divideWords(words: readonly string[]): { input: string[]; method: string[] } {
  const reading = new Set(inputCommand().options.map(({ long }) => long));
  const isInput = ([name]: Flag) => reading.has(name) && !alsoMethod.has(name);
  const flags = splitWords(words);
  return {
    input: joinFlags(flags.filter(isInput)),
    method: joinFlags(flags.filter((flag) => !isInput(flag))),
  };
}

/** The same words, with files named by their absolute paths. */
export function resolveFiles(words: readonly string[], folder: string): string[] {
  return joinFlags(
    splitWords(words).map(([name, value]): Flag => {
      const path = value === undefined ? undefined : fileOf(name, value);
      return path === undefined
        ? value === undefined ? [name] : [name, value]
        : [name, resolve(folder, path)];
    }),
  );
}

/** The file that the value of a flag names, if it does. */
function fileOf(name: string, value: string): string | undefined {
  const parsers: Record<string, (text: string) => { kind: string } | MaskInFile> = {
    "--mask": parseRealSpaceMask,
    "--q-mask": parseDetectorMask,
    "--bad-pixels": parseBadPixels,
  };
  const choice = Object.hasOwn(parsers, name) ? parsers[name](value) : undefined;
  return choice && choice.kind === "path" && "path" in choice ? choice.path : undefined;
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
  const served = async <Choice extends { readonly kind: string } | MaskInFile>(choice: Choice) =>
    choice.kind === "path" && "path" in choice ? { ...choice, path: await roots.real(choice.path) } : choice;
  return {
    ...parameters,
    badPixels: await served(parameters.badPixels),
    detectorMask: await served(parameters.detectorMask),
    mask: await served(parameters.mask),
  };
}

function parsed<Flags extends object>(command: Command, words: readonly string[]): Flags {
  try {
    command.parse([...words], { from: "user" });
  } catch (cause) {
    if (!(cause instanceof CommanderError)) throw cause;
    throw notFlags(words, cause.message.replace(/^error: /, ""));
  }
  return command.opts() as Flags;
}

function notFlags(words: readonly string[], why: string): BadParameter {
  return new BadParameter(why, {
    expected: "flags of crystallite cluster",
    found: words.join(" ").slice(0, 200),
    remedy: "correct the flag",
  });
}
