/** From the command line that a result records to words about reading and words of the method. */

import { isSwitch } from "../../../library/parameters/flags.ts";
import { findFlag, type FlagWord, joinFlags, splitWord } from "../../../library/parameters/words.ts";
import { BadParameter } from "../../../library/scan/errors.ts";
import { allFlags, divideWords, resolveFiles } from "./words.ts";

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
  const words = command.slice(2), found: FlagWord[] = [];
  for (let place = 0; place < words.length; place++) {
    const [name, value] = splitWord(words[place]);
    const flag = findFlag(allFlags, name);
    if (flag) found.push(isSwitch(flag) ? [name] : [name, value ?? words[++place]]);
    else if (aside.has(name) && value === undefined) place++;
  }
  try {
    return divideWords(resolveFiles(joinFlags(found), folder));
  } catch (cause) {
    // A record that was changed by hand, or by a version with other flags.
    if (cause instanceof BadParameter) return null;
    throw cause;
  }
}
