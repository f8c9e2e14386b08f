/** The options that every command has: how it speaks. */

import type { Command } from "commander";
import { BadParameter } from "../../library/scan/errors.ts";
import { parseMemory } from "./parse_memory.ts";
import { parameterOf } from "../../library/report/flag_names.ts";
import { naming, parseNumber } from "../../library/parameters/number.ts";

/** How a command speaks. */
export interface OutputFlags {
  readonly json?: true;
  readonly quiet?: true;
  readonly debug?: true;
}

/** What a command may take of the machine. */
export interface ResourceFlags {
  readonly workers?: number;
  readonly memory?: number;
}

/** Adds `--json`, `--quiet` and `--debug`. */
export function addOutputOptions(
  command: Command,
): Command {
  command
    .option("--json", "print one JSON object instead of text (default: text)")
    .option("--quiet", "show no progress (default: progress on standard error)")
    .option("--debug", "show stack traces of errors (default: one sentence)");
  return command;
}

/**
 * The value of a flag that must be given. (Commander's own check would come before its check for unknown flags, and
 * answer `--ouput FILE` with "--out is missing".)
 *
 * @throws {BadParameter} when it is not given
 */
export function required<Value>(value: Value | undefined, flag: string, example = flag): Value {
  if (value === undefined) {
    const parameter = parameterOf(flag.split(" ")[0]);
    throw new BadParameter(`${flag} is missing`, { parameter, remedy: `add ${example}` });
  }
  return value;
}

/** Adds `--workers` and `--memory`, which never change a result. */
export function addResourceOptions(
  command: Command,
): Command {
  command
    .option(
      "--workers <N>",
      "number of threads (default: the machine's cores, at most 8)",
      (text: string) =>
        naming("workers", () =>
          parseNumber("--workers", text, {
            expected: "a whole number from 1 to 256",
            minimum: 1,
            maximum: 256,
            whole: true,
          })),
    )
    .option(
      "--memory <SIZE>",
      "memory to stay within, such as 512M or 2G (default: 1G)",
      (text: string) => naming("memory", () => parseMemory(text)),
    );
  return command;
}
