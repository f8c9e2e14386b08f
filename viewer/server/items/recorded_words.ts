/** From the command line that a result records to words about reading and words of the method. */

import { Command } from "commander";
import { BadParameter } from "../../../library/scan/errors.ts";
import { addClusterOptions } from "../../../parameters/cluster_options.ts";
import { addInputOptions } from "../../../parameters/input_options.ts";
import { divideWords, type Flag, joinFlags, resolveFiles } from "./words.ts";

/** Flags of `cluster` that say where things go and with what resources, without those that take no value. */
const aside = new Set(["--out", "--export", "--edits", "--workers", "--memory"]);

/**
 * The words of a recorded command; `null` where none was recorded, or none of `cluster`.
 *
 * @param folder that relative paths start from
 */
export function wordsOfCommand(
  command: readonly string[],
  folder = "/",
): { input: string[]; method: string[] } | null {
  if (command[1] !== "cluster") return null;
  const { options } = addInputOptions(addClusterOptions(new Command("cluster")));
  const words = command.slice(2), flags: Flag[] = [];
  for (let place = 0; place < words.length; place++) {
    const [, name, , value] = /^(--[^=]+)(=(.*))?$/s.exec(words[place]) ?? [];
    const option = options.find(({ long }) => long === name);
    if (option) flags.push(option.required ? [name, value ?? words[++place]] : [name]);
    else if (aside.has(name) && value === undefined) place++;
  }
  try {
    return divideWords(resolveFiles(joinFlags(flags), folder));
  } catch (cause) {
    // A record that was changed by hand, or by a version with other flags.
    if (cause instanceof BadParameter) return null;
    throw cause;
  }
}
