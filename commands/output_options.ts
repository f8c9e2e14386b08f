/** The options that every command has: how it speaks. */

import type { Command, OptionValues } from "@commander-js/extra-typings";
import { BadParameter } from "../mod.ts";
import { parseMemory } from "./parse_memory.ts";
import { numberParser } from "../options/parse_number.ts";

/** Adds `--json`, `--quiet` and `--debug`. */
export function addOutputOptions<A extends unknown[], O extends OptionValues, G extends OptionValues>(
  command: Command<A, O, G>,
) {
  return command
    .option("--json", "print one JSON object instead of text (default: text)")
    .option("--quiet", "show no progress (default: progress on standard error)")
    .option("--debug", "show stack traces of errors (default: one sentence)");
}

/**
 * The value of a flag that must be given. (Commander's own check would come before its check for unknown flags, and
 * answer `--ouput FILE` with "--out is missing".)
 *
 * @throws {BadParameter} when it is not given
 */
export function required<Value>(value: Value | undefined, flag: string): Value {
  if (value === undefined) throw new BadParameter(`${flag} is missing`, { remedy: `add ${flag}` });
  return value;
}

/** Adds `--workers` and `--memory`, which never change a result. */
export function addResourceOptions<A extends unknown[], O extends OptionValues, G extends OptionValues>(
  command: Command<A, O, G>,
) {
  return command
    .option(
      "--workers <N>",
      "number of threads (default: the machine's cores, at most 8)",
      numberParser("--workers", {
        expected: "a whole number from 1 to 256",
        minimum: 1,
        maximum: 256,
        whole: true,
      }),
    )
    .option("--memory <SIZE>", "memory to stay within, such as 512M or 2G (default: 1G)", parseMemory);
}
